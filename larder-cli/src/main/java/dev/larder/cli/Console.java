package dev.larder.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a run reads, writes and knows of its surroundings.
///
/// **Threads.** Safe for any number of threads.
final class Console {
  private final InputStream in;
  private final Output out;
  private final Output err;
  private final Map<String, String> environment;
  private final boolean isProcess;
  private final boolean isRed;

  private Console(
      InputStream in,
      Output out,
      Output err,
      Map<String, String> environment,
      boolean isProcess,
      boolean isRed) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.environment = environment;
    this.isProcess = isProcess;
    this.isRed = isRed;
  }

  /// {@return the console of this process}
  static Console ofProcess() {
    return new Console(
        new FileInputStream(FileDescriptor.in),
        out(new FileOutputStream(FileDescriptor.out)),
        err(new FileOutputStream(FileDescriptor.err)),
        System.getenv(),
        true,
        false);
  }

  /// {@return a console without a terminal, over any streams}
  static Console over(
      InputStream in, OutputStream out, OutputStream err, Map<String, String> environment) {
    return new Console(in, out(out), err(err), environment, false, false);
  }

  /// {@return the console of the commands of a shell. Their input is the shell's, so that none of
  /// them can take its lines away}
  ///
  /// @param isRed whether errors are red
  Console forShell(boolean isRed) {
    var none =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the shell reads it; give a file");
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            return read();
          }
        };
    return new Console(none, out, err, environment, isProcess, isRed);
  }

  private static Output out(OutputStream stream) {
    return new Output(stream, "standard output");
  }

  private static Output err(OutputStream stream) {
    return new Output(stream, "standard error");
  }

  /// {@return standard input}
  InputStream in() {
    return in;
  }

  /// {@return standard output}
  Output out() {
    return out;
  }

  /// {@return standard error}
  Output err() {
    return err;
  }

  /// {@return an environment variable; null if it is unset or empty}
  @Nullable String environment(String name) {
    String value = environment.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  /// Writes one line on standard error. Where even that fails there is nobody left to tell.
  void complain(String message) {
    try {
      String line = "larder: " + Failures.oneLine(message);
      err.line(isRed ? "\u001b[31m" + line + "\u001b[0m" : line);
      err.flush();
    } catch (Output.ReaderGoneException | CommandException _) {
      return; // the exit code still says it
    }
  }

  /// {@return whether standard input comes from a terminal}
  boolean isInputTerminal() {
    return isTerminal(0);
  }

  /// {@return whether standard output goes to a terminal}
  boolean isOutputTerminal() {
    return isTerminal(1);
  }

  /// {@return whether standard error goes to a terminal that can move its cursor}
  boolean isErrorTerminal() {
    return isTerminal(2) && !"dumb".equals(environment("TERM"));
  }

  /// {@return whether colours are wanted on a terminal (no-color.org)}
  boolean wantsColour() {
    return environment("NO_COLOR") == null && !"dumb".equals(environment("TERM"));
  }

  private boolean isTerminal(int descriptor) {
    if (!isProcess) {
      return false;
    }
    Path link = Path.of("/proc/self/fd/" + descriptor);
    if (Files.isSymbolicLink(link)) { // Linux tells each stream apart, without a native call
      try {
        String device = Files.readSymbolicLink(link).toString();
        return device.startsWith("/dev/pts/")
            || device.startsWith("/dev/tty")
            || device.equals("/dev/console");
      } catch (IOException _) {
        return false;
      }
    }
    return Objects.requireNonNull(System.console()).isTerminal(); // never null since JDK 22
  }
}
