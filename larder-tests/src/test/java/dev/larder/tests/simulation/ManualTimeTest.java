package dev.larder.tests.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.internal.base.Worker;
import dev.larder.testkit.ManualClock;
import dev.larder.testkit.ManualWorkers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Tests of the clocks and workers that a test moves by hand.
class ManualTimeTest {
  private final ManualClock clock = new ManualClock();
  private final ManualWorkers workers = new ManualWorkers(clock);
  private final List<String> steps = new ArrayList<>();

  @Test
  void bothClocksAdvance() {
    long wall = clock.wallMillis();
    for (int i = 0; i < 4; i++) {
      clock.advance(Duration.ofNanos(500_000));
    }

    assertThat(clock.wallMillis()).isEqualTo(wall + 2);
    assertThat(clock.monotonicNanos()).isEqualTo(2_000_000);
    assertThatThrownBy(() -> clock.advance(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void wallClockJumpsAlone() {
    Instant before = clock.now();
    clock.jumpWall(Duration.ofDays(-30));
    assertThat(clock.now()).isEqualTo(before.minus(Duration.ofDays(30)));
    clock.setWall(Instant.EPOCH);
    assertThat(clock.wallMillis()).isZero();
    assertThat(clock.monotonicNanos()).isZero();
  }

  private Worker.Handle start(String name, long... delays) {
    int[] index = {0};
    return workers.start(
        name,
        () -> {
          steps.add(name);
          return index[0] < delays.length ? delays[index[0]++] : Worker.NOT_BEFORE_WOKEN;
        });
  }

  @Test
  void workersStepOnlyWhenTold() {
    start("a", 0, 0);
    start("b");
    assertThat(steps).isEmpty();

    workers.runAll();
    assertThat(steps).containsExactly("a", "b");
    assertThat(workers.names()).containsExactly("a", "b");

    assertThat(workers.runUntilIdle()).isEqualTo(2);
    assertThat(steps).containsExactly("a", "b", "a", "a");
    assertThat(workers.runUntilIdle()).isZero();
  }

  @Test
  void wokenWorkerIsDue() {
    Worker.Handle handle = start("a");
    workers.runUntilIdle();
    steps.clear();

    handle.wake();
    assertThat(workers.runUntilIdle()).isEqualTo(1);
    assertThat(workers.runUntilIdle()).isZero();
  }

  @Test
  void workerThatWakesItselfStepsAgain() {
    var handle = new Worker.Handle[1];
    handle[0] =
        workers.start(
            "a",
            () -> {
              steps.add("a");
              if (steps.size() < 3) {
                handle[0].wake();
              }
              return Worker.NOT_BEFORE_WOKEN;
            });

    assertThat(workers.runUntilIdle()).isEqualTo(3);
  }

  @Test
  void delaysAreMeasuredByTheClock() {
    start("slow", TimeUnit.SECONDS.toNanos(10), TimeUnit.SECONDS.toNanos(10));
    workers.runUntilIdle();
    clock.advance(Duration.ofSeconds(9));
    assertThat(workers.runUntilIdle()).isZero();
    clock.advance(Duration.ofSeconds(1));
    assertThat(workers.runUntilIdle()).isEqualTo(1);
  }

  @Test
  void timePassesStepByStep() {
    List<Long> times = new ArrayList<>();
    workers.start(
        "ticker",
        () -> {
          times.add(TimeUnit.NANOSECONDS.toSeconds(clock.monotonicNanos()));
          return TimeUnit.SECONDS.toNanos(3);
        });

    workers.runFor(Duration.ofSeconds(10));

    assertThat(times).containsExactly(0L, 3L, 6L, 9L);
    assertThat(clock.monotonicNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(10));
  }

  @Test
  void seedChoosesTheOrder() {
    Set<List<String>> orders = new HashSet<>();
    for (int seed = 0; seed < 50; seed++) {
      steps.clear();
      workers.stopAll();
      start("a");
      start("b");
      start("c");
      workers.runUntilIdle(new SplittableRandom(seed));
      orders.add(List.copyOf(steps));
    }
    assertThat(orders).hasSize(6);
  }

  @Test
  void stoppedWorkerNeverSteps() {
    Worker.Handle handle = start("a");
    handle.stop();
    handle.stop();
    handle.wake();
    workers.runAll();

    assertThat(workers.runUntilIdle()).isZero();
    assertThat(steps).isEmpty();
    assertThat(workers.names()).isEmpty();
  }

  @Test
  void stepCannotStopItsOwnWorker() {
    var handle = new Worker.Handle[1];
    handle[0] =
        workers.start(
            "a",
            () -> {
              handle[0].stop();
              return 0;
            });
    assertThatThrownBy(workers::runAll).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void endlessWorkIsNoticed() {
    workers.start("endless", () -> 0);
    assertThatThrownBy(workers::runUntilIdle)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("not idle");
  }

  @Test
  void oneWorkerIsRunByName() {
    start("a");
    start("b");
    workers.run("b");
    assertThat(steps).containsExactly("b");
    assertThatThrownBy(() -> workers.run("c")).isInstanceOf(IllegalArgumentException.class);
  }
}
