package dev.larder.cli;

/// How long many operations took, to less than a hundredth of each; the longest exactly.
///
/// Times below 256 ns have a counter each; from there on each doubling has 128 of them. A library
/// would know more, and every command would carry it along for the sake of one.
///
/// **Threads.** For one thread at a time.
final class Latencies {
  private static final int DIGITS = 7;
  private static final int COUNTERS = 1 << DIGITS;

  private final long[] counts = new long[(Long.SIZE - DIGITS) * COUNTERS];
  private long count;
  private long maxNanos;

  /// Counts an operation.
  ///
  /// @param nanos how long it took; a clock that stands still makes it 0
  void record(long nanos) {
    long time = Math.max(0, nanos);
    counts[index(time)]++;
    count++;
    maxNanos = Math.max(maxNanos, time);
  }

  /// Counts what another thread has counted.
  void add(Latencies other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    count += other.count;
    maxNanos = Math.max(maxNanos, other.maxNanos);
  }

  /// {@return how many operations were counted}
  long count() {
    return count;
  }

  /// {@return the time that no operation exceeded, in nanoseconds}
  long maxNanos() {
    return maxNanos;
  }

  /// {@return the time, in nanoseconds, that a part of the operations did not exceed; 0 if none was
  /// counted}
  ///
  /// @param part from 0 to 1
  long nanosAt(double part) {
    long wanted = (long) Math.ceil(part * count);
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (counts[i] > 0 && seen >= wanted) {
        return Math.min(maxNanos, highest(i));
      }
    }
    return maxNanos;
  }

  private static int index(long nanos) {
    int shift = Math.max(0, Long.SIZE - DIGITS - 1 - Long.numberOfLeadingZeros(nanos));
    // The highest digit counts for the doubling, so that each begins where the one before ends.
    return shift * COUNTERS + (int) (nanos >>> shift);
  }

  /// The longest time that a counter counts.
  private static long highest(int index) {
    int shift = Math.max(0, index / COUNTERS - 1);
    long first = index - (long) shift * COUNTERS;
    return ((first + 1) << shift) - 1;
  }
}
