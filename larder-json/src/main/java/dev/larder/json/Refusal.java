package dev.larder.json;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/// Why a value does not become JSON or JSON does not become a value, on its way through Jackson to
/// the codec, which knows the type and makes a [JsonException] of it. Jackson lets its own
/// exceptions pass and wraps all others.
final class Refusal extends JacksonException {
  private static final long serialVersionUID = 1L;

  /// Takes the reason as a clause that begins with the place: `.score is NaN`.
  Refusal(String reason) {
    super(reason);
  }

  /// Takes the reason as a noun that is said of the value on which a parser stands: `a number whose
  /// exponent is out of range`.
  Refusal(String reason, JsonParser parser) {
    super(
        Names.readPath(parser.streamReadContext()) + " is " + reason,
        parser.currentTokenLocation(),
        null);
  }

  /// {@return the refusal among the causes of an exception, or null if there is none}
  static @Nullable Refusal in(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof Refusal refusal) {
        return refusal;
      }
    }
    return null;
  }

  String reason() {
    return getOriginalMessage();
  }
}
