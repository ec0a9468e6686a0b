package dev.larder.tests.crash;

import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.Durability;
import dev.larder.Entry;
import dev.larder.Expiry;
import dev.larder.Item;
import dev.larder.Limits;
import dev.larder.Store;
import dev.larder.StoreOptions;
import dev.larder.testkit.LogStores;
import dev.larder.testkit.ManualClock;
import dev.larder.testkit.ManualWorkers;
import dev.larder.testkit.SimulatedDirectory;
import dev.larder.testkit.SimulatedDisk;
import dev.larder.testkit.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// One seeded history of a store on a simulated disk: what was done, what the disk was told, and
/// what the store must hold after each commit.
final class History {
  private static final Duration BATCH_INTERVAL = Duration.ofMillis(200);
  private static final int KEY_COUNT = 40;
  private static final long DELTA_WORTH_MIN = 400;

  private final SplittableRandom random;

  /// Whether so much is written that the store compacts by itself.
  private final boolean isHeavy;

  /// After how many bytes of log a delta is written: in every second history there are many.
  private final long deltaWorth;

  private final ManualClock clock = new ManualClock();
  private final SimulatedDisk disk = new SimulatedDisk();
  private final Trace trace = disk.record();
  private final List<Commit> commits = new ArrayList<>();
  private final List<Forced> forced = new ArrayList<>();

  /// What the store holds after the last commit.
  private final TreeMap<String, Value> present = new TreeMap<>();

  private Store store;
  private Bucket<String, String> bucket;
  private ManualWorkers workers;

  /// A value and its deadline.
  record Value(String text, long deadlineMillis) {}

  /// A commit: when it began and was acknowledged, as counts of what the disk was told.
  record Commit(
      long version,
      boolean isSync,
      int begun,
      int acknowledged,
      SortedMap<String, Value> stateAfter) {}

  /// From when on everything up to a version is durable.
  record Forced(long version, int from) {}

  private History(long seed) {
    random = new SplittableRandom(seed);
    isHeavy = seed % 3 == 0;
    deltaWorth = seed % 2 == 0 ? DELTA_WORTH_MIN : Long.MAX_VALUE;
    open();
  }

  /// Plays a history.
  ///
  /// @param seed decides everything
  /// @param length how many steps
  static History play(long seed, int length) {
    var history = new History(seed);
    for (int i = 0; i < length; i++) {
      history.step();
    }
    return history;
  }

  /// {@return after how many bytes of log a delta is written}
  long deltaWorth() {
    return deltaWorth;
  }

  Trace trace() {
    return trace;
  }

  /// {@return the store's wall clock at the end; later than every commit}
  long endMillis() {
    return clock.wallMillis();
  }

  /// {@return the highest version that must have survived}
  ///
  /// @param count how much the disk was told
  /// @param isPowerLoss whether the power failed; else the process was killed
  long survivorMin(int count, boolean isPowerLoss) {
    long min = 0;
    for (Commit commit : commits) {
      if (commit.acknowledged() <= count && (commit.isSync() || !isPowerLoss)) {
        min = Math.max(min, commit.version());
      }
    }
    for (Forced force : forced) {
      if (force.from() <= count) {
        min = Math.max(min, force.version());
      }
    }
    return min;
  }

  /// {@return what a store at a version must hold, or null if no commit of a version like that was
  /// begun}
  ///
  /// @param version the version of the store that was recovered
  /// @param count how much the disk was told
  SortedMap<String, Value> stateAt(long version, int count) {
    SortedMap<String, Value> state = new TreeMap<>();
    for (Commit commit : commits) {
      if (commit.version() <= version) {
        if (commit.begun() > count) {
          throw new AssertionError("commit " + commit.version() + " survived before it was begun");
        }
        state = commit.stateAfter();
      }
    }
    return state;
  }

  static StoreOptions options(ManualClock clock) {
    return StoreOptions.defaults()
        .withTimeSource(clock)
        .withCloseAtShutdown(false)
        .withLimits(Limits.defaults().withStoreBytes(Limits.STORE_BYTES_MIN));
  }

