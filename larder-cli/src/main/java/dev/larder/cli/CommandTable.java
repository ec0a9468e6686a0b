package dev.larder.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/// The commands by name. Building the model of one is work that shows in a program that lives for a
/// tenth of a second, so a command line gets the one it asks for; help gets all.
final class CommandTable {
  /// Every command, in the order of the help.
  static final List<String> NAMES =
      List.of(
          "create",
          "read",
          "update",
          "delete",
          "put",
          "get",
          "remove",
          "batch-create",
          "list",
          "count",
          "ttl",
          "expire",
          "persist",
          "purge-expired",
          "import",
          "export",
          "stats",
          "compact",
          "verify",
          "bench",
          "shell",
          "completion",
          "help");

  private static final int HELP_WIDTH = 100;

  private CommandTable() {}

  /// {@return a command line that knows every command}
  static CommandLine whole(RootCommand root) {
    var line = new CommandLine(root.spec());
    for (String name : NAMES) {
      add(line, root, name);
    }
    return configured(line);
  }

  /// {@return a command line that knows the one command that the words ask for, or every command
  /// where they ask for none of its names}
  static CommandLine forWords(RootCommand root, String[] words) {
    String name = commandOf(words);
    if (name == null && !List.of(words).contains("-h") && !List.of(words).contains("--help")) {
      return configured(new CommandLine(root.spec()));
    }
    if (name == null || !NAMES.contains(name)) {
      return whole(root);
    }
    var line = new CommandLine(root.spec());
    add(line, root, name);
    return configured(line);
  }

  /// {@return the first word that is no option and no option's value; null if there is none}
  static @Nullable String commandOf(String[] words) {
    for (int i = 0; i < words.length; i++) {
      switch (words[i]) {
        case "--store", "--durability" -> i++; // what follows is its value
        default -> {
          if (!words[i].startsWith("-")) {
            return words[i];
          }
        }
      }
    }
    return null;
  }

  private static void add(CommandLine line, RootCommand root, String name) {
    line.addSubcommand(name, create(name, root).spec());
  }

  private static StoreCommand create(String name, RootCommand root) {
    return switch (name) {
      case "create" -> new KeyCommands.Create(root);
      case "read" -> new KeyCommands.Read(root);
      case "update" -> new KeyCommands.Update(root);
      case "delete" -> new KeyCommands.Delete(root);
      case "put" -> new KeyCommands.Put(root);
      case "get" -> new KeyCommands.Get(root);
      case "remove" -> new KeyCommands.Remove(root);
      case "batch-create" -> new BatchCreateCommand(root);
      case "list" -> new ListCommands.ListKeys(root);
      case "count" -> new ListCommands.Count(root);
      case "ttl" -> new DeadlineCommands.Ttl(root);
      case "expire" -> new DeadlineCommands.Expire(root);
      case "persist" -> new DeadlineCommands.Persist(root);
      case "purge-expired" -> new DeadlineCommands.PurgeExpired(root);
      case "import" -> new ImportCommand(root);
      case "export" -> new ExportCommand(root);
      case "stats" -> new StatsCommand(root);
      case "compact" -> new UpkeepCommands.Compact(root);
      case "verify" -> new UpkeepCommands.Verify(root);
      case "bench" -> new BenchCommand(root);
      case "shell" -> new ShellCommand(root);
      case "completion" -> new CompletionCommand(root);
      case "help" -> new HelpCommand(root);
      default -> throw new AssertionError(name);
    };
  }

  private static CommandLine configured(CommandLine line) {
    line.setExpandAtFiles(false); // @file is a JSON value from a file, not a file of arguments
    line.setUsageHelpWidth(HELP_WIDTH);
    return line;
  }
}
