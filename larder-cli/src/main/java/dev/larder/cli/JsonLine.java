package dev.larder.cli;

/// One line of JSON for programs, written member by member.
///
/// **Threads.** For one thread at a time.
final class JsonLine {
  private final StringBuilder json = new StringBuilder();

  /// Adds a member with a whole number.
  void member(String name, long value) {
    raw(name, Long.toString(value));
  }

  /// Adds a member with a number as the JDK prints it: the shortest that means the same.
  void member(String name, double value) {
    raw(name, Double.toString(value));
  }

  /// Adds a member with a text.
  void member(String name, String text) {
    raw(name, JsonStrings.quote(text));
  }

  /// Adds a member with a value that is JSON already.
  void raw(String name, String value) {
    name(name);
    json.append(value);
  }

  /// Begins an object, or the array of a member.
  void open(char bracket) {
    char last = json.isEmpty() ? '{' : json.charAt(json.length() - 1);
    if (last == '}') {
      json.append(',');
    }
    json.append(bracket);
  }

  /// Begins a member whose value is an object or an array.
  void open(String name, char bracket) {
    name(name);
    json.append(bracket);
  }

  /// Ends an object or an array.
  void close(char bracket) {
    json.append(bracket);
  }

  private void name(String name) {
    char last = json.charAt(json.length() - 1);
    if (last != '{') {
      json.append(',');
    }
    json.append(JsonStrings.quote(name)).append(':');
  }

  @Override
  public String toString() {
    return json.toString();
  }
}
