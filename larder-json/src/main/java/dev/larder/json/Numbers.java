package dev.larder.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// How a number of an open type, a node in a tree or an [Object] in a map, comes back as the class
/// it had, with every digit.
///
/// JSON has one kind of number; Java, whose `Long` 5 is not equal to its `Integer` 5, has many. The
/// text alone decides where it can:
///
/// | text | class |
/// |---|---|
/// | an integer | `Integer`, `Long` or `BigInteger`, the first that holds it |
/// | what `Double.toString` writes for some double | `Double` |
/// | any other number | `BigDecimal`, with every digit and trailing zero |
///
/// That is what nearly all numbers are. The others have tabs after them, which JSON allows between
/// tokens, and the count of tabs tells the class:
///
/// | tabs | integer | other number |
/// |---|---|---|
/// | 1 | `Long` | `BigDecimal` |
/// | 2 | `BigInteger` | `Float` |
/// | 3 | `BigDecimal` | |
/// | 4 | `Short` | |
/// | 5 | `Byte` | |
///
/// A raw tab cannot stand inside a string, so where the bytes have none, nothing is to be looked
/// for. A count that does not fit its number is whitespace and nothing more.
final class Numbers {
  /// Beyond it, text and number do not turn into each other reliably.
  private static final int SCALE_MAX = 2_000_000_000;

