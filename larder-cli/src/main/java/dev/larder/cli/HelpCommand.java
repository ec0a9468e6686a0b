package dev.larder.cli;

import picocli.CommandLine;
import picocli.CommandLine.Help;

/// Explains a command, or lists them.
final class HelpCommand extends StoreCommand {
  private final Argument<String> command = optional("COMMAND", "Which command.");

  HelpCommand(RootCommand root) {
    super(
        root,
        CommandText.of("help", "Explain a command, or list them.", "larder help [COMMAND]")
            .withExamples("  larder help", "  larder help import"));
  }

  @Override
  int run() {
    CommandLine line = CommandTable.whole(new RootCommand(root().session(), null));
    String name = command.orNull();
    if (name != null) {
      line = line.getSubcommands().get(name);
      if (line == null) {
        throw CommandException.usage(
            "no such command: %s; try 'larder help'".formatted(JsonStrings.quote(name)));
      }
    }
    print(line, root());
    return Exit.DONE;
  }

  /// Prints the help of a command.
  static void print(CommandLine line, RootCommand root) {
    Console console = root.console();
    boolean isColoured = console.isOutputTerminal() && console.wantsColour();
    Help.Ansi ansi = isColoured ? Help.Ansi.ON : Help.Ansi.OFF;
    console.out().text(line.getUsageMessage(Help.defaultColorScheme(ansi)));
  }
}
