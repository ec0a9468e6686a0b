package dev.larder.tests.crash;

import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.CommitUnknownException;
import dev.larder.Durability;
import dev.larder.Expiry;
import dev.larder.LarderException;
import dev.larder.Store;
import dev.larder.StoreFailedException;
import dev.larder.StoreFullException;
import dev.larder.StoreIoException;
import dev.larder.StoreNotFoundException;
import dev.larder.testkit.CrashMode;
import dev.larder.testkit.FaultPlan;
import dev.larder.testkit.LogStores;
import dev.larder.testkit.ManualClock;
import dev.larder.testkit.ManualWorkers;
import dev.larder.testkit.NameOrder;
import dev.larder.testkit.SimulatedDirectory;
import dev.larder.testkit.SimulatedDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A seeded history during which one operation of the disk fails, or every one from some moment on.
///
/// Whatever fails, the caller is told the truth: what was acknowledged is there after a power
/// failure, what was refused is not, and only what was said to be unknown may be either.
final class FaultRun {
  private static final int KEY_COUNT = 12;
  private static final String KEPT = "kept";

  private final SplittableRandom random;
  private final FaultPlan plan;
  private final ManualClock clock = new ManualClock();
  private final SimulatedDisk disk = new SimulatedDisk();
  private final SimulatedDirectory directory = SimulatedDirectory.on(disk);
  private final List<State> states = new ArrayList<>();
  private final TreeMap<String, History.Value> present = new TreeMap<>();
  private @Nullable SortedMap<String, History.Value> unknown;
  private long survivorMin;

  /// What the store holds from a version on.
  private record State(long version, SortedMap<String, History.Value> content) {}

  private FaultRun(long seed, FaultPlan plan) {
    this.random = new SplittableRandom(seed);
    this.plan = plan;
    states.add(new State(0, new TreeMap<>()));
  }

  /// Plays a history and checks what is left of it.
  ///
  /// @param seed decides the history
  /// @param length how many steps
  /// @param plan what fails
  static void play(long seed, int length, FaultPlan plan) {
    var run = new FaultRun(seed, plan);
    run.write(length);
    run.directory.kill();
    run.check(run.disk.copy());
    for (CrashMode mode : CrashMode.values()) {
      run.check(run.disk.crash(mode, NameOrder.ANY, run.random.split()));
    }
  }

  private void write(int length) {
    directory.listen(plan);
    var workers = new ManualWorkers(clock);
    try (Store store = LogStores.open(directory, workers, random.split(), History.options(clock))) {
      Bucket<String, String> bucket = store.bucket("b", Codec.text(), Codec.text());
      for (int i = 0; i < length; i++) {
        try {
          step(store, bucket, workers);
        } catch (StoreFullException _) {
          // Refused, and nothing has changed: present stays as it is.
        } catch (OutOfMemoryError _) {
          unknown = null; // met before anything had changed
        } catch (CommitUnknownException _) {
          requireFailed(bucket);
          return;
        } catch (StoreFailedException _) {
          unknown = null;
          requireFailed(bucket);
          return;
        }
      }
    } catch (StoreFullException | StoreIoException | StoreFailedException _) {
      // Opening or closing met the fault.
    } catch (OutOfMemoryError _) {
      // So did this.
    }
  }

  private void requireFailed(Bucket<String, String> bucket) {
    try {
      bucket.put(KEPT, "must not be");
      throw new AssertionError("a failed store took a write");
    } catch (StoreFailedException _) {
      // As it must be. What was visible can still be read.
    }
    bucket.entries().forEach(entry -> require(entry.value() != null, "a read after a failure"));
  }

  private void step(Store store, Bucket<String, String> bucket, ManualWorkers workers) {
    int kind = random.nextInt(20);
    Durability level = random.nextBoolean() ? Durability.SYNC : Durability.OS;
    String key = "k" + random.nextInt(KEY_COUNT);
    String text = random.nextInt(1000) + "y".repeat(random.nextInt(6_000));
    if (kind < 12) {
      var after = new TreeMap<>(present);
      after.put(key, new History.Value(text, Expiry.NO_DEADLINE));
      unknown = after;
      committed(bucket.with(level).put(key, text), level, after);
    } else if (kind < 15 && present.containsKey(key)) {
      var after = new TreeMap<>(present);
      after.remove(key);
      unknown = after;
      committed(bucket.with(level).delete(key), level, after);
    } else if (kind < 18) {
      workers.runUntilIdle(random.split());
    } else if (kind < 19 && !present.isEmpty()) {
      store.compact();
    } else if (!present.isEmpty()) {
      store.checkpoint();
    }
  }

  private void committed(long version, Durability level, SortedMap<String, History.Value> after) {
    unknown = null;
    present.clear();
    present.putAll(after);
    states.add(new State(version, after));
    if (level instanceof Durability.Sync) {
      survivorMin = version;
    }
  }

  private void check(SimulatedDisk after) {
    after.setCapacity(Long.MAX_VALUE);
    try (Store store =
        LogStores.open(
            SimulatedDirectory.on(after),
            new ManualWorkers(clock),
            new SplittableRandom(7),
            History.options(clock))) {
      long version;
      SortedMap<String, History.Value> shown;
      try {
        version = store.statistics().version();
        shown = History.dump(store);
      } catch (StoreNotFoundException _) {
        version = 0;
        shown = new TreeMap<>();
      }
      require(
          version >= survivorMin,
          "commit " + survivorMin + " was acknowledged, the store ends with " + version);
      requireKnown(version, shown);
      store.bucket("b", Codec.text(), Codec.text()).put("new", "after");
    } catch (LarderException e) {
      throw new AssertionError("the store does not open: " + e, e);
    }
  }

  private void requireKnown(long version, SortedMap<String, History.Value> shown) {
    SortedMap<String, History.Value> expected = new TreeMap<>();
    for (State state : states) {
      if (state.version() <= version) {
        expected = state.content();
      }
    }
    boolean isUnknown = version > states.getLast().version() && shown.equals(unknown);
    require(
        shown.equals(expected) || isUnknown,
        "the store shows %s at commit %d".formatted(shown.keySet(), version));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
