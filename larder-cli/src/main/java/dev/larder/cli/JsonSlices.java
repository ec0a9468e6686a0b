package dev.larder.cli;

/// Cuts text that is known to be JSON without blanks into its parts, keeping their spelling.
final class JsonSlices {
  private JsonSlices() {}

  /// {@return the index after the value that begins at `start`}
  static int end(String json, int start) {
    char first = json.charAt(start);
    if (first == '"') {
      return stringEnd(json, start);
    }
    if (first == '{' || first == '[') {
      return nestedEnd(json, start);
    }
    int end = start + 1;
    while (end < json.length() && ",}]".indexOf(json.charAt(end)) < 0) {
      end++;
    }
    return end;
  }

  /// {@return what a JSON string means}
  static String string(String json) {
    if (json.indexOf('\\') < 0) {
      return json.substring(1, json.length() - 1);
    }
    var text = new StringBuilder(json.length());
    int i = 1;
    while (i < json.length() - 1) {
      char c = json.charAt(i++);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      char escape = json.charAt(i++);
      switch (escape) {
        case 'b' -> text.append('\b');
        case 'f' -> text.append('\f');
        case 'n' -> text.append('\n');
        case 'r' -> text.append('\r');
        case 't' -> text.append('\t');
        case 'u' -> {
          text.append((char) Integer.parseInt(json, i, i + 4, 16));
          i += 4;
        }
        default -> text.append(escape); // quote, backslash, slash
      }
    }
    return text.toString();
  }

  private static int stringEnd(String json, int start) {
    int end = start + 1;
    while (json.charAt(end) != '"') {
      end += json.charAt(end) == '\\' ? 2 : 1;
    }
    return end + 1;
  }

  private static int nestedEnd(String json, int start) {
    int depth = 0;
    int end = start;
    do {
      switch (json.charAt(end)) {
        case '{', '[' -> {
          depth++;
          end++;
        }
        case '}', ']' -> {
          depth--;
          end++;
        }
        case '"' -> end = stringEnd(json, end);
        default -> end++;
      }
    } while (depth > 0);
    return end;
  }
}
