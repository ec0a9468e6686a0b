package dev.larder.benchmarks.rows;

import dev.larder.benchmarks.peer.Level;
import dev.larder.benchmarks.peer.Peer;
import dev.larder.benchmarks.peer.PeerSession;
import dev.larder.benchmarks.peer.PeerStore;
import dev.larder.benchmarks.peer.Sizing;
import dev.larder.benchmarks.workload.Keys;
import dev.larder.benchmarks.workload.Permutation;
import dev.larder.benchmarks.workload.Randoms;
import dev.larder.benchmarks.workload.Values;
import dev.larder.benchmarks.workload.Window;
import java.nio.file.Path;
import java.util.Set;

/// What one process has to measure, and what all groups of rows need for it.
///
/// @param peer the store under test
/// @param directory where its files are, or are to be
/// @param setting how much of what
/// @param rows the rows that are wanted; a group leaves out the others
/// @param sink where figures go
public record Task(Peer peer, Path directory, Setting setting, Set<Row> rows, Sink sink) {
  /// How many operations are done between two looks at the clock.
  static final int CHUNK = 128;

  /// What a note begins with if a row ended for lack of time.
  public static final String SAMPLED = "sampled: ";

  private static final int FILL_BATCH = 10_000;
  private static final int SAMPLE = 10_000;
  private static final long ORDER_SEED = 0x1A2D_E200L;
  private static final long CACHE_BYTES_MIN = 64L << 20;
  private static final long CACHE_BYTES_MAX = 4L << 30;

  boolean wants(Row row) {
    return rows.contains(row) && peer.features().containsAll(row.needs());
  }

  Keys keys() {
    return new Keys(setting.shape(), setting.keys());
  }

  Values values() {
    return new Values(setting.valueSize(), setting.isCompressible());
  }

  /// The order of everything that is done in random order.
  Permutation order() {
    return new Permutation(setting.keys(), ORDER_SEED);
  }

  /// A window for a rate.
  Window window() {
    return new Window(setting.warmSeconds(), setting.seconds(), Long.MAX_VALUE, CHUNK);
  }

  /// A window for what is done once for each key.
  Window wholeWindow(double warmSeconds) {
    return new Window(warmSeconds, setting.wholeSeconds(), setting.keys(), CHUNK);
  }

  void figure(Row row, double value, String note) {
    sink.figure(row.id(), value, note);
  }

  void figure(Row row, double value) {
    figure(row, value, "");
  }

  PeerStore open(Path where, Level level) throws Exception {
    long payload = setting.keys() * (Keys.SIZE + setting.valueSize());
    long cache = Math.clamp(payload + payload / 2, CACHE_BYTES_MIN, CACHE_BYTES_MAX);
    var sizing =
        new Sizing(setting.keys(), Keys.SIZE, setting.valueSize(), cache, setting.isCompressible());
    return peer.open(where, level, sizing);
  }

  /// Opens the store that an earlier process loaded; a peer that keeps nothing is loaded again.
  PeerStore openLoaded() throws Exception {
    PeerStore store = open(directory, Level.PROCESS);
    if (!peer.features().contains(Peer.Feature.PERSISTENCE)) {
      try (PeerSession session = store.session()) {
        fill(session, 0);
      }
    }
    return store;
  }

  /// Puts what is still missing by the peer's fastest means, not measured.
  ///
  /// @param from the place in the random order to begin at
  void fill(PeerSession session, long from) throws Exception {
    Keys keys = keys();
    Values values = values();
    Permutation order = order();
    var batchKeys = new byte[FILL_BATCH][Keys.SIZE];
    var batchValues = new byte[FILL_BATCH][setting.valueSize()];
    for (long place = from; place < setting.keys(); ) {
      int count = (int) Math.min(FILL_BATCH, setting.keys() - place);
      for (int i = 0; i < count; i++, place++) {
        long number = order.at(place);
        keys.write(number, batchKeys[i]);
        values.write(number, 0, batchValues[i]);
      }
      session.putAll(batchKeys, batchValues, count);
    }
  }

  /// Reads some of what the first places of an order hold, and checks it.
  ///
  /// @param count how many places were written
  /// @param isRandom whether in the random order, not that of keys
  void checkLoaded(PeerSession session, long count, boolean isRandom) throws Exception {
    var randoms = new Randoms(count);
    Permutation order = order();
    Keys keys = keys();
    Values values = values();
    var key = new byte[Keys.SIZE];
    var value = new byte[setting.valueSize()];
    for (int i = 0; i < SAMPLE; i++) {
      long place = randoms.below(count);
      long number = isRandom ? order.at(place) : place;
      keys.write(number, key);
      checkVersion(number, values.check(number, value, session.get(key, value)), 0);
    }
  }

  static void checkVersion(long number, long found, long least) {
    if (found < least) {
      throw new WrongAnswerException(
          found < 0
              ? "a wrong value, or none, for key " + number
              : "version " + found + " for key " + number + " after version " + least);
    }
  }

  static String sampled(Window.Outcome outcome, long of) {
    return outcome.isWhole()
        ? ""
        : SAMPLED + "the first %.0f%%".formatted(100.0 * outcome.operations() / of);
  }
}
