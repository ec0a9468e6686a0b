package dev.larder.json;

import java.util.HashSet;
import java.util.Set;

/// Reads JSON as RFC 8259 writes it, byte by byte, without making values of it: whether it is JSON,
/// and if not, what is wrong and where.
///
/// Beyond the grammar it refuses what readers disagree on: a name that an object has twice. It
/// holds to the same limits as the parsers here do, so that what it passes they pass.
///
/// **Threads.** For one thread, once.
final class JsonScanner {
  /// How many objects and arrays may be open at a time. Jackson's own limit.
  static final int DEPTH_MAX = 500;

  /// How many characters a number may have. Jackson's own limit.
  static final int NUMBER_CHARACTERS_MAX = 1_000;

  private static final int END = -1;
  private static final String VALUE_EXPECTED = "; a value was expected";
  private static final String NAME_EXPECTED = "; a name in double quotes was expected";

  private final byte[] json;
  private int position;
  private int depth;
  private int blankCount;

  private JsonScanner(byte[] json, int start) {
    this.json = json;
    this.position = start;
  }

  /// Checks that bytes are one JSON value and nothing else.
  ///
  /// @param json the bytes
  /// @param start where the value begins
  /// @return how many bytes of them are whitespace between tokens
  /// @throws JsonException if they are not
  static int check(byte[] json, int start) {
    var scanner = new JsonScanner(json, start);
    scanner.value();
    scanner.skipBlanks();
    if (scanner.peek() != END) {
      throw scanner.unexpected("; the value was complete");
    }
    return scanner.blankCount;
  }

  /// {@return JSON that was checked, without whitespace between tokens}
  ///
  /// @param json the bytes
  /// @param start where the value begins
  /// @param blankCount what [#check] returned
  static byte[] compact(byte[] json, int start, int blankCount) {
    byte[] compact = new byte[json.length - start - blankCount];
    int size = 0;
    boolean inString = false;
    for (int i = start; i < json.length; i++) {
      byte b = json[i];
      if (inString) {
        compact[size++] = b;
        if (b == '\\') {
          compact[size++] = json[++i];
        }
        inString = b != '"';
      } else if (!isBlank(b)) {
        compact[size++] = b;
        inString = b == '"';
      }
    }
    return compact;
  }

  private void value() {
    skipBlanks();
    switch (peek()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> throw unexpected(VALUE_EXPECTED);
    }
  }

  private void object() {
    open();
    skipBlanks();
    if (peek() != '}') {
      Set<String> names = new HashSet<>();
      member(names);
      while (separator('}')) {
        member(names);
      }
    }
    close();
  }

  private void member(Set<String> names) {
    skipBlanks();
    if (peek() != '"') {
      throw unexpected(NAME_EXPECTED);
    }
    int start = position;
    boolean hasEscapes = string();
    String name = name(start + 1, position - 1, hasEscapes);
    if (!names.add(name)) {
      throw wrong("the name " + Names.quote(name) + " stands twice in one object", start);
    }
    skipBlanks();
    if (peek() != ':') {
      throw unexpected("; ':' was expected");
    }
    position++;
    value();
  }

  private void array() {
    open();
    skipBlanks();
    if (peek() != ']') {
      value();
      while (separator(']')) {
        value();
      }
    }
    close();
  }

  /// Passes a comma, or stops in front of the end of the object or array.
  private boolean separator(char end) {
    skipBlanks();
    int next = peek();
    if (next == end) {
      return false;
    }
    if (next != ',') {
      throw unexpected("; ',' or '" + end + "' was expected");
    }
    position++;
    return true;
  }

  private void open() {
    if (++depth > DEPTH_MAX) {
      throw wrong("more than %,d objects and arrays inside each other".formatted(DEPTH_MAX));
    }
    position++;
  }

  private void close() {
    depth--;
    position++;
  }

