package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OutputTest {
  private static Output failing(String reason) {
    return new Output(
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException(reason);
          }
        },
        "standard output");
  }

  @Test
  void linesAreUtf8AndWaitForTheFlush() {
    var bytes = new ByteArrayOutputStream();
    var output = new Output(bytes, "standard output");

    output.line("\u00fc\ud83d\ude00");
    assertThat(bytes.size()).isZero();
    output.flush();

    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("\u00fc\ud83d\ude00\n");
  }

  @Test
  void muchOutputArrivesWhole() {
    var bytes = new ByteArrayOutputStream();
    var output = new Output(bytes, "standard output");
    var expected = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      output.line("line " + i);
      expected.append("line ").append(i).append('\n');
    }
    String large = "x".repeat(200_000);
    output.line(large);
    output.flush();

    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo(expected + large + "\n");
  }

  @Test
  void aReaderThatHasGoneIsNoError() {
    Output output = failing("Broken pipe");
    output.line("a");

    assertThatThrownBy(output::flush).isInstanceOf(Output.ReaderGoneException.class);
    output.flush(); // said once
  }

  @Test
  void aFullDiskIsOne() {
    Output output = failing("No space left on device");
    output.line("a");

    assertThatThrownBy(output::flush)
        .isInstanceOf(CommandException.class)
        .hasMessage("cannot write to standard output: No space left on device");
  }
}
