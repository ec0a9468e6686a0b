package dev.larder.benchmarks.rows;

import dev.larder.benchmarks.peer.Level;
import dev.larder.benchmarks.peer.PeerSession;
import dev.larder.benchmarks.peer.PeerStore;
import dev.larder.benchmarks.workload.Chunk;
import dev.larder.benchmarks.workload.Keys;
import dev.larder.benchmarks.workload.Permutation;
import dev.larder.benchmarks.workload.Values;
import dev.larder.benchmarks.workload.Window;
import java.nio.file.Path;

/// Fills an empty store with single puts, in the order of the keys or at random.
final class Loads {
  private static final double WARM_SECONDS_MAX = 2;
  private static final long WARM_KEYS_MAX = 300_000;

  private Loads() {}

  static void run(Task task, boolean isRandom) throws Exception {
    boolean isMeasured = !task.rows().isEmpty();
    if (isMeasured) {
      warm(task, isRandom);
    }
    Row row = isRandom ? Row.LOAD_RANDOM : Row.LOAD_SEQUENTIAL;
    PeerStore store = task.open(task.directory(), Level.PROCESS);
    try (PeerSession session = store.session()) {
      long loaded = 0;
      if (isMeasured) {
        Window.Outcome outcome = task.wholeWindow(0).run(new Loading(task, session, isRandom));
        loaded = outcome.operations();
        if (task.wants(row)) {
          task.figure(row, outcome.rate(), Task.sampled(outcome, task.setting().keys()));
        }
      }
      if (isRandom) {
        task.fill(session, loaded);
        loaded = task.setting().keys();
      }
      task.checkLoaded(session, loaded, isRandom);
    }
    long start = System.nanoTime();
    store.close();
    double millis = (System.nanoTime() - start) / 1e6;
    if (isRandom && task.wants(Row.CLOSE_LOADED)) {
      task.figure(Row.CLOSE_LOADED, millis);
    }
    if (isRandom && task.wants(Row.DISK_LOADED)) {
      task.figure(Row.DISK_LOADED, Disk.megabytes(task.directory()));
    }
  }

  /// Loads a store that is thrown away, so that the measured one meets compiled code.
  private static void warm(Task task, boolean isRandom) throws Exception {
    Path beside = task.directory().resolveSibling("warm");
    Setting setting = task.setting();
    double seconds = Math.min(WARM_SECONDS_MAX, setting.wholeSeconds() / 4);
    long keys = Math.min(WARM_KEYS_MAX, setting.keys());
    try (PeerStore store = task.open(beside, Level.PROCESS);
        PeerSession session = store.session()) {
      var window = new Window(0, seconds, keys, Task.CHUNK);
      Window.Outcome outcome = window.run(new Loading(task, session, isRandom));
      task.checkLoaded(session, outcome.operations(), isRandom);
    }
    Disk.delete(beside);
  }

  private static final class Loading implements Chunk {
    private final PeerSession session;
    private final Permutation order;
    private final Keys keys;
    private final Values values;
    private final boolean isRandom;
    private final byte[] key = new byte[Keys.SIZE];
    private final byte[] value;
    private long place;

    Loading(Task task, PeerSession session, boolean isRandom) {
      this.session = session;
      this.isRandom = isRandom;
      order = task.order();
      keys = task.keys();
      values = task.values();
      value = new byte[task.setting().valueSize()];
    }

    @Override
    public long run(int count) throws Exception {
      for (int i = 0; i < count; i++) {
        long number = isRandom ? order.at(place) : place;
        place++;
        keys.write(number, key);
        values.write(number, 0, value);
        session.put(key, value);
      }
      return count;
    }
  }
}
