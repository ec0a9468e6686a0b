package dev.larder.benchmarks.alone;

import dev.larder.Bucket;
import dev.larder.Statistics.Holder;
import dev.larder.Store;
import dev.larder.StoreOptions;
import dev.larder.benchmarks.rows.Disk;
import dev.larder.benchmarks.rows.Setting;
import dev.larder.benchmarks.rows.Task;
import dev.larder.benchmarks.workload.Window;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// How long single puts take while one thread overwrites at random as fast as it can: while a
/// compaction runs, between two of them, and in a store that may hold so much garbage that none is
/// due.
///
/// Each put is kept with its beginning; afterwards the recorder of the JVM tells when compactions
/// ran. The load is closed, as for all latencies here.
final class Compacting {
  /// How many times the time of a rate each of the stores is written to: garbage has to gather.
  static final int TIMES = 15;

  /// How many times the time of warming up; whole segments have to become garbage before it is as
  /// it stays.
  private static final int WARM_TIMES = 8;

  private static final double NO_COMPACTION = 100;
  private static final long NANOS_MAX = 60_000_000_000L;
  private static final int DIGITS = 3;
  private static final int PUTS_PER_SECOND_MAX = 1_500_000;
  private static final int PUTS_MAX = 30_000_000;
  private static final int POLLS_MAX = 500;
  private static final long POLL_MILLIS = 10;

  private final Task task;
  private final Setting setting;
  private final Entries entries;

  Compacting(Task task) {
    this.task = task;
    setting = task.setting();
    entries = new Entries(setting);
  }

  void run() throws Exception {
    Split control = measure("control", NO_COMPACTION);
    Split split = measure("compacted", StoreOptions.defaults().spaceAmplification());
    report("during", split.during);
    report("between", split.between);
    report("without", control.between);
    figure("share", split.share);
    figure("runs", split.runs);
    figure("without-runs", control.runs);
    figure("appended", split.written.appended);
    figure("compacted", split.written.compacted);
    figure("checkpointed", split.written.checkpointed);
  }

  /// The puts of one store.
  ///
  /// @param during those that a compaction ran beside, at least for a moment
  /// @param between all others
  /// @param share the part of the time in which compactions ran
  /// @param runs how many there were
  /// @param written what was written meanwhile
  private record Split(
      Histogram during, Histogram between, double share, int runs, Written written) {}

  /// Bytes that a store has written.
  ///
  /// @param appended commits and notes
  /// @param compacted records that compaction copied
  /// @param checkpointed images of the index and deltas
  private record Written(double appended, double compacted, double checkpointed) {
    static Written by(Store store) {
      Map<String, Long> counters = store.statistics().counters();
      return new Written(
          (double) counters.getOrDefault("appendedBytes", 0L),
          (double) counters.getOrDefault("compactedBytes", 0L),
          (double) counters.getOrDefault("checkpointedBytes", 0L));
    }

    Written since(Written before) {
      return new Written(
          appended - before.appended,
          compacted - before.compacted,
          checkpointed - before.checkpointed);
    }
  }

  private Split measure(String name, double spaceAmplification) throws Exception {
    Path directory = task.directory().resolveSibling("alone-" + name);
    Split split;
    try (Store store = Entries.open(directory, spaceAmplification);
        var compactions = new Compactions(task.directory().resolveSibling(name + ".jfr"))) {
      Bucket<byte[], byte[]> bucket = Entries.bucket(store);
      entries.load(bucket);
      Entries.Overwriting overwriting = entries.new Overwriting(bucket);
      double warmSeconds = setting.warmSeconds() * WARM_TIMES;
      new Window(0, warmSeconds, Long.MAX_VALUE, 128).run(overwriting);
      var before = Written.by(store);
      Puts puts = puts(overwriting);
      awaitEnd(store);
      Written written = Written.by(store).since(before);
      split = split(puts, compactions.stop(), written);
      overwriting.check();
    }
    Disk.delete(directory);
    return split;
  }

  /// Waits until no compaction runs: the recorder hears of one when it ends.
  private static void awaitEnd(Store store) throws InterruptedException {
    for (int i = 0; i < POLLS_MAX && isCompacting(store); i++) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  private static boolean isCompacting(Store store) {
    return store.statistics().holders().stream()
        .anyMatch(holder -> holder.kind() == Holder.Kind.COMPACTION);
  }

  /// What was put, in the order of time.
  ///
  /// **Threads.** For one thread.
  private static final class Puts {
    private final long[] starts;
    private final long[] nanos;
    private int count;

    Puts(int capacity) {
      starts = new long[capacity];
      nanos = new long[capacity];
    }
  }

  private Puts puts(Entries.Overwriting overwriting) {
    double seconds = setting.seconds() * TIMES;
    int capacity = (int) Math.min(PUTS_MAX, seconds * PUTS_PER_SECOND_MAX);
    var puts = new Puts(capacity);
    long end = System.nanoTime() + (long) (seconds * 1e9);
    long start;
    do {
      overwriting.prepare();
      start = System.nanoTime();
      overwriting.put();
      puts.nanos[puts.count] = System.nanoTime() - start;
      puts.starts[puts.count++] = start;
    } while (puts.count < capacity && start - end < 0);
    return puts;
  }

  private static Split split(Puts puts, List<Compactions.Run> runs, Written written) {
    var during = new Histogram(NANOS_MAX, DIGITS);
    var between = new Histogram(NANOS_MAX, DIGITS);
    int next = 0;
    for (int i = 0; i < puts.count; i++) {
      long start = puts.starts[i];
      long end = start + puts.nanos[i];
      while (next < runs.size() && runs.get(next).end() - start < 0) {
        next++;
      }
      boolean isDuring = next < runs.size() && runs.get(next).start() - end <= 0;
      (isDuring ? during : between).recordValue(Math.min(NANOS_MAX, puts.nanos[i]));
    }
    long begin = puts.starts[0];
    int last = puts.count - 1;
    long end = puts.starts[last] + puts.nanos[last];
    long running = 0;
    int seen = 0;
    for (Compactions.Run run : runs) {
      long overlap = Math.min(end, run.end()) - Math.max(begin, run.start());
      running += Math.max(0, overlap);
      seen += overlap > 0 ? 1 : 0;
    }
    return new Split(during, between, (double) running / (end - begin), seen, written);
  }

  private void report(String name, Histogram histogram) {
    figure(name + "-puts", (double) histogram.getTotalCount());
    if (histogram.getTotalCount() > 0) {
      figure(name + "-p50", histogram.getValueAtPercentile(50) / 1e3);
      figure(name + "-p99", histogram.getValueAtPercentile(99) / 1e3);
      figure(name + "-p999", histogram.getValueAtPercentile(99.9) / 1e3);
      figure(name + "-max", histogram.getMaxValue() / 1e3);
    }
  }

  private void figure(String name, double value) {
    task.sink().figure(Measure.COMPACTION.row(name), value, "");
  }
}
