package dev.larder.testkit;

import dev.larder.TimeSource;
import java.time.Duration;
import java.time.Instant;

/// Clocks that stand still until a test turns them.
///
/// **Threads.** Safe for any number of threads.
final class TurnedClock implements TimeSource {
  private volatile long wallMillis = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
  private volatile long nanos;

  /// Lets time go by on both clocks.
  synchronized void advance(Duration duration) {
    wallMillis += duration.toMillis();
    nanos += duration.toNanos();
  }

  /// Sets the wall clock alone forward, or back by a negative duration.
  synchronized void jump(Duration duration) {
    wallMillis += duration.toMillis();
  }

  Instant now() {
    return Instant.ofEpochMilli(wallMillis);
  }

  @Override
  public long wallMillis() {
    return wallMillis;
  }

  @Override
  public long monotonicNanos() {
    return nanos;
  }
}
