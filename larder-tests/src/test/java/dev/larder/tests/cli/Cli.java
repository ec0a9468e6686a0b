package dev.larder.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.cli.Main;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Runs commands on one store, each as if it were a process of its own.
final class Cli {
  private final Path store;

  Cli(Path store) {
    this.store = store;
  }

  /// What a command left behind.
  record Result(int exitCode, String out, String err) {
    /// Expects success, and nothing on standard error.
    ///
    /// @return what was printed
    String done() {
      assertThat(this).isEqualTo(new Result(0, out, ""));
      return out;
    }

    /// Expects success and these lines.
    void prints(String... lines) {
      assertThat(this).isEqualTo(new Result(0, lines(lines), ""));
    }

    /// Expects success without a word.
    void isQuiet() {
      prints();
    }

    /// Expects one line on standard error, nothing on standard output and an exit code.
    void fails(int expectedCode, String message) {
      assertThat(this).isEqualTo(new Result(expectedCode, "", "larder: " + message + "\n"));
    }

    /// Expects one line on standard error with these parts, nothing on standard output and an exit
    /// code.
    void failsWith(int expectedCode, String... parts) {
      assertThat(exitCode).as(err).isEqualTo(expectedCode);
      assertThat(out).isEmpty();
      assertThat(err).startsWith("larder: ").endsWith("\n").contains(parts);
      assertThat(err.lines()).hasSize(1);
    }

    /// Expects a "no" without a word.
    void isSilentNo() {
      assertThat(this).isEqualTo(new Result(1, "", ""));
    }

    private static String lines(String... lines) {
      return lines.length == 0 ? "" : String.join("\n", lines) + "\n";
    }
  }

  Path store() {
    return store;
  }

  /// Runs a command.
  Result run(String... words) {
    return runOn(new byte[0], words);
  }

  /// Runs a command with these lines on standard input.
  Result runOn(List<String> lines, String... words) {
    return runOn((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8), words);
  }

  /// Runs a command with these bytes on standard input.
  Result runOn(byte[] input, String... words) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    int exitCode =
        Main.run(
            words,
            new ByteArrayInputStream(input),
            out,
            err,
            Map.of("LARDER_STORE", store.toString()));
    return new Result(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
