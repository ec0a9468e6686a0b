package dev.larder.cli;

import dev.larder.Durability;
import java.util.Locale;

/// Durability levels as the caller writes them.
final class DurabilityText {
  /// What help and messages say about it.
  static final String FORMS = "sync, os, none or batched:N,T such as batched:3,10s";

  private static final String BATCHED = "batched";

  private DurabilityText() {}

  /// Reads a level: `sync`, `os`, `none`, `batched:3,10s` or `batched(3,10s)`, which a shell would
  /// want quoted.
  ///
  /// @throws IllegalArgumentException if it is none; the message says why
  static Durability parse(String text) {
    String level = text.strip().toLowerCase(Locale.ROOT);
    return switch (level) {
      case "sync" -> Durability.SYNC;
      case "os" -> Durability.OS;
      case "none" -> Durability.NONE;
      default -> batched(level, text);
    };
  }

  private static Durability batched(String level, String text) {
    String inside;
    if (level.startsWith(BATCHED + "(") && level.endsWith(")")) {
      inside = level.substring(BATCHED.length() + 1, level.length() - 1);
    } else if (level.startsWith(BATCHED + ":")) {
      inside = level.substring(BATCHED.length() + 1);
    } else {
      throw notOne(text);
    }
    int comma = inside.indexOf(',');
    if (comma < 0) {
      throw notOne(text);
    }
    int count;
    try {
      count = Integer.parseInt(inside.substring(0, comma).strip());
    } catch (NumberFormatException _) {
      throw notOne(text);
    }
    String interval = inside.substring(comma + 1).strip();
    // An ISO-8601 duration is written in capitals.
    return Durability.batched(
        count,
        Durations.parse(interval.startsWith("p") ? interval.toUpperCase(Locale.ROOT) : interval));
  }

  private static IllegalArgumentException notOne(String text) {
    return new IllegalArgumentException(
        "a durability is %s, not %s".formatted(FORMS, JsonStrings.quote(text)));
  }
}