  private static final int LONG_TABS = 1;
  private static final int BIG_INTEGER_TABS = 2;
  private static final int DECIMAL_INTEGER_TABS = 3;
  private static final int SHORT_TABS = 4;
  private static final int BYTE_TABS = 5;
  private static final int DECIMAL_TABS = 1;
  private static final int FLOAT_TABS = 2;

  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };

  /// From here to [#PLAIN_END], `Double.toString` writes without an exponent.
  private static final double PLAIN_MIN = 1e-3;

  private static final double PLAIN_END = 1e7;

  private Numbers() {}

  /// Writes a number, and tabs after it where its text does not tell its class.
  ///
  /// @return false if the number is of a class that cannot come back; nothing was written
  static boolean write(JsonGenerator generator, Number number) {
    int tabs = 0;
    switch (number) {
      case Integer n -> generator.writeNumber(n.intValue());
      case Double n -> generator.writeNumber(n.doubleValue());
      case Long n -> {
        generator.writeNumber(n.longValue());
        tabs = n == n.intValue() ? LONG_TABS : 0;
      }
      case BigDecimal n -> {
        generator.writeNumber(n);
        tabs = tabsAfter(n.toString());
      }
      case BigInteger n -> {
        generator.writeNumber(n);
        tabs = n.bitLength() < Long.SIZE ? BIG_INTEGER_TABS : 0;
      }
      case Float n -> {
        generator.writeNumber(n.floatValue());
        tabs = FLOAT_TABS;
      }
      case Short n -> {
        generator.writeNumber(n.shortValue());
        tabs = SHORT_TABS;
      }
      case Byte n -> {
        generator.writeNumber(n.shortValue());
        tabs = BYTE_TABS;
      }
      default -> {
        return false;
      }
    }
    for (int i = 0; i < tabs; i++) {
      generator.writeRaw('\t');
    }
    return true;
  }

  private static int tabsAfter(String decimal) {
    if (isInteger(decimal)) {
      return DECIMAL_INTEGER_TABS;
    }
    return canonicalDouble(decimal) == null ? 0 : DECIMAL_TABS;
  }

  /// Reads the number that a parser stands on.
  ///
  /// @param parser stands on a number
  /// @param marked the bytes that the parser reads if there is a tab among them, else null
  /// @throws Refusal if no `BigDecimal` can hold it
  static Number read(JsonParser parser, byte @Nullable [] marked) {
    int tabs = marked == null ? 0 : tabs(parser, marked);
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      Number number = parser.getNumberValue();
      return tabs == 0 ? number : ofClass(tabs, number);
    }
    String text = parser.getString();
    if (tabs == FLOAT_TABS) {
      float number = Float.parseFloat(text);
      if (Float.isFinite(number)) {
        return number;
      }
    }
    Double number = tabs == DECIMAL_TABS ? null : canonicalDouble(text);
    return number != null ? number : decimal(text, parser);
  }

  private static Number ofClass(int tabs, Number number) {
    if (tabs == DECIMAL_INTEGER_TABS) {
      return new BigDecimal(number.toString());
    }
    if (number instanceof BigInteger) {
      return number;
    }
    long value = number.longValue();
    return switch (tabs) {
      case LONG_TABS -> value;
      case BIG_INTEGER_TABS -> BigInteger.valueOf(value);
      case SHORT_TABS -> value == (short) value ? Short.valueOf((short) value) : number;
      case BYTE_TABS -> value == (byte) value ? Byte.valueOf((byte) value) : number;
      default -> number;
    };
  }

  /// {@return how many tabs follow the number that the parser stands on}
  private static int tabs(JsonParser parser, byte[] marked) {
    String text = parser.getString();
    long start = parser.currentTokenLocation().getByteOffset();
    if (start < 0 || start + text.length() > marked.length) {
      return 0;
    }
    // Where Jackson buffered tokens, to look for a type's name first, the location is not the
    // number's: then the class is lost, but no other number's is taken.
    int end = (int) start;
    for (int i = 0; i < text.length(); i++) {
      if (marked[end++] != text.charAt(i)) {
        return 0;
      }
    }
    int tabs = 0;
    while (end < marked.length && marked[end] == '\t') {
      end++;
      tabs++;
    }
    return tabs;
  }

  private static boolean isInteger(String number) {
    for (int i = 0; i < number.length(); i++) {
      char c = number.charAt(i);
      if (c == '.' || c == 'e' || c == 'E') {
        return false;
      }
    }
    return true;
  }

  /// {@return the double whose text this is, or null if it is no double's}
  ///
  /// @param text a number that is no integer
  private static @Nullable Double canonicalDouble(String text) {
    double number = shortDouble(text);
    if (!Double.isNaN(number)) {
      return number;
    }
    number = Double.parseDouble(text);
    return Double.toString(number).equals(text) ? number : null;
  }

  /// {@return the double whose text this is, or NaN if that is not plain to see}
  ///
  /// Two numbers of up to 15 digits are never the same double, so such a number is the shortest
  /// text of its double, if it has no zeros too many. Its digits and the power of ten that they are
  /// divided by are exact as doubles, so the quotient is the double nearest to it.
  private static double shortDouble(String text) {
    int length = text.length();
    int start = text.charAt(0) == '-' ? 1 : 0;
    int point = text.indexOf('.');
    int decimals = length - point - 1;
    if (point < 0 || length - start > 16) {
      return Double.NaN;
    }
    long digits = 0;
    for (int i = start; i < length; i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        digits = digits * 10 + (c - '0');
      } else if (i != point) {
        return Double.NaN;
      }
    }
    double number = digits / POWERS_OF_TEN[decimals];
    boolean isPlain = number == 0 ? decimals == 1 : PLAIN_MIN <= number && number < PLAIN_END;
    if (!isPlain || (decimals > 1 && text.charAt(length - 1) == '0')) {
      return Double.NaN;
    }
    return start == 0 ? number : -number;
  }

  private static BigDecimal decimal(String text, JsonParser parser) {
    try {
      BigDecimal number = new BigDecimal(text);
      if (isInRange(number)) {
        return number;
      }
    } catch (NumberFormatException _) {
      // The text is a number, so it is the exponent that no BigDecimal holds.
    }
    throw new Refusal("a number whose exponent is out of range", parser);
  }

  /// {@return whether a number can be written and read again}
  static boolean isInRange(BigDecimal number) {
    return Math.abs((long) number.scale()) <= SCALE_MAX;
  }
}
