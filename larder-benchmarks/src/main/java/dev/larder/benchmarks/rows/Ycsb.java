package dev.larder.benchmarks.rows;

import dev.larder.benchmarks.peer.PeerSession;
import dev.larder.benchmarks.peer.PeerStore;
import dev.larder.benchmarks.workload.Chunk;
import dev.larder.benchmarks.workload.Keys;
import dev.larder.benchmarks.workload.Randoms;
import dev.larder.benchmarks.workload.Values;
import dev.larder.benchmarks.workload.Window;
import dev.larder.benchmarks.workload.Zipfian;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// The workloads of the Yahoo Cloud Serving Benchmark that neither insert nor scan, in two threads,
/// with keys of which a few are very popular.
final class Ycsb {
  private static final int THREADS = 2;
  private static final double THETA = 0.99;
  private static final int DRAWS = 1 << 20;

  private Ycsb() {}

  static void run(Task task) throws Exception {
    var zipfian = new Zipfian(task.setting().keys(), THETA);
    var draws = new ArrayList<int[]>();
    for (int thread = 0; thread < THREADS; thread++) {
      draws.add(zipfian.draws(DRAWS, thread));
    }
    try (PeerStore store = task.openLoaded()) {
      // Those that only read come first: what a store does after writes would disturb them.
      measure(task, Row.YCSB_C, store, draws, new Mix(100, false));
      measure(task, Row.YCSB_B, store, draws, new Mix(95, false));
      measure(task, Row.YCSB_A, store, draws, new Mix(50, false));
      measure(task, Row.YCSB_F, store, draws, new Mix(50, true));
    }
  }

  /// @param readPercent how many of a hundred operations only read
  /// @param isReadFirst whether the others read before they write
  private record Mix(int readPercent, boolean isReadFirst) {}

  private static void measure(Task task, Row row, PeerStore store, List<int[]> draws, Mix mix)
      throws Exception {
    if (!task.wants(row)) {
      return;
    }
    var threads = new ArrayList<Callable<Operations>>();
    for (int thread = 0; thread < THREADS; thread++) {
      int[] drawn = draws.get(thread);
      int seed = thread;
      threads.add(() -> new Operations(task, store.session(), drawn, mix, seed));
    }
    task.figure(row, Window.rate(task.window().run(threads)));
  }

  private static final class Operations implements Chunk, Closeable {
    private final PeerSession session;
    private final int[] drawn;
    private final Mix mix;
    private final Randoms randoms;
    private final Keys keys;
    private final Values values;
    private final byte[] key = new byte[Keys.SIZE];
    private final byte[] value;
    private int next;
    private long version;

    Operations(Task task, PeerSession session, int[] drawn, Mix mix, int thread) {
      this.session = session;
      this.drawn = drawn;
      this.mix = mix;
      randoms = new Randoms(thread + 9L);
      version = (thread + 1L) << 24;
      keys = task.keys();
      values = task.values();
      value = new byte[task.setting().valueSize()];
    }

    @Override
    public long run(int count) throws Exception {
      for (int i = 0; i < count; i++) {
        int number = drawn[next];
        next = (next + 1) & (DRAWS - 1);
        keys.write(number, key);
        boolean isRead = randoms.below(100) < mix.readPercent;
        if (isRead || mix.isReadFirst) {
          Task.checkVersion(number, values.check(number, value, session.get(key, value)), 0);
        }
        if (!isRead) {
          values.write(number, ++version, value);
          session.put(key, value);
        }
      }
      return count;
    }

    @Override
    public void close() throws IOException {
      session.close();
    }
  }
}
