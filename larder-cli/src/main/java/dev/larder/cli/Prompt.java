package dev.larder.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jspecify.annotations.Nullable;

/// The prompt of the shell, on a terminal: history, completion, colours.
///
/// **Threads.** For one thread; signals arrive on another and only interrupt it.
final class Prompt {
  private static final int HISTORY_SIZE = 10_000;

  private final Shell shell;
  private final Session session;
  private final RootCommand root;
  private final Console console;

  /// Makes a prompt.
  ///
  /// @param shell runs the lines
  /// @param session whose store the keys for completion come from
  /// @param root the options that the shell was started with
  Prompt(Shell shell, Session session, RootCommand root) {
    this.shell = shell;
    this.session = session;
    this.root = root;
    this.console = session.console();
  }

  /// Reads and runs lines until the user leaves.
  ///
  /// @return the exit code, which is that of a shell that was left in peace
  int run() {
    try (Terminal terminal =
        TerminalBuilder.builder()
            .name("larder")
            .system(true)
            .encoding(StandardCharsets.UTF_8)
            .nativeSignals(true)
            .build()) {
      Thread main = Thread.currentThread();
      // While a line is read JLine handles Ctrl-C itself; this is for while a command runs.
      terminal.handle(Terminal.Signal.INT, _ -> main.interrupt());
      LineReader reader = reader(terminal);
      console
          .out()
          .line("larder %s, 'help' lists the commands, Ctrl-D leaves".formatted(Main.VERSION));
      console.out().flush();
      loop(reader);
      return Exit.DONE;
    } catch (IOException e) {
      throw CommandException.unable("cannot use the terminal: " + Failures.reasonOf(e), e);
    }
  }

  private void loop(LineReader reader) {
    String prompt = prompt();
    boolean goesOn = true;
    while (goesOn && !Shutdown.isUnderWay()) {
      goesOn = step(reader, prompt);
    }
  }

  /// Reads and runs one line.
  ///
  /// @return whether the user stays
  private boolean step(LineReader reader, String prompt) {
    try {
      boolean goesOn = shell.execute(reader.readLine(prompt));
      Thread.interrupted(); // Ctrl-C was meant for the command, which has ended
      return goesOn;
    } catch (UserInterruptException _) {
      return true; // only the line is dropped
    } catch (EndOfFileException _) {
      return false;
    }
  }

  private String prompt() {
    var prompt = new AttributedStringBuilder();
    if (console.wantsColour()) {
      prompt.style(AttributedStyle.BOLD.foreground(AttributedStyle.GREEN));
    }
    return prompt.append("larder> ").style(AttributedStyle.DEFAULT).toAnsi();
  }

  private LineReader reader(Terminal terminal) {
    LineReaderBuilder builder =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("larder")
            .parser(new PromptParser())
            .completer(new PromptCompleter(session, root))
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, "%P > ")
            .variable(LineReader.HISTORY_SIZE, HISTORY_SIZE)
            .variable(LineReader.HISTORY_FILE_SIZE, HISTORY_SIZE)
            // JSON may hold exclamation marks and backslashes; they mean themselves.
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true);
    if (console.wantsColour()) {
      builder.highlighter(new PromptHighlighter());
    }
    Path history = history();
    if (history != null) {
      builder.variable(LineReader.HISTORY_FILE, history);
    }
    return builder.build();
  }

  /// Where the lines are remembered: the user's folder for state, readable by the user alone, since
  /// lines hold values. Null where there is no such place; the shell does without, then.
  private @Nullable Path history() {
    Path folder = stateFolder();
    if (folder == null) {
      return null;
    }
    Path file = folder.resolve("history");
    try {
      Files.createDirectories(folder);
      if (!Files.exists(file)) {
        Files.createFile(file);
      }
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      return file;
    } catch (UnsupportedOperationException _) {
      return file; // the file system has its own idea of who may read
    } catch (IOException _) {
      return null;
    }
  }

  private @Nullable Path stateFolder() {
    String state = console.environment("XDG_STATE_HOME");
    if (state != null && Path.of(state).isAbsolute()) {
      return Path.of(state, "larder");
    }
    String variable = console.environment("HOME");
    boolean isSet = variable != null && Path.of(variable).isAbsolute();
    String homeText = isSet ? variable : System.getProperty("user.home", "");
    if (homeText == null || homeText.isEmpty()) {
      return null;
    }
    Path home = Path.of(homeText);
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (system.startsWith("mac")) {
      return home.resolve("Library").resolve("Application Support").resolve("larder");
    }
    String local = console.environment("LOCALAPPDATA");
    if (system.startsWith("windows") && local != null) {
      return Path.of(local, "larder");
    }
    return home.resolve(".local").resolve("state").resolve("larder");
  }
}
