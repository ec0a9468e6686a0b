package dev.larder.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.random.RandomGenerator;
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
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.ShortNode;
import tools.jackson.databind.node.StringNode;

/// Random JSON, the same for the same seed.
final class Samples {
  private static final int[] SPECIAL = {
    0, 1, '\t', '\n', '\r', 0x1F, ' ', '"', '\\', '/', 0x7F, 0x80, 0xFF, 0x7FF, 0x800, 0x2028,
    0x2029, 0xD7FF, 0xE000, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF, 0x10000, 0x1F600, 0x10FFFF
  };

  private final RandomGenerator random;

  Samples(RandomGenerator random) {
    this.random = random;
  }

  /// {@return any tree, of at most so many levels}
  JsonNode tree(int depth) {
    int kind = random.nextInt(depth <= 0 ? 6 : 10);
    return switch (kind) {
      case 0 -> NullNode.instance;
      case 1 -> BooleanNode.valueOf(random.nextBoolean());
      case 2 -> StringNode.valueOf(text());
      case 3, 4, 5 -> number();
      case 6, 7 -> {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (int i = size(); i > 0; i--) {
          array.add(tree(depth - 1));
        }
        yield array;
      }
      default -> {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (int i = size(); i > 0; i--) {
          object.set(text(), tree(depth - 1));
        }
        yield object;
      }
    };
  }

  private int size() {
    return random.nextInt(20) == 0 ? random.nextInt(60) : random.nextInt(5);
  }

  /// {@return a number of any class and shape that a node can have}
  JsonNode number() {
    return switch (random.nextInt(12)) {
      case 0 -> IntNode.valueOf(random.nextInt());
      case 1 -> IntNode.valueOf(random.nextInt(-10, 11));
      case 2 -> LongNode.valueOf(random.nextLong());
      case 3 -> LongNode.valueOf(random.nextLong() >> random.nextInt(64));
      case 4 -> BigIntegerNode.valueOf(integer(random.nextInt(1, 300)));
      case 5 -> ShortNode.valueOf((short) random.nextInt());
      case 6 -> FloatNode.valueOf(anyFloat());
      case 7 -> FloatNode.valueOf(random.nextInt(100_000) / 100f);
      case 8 -> DoubleNode.valueOf(anyDouble());
      case 9 -> DoubleNode.valueOf(random.nextInt(-1_000_000, 1_000_000) / 1e3);
      case 10 -> DecimalNode.valueOf(decimal());
      default -> DecimalNode.valueOf(new BigDecimal(Double.toString(anyDouble())));
    };
  }

  BigInteger integer(int bits) {
    BigInteger magnitude = new BigInteger(bits, java.util.Random.from(random));
    return random.nextBoolean() ? magnitude : magnitude.negate();
  }

  BigDecimal decimal() {
    int scale = random.nextBoolean() ? random.nextInt(-5, 12) : random.nextInt(-2_000, 2_000);
    return new BigDecimal(integer(random.nextInt(1, 200)), scale);
  }

  double anyDouble() {
    double number = Double.longBitsToDouble(random.nextLong());
    return Double.isFinite(number) ? number : 0.0;
  }

  float anyFloat() {
    float number = Float.intBitsToFloat(random.nextInt());
    return Float.isFinite(number) ? number : -0.0f;
  }

  /// {@return text of whole characters from all over Unicode, now and then longer than any buffer}
  String text() {
    int length = random.nextInt(200) == 0 ? random.nextInt(9_000) : random.nextInt(12);
    var text = new StringBuilder();
    int kind = random.nextInt(3);
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(kind == 0 ? random.nextInt('a', 'z') : codePoint());
    }
    return text.toString();
  }

  int codePoint() {
    if (random.nextInt(3) == 0) {
      return SPECIAL[random.nextInt(SPECIAL.length)];
    }
    int codePoint = random.nextInt(1 << random.nextInt(7, 21));
    return 0xD800 <= codePoint && codePoint < 0xE000 ? 'x' : codePoint;
  }

  /// JSON spelled at random, and the same without whitespace.
  record Spelled(String text, String compact) {}

  /// {@return any JSON, spelled at random}
  Spelled spelled(int depth) {
    var text = new StringBuilder();
    var compact = new StringBuilder();
    spell(depth, text, compact);
    return new Spelled(text.toString(), compact.toString());
  }

  private void spell(int depth, StringBuilder text, StringBuilder compact) {
    blank(text);
    int kind = random.nextInt(depth <= 0 ? 5 : 9);
    if (kind < 5) {
      String scalar =
          switch (kind) {
            case 0 -> new String[] {"null", "true", "false"}[random.nextInt(3)];
            case 1 -> spelledString();
            default -> spelledNumber();
          };
      text.append(scalar);
      compact.append(scalar);
    } else {
      boolean isObject = kind > 6;
      both(text, compact, isObject ? '{' : '[');
      int size = size();
      for (int i = 0; i < size; i++) {
        if (i > 0) {
          both(text, compact, ',');
        }
        if (isObject) {
          blank(text);
          // The number in front keeps names apart.
          String name = "\"" + i + "_" + spelledString().substring(1);
          text.append(name);
          compact.append(name);
          blank(text);
          both(text, compact, ':');
        }
        spell(depth - 1, text, compact);
      }
      both(text, compact, isObject ? '}' : ']');
    }
    blank(text);
  }

  private static void both(StringBuilder text, StringBuilder compact, char c) {
    text.append(c);
    compact.append(c);
  }

  private void blank(StringBuilder text) {
    while (random.nextInt(3) == 0) {
      text.append(" \t\n\r".charAt(random.nextInt(4)));
    }
  }

  String spelledString() {
    var text = new StringBuilder("\"");
    for (int i = random.nextInt(8); i > 0; i--) {
      int c = codePoint();
      if (random.nextInt(4) == 0) {
        for (char half : Character.toChars(c)) {
          String hex = "\\u%04x".formatted((int) half);
          text.append(
              random.nextBoolean()
                  ? hex
                  : hex.toUpperCase(java.util.Locale.ROOT).replace('U', 'u'));
        }
      } else if (random.nextInt(6) == 0) {
        text.append('\\').append("\"\\/bfnrt".charAt(random.nextInt(8)));
      } else if (c >= ' ' && c != '"' && c != '\\') {
        text.appendCodePoint(c);
      }
    }
    return text.append('"').toString();
  }

  String spelledNumber() {
    var text = new StringBuilder(random.nextBoolean() ? "-" : "");
    text.append(
        random.nextInt(3) == 0 ? "0" : integer(random.nextInt(1, 90)).abs().add(BigInteger.ONE));
    if (random.nextBoolean()) {
      text.append('.').append(random.nextInt(2_000)).append("0".repeat(random.nextInt(3)));
    }
    if (random.nextInt(3) == 0) {
      text.append(random.nextBoolean() ? 'e' : 'E');
      text.append(new String[] {"", "+", "-"}[random.nextInt(3)]);
      text.append("0".repeat(random.nextInt(2))).append(random.nextInt(400));
    }
    return text.toString();
  }
}