  private void open() {
    workers = new ManualWorkers(clock);
    store =
        LogStores.open(
            SimulatedDirectory.on(disk), workers, random.split(), options(clock), deltaWorth);
    bucket = store.bucket("b", Codec.text(), Codec.text());
  }

  private void step() {
    int kind = random.nextInt(100);
    if (kind < 45) {
      put();
    } else if (kind < 58) {
      remove();
    } else if (kind < 70) {
      batch();
    } else if (kind < 76) {
      pass(Duration.ofMillis(random.nextInt(1, 400)));
    } else if (kind < 90) {
      workers.runUntilIdle(random.split());
    } else if (kind < 92 && !commits.isEmpty()) {
      store.force();
      forced.add(new Forced(store.statistics().version(), trace.size()));
    } else if (kind < 94 && !commits.isEmpty()) {
      store.checkpoint();
    } else if (kind < 96 && !commits.isEmpty()) {
      store.compact();
    } else if (kind < 98 && !commits.isEmpty()) {
      store.close();
      forced.add(new Forced(commits.getLast().version(), trace.size()));
      open();
    } else if (kind < 99 && !commits.isEmpty()) {
      store.purgeExpired();
    } else if (kind == 99) {
      pass(Duration.ofSeconds(61)); // what has expired is forgotten
      workers.runUntilIdle(random.split());
    }
  }

  private void pass(Duration time) {
    clock.advance(time);
    present.values().removeIf(value -> value.deadlineMillis() <= clock.wallMillis());
  }

  private Durability level() {
    return switch (random.nextInt(4)) {
      case 0 -> Durability.OS;
      case 1 -> Durability.NONE;
      case 2 -> Durability.batched(3, BATCH_INTERVAL);
      default -> Durability.SYNC;
    };
  }

  private String key() {
    return "k" + random.nextInt(KEY_COUNT);
  }

  private String text() {
    boolean isLarge = random.nextInt(isHeavy ? 2 : 10) == 0;
    int size = isLarge ? random.nextInt(12_000) : random.nextInt(300);
    return Integer.toString(random.nextInt(1000)).concat("x".repeat(size));
  }

  private Expiry expiry() {
    return random.nextInt(4) == 0
        ? Expiry.after(Duration.ofMillis(random.nextInt(1, 2000)))
        : Expiry.never();
  }

  private void put() {
    String key = key();
    String text = text();
    Expiry expiry = expiry();
    Durability level = level();
    int begun = trace.size();
    long version = bucket.with(level).put(key, text, expiry);
    present.put(key, new Value(text, expiry.deadlineMillis(clock.wallMillis(), 0)));
    committed(version, level, begun);
  }

  private void remove() {
    String key = key();
    if (present.containsKey(key)) {
      Durability level = level();
      int begun = trace.size();
      long version = bucket.with(level).delete(key);
      present.remove(key);
      committed(version, level, begun);
    }
  }

  private void batch() {
    var items = new TreeMap<String, Item<String, String>>();
    int size = random.nextInt(1, 12);
    for (int i = 0; i < size; i++) {
      String key = key();
      items.put(key, new Item<>(key, text(), expiry()));
    }
    Durability level = level();
    int begun = trace.size();
    long version = bucket.with(level).putAll(items.values());
    for (Item<String, String> item : items.values()) {
      present.put(
          item.key(), new Value(item.value(), item.expiry().deadlineMillis(clock.wallMillis(), 0)));
    }
    committed(version, level, begun);
  }

  private void committed(long version, Durability level, int begun) {
    commits.add(
        new Commit(
            version,
            level instanceof Durability.Sync,
            begun,
            trace.size(),
            new TreeMap<>(present)));
  }

  /// {@return everything a store shows}
  static SortedMap<String, Value> dump(Store store) {
    var state = new TreeMap<String, Value>();
    for (Entry<String, String> entry : store.bucket("b", Codec.text(), Codec.text()).entries()) {
      state.put(
          entry.key(),
          new Value(
              entry.value(),
              entry.deadline().map(Instant::toEpochMilli).orElse(Expiry.NO_DEADLINE)));
    }
    return state;
  }
}
