package dev.larder.testkit;

import dev.larder.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/// Clocks that stand still until a test moves them.
///
/// **Threads.** Safe for any number of threads.
public final class ManualClock implements TimeSource {
  private final AtomicLong wallMillis =
      new AtomicLong(Instant.parse("2026-01-01T00:00:00Z").toEpochMilli());
  private final AtomicLong monotonicNanos = new AtomicLong();

  /// Clocks that stand at the beginning of 2026, and at 0.
  public ManualClock() {}

  @Override
  public long wallMillis() {
    return wallMillis.get();
  }

  @Override
  public long monotonicNanos() {
    return monotonicNanos.get();
  }

  /// {@return what the wall clock says}
  public Instant now() {
    return Instant.ofEpochMilli(wallMillis());
  }

  /// Lets time pass on both clocks.
  ///
  /// @param time how much, not negative
  public void advance(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("time does not go back; jumpWall is for that: " + time);
    }
    long before = monotonicNanos.getAndAdd(time.toNanos());
    // Whole milliseconds on the monotonic clock, so that many small steps add up to the same.
    long milliseconds = (before + time.toNanos()) / 1_000_000 - before / 1_000_000;
    wallMillis.addAndGet(milliseconds);
  }

  /// Moves the wall clock alone, forwards or backwards.
  public void jumpWall(Duration distance) {
    wallMillis.addAndGet(distance.toMillis());
  }

  /// Sets the wall clock alone.
  public void setWall(Instant instant) {
    wallMillis.set(instant.toEpochMilli());
  }
}
