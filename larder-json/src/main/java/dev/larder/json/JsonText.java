package dev.larder.json;

import tools.jackson.databind.JsonNode;

/// A JSON value as text, checked and on one line.
///
/// Everything in it is spelled as it was given: `1e2`, `1.10`, `-0`, `12345678901234567890.5` and
/// the escapes in `"caf\u00e9"` stay as they are. Only whitespace between tokens is gone. Two of
/// them are equal if their texts are, so `1.0` is not equal to `1.00`, nor `{"a":1,"b":2}` to
/// `{"b":2,"a":1}`.
///
/// The text is JSON as RFC 8259 has it: one value, no comments, no trailing commas, no `NaN`.
/// Objects have no name twice. Up to 500 objects and arrays may be inside each other, and a number
/// may have 1,000 characters. An escape of half a surrogate pair, `"\ud800"`, is grammatical and
/// stays, although [Json#tree()] does not store the text that it stands for.
///
/// **Threads.** Immutable; safe for any number of threads.
public final class JsonText {
  private final String text;

  private JsonText(String text) {
    this.text = text;
  }

  /// Checks text. A byte order mark in front is dropped.
  ///
  /// @param text one JSON value
  /// @return the value
  /// @throws JsonException if the text is no JSON
  public static JsonText parse(String text) {
    byte[] utf8 = Utf8.encode(text);
    int index = Utf8.unpairedSurrogate(text);
    if (index >= 0) {
      int offset = Utf8.encode(text.substring(0, index)).length;
      throw JsonException.noJson("an unpaired surrogate", utf8, offset, "");
    }
    return checked(utf8, Utf8.byteOrderMarkSize(utf8));
  }

  /// Checks text in UTF-8. A byte order mark in front is dropped.
  ///
  /// @param utf8 one JSON value
  /// @return the value
  /// @throws JsonException if the bytes are no JSON, or no UTF-8
  public static JsonText parse(byte[] utf8) {
    // The caller may change the array while it is read.
    return checked(utf8.clone(), Utf8.byteOrderMarkSize(utf8));
  }

  /// Checks text in bytes that nobody changes.
  static JsonText checked(byte[] utf8, int start) {
    int blankCount = JsonScanner.check(utf8, start);
    byte[] compact = blankCount + start == 0 ? utf8 : JsonScanner.compact(utf8, start, blankCount);
    return new JsonText(Utf8.decode(compact));
  }

  /// {@return the text in UTF-8, in a new array}
  public byte[] utf8() {
    return Utf8.encode(text);
  }

  /// {@return the value as a tree of nodes, as [Json#tree()] reads it}
  ///
  /// @throws JsonException if a number is too large for any node
  public JsonNode toTree() {
    return TreeCodec.INSTANCE.decode(utf8());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JsonText that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /// {@return the text, on one line}
  @Override
  public String toString() {
    return text;
  }
}
