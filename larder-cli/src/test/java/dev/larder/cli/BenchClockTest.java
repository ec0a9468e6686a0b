package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.cli.BenchClock.Operation;
import dev.larder.cli.BenchResult.Figure;
import dev.larder.cli.BenchResult.Measure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BenchClockTest {
  private static final long MILLI = 1_000_000;

  private final Progress progress =
      Progress.ofBench(
          ProgressMode.NONE,
          Console.over(
              InputStream.nullInputStream(),
              new ByteArrayOutputStream(),
              new ByteArrayOutputStream(),
              Map.of()),
          1);

  /// All of it may take ten seconds, and a look at the clock takes a millisecond.
  private final BenchClock clock = new BenchClock(new ManualTime(MILLI), progress, 10_000 * MILLI);

  @AfterEach
  void tearDown() {
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void aMeasureEndsWithItsPartOfTheTimeAndAFifthDoesNotCount() throws IOException {
    var calls = new AtomicLong();

    Figure figure =
        clock.repeat(
            Measure.READ_HIT,
            10,
            Long.MAX_VALUE,
            () -> {
              calls.incrementAndGet();
              return 3;
            });

    assertThat(calls.get()).isBetween(990L, 1_000L);
    assertThat(figure.count()).isBetween(3 * 795L, 3 * 805L);
    assertThat(figure.nanos()).isEqualTo(figure.count() / 3 * MILLI);
    assertThat(figure.rate()).isEqualTo(3_000);
    Latencies latencies = Objects.requireNonNull(figure.latencies());
    assertThat(latencies.count()).isEqualTo(figure.count() / 3);
    assertThat(latencies.maxNanos()).isEqualTo(MILLI);
  }

  @Test
  void aMeasureEndsWhenItWasDoneOftenEnough() throws IOException {
    var calls = new AtomicLong();

    Figure figure =
        clock.repeat(Measure.DEVICE_FORCE, 90, 40, () -> (int) calls.incrementAndGet() * 0 + 1);

    assertThat(figure.count()).isEqualTo(40);
    assertThat(calls).hasValue(50);
  }

  @Test
  void anOperationThatTakesAllTheTimeIsDoneOnce() throws IOException {
    var slow = new BenchClock(new ManualTime(100_000 * MILLI), progress, 1);

    assertThat(slow.repeat(Measure.RANGE, 5, Long.MAX_VALUE, () -> 1).count()).isEqualTo(1);
  }

  @Test
  void threadsRunTogetherAndAreAddedUp() throws IOException {
    var all = new CountDownLatch(3);
    Operation[] operations = new Operation[3];
    for (int i = 0; i < operations.length; i++) {
      operations[i] =
          () -> {
            all.countDown();
            await(all);
            return 1;
          };
    }

    Figure figure = clock.repeatTogether(Measure.DURABLE_PUT_8, 90, 100, operations);

    assertThat(figure.count()).isEqualTo(300);
    assertThat(Objects.requireNonNull(figure.latencies()).count()).isEqualTo(300);
  }

  @Test
  void theFailureOfAThreadIsTold() {
    Operation[] operations = {
      () -> 1,
      () -> {
        throw new IOException("no more");
      }
    };

    assertThatThrownBy(() -> clock.repeatTogether(Measure.DURABLE_PUT_8, 1, 10, operations))
        .isInstanceOf(IOException.class)
        .hasMessage("no more");
  }

  @Test
  void whoeverInterruptsEndsItAndItsThreads() {
    Thread user = Thread.currentThread();
    var ended = new CountDownLatch(1);
    Operation[] operations = {
      () -> {
        user.interrupt();
        try {
          Thread.currentThread().join(); // for ever, unless it is interrupted
        } catch (InterruptedException _) {
          ended.countDown();
          Thread.currentThread().interrupt();
        }
        return 1;
      }
    };

    assertThatThrownBy(() -> clock.repeatTogether(Measure.DURABLE_PUT_8, 90, 10, operations))
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(Exit.INTERRUPTED));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(ended.getCount()).isZero();
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
