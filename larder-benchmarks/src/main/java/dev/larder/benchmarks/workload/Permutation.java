package dev.larder.benchmarks.workload;

/// All numbers below a count in an order that looks random, without a table that would displace the
/// store under test from the caches.
///
/// **Threads.** Immutable.
public final class Permutation {
  private static final long ODD = 0x9E37_79B9_7F4A_7C15L;

  private final long count;
  private final long mask;
  private final int shift;
  private final long seed;

  /// @param count how many numbers, at least 1
  public Permutation(long count, long seed) {
    this.count = count;
    int bits = Math.max(2, Long.SIZE - Long.numberOfLeadingZeros(Math.max(1, count - 1)));
    mask = (1L << bits) - 1;
    shift = (bits + 1) / 2;
    this.seed = Randoms.mix(seed);
  }

  /// {@return the number at a place of the order}
  ///
  /// @param place from 0 to below the count
  public long at(long place) {
    // Each step is one to one on the power of two; walking on until the number is small enough
    // makes the whole one to one on the count.
    long number = place;
    do {
      number = scatter(number);
    } while (number >= count);
    return number;
  }

  private long scatter(long number) {
    long scattered = (number + seed) & mask;
    scattered = ((scattered ^ (scattered >>> shift)) * ODD) & mask;
    scattered = ((scattered ^ (scattered >>> shift)) * (ODD | seed << 1)) & mask;
    return scattered ^ (scattered >>> shift);
  }
}
