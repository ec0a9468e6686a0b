package dev.larder.cli;

import java.util.List;

/// Runs the lines of a shell.
final class Shell {
  private final Session session;
  private final RootCommand root;
  private int exitCode = Exit.DONE;

  /// Makes a shell.
  ///
  /// @param session whose store stays open
  /// @param root the options that the shell was started with
  Shell(Session session, RootCommand root) {
    this.session = session;
    this.root = root;
  }

  /// Runs a line.
  ///
  /// @return whether the shell goes on
  boolean execute(String line) {
    Words split = Words.of(line);
    List<String> words = split.texts();
    if (words.isEmpty() || line.stripLeading().startsWith("#")) {
      return true;
    }
    if (words.size() == 1 && (words.getFirst().equals("exit") || words.getFirst().equals("quit"))) {
      return false;
    }
    int code = Exit.USAGE;
    if (split.isOpen()) {
      session.console().complain("a quote or a bracket is not closed");
    } else {
      code = Main.run(words.toArray(String[]::new), session, root);
    }
    if (exitCode == Exit.DONE) {
      exitCode = code;
    }
    return true;
  }

  /// {@return the exit code of the first line that failed}
  int exitCode() {
    return exitCode;
  }
}
