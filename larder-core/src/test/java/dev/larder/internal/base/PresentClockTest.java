package dev.larder.internal.base;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.TimeSource;
import java.time.Duration;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

class PresentClockTest {
  private static final long NOON = 1_800_000_000_000L;

  private final HandClock time = new HandClock(NOON);
  private final PresentClock clock = new PresentClock(time);

  @Test
  void thePresentIsTheWallClockWhereNothingWasCommitted() {
    assertThat(clock.presentMillis()).isEqualTo(NOON);
    time.leap(Duration.ofDays(-1000));
    assertThat(clock.presentMillis()).isEqualTo(NOON - Duration.ofDays(1000).toMillis());
  }

  @Test
  void thePresentIsTheWallClockWhereTheLastCommitIsOlder() {
    clock.committed(NOON - 1);
    assertThat(clock.presentMillis()).isEqualTo(NOON);
  }

  @Test
  void thePresentStaysAtTheLastCommitWhileTheWallClockIsUpToFiveMinutesBehind() {
    clock.committed(NOON);
    time.leap(Duration.ofMillis(-1));
    assertThat(clock.presentMillis()).isEqualTo(NOON);
    time.leap(Duration.ofMinutes(-5).plusMillis(1));
    assertThat(clock.presentMillis()).isEqualTo(NOON);
  }

  @Test
  void aWallClockMoreThanFiveMinutesBehindIsBelieved() {
    clock.committed(NOON);
    time.leap(Duration.ofMinutes(-5).minusMillis(1));
    try (var log = new LogCapture()) {
      assertThat(clock.presentMillis()).isEqualTo(NOON - 300_001);
      assertThat(log.records(Level.WARNING)).hasSize(1);
    }
  }

  @Test
  void aClockThatWentBackIsWarnedAboutOnce() {
    clock.committed(NOON);
    time.leap(Duration.ofHours(-1));
    try (var log = new LogCapture()) {
      clock.presentMillis();
      clock.presentMillis();
      clock.committed(clock.presentMillis());
      clock.presentMillis();
      assertThat(log.records(Level.WARNING)).hasSize(1);
    }
  }

  @Test
  void everyFurtherJumpBackIsWarnedAboutAgain() {
    try (var log = new LogCapture()) {
      for (int i = 0; i < 3; i++) {
        clock.committed(clock.presentMillis());
        time.leap(Duration.ofHours(-1));
        clock.presentMillis();
      }
      assertThat(log.records(Level.WARNING)).hasSize(3);
    }
  }

  @Test
  void aBelievedClockCountsFromTheNextCommitOn() {
    clock.committed(NOON);
    time.leap(Duration.ofHours(-1));
    try (var _ = new LogCapture()) {
      long present = clock.presentMillis();
      clock.committed(present);
      time.leap(Duration.ofMinutes(-1));
      assertThat(clock.presentMillis()).isEqualTo(present);
    }
  }

  @Test
  void thePresentGoesOnOnceTheWallClockHasCaughtUp() {
    clock.committed(NOON + 1000);
    time.advance(Duration.ofMillis(999));
    assertThat(clock.presentMillis()).isEqualTo(NOON + 1000);
    time.advance(Duration.ofMillis(2));
    assertThat(clock.presentMillis()).isEqualTo(NOON + 1001);
  }

  @Test
  void entriesMayBeRemovedUpToThePresent() {
    assertThat(clock.removableMillis()).isEqualTo(NOON);
    time.advance(Duration.ofDays(30));
    assertThat(clock.removableMillis()).isEqualTo(time.wallMillis());
    time.leap(Duration.ofDays(1));
    assertThat(clock.removableMillis()).isEqualTo(time.wallMillis());
    clock.committed(time.wallMillis() + 5);
    assertThat(clock.removableMillis()).isEqualTo(time.wallMillis() + 5);
  }

  @Test
  void aLeapOfMoreThanADayHoldsRemovalsForAMinute() {
    time.leap(Duration.ofDays(1).plusMillis(1));
    assertThat(clock.removableMillis()).isEqualTo(NOON);
    assertThat(clock.presentMillis()).isEqualTo(time.wallMillis());
    time.advance(Duration.ofSeconds(59));
    assertThat(clock.removableMillis()).isEqualTo(NOON + 59_000);
    time.advance(Duration.ofSeconds(1));
    assertThat(clock.removableMillis()).isEqualTo(time.wallMillis());
    time.advance(Duration.ofSeconds(1));
    assertThat(clock.removableMillis()).isEqualTo(time.wallMillis());
  }

  @Test
  void aLeapThatIsTakenBackIsForgotten() {
    time.leap(Duration.ofDays(2));
    assertThat(clock.removableMillis()).isEqualTo(NOON);
    time.leap(Duration.ofDays(-2));
    assertThat(clock.removableMillis()).isEqualTo(NOON);
    time.advance(Duration.ofMinutes(2));
    time.leap(Duration.ofDays(2));
    assertThat(clock.removableMillis()).isEqualTo(NOON + 120_000);
  }

  /// An entry was removed for good when the clock leapt just while this was asked: the wall clock
  /// was read twice, and only the first reading was held against the monotonic clock.
  @Test
  void aLeapBetweenTwoLooksAtTheClockRemovesNothing() {
    var leaping =
        new TimeSource() {
          private long wallMillis = NOON;

          @Override
          public long wallMillis() {
            long present = wallMillis;
            wallMillis += Duration.ofDays(2).toMillis();
            return present;
          }

          @Override
          public long monotonicNanos() {
            return 0;
          }
        };
    var leapt = new PresentClock(leaping);
    leaping.wallMillis = NOON;

    assertThat(leapt.removableMillis()).isEqualTo(NOON);
  }
}
