package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExpiryTest {
  private static final long NOON = 1_800_000_000_000L;

  @Test
  void deadlinesAreWorkedOut() {
    long old = NOON + 77;
    assertThat(Expiry.never().deadlineMillis(NOON, old)).isEqualTo(Expiry.NO_DEADLINE);
    assertThat(Expiry.unchanged().deadlineMillis(NOON, old)).isEqualTo(old);
    assertThat(Expiry.unchanged().deadlineMillis(NOON, Expiry.NO_DEADLINE))
        .isEqualTo(Expiry.NO_DEADLINE);
    assertThat(Expiry.after(Duration.ofSeconds(3)).deadlineMillis(NOON, old))
        .isEqualTo(NOON + 3000);
    assertThat(Expiry.at(Instant.ofEpochMilli(5)).deadlineMillis(NOON, old)).isEqualTo(5);
  }

  @Test
  void partsOfAMillisecondAreCutOff() {
    assertThat(Expiry.after(Duration.ofNanos(1_999_999)).deadlineMillis(NOON, 0))
        .isEqualTo(NOON + 1);
    assertThat(Expiry.at(Instant.ofEpochSecond(0, 1_999_999)).deadlineMillis(NOON, 0)).isEqualTo(1);
  }

  @Test
  void theLongestTimesStillAreNoOverflow() {
    assertThat(Expiry.after(Expiry.TTL_MAX).deadlineMillis(NOON, 0))
        .isEqualTo(NOON + Expiry.TTL_MAX.toMillis())
        .isLessThan(Expiry.NO_DEADLINE);
    assertThat(Expiry.at(Instant.EPOCH.plus(Expiry.TTL_MAX)).deadlineMillis(NOON, 0))
        .isEqualTo(Expiry.TTL_MAX.toMillis());
    assertThat(Expiry.at(Instant.EPOCH).deadlineMillis(NOON, 0)).isZero();
  }

  static Stream<Duration> shortTtls() {
    return Stream.of(
        Duration.ZERO,
        Duration.ofNanos(999_999),
        Duration.ofNanos(-1),
        Duration.ofDays(-1),
        Duration.ofSeconds(Long.MIN_VALUE));
  }

  @ParameterizedTest
  @MethodSource("shortTtls")
  void aTtlOfLessThanAMillisecondIsAMistake(Duration ttl) {
    assertThatThrownBy(() -> Expiry.after(ttl))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a ttl is at least 1 ms, not %s", ttl);
  }

  static Stream<Duration> longTtls() {
    return Stream.of(
        Expiry.TTL_MAX.plusNanos(1),
        Duration.ofSeconds(Long.MAX_VALUE / 1000),
        Duration.ofSeconds(Long.MAX_VALUE, 999_999_999));
  }

  @ParameterizedTest
  @MethodSource("longTtls")
  void aTtlThatOverflowsIsAMistake(Duration ttl) {
    assertThatThrownBy(() -> Expiry.after(ttl))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a ttl is at most PT876600000H, not %s", ttl);
  }

  static Stream<Instant> instantsOutside() {
    return Stream.of(
        Instant.MIN,
        Instant.EPOCH.minusNanos(1),
        Instant.EPOCH.plus(Expiry.TTL_MAX).plusNanos(1),
        Instant.MAX);
  }

  @ParameterizedTest
  @MethodSource("instantsOutside")
  void aDeadlineOutsideTheRangeIsAMistake(Instant instant) {
    assertThatThrownBy(() -> Expiry.at(instant))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a deadline lies from 1970-01-01T00:00:00Z to ")
        .hasMessageEndingWith("not at " + instant);
  }
}
