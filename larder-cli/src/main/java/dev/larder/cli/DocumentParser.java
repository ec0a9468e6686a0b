package dev.larder.cli;

import dev.larder.Codec;
import dev.larder.CodecException;
import dev.larder.Expiry;
import dev.larder.Item;
import dev.larder.KeyTooLongException;
import dev.larder.Limits;
import dev.larder.ValueTooLargeException;
import dev.larder.json.JsonException;
import dev.larder.json.JsonText;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Reads one line of a batch: `{"key","value","ttl"?}`, with `expiresAt` beside `ttl`. The value's
/// text is cut out of the line, so that its spelling is stored and not this program's.
///
/// **Threads.** For one thread at a time.
final class DocumentParser {
  private static final int SHOWN_LENGTH_MAX = 64;

  private final Limits limits;
  private final Codec<String> keyCodec = Codec.text();

  /// Makes a parser.
  ///
  /// @param limits what keys and values are held to, so that an error can name the line
  DocumentParser(Limits limits) {
    this.limits = limits;
  }

  /// Reads a line.
  ///
  /// @param line a line with at least one character that is no blank
  /// @return what to store
  /// @throws IllegalArgumentException if it is no such line; the message says why and where
  /// @throws dev.larder.LarderException if the store's rules refuse key or value
  Item<String, JsonText> parse(String line) {
    // Once this has passed, the text is JSON without blanks, and its members are easy to find.
    String json = json(line).toString();
    if (json.charAt(0) != '{') {
      throw new IllegalArgumentException(
          "a line is an object with \"key\", \"value\" and, if wanted, \"ttl\" or \"expiresAt\"");
    }
    var members = new Members();
    int next = 1;
    while (json.charAt(next) != '}') {
      int nameEnd = JsonSlices.end(json, next);
      String name = JsonSlices.string(json.substring(next, nameEnd));
      int valueEnd = JsonSlices.end(json, nameEnd + 1);
      read(name, json.substring(nameEnd + 1, valueEnd), members);
      next = json.charAt(valueEnd) == ',' ? valueEnd + 1 : valueEnd;
    }
    return item(members);
  }

  private static JsonText json(String line) {
    try {
      return JsonText.parse(line);
    } catch (JsonException e) {
      // The text has one line, and the caller names its number in the file.
      String message = Failures.message(e).replace("at line 1, column ", "at column ");
      throw new IllegalArgumentException(message, e);
    }
  }

  private static void read(String name, String json, Members members) {
    switch (name) {
      case "key" -> {
        if (json.charAt(0) != '"') {
          throw new IllegalArgumentException("\"key\" is a string");
        }
        members.key = JsonSlices.string(json);
      }
      case "value" -> members.value = JsonText.parse(json);
      case "ttl" -> members.ttl = ttl(json);
      case "expiresAt" -> members.deadline = deadline(json);
      default ->
          throw new IllegalArgumentException(
              "unknown member %s; a line has \"key\", \"value\" and \"ttl\" or \"expiresAt\""
                  .formatted(JsonStrings.quote(shown(name))));
    }
  }

  private static Expiry ttl(String json) {
    char first = json.charAt(0);
    if (json.equals("null")) {
      return Expiry.never();
    }
    if (first == '"') {
      return Expiry.after(Durations.parse(JsonSlices.string(json)));
    }
    if (first == '-' || (first >= '0' && first <= '9')) {
      return Expiry.after(Durations.ofSeconds(json));
    }
    throw new IllegalArgumentException("\"ttl\" is a number of seconds or a duration");
  }

  private static Expiry deadline(String json) {
    if (json.equals("null")) {
      return Expiry.never();
    }
    if (json.charAt(0) == '"') {
      try {
        return Expiry.at(Instant.parse(JsonSlices.string(json)));
      } catch (DateTimeException _) {
        // told below, together with what is no string
      }
    }
    throw new IllegalArgumentException(
        "\"expiresAt\" is an ISO instant such as \"2030-01-31T12:00:00Z\", or null, not "
            + shown(json));
  }

  private Item<String, JsonText> item(Members members) {
    String key = members.key;
    JsonText value = members.value;
    if (key == null || value == null) {
      throw new IllegalArgumentException(
          "\"%s\" is missing".formatted(key == null ? "key" : "value"));
    }
    boolean hasTtl = !(members.ttl instanceof Expiry.Never);
    if (hasTtl && !(members.deadline instanceof Expiry.Never)) {
      throw new IllegalArgumentException("give \"ttl\" or \"expiresAt\", not both");
    }
    requireKey(key);
    int size = value.utf8().length;
    if (size > limits.valueBytes()) {
      throw new ValueTooLargeException(key, size, limits.valueBytes());
    }
    return new Item<>(key, value, hasTtl ? members.ttl : members.deadline);
  }

  /// Holds the key to the rules that the bucket would hold it to, where the line is known.
  private void requireKey(String key) {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("a key must not be empty");
    }
    try {
      keyCodec.encode(key);
    } catch (CodecException e) {
      throw new IllegalArgumentException("\"key\": " + Failures.message(e), e);
    }
    int characters = key.codePointCount(0, key.length());
    if (characters > limits.keyCharacters()) {
      throw new KeyTooLongException(key, characters, limits.keyCharacters(), "characters");
    }
  }

  private static String shown(String text) {
    return text.length() <= SHOWN_LENGTH_MAX ? text : text.substring(0, SHOWN_LENGTH_MAX) + "...";
  }

  /// What has been read of a line so far.
  private static final class Members {
    private @Nullable String key;
    private @Nullable JsonText value;
    private Expiry ttl = Expiry.never();
    private Expiry deadline = Expiry.never();
  }
}