  /// Passes a string and says whether it has escapes.
  private boolean string() {
    boolean hasEscapes = false;
    position++;
    while (position < json.length) {
      byte b = json[position];
      if (b == '"') {
        position++;
        return hasEscapes;
      } else if (b == '\\') {
        hasEscapes = true;
        escape();
      } else if (b < 0) {
        character();
      } else if (b < ' ') {
        throw wrong(
            "control character %s in a string".formatted(Names.character(b)),
            "; it must be escaped");
      } else {
        position++;
      }
    }
    throw unexpected("; the string has no closing '\"'");
  }

  private String name(int start, int end, boolean hasEscapes) {
    String raw = Utf8.decode(json, start, end);
    if (!hasEscapes) {
      return raw;
    }
    var name = new StringBuilder();
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c != '\\') {
        name.append(c);
        continue;
      }
      c = raw.charAt(++i);
      switch (c) {
        case 'b' -> name.append('\b');
        case 'f' -> name.append('\f');
        case 'n' -> name.append('\n');
        case 'r' -> name.append('\r');
        case 't' -> name.append('\t');
        case 'u' -> {
          name.append((char) Integer.parseInt(raw, i + 1, i + 5, 16));
          i += 4;
        }
        default -> name.append(c);
      }
    }
    return name.toString();
  }

  /// Passes a character beyond ASCII.
  private void character() {
    int size = Utf8.sizeAt(json, position);
    if (size == 0) {
      throw wrong("invalid UTF-8 (byte offset %d)".formatted(position));
    }
    position += size;
  }

  private void escape() {
    int start = position++;
    switch (peek()) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> position++;
      case 'u' -> {
        position++;
        for (int i = 0; i < 4; i++) {
          if (Character.digit(peek(), 16) < 0) {
            throw unexpected("; four hexadecimal digits were expected after '\\u'");
          }
          position++;
        }
      }
      case END -> throw unexpected("; the string has no closing '\"'");
      default -> throw wrong("a backslash that begins no escape", start);
    }
  }

  private void number() {
    int start = position;
    if (peek() == '-') {
      position++;
    }
    if (peek() == '0') {
      position++;
      if (isDigit(peek())) {
        throw wrong("a number with a zero in front", start);
      }
    } else {
      digits();
    }
    if (peek() == '.') {
      position++;
      digits();
    }
    if (peek() == 'e' || peek() == 'E') {
      position++;
      if (peek() == '+' || peek() == '-') {
        position++;
      }
      digits();
    }
    if (position - start > NUMBER_CHARACTERS_MAX) {
      throw wrong("a number of more than %,d characters".formatted(NUMBER_CHARACTERS_MAX), start);
    }
  }

  private void digits() {
    if (!isDigit(peek())) {
      throw unexpected("; a digit was expected");
    }
    while (isDigit(peek())) {
      position++;
    }
  }

  private void word(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (peek() != word.charAt(i)) {
        throw unexpected("; \"" + word + "\" was expected");
      }
      position++;
    }
  }

  private void skipBlanks() {
    while (position < json.length && isBlank(json[position])) {
      position++;
      blankCount++;
    }
  }

  private int peek() {
    return position < json.length ? json[position] & 0xFF : END;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private static boolean isDigit(int c) {
    return '0' <= c && c <= '9';
  }

  private JsonException unexpected(String hint) {
    if (position >= json.length) {
      return wrong("unexpected end", hint);
    }
    int size = Utf8.sizeAt(json, position);
    if (size == 0) {
      return wrong("invalid UTF-8 (byte offset %d)".formatted(position));
    }
    int c = Utf8.decode(json, position, position + size).codePointAt(0);
    return wrong("unexpected character " + Names.character(c), hint);
  }

  private JsonException wrong(String reason) {
    return wrong(reason, "");
  }

  private JsonException wrong(String reason, String hint) {
    return JsonException.noJson(reason, json, position, hint);
  }

  private JsonException wrong(String reason, int offset) {
    return JsonException.noJson(reason, json, offset, "");
  }
}
