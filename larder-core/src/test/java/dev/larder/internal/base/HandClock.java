package dev.larder.internal.base;

import dev.larder.TimeSource;
import java.time.Duration;

/// Clocks that stand still until they are turned.
public final class HandClock implements TimeSource {
  private volatile long wallMillis;
  private volatile long nanos;

  public HandClock(long wallMillis) {
    this.wallMillis = wallMillis;
  }

  /// Lets time go by on both clocks.
  public synchronized void advance(Duration duration) {
    wallMillis += duration.toMillis();
    nanos += duration.toNanos();
  }

  /// Sets the wall clock forward, or back by a negative duration.
  public synchronized void leap(Duration duration) {
    wallMillis += duration.toMillis();
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
