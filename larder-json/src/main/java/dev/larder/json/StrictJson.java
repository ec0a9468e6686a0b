package dev.larder.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/// Jackson as it is used here: strict RFC 8259, nothing dropped, nothing converted by a guess.
final class StrictJson {
  /// Reads and writes tokens. Whether an object has a name twice is for the reader to see.
  static final JsonFactory FACTORY = factory().build();

  /// Reads and writes records, beans, maps and whatever else Jackson knows.
  static final JsonMapper MAPPER = mapper();

  private StrictJson() {}

  /// Refuses bytes in which Jackson would see another encoding than UTF-8, or would let something
  /// pass that is no UTF-8.
  static void requireUtf8(byte[] bytes) {
    boolean looksForeign = Utf8.byteOrderMarkSize(bytes) > 0 || Utf8.firstInvalid(bytes) >= 0;
    // Zeros among the first four bytes look like UTF-16 or UTF-32 to Jackson.
    for (int i = 0; i < Math.min(bytes.length, 4); i++) {
      looksForeign |= bytes[i] == 0;
    }
    if (looksForeign) {
      JsonScanner.check(bytes, 0);
      throw new AssertionError("bytes that are JSON, but not UTF-8");
    }
  }

  /// {@return the bytes if there may be marks of [Numbers] in them, else null}
  static byte @Nullable [] marked(byte[] bytes) {
    return Utf8.contains(bytes, '\t') ? bytes : null;
  }

  private static JsonFactoryBuilder factory() {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(JsonScanner.DEPTH_MAX)
                .maxNumberLength(JsonScanner.NUMBER_CHARACTERS_MAX)
                // The store's limits bound them.
                .maxStringLength(Integer.MAX_VALUE)
                .maxNameLength(Integer.MAX_VALUE)
                .build())
        .streamWriteConstraints(
            StreamWriteConstraints.builder().maxNestingDepth(JsonScanner.DEPTH_MAX).build());
  }

  private static JsonMapper mapper() {
    JsonFactory factory = factory().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    return JsonMapper.builder(factory)
        // What is stored is not dropped when it is read, changed and written again.
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .withCoercionConfig(
            LogicalType.Textual,
            text ->
                text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
        // Of beans, ExactModule leaves out what is derived from the state and could not be set.
        .enable(MapperFeature.USE_GETTERS_AS_SETTERS)
        .enable(MapperFeature.INFER_RECORD_GETTERS_FROM_COMPONENTS_ONLY)
        .enable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
        // The name of a constant is part of a program's interface, its toString() is not.
        .disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING)
        .disable(EnumFeature.READ_ENUMS_USING_TO_STRING)
        .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        // A time comes back with the offset and the zone that it had.
        .disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
        .disable(DateTimeFeature.NORMALIZE_DESERIALIZED_ZONE_ID)
        .enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
        // Null is no node; the JSON null is.
        .withConfigOverride(JsonNode.class, node -> node.setInclude(JsonInclude.Value.ALL_NON_NULL))
        .addModule(new ExactModule())
        .build();
  }
}
