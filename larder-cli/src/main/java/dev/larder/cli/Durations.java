package dev.larder.cli;

import dev.larder.Expiry;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;

/// Durations as people write them: `500ms`, `10s`, `5m`, `2h`, `7d`, ISO-8601 such as `PT90M`, and
/// a bare number, which means seconds. Numbers may have decimals: `1.5h`.
final class Durations {
  /// What help and messages say about it.
  static final String FORMS = "500ms, 10s, 5m, 2h, 7d, ISO-8601 such as PT90M, or seconds";

  private static final int TEXT_LENGTH_MAX = 64;
  private static final BigDecimal MILLIS_MAX = BigDecimal.valueOf(Expiry.TTL_MAX.toMillis());

  private Durations() {}

  /// Reads a time to live.
  ///
  /// @param text what the caller wrote
  /// @return at least 1 millisecond, at most [Expiry#TTL_MAX]
  /// @throws IllegalArgumentException if it makes no sense; the message says why
  static Duration parse(String text) {
    if (text.isEmpty() || text.length() > TEXT_LENGTH_MAX) {
      throw notOne(text);
    }
    if (text.startsWith("P") || text.startsWith("-P") || text.startsWith("+P")) {
      return inRange(iso(text), text);
    }
    int digits = numberLength(text);
    if (digits == 0) {
      throw notOne(text);
    }
    BigDecimal unitMillis = unitMillis(text.substring(digits), text);
    return ofMillis(number(text.substring(0, digits), text).multiply(unitMillis), text);
  }

  /// Reads a number of seconds.
  ///
  /// @param number a JSON number
  /// @throws IllegalArgumentException if it makes no sense; the message says why
  static Duration ofSeconds(String number) {
    // A thousand seconds to the power of a billion are refused before anybody multiplies them.
    BigDecimal seconds = number(number, number);
    if (seconds.compareTo(MILLIS_MAX) > 0) {
      throw tooLong(number);
    }
    if (seconds.compareTo(new BigDecimal("0.001")) < 0) {
      throw tooShort(number);
    }
    return ofMillis(seconds.movePointRight(3), number);
  }

  private static BigDecimal number(String digits, String text) {
    try {
      return new BigDecimal(digits);
    } catch (NumberFormatException _) {
      throw notOne(text);
    }
  }

  /// How many characters at the start are a sign, digits and a decimal point.
  private static int numberLength(String text) {
    int length = 0;
    while (length < text.length()) {
      char c = text.charAt(length);
      boolean isSign = length == 0 && (c == '-' || c == '+');
      if (!isSign && c != '.' && (c < '0' || c > '9')) {
        return length;
      }
      length++;
    }
    return length;
  }

  private static BigDecimal unitMillis(String unit, String text) {
    return BigDecimal.valueOf(
        switch (unit) {
          case "ms" -> 1L;
          case "", "s" -> 1_000L;
          case "m" -> 60_000L;
          case "h" -> 3_600_000L;
          case "d" -> 86_400_000L;
          default -> throw notOne(text);
        });
  }

  private static Duration ofMillis(BigDecimal millis, String text) {
    if (millis.compareTo(MILLIS_MAX) > 0) {
      throw tooLong(text);
    }
    if (millis.compareTo(BigDecimal.ONE) < 0) {
      throw tooShort(text);
    }
    return Duration.ofMillis(millis.longValue());
  }

  private static Duration iso(String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeException | ArithmeticException _) {
      throw notOne(text);
    }
  }

  private static Duration inRange(Duration duration, String text) {
    if (duration.compareTo(Expiry.TTL_MAX) > 0) {
      throw tooLong(text);
    }
    if (duration.compareTo(Duration.ofMillis(1)) < 0) {
      throw tooShort(text);
    }
    return duration;
  }

  private static IllegalArgumentException tooShort(String text) {
    return new IllegalArgumentException("a ttl is at least 1ms, not " + shown(text));
  }

  private static IllegalArgumentException tooLong(String text) {
    return new IllegalArgumentException(
        "a ttl is at most %dd, not %s".formatted(Expiry.TTL_MAX.toDays(), shown(text)));
  }

  private static IllegalArgumentException notOne(String text) {
    return new IllegalArgumentException(
        "%s is no duration; write %s".formatted(JsonStrings.quote(shown(text)), FORMS));
  }

  private static String shown(String text) {
    return text.length() <= TEXT_LENGTH_MAX ? text : text.substring(0, TEXT_LENGTH_MAX) + "...";
  }
}
