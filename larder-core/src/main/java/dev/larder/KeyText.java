package dev.larder;

import java.util.List;
import java.util.stream.Collectors;

/// How keys look in messages: quoted, escaped, at most 128 bytes of each, the first ten of many.
final class KeyText {
  private static final int SHOWN_BYTES_MAX = 128;
  private static final int SHOWN_KEYS_MAX = 10;

  private KeyText() {}

  /// {@return the text of a key for an accessor: the text itself, or hexadecimal digits}
  static String of(Bytes key, boolean isText) {
    return isText ? key.toUtf8() : "0x" + key;
  }

  static String quote(String key) {
    var shown = new StringBuilder("\"");
    int[] codePoints = key.codePoints().toArray();
    int size = 0;
    for (int codePoint : codePoints) {
      String escaped = escape(codePoint);
      size += Bytes.ofUtf8(escaped).size();
      if (size > SHOWN_BYTES_MAX) {
        return shown.append("...\" (").append(codePoints.length).append(" characters)").toString();
      }
      shown.append(escaped);
    }
    return shown.append('"').toString();
  }

  static String list(List<String> keys) {
    String shown =
        keys.stream().limit(SHOWN_KEYS_MAX).map(KeyText::quote).collect(Collectors.joining(", "));
    int more = keys.size() - SHOWN_KEYS_MAX;
    return more > 0 ? shown + " and %,d more".formatted(more) : shown;
  }

  private static String escape(int codePoint) {
    return switch (codePoint) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> {
        int type = Character.getType(codePoint);
        boolean hidden =
            type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.UNASSIGNED;
        yield hidden ? "\\u{%x}".formatted(codePoint) : Character.toString(codePoint);
      }
    };
  }
}
