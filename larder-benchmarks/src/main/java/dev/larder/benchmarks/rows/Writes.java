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

/// Overwrites and deletes what a store was loaded with.
final class Writes {
  private static final int SAMPLE = 10_000;

  /// One key in so many may be deleted before it counts.
  private static final int WARM_DELETED = 10;

  // Greater than all that other groups write, so that what was not overwritten is found.
  private static final long OVERWRITTEN_VERSION = 1L << 33;
  private static final long BESIDE_VERSION = 1L << 36;

  private Writes() {}

  static void overwrite(Task task) throws Exception {
    try (PeerStore store = task.openLoaded()) {
      try (PeerSession session = store.session()) {
        var overwriting = new Overwriting(task, session, OVERWRITTEN_VERSION);
        if (task.wants(Row.OVERWRITE) || task.wants(Row.DISK_OVERWRITTEN)) {
          Window.Outcome outcome = task.wholeWindow(task.setting().warmSeconds()).run(overwriting);
          if (task.wants(Row.OVERWRITE)) {
            task.figure(
                Row.OVERWRITE, outcome.rate(), Task.sampled(outcome, task.setting().keys()));
          }
          checkOverwritten(task, session, overwriting.place);
        }
      }
      if (task.wants(Row.READ_WHILE_WRITING) || task.wants(Row.WRITE_WHILE_READING)) {
        beside(task, store);
      }
    }
    if (task.wants(Row.DISK_OVERWRITTEN)) {
      task.figure(Row.DISK_OVERWRITTEN, Disk.megabytes(task.directory()));
    }
  }

  private static void beside(Task task, PeerStore store) throws Exception {
    List<Callable<? extends Chunk>> parts =
        List.of(
            () -> new Reads.Hits(task, store.session(), 6),
            () -> new Overwriting(task, store.session(), BESIDE_VERSION));
    List<Window.Outcome> outcomes = task.window().run(parts);
    if (task.wants(Row.READ_WHILE_WRITING)) {
      task.figure(Row.READ_WHILE_WRITING, outcomes.get(0).rate());
    }
    if (task.wants(Row.WRITE_WHILE_READING)) {
      task.figure(Row.WRITE_WHILE_READING, outcomes.get(1).rate());
    }
  }

  private static void checkOverwritten(Task task, PeerSession session, long places)
      throws Exception {
    long keyCount = task.setting().keys();
    var randoms = new Randoms(7);
    Permutation order = task.order();
    Keys keys = task.keys();
    Values values = task.values();
    var key = new byte[Keys.SIZE];
    var value = new byte[task.setting().valueSize()];
    for (int i = 0; i < SAMPLE; i++) {
      long place = randoms.below(keyCount);
      long least = place < places ? OVERWRITTEN_VERSION + (places - 1 - place) / keyCount : 0;
      long number = order.at(place);
      keys.write(number, key);
      Task.checkVersion(number, values.check(number, value, session.get(key, value)), least);
    }
  }

  static void delete(Task task) throws Exception {
    try (PeerStore store = task.openLoaded();
        PeerSession session = store.session()) {
      var deleting = new Deleting(task, session);
      // What is deleted while it warms up is gone.
      Setting setting = task.setting();
      long warmKeys = setting.keys() / WARM_DELETED;
      new Window(0, setting.warmSeconds(), warmKeys, Task.CHUNK).run(deleting);
      Window.Outcome outcome = task.wholeWindow(0).run(deleting);
      task.figure(Row.DELETE, outcome.rate(), Task.sampled(outcome, setting.keys()));
      deleting.check();
    }
  }

  /// Overwrites all keys in random order, again and again.
  static final class Overwriting implements Chunk, Closeable {
    private final PeerSession session;
    private final Permutation order;
    private final long bound;
    private final Keys keys;
    private final Values values;
    private final byte[] key = new byte[Keys.SIZE];
    private final byte[] value;
    private long version;
    private long place;

    /// @param version the version that the first round writes; the next one writes the next
    Overwriting(Task task, PeerSession session, long version) {
      this.session = session;
      this.version = version;
      order = task.order();
      bound = task.setting().keys();
      keys = task.keys();
      values = task.values();
      value = new byte[task.setting().valueSize()];
    }

    @Override
    public long run(int count) throws Exception {
      long round = place / bound;
      long left = place % bound;
      for (int i = 0; i < count; i++) {
        long number = order.at(left);
        keys.write(number, key);
        values.write(number, version + round, value);
        session.put(key, value);
        place++;
        if (++left == bound) {
          left = 0;
          round++;
        }
      }
      return count;
    }

    @Override
    public void close() throws IOException {
      session.close();
    }
  }

  /// Deletes all keys in random order.
  private static final class Deleting implements Chunk {
    private final Task task;
    private final PeerSession session;
    private final Permutation order;
    private final Keys keys;
    private final byte[] key = new byte[Keys.SIZE];
    private long place;

    Deleting(Task task, PeerSession session) {
      this.task = task;
      this.session = session;
      order = task.order();
      keys = task.keys();
    }

    @Override
    public long run(int count) throws Exception {
      int wanted = (int) Math.min(count, task.setting().keys() - place);
      for (int i = 0; i < wanted; i++) {
        keys.write(order.at(place++), key);
        session.delete(key);
      }
      return wanted;
    }

    void check() throws Exception {
      var randoms = new Randoms(8);
      var value = new byte[task.setting().valueSize()];
      for (int i = 0; i < SAMPLE; i++) {
        long at = randoms.below(task.setting().keys());
        keys.write(order.at(at), key);
        if (session.get(key, value) < 0 != at < place) {
          throw new WrongAnswerException(
              at < place ? "a deleted key is still there" : "a key is gone that was not deleted");
        }
      }
    }
  }
}
