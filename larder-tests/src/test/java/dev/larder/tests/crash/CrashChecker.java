package dev.larder.tests.crash;

import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.Expiry;
import dev.larder.Store;
import dev.larder.StoreNotFoundException;
import dev.larder.testkit.CrashMode;
import dev.larder.testkit.LogStores;
import dev.larder.testkit.ManualClock;
import dev.larder.testkit.ManualWorkers;
import dev.larder.testkit.NameOrder;
import dev.larder.testkit.SimulatedDirectory;
import dev.larder.testkit.SimulatedDisk;
import dev.larder.testkit.Trace;
import java.time.Instant;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Crashes a history at every place and opens the store again.
///
/// After each crash the store opens without an exception and holds exactly what it held after some
/// commit k, with acknowledged <= k <= begun; it works, and opening it again shows the same. In
/// every few states the recovery is crashed too, and in every few the store is compacted, for which
/// all of it is read.
final class CrashChecker {
  private static final CrashMode[] MODES = CrashMode.values();
  private static final int NESTED_EVERY = 10;
  private static final int LOSSES_AFTER_RECOVERY = 2;
  private static final int COMPACTED_EVERY = 8;

  private final long seed;
  private final int length;
  private final long deadlineNanos;
  private long states;

  /// Checks one history.
  ///
  /// @param seed of the history
  /// @param length of the history
  /// @param deadlineNanos when to stop, on the machine's monotonic clock
  CrashChecker(long seed, int length, long deadlineNanos) {
    this.seed = seed;
    this.length = length;
    this.deadlineNanos = deadlineNanos;
  }

  long states() {
    return states;
  }

  /// Crashes the history everywhere, some number of times at each place.
  ///
  /// @param variants how often at each place
  void run(int variants) {
    History history = History.play(seed, length);
    Trace trace = history.trace();
    var random = new SplittableRandom(seed);
    int size = trace.size();
    for (int count = 0; count <= size; count++) {
      SimulatedDisk disk = trace.stateAt(count);
      check(history, disk.copy(), count, false, "kill at " + count, random);
      for (int variant = 0; disk.hasPending() && variant < variants; variant++) {
        CrashMode mode = MODES[random.nextInt(MODES.length)];
        NameOrder order = random.nextBoolean() ? NameOrder.ANY : NameOrder.ORDERED;
        long chance = random.nextLong();
        SimulatedDisk after = disk.crash(mode, order, new SplittableRandom(chance));
        check(
            history,
            after,
            count,
            true,
            "%s, %s at %d, %d".formatted(mode, order, count, chance),
            random);
      }
      if (System.nanoTime() > deadlineNanos) {
        return;
      }
    }
  }

  private void check(
      History history,
      SimulatedDisk disk,
      int count,
      boolean isPowerLoss,
      String place,
      SplittableRandom random) {
    try {
      boolean isNested = random.nextInt(NESTED_EVERY) == 0;
      Trace recovery = isNested ? disk.record() : null;
      SortedMap<String, History.Value> first = open(history, disk, count, isPowerLoss, true);
      if (recovery != null) {
        SimulatedDisk half = recovery.stateAt(random.nextInt(recovery.size() + 1));
        SimulatedDisk after =
            isPowerLoss
                ? half.crash(MODES[random.nextInt(MODES.length)], NameOrder.ANY, random)
                : half;
        open(history, after, count, isPowerLoss, false);
      }
      losePowerAfterRecovery(history, disk, count, isPowerLoss, first, random);
      SortedMap<String, History.Value> second = open(history, disk, count, isPowerLoss, false);
      second.remove("new");
      requireSame("the second opening", first, second);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("seed %d, length %d, %s: %s".formatted(seed, length, place, e), e);
    }
  }

  /// What one opening has shown is still there when the power fails after it.
  private void losePowerAfterRecovery(
      History history,
      SimulatedDisk disk,
      int count,
      boolean isPowerLoss,
      SortedMap<String, History.Value> first,
      SplittableRandom random) {
    for (int i = 0; i < LOSSES_AFTER_RECOVERY && disk.hasPending(); i++) {
      CrashMode mode = MODES[random.nextInt(MODES.length)];
      SimulatedDisk after = disk.crash(mode, NameOrder.ANY, random);
      SortedMap<String, History.Value> shown = open(history, after, count, isPowerLoss, false);
      shown.remove("new");
      requireSame("power loss after the recovery", first, shown);
    }
  }

  private SortedMap<String, History.Value> open(
      History history, SimulatedDisk disk, int count, boolean isPowerLoss, boolean writes) {
    states++;
    var clock = new ManualClock();
    clock.setWall(Instant.ofEpochMilli(history.endMillis()));
    long min = history.survivorMin(count, isPowerLoss);
    try (Store store =
        LogStores.open(
            SimulatedDirectory.on(disk),
            new ManualWorkers(clock),
            new SplittableRandom(count + 1L),
            History.options(clock),
            history.deltaWorth())) {
      SortedMap<String, History.Value> shown;
      try {
        long version = store.statistics().version();
        if (version < min) {
          throw new AssertionError(
              "commit %d was acknowledged, the store ends with %d".formatted(min, version));
        }
        shown = History.dump(store);
        if (writes) {
          compare(history, version, count, shown);
        }
      } catch (StoreNotFoundException e) {
        if (min > 0) {
          throw e;
        }
        shown = new TreeMap<>();
      }
      if (writes) {
        Bucket<String, String> bucket = store.bucket("b", Codec.text(), Codec.text());
        bucket.put("new", "after");
        if (!bucket.read("new").equals("after")) {
          throw new AssertionError("what was written after the crash is not there");
        }
        if (count % COMPACTED_EVERY == 0) {
          store.compact(); // reads all of what recovery left
          requireSame("after a compaction", with(shown), History.dump(store));
        }
      }
      return shown;
    }
  }

  private static SortedMap<String, History.Value> with(SortedMap<String, History.Value> shown) {
    var expected = new TreeMap<>(shown);
    expected.put("new", new History.Value("after", Expiry.NO_DEADLINE));
    return expected;
  }

  private static void requireSame(
      String what,
      SortedMap<String, History.Value> expected,
      SortedMap<String, History.Value> shown) {
    if (!expected.equals(shown)) {
      throw new AssertionError(difference(what, expected, shown));
    }
  }

  private static void compare(
      History history, long version, int count, SortedMap<String, History.Value> shown) {
    var expected = new TreeMap<>(history.stateAt(version, count));
    expected.values().removeIf(value -> value.deadlineMillis() <= history.endMillis());
    requireSame("commit " + version, expected, shown);
  }

  private static String difference(
      String what,
      SortedMap<String, History.Value> expected,
      SortedMap<String, History.Value> shown) {
    var text = new StringBuilder(what);
    for (String key : expected.keySet()) {
      if (!expected.get(key).equals(shown.get(key))) {
        text.append("; ").append(key).append(shown.containsKey(key) ? " differs" : " is missing");
      }
    }
    for (String key : shown.keySet()) {
      if (!expected.containsKey(key)) {
        text.append("; ").append(key).append(" is too much");
      }
    }
    return text.toString();
  }
}
