package dev.larder.benchmarks.rows;

import dev.larder.benchmarks.peer.Level;
import dev.larder.benchmarks.peer.PeerSession;
import dev.larder.benchmarks.peer.PeerStore;
import dev.larder.benchmarks.workload.Chunk;
import dev.larder.benchmarks.workload.Keys;
import dev.larder.benchmarks.workload.Permutation;
import dev.larder.benchmarks.workload.Values;
import dev.larder.benchmarks.workload.Window;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// Puts that are forced to the device before they return, of new keys in random order, into an
/// empty store.
final class Durables {
  private static final int BATCH = 100;

  private Durables() {}

  static void run(Task task) throws Exception {
    if (task.wants(Row.DURABLE_PUT_1)) {
      task.figure(Row.DURABLE_PUT_1, puts(task, 1, 1));
    }
    if (task.wants(Row.DURABLE_PUT_8)) {
      task.figure(Row.DURABLE_PUT_8, puts(task, 8, 1));
    }
    if (task.wants(Row.DURABLE_BATCH)) {
      task.figure(Row.DURABLE_BATCH, puts(task, 1, BATCH) * BATCH);
    }
  }

  /// {@return commits in a second}
  private static double puts(Task task, int threads, int batch) throws Exception {
    Path directory = task.directory().resolveSibling("durable-%d-%d".formatted(threads, batch));
    double rate;
    try (PeerStore store = task.open(directory, Level.DEVICE)) {
      var parts = new ArrayList<Putting>();
      for (int thread = 0; thread < threads; thread++) {
        parts.add(new Putting(task, store, thread, threads, batch));
      }
      Setting setting = task.setting();
      var window = new Window(setting.warmSeconds(), setting.seconds(), Long.MAX_VALUE, 1);
      rate = Window.rate(window.run(parts.stream().map(part -> part.inItsThread()).toList()));
      try (PeerSession session = store.session()) {
        for (Putting part : parts) {
          part.check(session);
        }
      }
    }
    Disk.delete(directory);
    return rate;
  }

  private static final class Putting implements Chunk, Closeable {
    private final PeerStore store;
    private final int thread;
    private final int threads;
    private final int batch;
    private final Permutation order;
    private final long bound;
    private final Keys keys;
    private final Values values;
    private final byte[][] batchKeys;
    private final byte[][] batchValues;
    private final List<PeerSession> sessions = new ArrayList<>(1);
    private long done;

    Putting(Task task, PeerStore store, int thread, int threads, int batch) {
      this.store = store;
      this.thread = thread;
      this.threads = threads;
      this.batch = batch;
      order = task.order();
      bound = task.setting().keys();
      keys = task.keys();
      values = task.values();
      batchKeys = new byte[batch][Keys.SIZE];
      batchValues = new byte[batch][values.size()];
    }

    Callable<Putting> inItsThread() {
      return () -> {
        sessions.add(store.session());
        return this;
      };
    }

    @Override
    public long run(int count) throws Exception {
      PeerSession session = sessions.getFirst();
      for (int i = 0; i < count; i++) {
        for (int k = 0; k < batch; k++) {
          long number = number(done++);
          keys.write(number, batchKeys[k]);
          values.write(number, 0, batchValues[k]);
        }
        if (batch == 1) {
          session.put(batchKeys[0], batchValues[0]);
        } else {
          session.putAll(batchKeys, batchValues, batch);
        }
      }
      return count;
    }

    private long number(long turn) {
      return order.at((turn * threads + thread) % bound);
    }

    void check(PeerSession session) throws Exception {
      for (long turn = 0; turn < Math.min(done, bound); turn++) {
        long number = number(turn);
        keys.write(number, batchKeys[0]);
        int size = session.get(batchKeys[0], batchValues[0]);
        Task.checkVersion(number, values.check(number, batchValues[0], size), 0);
      }
    }

    @Override
    public void close() throws IOException {
      sessions.getFirst().close();
    }
  }
}
