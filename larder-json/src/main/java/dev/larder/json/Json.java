package dev.larder.json;

import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.Store;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// Codecs that store values as JSON, and buckets of them.
///
/// All of them write one line of UTF-8 without whitespace, except for the tabs that tell the class
/// of a number where its digits do not (see the package). They write strict JSON and read nothing
/// else. What one of them wrote the others can read, as far as it fits their type.
///
/// Every codec throws a [JsonException] that says what is wrong and where: when bytes are no JSON
/// or do not fit, and when a value cannot become JSON or would not come back.
///
/// **Threads.** Codecs are safe for any number of threads.
public final class Json {
  /// The name of the bucket that documents live in where no other is named.
  public static final String DOCUMENTS = "documents";

  private Json() {}

  /// {@return the codec for trees of Jackson's nodes. The tree that comes back is equal to the one
  /// put in, down to the classes of its numbers}
  ///
  /// Refused are nodes that are not JSON (binary, POJO, missing), NaN and infinities, and text with
  /// an unpaired surrogate.
  public static Codec<JsonNode> tree() {
    return TreeCodec.INSTANCE;
  }

  /// {@return the codec for JSON as text, spelled as it was given}
  public static Codec<JsonText> text() {
    return TextCodec.INSTANCE;
  }

  /// {@return the codec for a record, a bean, or any other class that Jackson can write and read}
  ///
  /// Unknown members are refused, so that nothing is lost when an entry is read, changed and put
  /// back; so are a name that stands twice, null for a primitive, and text for a number or the
  /// other way round. A member that is missing is null, zero, false or an empty `Optional`, so a
  /// type may gain members. Of records the components are stored, of beans what can be both got and
  /// set. Enum constants are stored by name, times as ISO 8601 text. Values of type `Object`, as in
  /// a `Map<String, Object>`, may be text, numbers, booleans, null, lists and maps.
  ///
  /// @param type the class
  /// @param <T> the type of values
  public static <T> Codec<T> of(Class<T> type) {
    return strict(StrictJson.MAPPER.constructType(type));
  }

  /// {@return the codec for a generic type, such as a list or a map}
  ///
  /// ```java
  /// Json.of(new TypeReference<Map<String, List<Address>>>() {})
  /// ```
  ///
  /// @param type the type; all else is as with [#of(Class)]
  /// @param <T> the type of values
  public static <T> Codec<T> of(TypeReference<T> type) {
    return strict(StrictJson.MAPPER.constructType(type));
  }

  /// {@return a codec that writes and reads with a mapper of one's own, whose settings hold. NaN,
  /// infinities and unpaired surrogates are refused nevertheless, and so is what the mapper could
  /// not read again}
  ///
  /// @param mapper a mapper for JSON
  /// @param type the class
  /// @param <T> the type of values
  /// @throws IllegalArgumentException if the mapper is for another format
  public static <T> Codec<T> of(ObjectMapper mapper, Class<T> type) {
    return new TypedCodec<>(requireJson(mapper), mapper.constructType(type), false);
  }

  /// {@return a codec that writes and reads a generic type with a mapper of one's own}
  ///
  /// @param mapper a mapper for JSON
  /// @param type the type; all else is as with [#of(ObjectMapper, Class)]
  /// @param <T> the type of values
  /// @throws IllegalArgumentException if the mapper is for another format
  public static <T> Codec<T> of(ObjectMapper mapper, TypeReference<T> type) {
    return new TypedCodec<>(requireJson(mapper), mapper.constructType(type), false);
  }

  /// {@return the bucket named [#DOCUMENTS], of trees}
  ///
  /// @param store an open store
  public static Bucket<String, JsonNode> documents(Store store) {
    return store.bucket(DOCUMENTS, Codec.text(), tree());
  }

  /// {@return the bucket named [#DOCUMENTS], of text}
  ///
  /// @param store an open store
  public static Bucket<String, JsonText> texts(Store store) {
    return store.bucket(DOCUMENTS, Codec.text(), text());
  }

  /// {@return a bucket of values of a class, by text keys}
  ///
  /// @param store an open store
  /// @param name the name of the bucket
  /// @param type the class, as with [#of(Class)]
  /// @param <T> the type of values
  public static <T> Bucket<String, T> bucket(Store store, String name, Class<T> type) {
    return store.bucket(name, Codec.text(), of(type));
  }

  @SuppressWarnings("unchecked") // the type was made from a Class<T> or a TypeReference<T>
  private static <T> Codec<T> strict(JavaType type) {
    if (type.hasRawClass(JsonText.class)) {
      return (Codec<T>) TextCodec.INSTANCE;
    } else if (type.hasRawClass(JsonNode.class)) {
      return (Codec<T>) TreeCodec.INSTANCE;
    }
    return new TypedCodec<>(StrictJson.MAPPER, type, true);
  }

  private static ObjectMapper requireJson(ObjectMapper mapper) {
    String format = mapper.tokenStreamFactory().getFormatName();
    if (!format.equals("JSON")) {
      throw new IllegalArgumentException("the mapper is for " + format + ", not for JSON");
    }
    return mapper;
  }
}
