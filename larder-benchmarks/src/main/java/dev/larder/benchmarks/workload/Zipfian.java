package dev.larder.benchmarks.workload;

/// Draws numbers of which a few are very popular: the distribution of YCSB, where the r-th most
/// popular number is drawn with a probability in proportion to `1 / r^theta`. Popular numbers are
/// scattered over all numbers.
///
/// The method is that of Gray et al., "Quickly Generating Billion-Record Synthetic Databases"
/// (1994). Draws are made beforehand, because each takes a power.
///
/// **Threads.** For one thread; [#draws(int, long)] makes arrays for others.
public final class Zipfian {
  private final long count;
  private final double theta;
  private final double zeta;
  private final double eta;
  private final double alpha;
  private final Permutation order;

  /// @param count how many numbers, from 1 to 2^31
  /// @param theta how uneven, from 0 (all alike) to below 1; YCSB takes 0.99
  public Zipfian(long count, double theta) {
    this.count = count;
    this.theta = theta;
    double sum = 0;
    for (long rank = 1; rank <= count; rank++) {
      sum += Math.pow((double) rank, -theta);
    }
    zeta = sum;
    alpha = 1 / (1 - theta);
    double two = 1 + Math.pow(2, -theta);
    eta = (1 - Math.pow(2.0 / count, 1 - theta)) / (1 - two / zeta);
    order = new Permutation(count, 0x5EED);
  }

  /// {@return a number of draws}
  public int[] draws(int size, long seed) {
    var randoms = new Randoms(seed);
    var drawn = new int[size];
    for (int i = 0; i < size; i++) {
      drawn[i] = (int) order.at(rank(randoms.fraction()));
    }
    return drawn;
  }

  private long rank(double fraction) {
    double scaled = fraction * zeta;
    if (scaled < 1) {
      return 0;
    }
    if (scaled < 1 + Math.pow(0.5, theta)) {
      return Math.min(1, count - 1);
    }
    return Math.min(count - 1, (long) (count * Math.pow(eta * fraction - eta + 1, alpha)));
  }
}
