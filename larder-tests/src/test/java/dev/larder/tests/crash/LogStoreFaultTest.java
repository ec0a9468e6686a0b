package dev.larder.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.testkit.Fault;
import dev.larder.testkit.FaultPlan;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// For every n, the n-th operation of the disk fails: once, and from then on.
class LogStoreFaultTest {
  private static final long SEED = Long.getLong("fault.seed", 1);
  private static final int LENGTH = 60;

  @ParameterizedTest
  @EnumSource
  void whateverFailsNothingAcknowledgedIsLostAndNothingRefusedAppears(Fault fault) {
    assertThat(failEach(fault, false)).isGreaterThan(50);
    assertThat(failEach(fault, true)).isGreaterThan(50);
  }

  private static int failEach(Fault fault, boolean isForEver) {
    for (int n = 0; ; n++) {
      FaultPlan plan = isForEver ? FaultPlan.from(n, fault) : FaultPlan.once(n, fault);
      try {
        FaultRun.play(SEED, LENGTH, plan);
      } catch (RuntimeException | AssertionError | OutOfMemoryError e) {
        throw new AssertionError(
            "seed %d, %s at operation %d%s: %s"
                .formatted(SEED, fault, n, isForEver ? " and on" : "", e),
            e);
      }
      if (!plan.hasStruck()) {
        return n;
      }
    }
  }
}
