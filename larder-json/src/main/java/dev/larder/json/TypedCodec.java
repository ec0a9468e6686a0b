package dev.larder.json;

import dev.larder.Codec;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.util.ByteArrayBuilder;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

/// Stores what a mapper can write and read.
///
/// **Threads.** Safe for any number of threads.
///
/// @param <T> the type of values
final class TypedCodec<T> implements Codec<T> {
  /*
   * A type can be written and yet not be read: it lacks a constructor, a member is an interface, a
   * subclass has members that the class does not know. Jackson finds out when it reads, and by then
   * the value is in the store. So what was written is read before it is handed out.
   */

  private final JavaType type;
  private final ObjectWriter writer;
  private final ObjectReader reader;
  private final boolean isOpen;
  private final boolean isStrict;
  private final String name;

  /// Takes a mapper.
  ///
  /// @param mapper writes and reads
  /// @param type the type of values
  /// @param isStrict whether it is [StrictJson#MAPPER], and not one of the application's
  TypedCodec(ObjectMapper mapper, JavaType type, boolean isStrict) {
    this.isStrict = isStrict;
    this.isOpen = isStrict && OpenValues.isOpen(type);
    this.type = type;
    this.writer = mapper.writerFor(Root.class);
    this.reader = mapper.readerFor(type);
    this.name = Names.type(type);
  }

  @Override
  public byte[] encode(T value) {
    Objects.requireNonNull(value);
    byte[] bytes = write(value);
    T read;
    try {
      read = decode(bytes);
    } catch (JsonException e) {
      throw JsonException.nowhere(
          "%s cannot be stored, it could not be read again: %s".formatted(name, e.getMessage()),
          e.getCause());
    }
    if (read.getClass() != value.getClass() && isChanged(value, read)) {
      throw JsonException.nowhere(
          "%s cannot be stored: a %s would come back as a %s"
              .formatted(name, Names.type(value.getClass()), Names.type(read.getClass())),
          null);
    }
    return bytes;
  }

  /// Collections and maps are equal across classes; whether their elements have an `equals` is
  /// nothing that a codec can ask for.
  private static boolean isChanged(Object value, Object read) {
    boolean isContainer = value instanceof Collection<?> || value instanceof Map<?, ?>;
    return !isContainer && !read.equals(value);
  }

  private byte[] write(T value) {
    try (var bytes = new ByteArrayBuilder()) {
      try (JsonGenerator generator = new StrictGenerator(writer.createGenerator(bytes))) {
        if (isOpen) {
          OpenValues.write(generator, value);
        } else {
          writer.writeValue(generator, new Root(type, value));
        }
      }
      return bytes.getClearAndRelease();
    } catch (RuntimeException e) { // the code of the type may throw anything
      throw Misfit.writing(name, e);
    }
  }

  @Override
  public T decode(byte[] bytes) {
    @Nullable T value;
    try {
      value = isStrict ? readStrictly(bytes) : reader.readValue(bytes);
    } catch (JsonException e) {
      throw e;
    } catch (RuntimeException e) { // the code of the type may throw anything
      if (isStrict || e instanceof StreamReadException) {
        JsonScanner.check(bytes, 0);
      }
      throw Misfit.reading(name, bytes, e);
    }
    if (value == null) {
      throw JsonException.at(
          "the JSON does not fit %s: the value is null".formatted(name), bytes, 0, null);
    }
    return value;
  }

  private @Nullable T readStrictly(byte[] bytes) throws JacksonException {
    StrictJson.requireUtf8(bytes);
    byte[] marked = StrictJson.marked(bytes);
    return marked == null
        ? reader.readValue(bytes)
        : reader.withAttribute(ExactModule.MARKED, marked).<T>readValue(bytes);
  }

  @Override
  public boolean isText() {
    return true;
  }
}
