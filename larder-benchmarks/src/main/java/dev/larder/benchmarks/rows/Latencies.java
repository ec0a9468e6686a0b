package dev.larder.benchmarks.rows;

import dev.larder.benchmarks.peer.PeerSession;
import dev.larder.benchmarks.peer.PeerStore;
import dev.larder.benchmarks.workload.Chunk;
import dev.larder.benchmarks.workload.Keys;
import dev.larder.benchmarks.workload.Randoms;
import dev.larder.benchmarks.workload.Values;
import dev.larder.benchmarks.workload.Window;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;

/// How long single operations take while two threads get and put at random as fast as they can.
///
/// The load is closed: a thread begins an operation when the one before has ended, so that a stall
/// counts once and not for all that would have come meanwhile. The greatest latency shows it.
final class Latencies {
  private static final long NANOS_MAX = 60_000_000_000L;
  private static final int DIGITS = 3;

  /// The windows for rates are short for the last of a thousand, and there are few of these rows.
  private static final int LONGER = 2;

  private static final double[] FRACTIONS = {
    0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9998, 0.9999,
    0.99995, 0.99998, 0.99999, 0.999995, 0.999999, 1
  };

  private Latencies() {}

  static void run(Task task) throws Exception {
    try (PeerStore store = task.openLoaded()) {
      var warm = new Window(0, task.setting().warmSeconds() * LONGER, Long.MAX_VALUE, Task.CHUNK);
      var unused = new Histogram(NANOS_MAX, DIGITS);
      measure(task, store, warm, unused, unused);
      var gets = new Histogram(NANOS_MAX, DIGITS);
      var puts = new Histogram(NANOS_MAX, DIGITS);
      var window = new Window(0, task.setting().seconds() * LONGER, Long.MAX_VALUE, Task.CHUNK);
      measure(task, store, window, gets, puts);
      report(task, "get", gets, Row.GET_P99, Row.GET_P999, Row.GET_MAX);
      report(task, "put", puts, Row.PUT_P99, Row.PUT_P999, Row.PUT_MAX);
    }
  }

  private static void measure(
      Task task, PeerStore store, Window window, Histogram gets, Histogram puts) throws Exception {
    List<Callable<Timing>> threads =
        List.of(
            () -> new Timing(task, store.session(), gets, puts, 1),
            () -> new Timing(task, store.session(), gets, puts, 2));
    window.run(threads);
  }

  private static void report(
      Task task, String name, Histogram histogram, Row p99, Row p999, Row max) {
    long greatest = histogram.getValueAtPercentile(100);
    if (greatest < histogram.lowestEquivalentValue(histogram.getMaxValue())) {
      throw new AssertionError("some operations are missing in the histogram of " + name);
    }
    figure(task, p99, histogram.getValueAtPercentile(99));
    figure(task, p999, histogram.getValueAtPercentile(99.9));
    figure(task, max, histogram.getMaxValue());
    var points = new StringJoiner(",");
    for (double fraction : FRACTIONS) {
      double micros = histogram.getValueAtPercentile(100 * fraction) / 1e3;
      points.add(String.format(Locale.ROOT, "%s:%.2f", fraction, micros));
    }
    task.sink().curve(name, points.toString());
  }

  private static void figure(Task task, Row row, long nanos) {
    if (task.wants(row)) {
      task.figure(row, nanos / 1e3);
    }
  }

  private static final class Timing implements Chunk, Closeable {
    private final PeerSession session;
    private final Histogram gets;
    private final Histogram puts;
    private final Histogram ownGets = new Histogram(NANOS_MAX, DIGITS);
    private final Histogram ownPuts = new Histogram(NANOS_MAX, DIGITS);
    private final Randoms randoms;
    private final long bound;
    private final Keys keys;
    private final Values values;
    private final byte[] key = new byte[Keys.SIZE];
    private final byte[] value;
    private long version;

    Timing(Task task, PeerSession session, Histogram gets, Histogram puts, int thread) {
      this.session = session;
      this.gets = gets;
      this.puts = puts;
      randoms = new Randoms(20 + thread);
      version = (long) thread << 26;
      bound = task.setting().keys();
      keys = task.keys();
      values = task.values();
      value = new byte[task.setting().valueSize()];
    }

    @Override
    public long run(int count) throws Exception {
      for (int i = 0; i < count; i++) {
        long random = randoms.next();
        long number = Math.unsignedMultiplyHigh(random, bound);
        keys.write(number, key);
        if ((random & 1) == 0) {
          long start = System.nanoTime();
          int size = session.get(key, value);
          ownGets.recordValue(Math.min(NANOS_MAX, System.nanoTime() - start));
          Task.checkVersion(number, values.check(number, value, size), 0);
        } else {
          values.write(number, ++version, value);
          long start = System.nanoTime();
          session.put(key, value);
          ownPuts.recordValue(Math.min(NANOS_MAX, System.nanoTime() - start));
        }
      }
      return count;
    }

    @Override
    public void close() throws IOException {
      // Both threads end at the same time. Adding a histogram is not safe for threads, not even in
      // the class that is safe for counting: a total is lost, and every percentile is wrong.
      synchronized (gets) {
        gets.add(ownGets);
        puts.add(ownPuts);
      }
      session.close();
    }
  }
}
