package dev.larder.cli;

import dev.larder.json.JsonException;
import dev.larder.json.JsonText;

/// A JSON value on the command line: the value itself, `@file`, or `-` for standard input.
final class JsonArgument {
  /// What help says about it.
  static final String FORMS = "The value: JSON, @FILE that holds it, or - for standard input.";

  private static final int SIZE_MAX = 64 << 20;

  private JsonArgument() {}

  /// Reads the value.
  ///
  /// @param argument what the caller wrote
  /// @param console whose standard input to read
  /// @throws CommandException if it is no JSON or cannot be read
  static JsonText read(String argument, Console console) {
    if (!argument.equals("-") && !argument.startsWith("@")) {
      try {
        return JsonText.parse(argument);
      } catch (JsonException e) {
        throw CommandException.no(message(e), e);
      }
    }
    String file = argument.equals("-") ? argument : argument.substring(1);
    try (Source source = Source.openRaw(file, console)) {
      return JsonText.parse(source.readAll(SIZE_MAX));
    } catch (JsonException e) {
      String name = argument.equals("-") ? "standard input" : file;
      throw CommandException.no(name + ": " + message(e), e);
    }
  }

  private static String message(JsonException e) {
    String message = e.getMessage();
    return message == null ? "not JSON" : message;
  }
}
