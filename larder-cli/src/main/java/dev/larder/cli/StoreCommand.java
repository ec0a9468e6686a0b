package dev.larder.cli;

import dev.larder.Bucket;
import dev.larder.json.JsonText;
import picocli.CommandLine.Command;

/// What commands have in common: an options-bearing root, streams, and an exit code.
@Command(
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%n",
    footerHeading = "%nExamples:%n",
    sortOptions = false)
abstract class StoreCommand {
  private final RootCommand root;

  StoreCommand(RootCommand root) {
    this.root = root;
  }

  /// Does it.
  ///
  /// @return the exit code
  abstract int run();

  /// {@return the options that every command takes}
  final RootCommand root() {
    return root;
  }

  /// {@return what the command reads and writes}
  final Console console() {
    return root.console();
  }

  /// {@return the documents of the store}
  final Bucket<String, JsonText> documents() {
    return root.documents();
  }

  /// Prints a line of the result.
  final void print(String line) {
    console().out().line(line);
  }

  /// Ends a command that walks over much as soon as somebody wants it to end.
  static void requireGoingOn() {
    if (Thread.currentThread().isInterrupted()) {
      throw CommandException.interrupted("interrupted");
    }
  }
}
