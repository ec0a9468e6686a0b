package dev.larder.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JavaType;

/// Writes and reads values where the declared type is [Object] or [Number], such as those of a
/// `Map<String, Object>`. JSON does not say what such a value was, so only those are taken that
/// come back equal: text, numbers (with the classes of [Numbers]), booleans, null, and lists and
/// maps of them.
final class OpenValues {
  private OpenValues() {}

  /// {@return whether values of a declared type are told by nothing but their JSON}
  static boolean isOpen(JavaType type) {
    return (type.hasRawClass(Object.class) || type.hasRawClass(Number.class))
        && !type.hasHandlers();
  }

  /// Writes a value.
  ///
  /// @throws Refusal if it would come back as something else
  static void write(JsonGenerator generator, @Nullable Object value) {
    switch (value) {
      case null -> generator.writeNull();
      case String text -> generator.writeString(text);
      case Boolean truth -> generator.writeBoolean(truth);
      case Number number when Numbers.write(generator, number) -> {}
      case Map<?, ?> map -> {
        generator.writeStartObject();
        map.forEach((name, member) -> {
          generator.writeName(name(generator, name));
          write(generator, member);
        });
        generator.writeEndObject();
      }
      case List<?> list -> {
        generator.writeStartArray();
        for (Object element : list) {
          write(generator, element);
        }
        generator.writeEndArray();
      }
      default -> throw wouldChange(Names.path(generator.streamWriteContext()), value);
    }
  }

  private static String name(JsonGenerator generator, @Nullable Object name) {
    if (name instanceof String text) {
      return text;
    }
    String place = "a key in " + Names.containerPath(generator.streamWriteContext());
    throw name == null ? new Refusal(place + " is null") : wouldChange(place, name);
  }

  private static Refusal wouldChange(String place, Object value) {
    return new Refusal(
        "%s is of class %s, which JSON does not tell: declare its type"
            .formatted(place, Names.type(value.getClass())));
  }

  /// Reads the value whose first token a parser stands on.
  ///
  /// @param parser stands on the first token, afterwards on the last
  /// @param marked the bytes that the parser reads if there is a tab among them, else null
  /// @throws Refusal if a number is too large for any class
  static @Nullable Object read(JsonParser parser, byte @Nullable [] marked) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
          parser.nextToken();
          map.put(name, read(parser, marked));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(read(parser, marked));
        }
        yield list;
      }
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Numbers.read(parser, marked);
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new Refusal("something that is no JSON value", parser);
    };
  }
}
