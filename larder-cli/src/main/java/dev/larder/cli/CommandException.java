package dev.larder.cli;

import org.jspecify.annotations.Nullable;

/// A command ends with one line on standard error and an exit code.
final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private CommandException(int exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /// {@return what refuses something the caller gave}
  static CommandException no(String message, @Nullable Throwable cause) {
    return new CommandException(Exit.NO, message, cause);
  }

  /// {@return what says that the command was not understood}
  static CommandException usage(String message) {
    return new CommandException(Exit.USAGE, message, null);
  }

  /// {@return what says that a file or the store cannot do it}
  static CommandException unable(String message, @Nullable Throwable cause) {
    return new CommandException(Exit.UNABLE, message, cause);
  }

  /// {@return what says that the command was stopped on the way}
  static CommandException interrupted(String message) {
    return new CommandException(Exit.INTERRUPTED, message, null);
  }

  /// {@return an exception of a known exit code, for a failure that is told with more words}
  static CommandException of(int exitCode, String message, @Nullable Throwable cause) {
    return new CommandException(exitCode, message, cause);
  }

  /// {@return what the process ends with}
  int exitCode() {
    return exitCode;
  }

  /// {@return the message, which is never absent here}
  String text() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
