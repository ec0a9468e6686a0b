package dev.larder.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The same commands at a prompt, or line by line from a pipe.
final class ShellCommand extends StoreCommand {
  ShellCommand(RootCommand root) {
    super(
        root,
        CommandText.of(
                "shell",
                "Give commands at a prompt; the store stays open between them.",
                "larder shell")
            .describedAs(
                "Words are quoted as in a Unix shell; a document in brackets needs no quotes."
                    + " 'exit', 'quit' or Ctrl-D leaves, Ctrl-C clears the line or stops the"
                    + " command.",
                "Where standard input is no terminal, each line is a command, without a prompt; all"
                    + " are run, and the exit code is that of the first one that failed. A line"
                    + " that begins with # is a comment.")
            .withExamples(
                "  larder shell",
                "  larder --store ./pantry shell",
                "  echo 'put a {\"n\": 1} --ttl 1h' | larder shell"));
  }

  @Override
  int run() {
    if (root().session().isShell()) {
      throw CommandException.usage("this is the shell");
    }
    boolean isPrompt = console().isInputTerminal() && console().isOutputTerminal();
    Console inner = console().forShell(isPrompt && console().wantsColour());
    var session = new Session(inner, true);
    Shutdown.guard(session);
    try {
      var shell = new Shell(session, root());
      // What draws the prompt is loaded only where there is one.
      return isPrompt ? new Prompt(shell, session, root()).run() : script(shell);
    } finally {
      session.release();
    }
  }

  private int script(Shell shell) {
    var lines = new LineReader(console().in());
    try {
      String command = nextCommand(lines);
      while (command != null && shell.execute(command)) {
        requireGoingOn();
        command = nextCommand(lines);
      }
      return shell.exitCode();
    } catch (IOException e) {
      throw Source.cannotRead("standard input", e);
    } catch (IllegalArgumentException e) {
      throw CommandException.no(
          "standard input, line %d: %s".formatted(lines.number(), Failures.message(e)), e);
    }
  }

  /// A command goes on over the end of the line while a quote or a bracket is open.
  private static @Nullable String nextCommand(LineReader lines) throws IOException {
    String command = lines.next();
    while (command != null && Words.of(command).isOpen()) {
      String more = lines.next();
      if (more == null) {
        return command;
      }
      command = command + "\n" + more;
    }
    return command;
  }
}
