package dev.larder.cli;

import java.util.Collection;

/// How keys look in what commands print.
final class JsonStrings {
  private static final int LISTED_MAX = 100;

  private JsonStrings() {}

  /// {@return the text as a JSON string. Every control character is escaped, those above ASCII too:
  /// a terminal would obey them}
  static String quote(String text) {
    var quoted = new StringBuilder(text.length() + 2);
    quoted.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        case '\b' -> quoted.append("\\b");
        case '\f' -> quoted.append("\\f");
        default -> {
          if (Character.isISOControl(c)) {
            appendEscape(quoted, c);
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }

  /// {@return the key itself where it is safe to print as a line, else as a JSON string}
  static String line(String key) {
    boolean needsQuotes = key.startsWith("\"");
    for (int i = 0; i < key.length() && !needsQuotes; i++) {
      needsQuotes = Character.isISOControl(key.charAt(i));
    }
    return needsQuotes ? quote(key) : key;
  }

  /// {@return the texts, separated by commas; of very many the first hundred and how many more}
  static String list(Collection<String> texts) {
    var list = new StringBuilder();
    int listed = 0;
    for (String text : texts) {
      if (listed == LISTED_MAX) {
        return list.append(" and ").append(texts.size() - listed).append(" more").toString();
      }
      list.append(listed == 0 ? "" : ", ").append(text);
      listed++;
    }
    return list.toString();
  }

  private static void appendEscape(StringBuilder quoted, char c) {
    quoted.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      quoted.append(Character.forDigit(c >> shift & 0xf, 16));
    }
  }
}
