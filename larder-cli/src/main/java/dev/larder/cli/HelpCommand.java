package dev.larder.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Parameters;

/// Explains a command, or lists them.
@Command(
    name = "help",
    header = "Explain a command, or list them.",
    customSynopsis = "larder help [COMMAND]",
    footer = {"  larder help", "  larder help import"})
final class HelpCommand extends StoreCommand {
  @Parameters(index = "0", arity = "0..1", paramLabel = "COMMAND", description = "Which command.")
  private @Nullable String command;

  HelpCommand(RootCommand root) {
    super(root);
  }

  @Override
  int run() {
    CommandLine line = CommandTable.whole(root());
    if (command != null) {
      line = line.getSubcommands().get(command);
      if (line == null) {
        throw CommandException.usage(
            "no such command: %s; try 'larder help'".formatted(JsonStrings.quote(command)));
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
