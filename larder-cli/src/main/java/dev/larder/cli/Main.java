package dev.larder.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/// The program behind the launcher.
public final class Main {
  /// The release, as the build calls it.
  static final String VERSION = "0.1.0-SNAPSHOT";

  private Main() {}

  /// Runs one command and ends the process with its exit code.
  ///
  /// @param arguments what the caller typed
  public static void main(String[] arguments) {
    Console console = Console.ofProcess();
    Shutdown.install();
    Loggers.connect(console);
    int exitCode;
    var session = new Session(console, false);
    Shutdown.guard(session);
    try {
      exitCode = run(ProcessArguments.recover(arguments), session, null);
    } catch (CommandException e) {
      exitCode = Failures.report(e, console, false);
    }
    exitCode = finish(session, exitCode);
    Shutdown.finished();
    System.exit(exitCode);
  }

  /// Runs one command in this process.
  ///
  /// @param arguments what the caller typed
  /// @param in standard input
  /// @param out standard output
  /// @param err standard error
  /// @param environment the environment variables; of the process's own none is seen
  /// @return the exit code
  public static int run(
      String[] arguments,
      InputStream in,
      OutputStream out,
      OutputStream err,
      Map<String, String> environment) {
    Console console = Console.over(in, out, err, environment);
    var session = new Session(console, false);
    return finish(session, run(arguments, session, null));
  }

  /// Runs one command line of a session.
  ///
  /// @param outer the options of the shell that the line was given to, or null
  static int run(String[] arguments, Session session, @Nullable RootCommand outer) {
    Console console = session.console();
    var root = new RootCommand(session, outer);
    String[] words = Converters.markNumbers(arguments);
    int exitCode;
    try {
      exitCode = execute(CommandTable.forWords(root, words), words, root);
      console.out().flush();
    } catch (ParameterException e) {
      console.complain(usage(e));
      exitCode = Exit.USAGE;
    } catch (RuntimeException | Error e) {
      // The last place where a failure can become one line and an exit code.
      exitCode = Failures.report(e, console, root.isDebugging());
    }
    return exitCode;
  }

  /// Closes the store of a run. What closing has to say matters where the command has said nothing.
  private static int finish(Session session, int exitCode) {
    try {
      session.release();
      return exitCode;
    } catch (RuntimeException | Error e) {
      return exitCode == Exit.DONE ? Failures.report(e, session.console(), false) : exitCode;
    }
  }

  /// What picocli's own way of executing would print is not what this program says, so the command
  /// is parsed by picocli and run here.
  private static int execute(CommandLine line, String[] words, RootCommand root) {
    ParseResult result = line.parseArgs(words);
    if (result.isVersionHelpRequested()) {
      root.console().out().line("larder " + VERSION);
      return Exit.DONE;
    }
    while (!result.isUsageHelpRequested() && result.hasSubcommand()) {
      result = result.subcommand();
    }
    CommandSpec spec = result.commandSpec();
    if (result.isUsageHelpRequested()) {
      HelpCommand.print(spec.commandLine(), root);
      return Exit.DONE;
    }
    if (spec.userObject() instanceof StoreCommand command) {
      root.requireValidOptions();
      return command.run();
    }
    throw CommandException.usage("no command given; try 'larder --help'");
  }

  /// What to say of a command line that was not understood.
  private static String usage(ParameterException e) {
    CommandLine line = e.getCommandLine();
    String message = Failures.message(e);
    if (e instanceof UnmatchedArgumentException unmatched) {
      message = unmatched(unmatched, line);
    } else if (e.getCause() instanceof TypeConversionException refused) {
      message = label(e.getArgSpec()) + ": " + Failures.message(refused);
    } else if (!message.isEmpty()) {
      message = message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }
    return "%s; try '%s --help'"
        .formatted(Converters.unmark(message), line.getCommandSpec().qualifiedName());
  }

  private static String unmatched(UnmatchedArgumentException e, CommandLine line) {
    List<String> words = e.getUnmatched();
    String word = words.isEmpty() ? "" : words.getFirst();
    boolean isOption = word.startsWith("-") && word.length() > 1;
    boolean isCommand = !isOption && line.getParent() == null;
    String kind = isOption ? "unknown option" : isCommand ? "no such command:" : "unexpected word";
    return kind + " " + JsonStrings.quote(Converters.unmark(word)) + suggestion(word, e);
  }

  /// picocli suggests the most similar name however little that is; two letters in common at the
  /// start are the least that helps.
  private static String suggestion(String word, UnmatchedArgumentException e) {
    int start = word.startsWith("--") ? 4 : 2;
    for (String name : e.getSuggestions()) {
      if (word.length() >= start && name.startsWith(word.substring(0, start))) {
        return " (did you mean %s?)".formatted(name);
      }
    }
    return "";
  }

  private static String label(@Nullable ArgSpec argument) {
    return switch (argument) {
      case OptionSpec option -> option.longestName();
      case PositionalParamSpec positional -> positional.paramLabel();
      case null, default -> "argument";
    };
  }
}
