package dev.larder.json;

import dev.larder.CodecException;
import org.jspecify.annotations.Nullable;

/// Text that is no JSON, JSON that a type cannot take, or a value that JSON cannot carry. The
/// message is one line and says what is wrong and where:
///
/// ```text
/// no JSON: unexpected character '}' at line 1, column 7; a value was expected
/// the JSON does not fit Person: .address.lines[2] is no text (found a number) at line 3, column 14
/// Person cannot be stored as JSON: .score is NaN, and JSON has no such number
/// ```
///
/// Messages name members of objects; they never show the values in them.
public final class JsonException extends CodecException {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;

  private JsonException(String message, int line, int column, @Nullable Throwable cause) {
    super(message, cause);
    this.line = line;
    this.column = column;
  }

  /// Says that text is no JSON, and at which byte it ceases to be.
  static JsonException noJson(String reason, byte[] json, int offset, String hint) {
    Position position = Position.of(json, offset);
    return new JsonException(
        "no JSON: " + reason + position.text() + hint, position.line(), position.column(), null);
  }

  /// Says what is wrong with a value at a byte of its JSON.
  static JsonException at(String message, byte[] json, int offset, @Nullable Throwable cause) {
    Position position = Position.of(json, offset);
    return new JsonException(message + position.text(), position.line(), position.column(), cause);
  }

  /// Says what is wrong with a value that has no JSON, or a place in it that is not known.
  static JsonException nowhere(String message, @Nullable Throwable cause) {
    return new JsonException(message, 0, 0, cause);
  }

  /// {@return the line of the text where it is wrong, from 1; 0 where there is no text, since the
  /// value never became one}
  public int line() {
    return line;
  }

  /// {@return the column in that line, counted in Unicode characters from 1; 0 where there is no
  /// text}
  public int column() {
    return column;
  }
}
