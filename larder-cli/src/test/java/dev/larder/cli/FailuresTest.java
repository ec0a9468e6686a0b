package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.BatchTooLargeException;
import dev.larder.CodecException;
import dev.larder.CommitUnknownException;
import dev.larder.CorruptionException;
import dev.larder.KeyExistsException;
import dev.larder.KeyExpiredException;
import dev.larder.KeyNotFoundException;
import dev.larder.KeyTooLongException;
import dev.larder.NotAStoreException;
import dev.larder.StoreClosedException;
import dev.larder.StoreFailedException;
import dev.larder.StoreFullException;
import dev.larder.StoreIoException;
import dev.larder.StoreLockedException;
import dev.larder.StoreNotFoundException;
import dev.larder.UnsupportedVersionException;
import dev.larder.ValueTooLargeException;
import dev.larder.VersionConflictException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

  static List<Throwable> refusals() {
    return List.of(
        new KeyExistsException(List.of("k"), List.of()),
        new KeyNotFoundException(List.of("k")),
        new KeyExpiredException("k", Instant.EPOCH),
        new VersionConflictException("k", 1, 2),
        new KeyTooLongException("k", 33, 32, "characters"),
        new ValueTooLargeException("k", 2, 1),
        new BatchTooLargeException(2, 1, "entries"),
        new CodecException("no"),
        new IllegalArgumentException("no"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refusalsAreNo(Throwable failure) {
    assertThat(Failures.report(failure, console, false)).isEqualTo(1);
    assertThat(err()).isEqualTo("larder: " + failure.getMessage() + "\n");
  }

  static List<Throwable> inabilities() {
    Path file = Path.of("file");
    return List.of(
        new StoreNotFoundException(file),
        new NotAStoreException(file, "holds something else"),
        new UnsupportedVersionException(file, "format 9", "format 1"),
        new CorruptionException(file, 7, "checksum"),
        new StoreLockedException("held by process 7"),
        new StoreFullException("full", null),
        new StoreFailedException("failed", new IOException()),
        new CommitUnknownException("unknown", new IOException()),
        new StoreIoException("cannot read", new IOException()),
        new StoreClosedException("closed"));
  }

  @ParameterizedTest
  @MethodSource("inabilities")
  void inabilitiesOfTheStoreAreThree(Throwable failure) {
    assertThat(Failures.report(failure, console, false)).isEqualTo(3);
    assertThat(err()).isEqualTo("larder: " + failure.getMessage() + "\n");
  }
}
