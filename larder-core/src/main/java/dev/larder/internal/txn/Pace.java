package dev.larder.internal.txn;

import dev.larder.TimeSource;
import dev.larder.internal.log.Log;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Slows those who add entries down while segments take more than they should, the more the more
/// they exceed that: smoothly, so that writers settle at the pace at which compaction keeps up.
///
/// **Threads.** Safe for any number of threads.
final class Pace {
  /// Shorter waits are put off until they have come to this.
  private static final long STEP_NANOS = 10_000;

  /// The operating system rounds waits up to about this. Up to it, the processor is offered to
  /// others until the time is over: many short waits rather than a long one for one in a hundred.
  private static final long SLEEP_MIN_NANOS = 60_000;

  private static final long WAIT_MAX_NANOS = 2_000_000;

  /// How many nanoseconds are waited for each byte at most.
  private static final double NANOS_PER_BYTE_MAX = 200;

  /// For clocks that stand still.
  private static final int YIELDS_MAX = 1000;

  private final Log log;
  private final TimeSource timeSource;
  private volatile Slope slope = new Slope(Long.MAX_VALUE, 1, 0, 0);

  /// For how long somebody still has to wait for what was appended, in nanoseconds.
  private final AtomicLong owedNanos = new AtomicLong();

  private record Slope(long from, long step, double fromPerLiveByte, long liveChange) {}

  Pace(Log log, TimeSource timeSource) {
    this.log = log;
    this.timeSource = timeSource;
  }

  /// Sets who waits.
  ///
  /// @param from how many bytes segments may take, retired ones included, before anybody waits
  /// @param step by how many more bytes writers wait for one nanosecond more for each byte that
  ///   they append
  /// @param fromPerLiveByte how many bytes more that is for each byte more that is live
  /// @param liveChange how many bytes more are live now than when the store was opened
  void set(long from, long step, double fromPerLiveByte, long liveChange) {
    slope = new Slope(from, step, fromPerLiveByte, liveChange);
  }

  /// {@return for how many nanoseconds the caller has to wait}, for what it has appended and for
  /// others whose waits would have been too short
  ///
  /// @param bytes how many bytes the caller has appended. What compaction and expiry append is not
  ///   for writers to wait for
  /// @param liveChange how many bytes more are live now than when the store was opened
  long due(int bytes, long liveChange) {
    Slope present = slope;
    // Bytes that are live no longer are for the next slope: see Compaction.
    double grown = Math.max(0, liveChange - present.liveChange());
    double excess = log.segmentBytes() - present.from() - present.fromPerLiveByte() * grown;
    if (bytes == 0 || excess <= 0) {
      return 0;
    }
    double nanosPerByte = Math.min(NANOS_PER_BYTE_MAX, excess / present.step());
    long owed = owedNanos.addAndGet((long) (bytes * nanosPerByte));
    return owed >= STEP_NANOS && owedNanos.compareAndSet(owed, 0)
        ? Math.min(owed, WAIT_MAX_NANOS)
        : 0;
  }

  /// Waits as long as [#due(int, long)] said.
  @SuppressWarnings("ThreadPriorityCheck") // nothing but speed depends on who gets the processor
  void await(long nanos) {
    if (nanos >= SLEEP_MIN_NANOS) {
      LockSupport.parkNanos(nanos);
      return;
    }
    long start = timeSource.monotonicNanos();
    for (int i = 0; i < YIELDS_MAX && timeSource.monotonicNanos() - start < nanos; i++) {
      Thread.yield();
    }
  }
}
