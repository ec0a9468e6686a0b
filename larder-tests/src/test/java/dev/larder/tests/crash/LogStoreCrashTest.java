package dev.larder.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Crash states of the log engine, as many as fit into the time. The property `crash.seconds` gives
/// it more, `crash.seed` another beginning, so that a seed from a failure can be played again.
class LogStoreCrashTest {
  private static final long SECONDS = Long.getLong("crash.seconds", 20);
  private static final long FIRST_SEED = Long.getLong("crash.seed", 1);
  private static final int VARIANTS = 3;

  @Test
  void noCrashLosesWhatWasAcknowledgedOrShowsHalfACommit() {
    long start = System.nanoTime();
    long deadline = start + TimeUnit.SECONDS.toNanos(SECONDS);
    long states = 0;
    long seed = FIRST_SEED;
    for (; seed == FIRST_SEED || System.nanoTime() < deadline; seed++) {
      int length = 20 + (int) (seed * 37 % 180);
      var checker = new CrashChecker(seed, length, deadline);
      checker.run(VARIANTS);
      states += checker.states();
    }
    System.getLogger("dev.larder.tests")
        .log(
            System.Logger.Level.INFO,
            "crash states: {0} of {1} histories in {2} s",
            states,
            seed - FIRST_SEED,
            TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
    assertThat(states).isPositive();
  }
}
