package dev.larder.cli;

import dev.larder.Entry;
import dev.larder.json.JsonText;

/// Entries as lines of JSON. The value's text is printed as it is stored.
final class DocumentText {
  private DocumentText() {}

  /// {@return `{"key","value"}`, with `expiresAt` only where there is a deadline: what `import` and
  /// `batch-create` take back}
  static String line(Entry<String, JsonText> entry) {
    var line = start(entry);
    if (entry.deadline().isPresent()) {
      line.append(",\"expiresAt\":\"").append(entry.deadline().get()).append('"');
    }
    return line.append('}').toString();
  }

  /// {@return `{"key","value","version","expiresAt"}`, all of them always}
  static String full(Entry<String, JsonText> entry) {
    var line = start(entry);
    line.append(",\"version\":").append(entry.version()).append(",\"expiresAt\":");
    if (entry.deadline().isPresent()) {
      line.append('"').append(entry.deadline().get()).append('"');
    } else {
      line.append("null");
    }
    return line.append('}').toString();
  }

  private static StringBuilder start(Entry<String, JsonText> entry) {
    return new StringBuilder("{\"key\":")
        .append(JsonStrings.quote(entry.key()))
        .append(",\"value\":")
        .append(entry.value());
  }
}
