package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.KeyNotFoundException;
import dev.larder.StoreLockedException;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FailuresTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Console console =
      Console.over(InputStream.nullInputStream(), new ByteArrayOutputStream(), err, Map.of());

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aFailureIsOneLineWhateverItSays() {
    int exitCode =
        Failures.report(new StoreLockedException("held\nby \u001b[31m\u009b\t7"), console, false);

    assertThat(exitCode).isEqualTo(Exit.UNABLE);
    assertThat(err()).isEqualTo("larder: held\\nby \\u{1b}[31m\\u{9b}\\t7\n");
  }

  @Test
  void debuggingAddsTheStackTrace() {
    int exitCode = Failures.report(new KeyNotFoundException(List.of("k")), console, true);

    assertThat(exitCode).isEqualTo(Exit.NO);
    assertThat(err())
        .startsWith("larder: \"k\" does not exist\n")
        .contains("\tat dev.larder.cli.FailuresTest");
  }

  @Test
  void aFaultOfItsOwnIsOwnedUpTo() {
    int exitCode = Failures.report(new IllegalStateException("oops"), console, false);

    assertThat(exitCode).isEqualTo(Exit.UNABLE);
    assertThat(err())
        .isEqualTo(
            "larder: a fault in larder itself: java.lang.IllegalStateException: oops;"
                + " --debug shows where\n");
  }

  @Test
  void anInterruptDecidesTheExitCode() {
    Thread.currentThread().interrupt();
    try {
      assertThat(Failures.exitCode(new StoreLockedException("held"))).isEqualTo(Exit.INTERRUPTED);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void aReaderThatHasGoneIsNoFailure() {
    assertThat(Failures.report(new Output.ReaderGoneException(), console, false)).isZero();
    assertThat(err()).isEmpty();
  }
}
