package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreOptionsTest {
  private static final StoreOptions DEFAULTS = StoreOptions.defaults();

  @Test
  void theDefaultsAreTheSafeOnes() {
    assertThat(DEFAULTS.durability()).isEqualTo(Durability.SYNC);
    assertThat(DEFAULTS.limits()).isEqualTo(Limits.defaults());
    assertThat(DEFAULTS.lockWait()).isEqualTo(Duration.ofSeconds(2));
    assertThat(DEFAULTS.spaceAmplification()).isEqualTo(1.5);
    assertThat(DEFAULTS.closeAtShutdown()).isTrue();
    assertThat(DEFAULTS.allowNetworkFileSystem()).isFalse();
    assertThat(DEFAULTS.timeSource()).isSameAs(TimeSource.system());
  }

  @Test
  void eachOptionIsSetAlone() {
    TimeSource time =
        new TimeSource() {
          @Override
          public long wallMillis() {
            return 1;
          }

          @Override
          public long monotonicNanos() {
            return 2;
          }
        };
    StoreOptions all =
        DEFAULTS
            .withDurability(Durability.OS)
            .withLimits(Limits.none())
            .withLockWait(Duration.ZERO)
            .withSpaceAmplification(3)
            .withCloseAtShutdown(false)
            .withAllowNetworkFileSystem(true)
            .withTimeSource(time);
    assertThat(all)
        .isEqualTo(
            new StoreOptions(
                Durability.OS, Limits.none(), Duration.ZERO, 3, false, true, true, time));
    assertThat(
            all.withDurability(Durability.SYNC)
                .withLimits(Limits.defaults())
                .withLockWait(Duration.ofSeconds(2))
                .withSpaceAmplification(1.5)
                .withCloseAtShutdown(true)
                .withAllowNetworkFileSystem(false)
                .withTimeSource(TimeSource.system()))
        .isEqualTo(DEFAULTS);
  }

  @Test
  void theBatchLimitIsOneSetting() {
    assertThat(DEFAULTS.withBatchLimit(10).limits())
        .isEqualTo(Limits.defaults().withBatchCount(10));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.0999, 0, -1, 100.001, Double.NaN, Double.POSITIVE_INFINITY})
  void spaceAmplificationHasLimits(double factor) {
    assertThatThrownBy(() -> DEFAULTS.withSpaceAmplification(factor))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("spaceAmplification must be from 1.1 to 100, not %s", factor);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-0.001S", "PT1H0.001S", "PT2562047788015215H"})
  void lockWaitHasLimits(String wait) {
    assertThatThrownBy(() -> DEFAULTS.withLockWait(Duration.parse(wait)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("lockWait must be from PT0S to PT1H, not ");
  }

  @Test
  void theEdgesAreAllowed() {
    assertThatCode(() ->
            DEFAULTS
                .withSpaceAmplification(1.1)
                .withSpaceAmplification(100)
                .withLockWait(Duration.ofHours(1)))
        .doesNotThrowAnyException();
  }

  @Test
  void theSystemsClocksAreTheMachines() {
    long before = System.currentTimeMillis();
    long nanosBefore = System.nanoTime();
    assertThat(TimeSource.system().wallMillis()).isBetween(before, System.currentTimeMillis());
    assertThat(TimeSource.system().monotonicNanos() - nanosBefore).isNotNegative();
  }
}
