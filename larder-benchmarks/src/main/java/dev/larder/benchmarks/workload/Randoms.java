package dev.larder.benchmarks.workload;

/// A small, fast source of random numbers (SplitMix64), so that drawing a key costs next to nothing
/// beside reading it.
///
/// **Threads.** For one thread.
public final class Randoms {
  private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

  private long state;

  public Randoms(long seed) {
    state = seed;
  }

  /// {@return a word with all bits random}
  public long next() {
    state += GOLDEN;
    return mix(state);
  }

  /// {@return a number from 0 to below the bound, all equally likely}
  ///
  /// @param bound at least 1
  public long below(long bound) {
    return Math.unsignedMultiplyHigh(next(), bound);
  }

  /// {@return a number from 0 to below 1}
  public double fraction() {
    return (next() >>> 11) * 0x1.0p-53;
  }

  /// Scatters a word over all words, one to one.
  static long mix(long word) {
    long mixed = (word ^ (word >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return mixed ^ (mixed >>> 31);
  }
}
