package dev.larder.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BigIntegerNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DecimalNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.FloatNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.NumericNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.ShortNode;
import tools.jackson.databind.node.StringNode;

/// Writes trees of nodes and reads them so that the tree read is equal to the one written: the
/// classes of its numbers are those of [Numbers].
final class Trees {
  private Trees() {}

  /// Writes a tree.
  ///
  /// @throws Refusal if it has a node that would come back as another one
  static void write(JsonGenerator generator, JsonNode node) {
    switch (node) {
      case ObjectNode object -> {
        generator.writeStartObject();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
          generator.writeName(member.getKey());
          write(generator, member.getValue());
        }
        generator.writeEndObject();
      }
      case ArrayNode array -> {
        generator.writeStartArray();
        for (JsonNode element : array) {
          write(generator, element);
        }
        generator.writeEndArray();
      }
      case StringNode text -> generator.writeString(text.stringValue());
      case NumericNode number -> Numbers.write(generator, number.numberValue());
      case BooleanNode truth -> generator.writeBoolean(truth.booleanValue());
      case NullNode _ -> generator.writeNull();
      default -> throw notJson(generator, node);
    }
  }

  private static Refusal notJson(JsonGenerator generator, JsonNode node) {
    String place = Names.path(generator.streamWriteContext());
    return new Refusal(
        switch (node.getNodeType()) {
          case MISSING -> place + " is a missing node";
          case BINARY -> place + " is a binary node, which would come back as text";
          default ->
              "%s is a %s, which would come back as another node"
                  .formatted(place, node.getClass().getSimpleName());
        });
  }

  /// Reads the tree whose first token a parser stands on.
  ///
  /// @param parser stands on the first token, afterwards on the last
  /// @param marked the bytes that the parser reads if there is a tab among them, else null
  /// @throws Refusal if an object has a name twice, or a number is too large for any class
  static JsonNode read(JsonParser parser, byte @Nullable [] marked) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
          parser.nextToken();
          if (object.replace(name, read(parser, marked)) != null) {
            throw new Refusal("an object that has a name twice", parser);
          }
        }
        yield object;
      }
      case START_ARRAY -> {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(read(parser, marked));
        }
        yield array;
      }
      case VALUE_STRING -> StringNode.valueOf(parser.getString());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> node(Numbers.read(parser, marked));
      case VALUE_TRUE -> BooleanNode.TRUE;
      case VALUE_FALSE -> BooleanNode.FALSE;
      case VALUE_NULL -> NullNode.instance;
      default -> throw new Refusal("something that is no JSON value", parser);
    };
  }

  private static JsonNode node(Number number) {
    return switch (number) {
      case Integer n -> IntNode.valueOf(n);
      case Long n -> LongNode.valueOf(n);
      case Double n -> DoubleNode.valueOf(n);
      case Float n -> FloatNode.valueOf(n);
      case Short n -> ShortNode.valueOf(n);
      case BigDecimal n -> DecimalNode.valueOf(n);
      case BigInteger n -> BigIntegerNode.valueOf(n);
      default -> IntNode.valueOf(number.intValue()); // a byte: trees have no node for it
    };
  }
}
