package dev.larder;

/// Where a store takes the time from. Tests give one that they turn by hand.
///
/// **Threads.** Called by many threads at once.
public interface TimeSource {
  /// {@return the wall clock, in milliseconds since 1970; it may jump in both directions}
  long wallMillis();

  /// {@return a clock that only goes forward, in nanoseconds since some instant}
  long monotonicNanos();

  /// {@return the clocks of this machine}
  static TimeSource system() {
    return SystemTime.INSTANCE;
  }
}

/// The clocks of this machine.
enum SystemTime implements TimeSource {
  INSTANCE;

  @Override
  public long wallMillis() {
    return System.currentTimeMillis();
  }

  @Override
  public long monotonicNanos() {
    return System.nanoTime();
  }
}
