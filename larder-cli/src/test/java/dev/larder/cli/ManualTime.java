package dev.larder.cli;

import dev.larder.TimeSource;
import java.util.concurrent.atomic.AtomicLong;

/// A clock that goes on by the same time whenever it is looked at.
final class ManualTime implements TimeSource {
  private final AtomicLong nanos = new AtomicLong();
  private final long stepNanos;

  ManualTime(long stepNanos) {
    this.stepNanos = stepNanos;
  }

  @Override
  public long wallMillis() {
    return nanos.get() / 1_000_000;
  }

  @Override
  public long monotonicNanos() {
    return nanos.addAndGet(stepNanos);
  }
}
