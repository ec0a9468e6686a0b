package dev.larder.benchmarks.rows;

import dev.larder.benchmarks.peer.PeerSession;
import dev.larder.benchmarks.peer.PeerStore;
import dev.larder.benchmarks.workload.Chunk;
import dev.larder.benchmarks.workload.Keys;
import dev.larder.benchmarks.workload.Permutation;
import dev.larder.benchmarks.workload.Randoms;
import dev.larder.benchmarks.workload.Values;
import dev.larder.benchmarks.workload.Window;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

/// Reads a loaded store at points, all keys being equally likely, and in order.
final class Reads {
  private Reads() {}

  static void run(Task task) throws Exception {
    try (PeerStore store = task.openLoaded()) {
      try (PeerSession session = store.session()) {
        // So that everybody's caches have seen everything, and everything has been checked.
        task.wholeWindow(0).run(new All(task, session));
        if (task.wants(Row.READ_HIT_1)) {
          task.figure(Row.READ_HIT_1, task.window().run(new Hits(task, session, 1)).rate());
        }
        if (task.wants(Row.READ_MISS)) {
          task.figure(Row.READ_MISS, task.window().run(new Misses(task, session)).rate());
        }
        Scans.run(task, session);
      }
      if (task.wants(Row.READ_HIT_2)) {
        List<Callable<Hits>> readers =
            List.of(
                () -> new Hits(task, store.session(), 2), () -> new Hits(task, store.session(), 3));
        task.figure(Row.READ_HIT_2, Window.rate(task.window().run(readers)));
      }
    }
  }

  /// Reads random keys that are there.
  static final class Hits implements Chunk, Closeable {
    private final PeerSession session;
    private final Randoms randoms;
    private final long bound;
    private final Keys keys;
    private final Values values;
    private final byte[] key = new byte[Keys.SIZE];
    private final byte[] value;

    Hits(Task task, PeerSession session, long seed) {
      this.session = session;
      randoms = new Randoms(seed);
      bound = task.setting().keys();
      keys = task.keys();
      values = task.values();
      value = new byte[task.setting().valueSize()];
    }

    @Override
    public long run(int count) throws Exception {
      for (int i = 0; i < count; i++) {
        long number = randoms.below(bound);
        keys.write(number, key);
        int size = session.get(key, value);
        if (values.check(number, value, size) < 0) {
          Task.checkVersion(number, -1, 0);
        }
      }
      return count;
    }

    @Override
    public void close() throws IOException {
      session.close();
    }
  }

  /// Reads random keys that are not there.
  private static final class Misses implements Chunk {
    private final PeerSession session;
    private final Randoms randoms = new Randoms(4);
    private final long bound;
    private final Keys keys;
    private final byte[] key = new byte[Keys.SIZE];
    private final byte[] value;

    Misses(Task task, PeerSession session) {
      this.session = session;
      bound = task.setting().keys();
      keys = task.keys();
      value = new byte[task.setting().valueSize()];
    }

    @Override
    public long run(int count) throws Exception {
      for (int i = 0; i < count; i++) {
        long number = randoms.below(bound);
        keys.writeAbsent(number, key);
        if (session.get(key, value) >= 0) {
          throw new WrongAnswerException("a value for an absent key after key " + number);
        }
      }
      return count;
    }
  }

  /// Reads every key once, in random order.
  static final class All implements Chunk {
    private final PeerSession session;
    private final Permutation order;
    private final Keys keys;
    private final Values values;
    private final byte[] key = new byte[Keys.SIZE];
    private final byte[] value;
    private long place;

    All(Task task, PeerSession session) {
      this.session = session;
      order = task.order();
      keys = task.keys();
      values = task.values();
      value = new byte[task.setting().valueSize()];
    }

    @Override
    public long run(int count) throws Exception {
      for (int i = 0; i < count; i++) {
        long number = order.at(place++);
        keys.write(number, key);
        Task.checkVersion(number, values.check(number, value, session.get(key, value)), 0);
      }
      return count;
    }
  }
}
