package dev.larder.cli;

import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.Durability;
import dev.larder.Item;
import dev.larder.Larder;
import dev.larder.Limits;
import dev.larder.Range;
import dev.larder.Store;
import dev.larder.StoreOptions;
import dev.larder.cli.BenchClock.Operation;
import dev.larder.cli.BenchResult.Figure;
import dev.larder.cli.BenchResult.Measure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;

/// What Larder does on a disk. Everything that is read, and everything that was written, is
/// checked.
///
/// **Threads.** For one thread, which may have others measured.
final class BenchStore {
  private static final int BATCH = 100;
  private static final int RANGE = 100;

  /// How often at most; with a fast disk there is nothing to be learnt from more.
  private static final long DURABLES_MAX = 200_000;

  private static final int OPENS_MAX = 50;
  private static final int OPENS_MIN = 3;

  /// How much is loaded before it is forced: a slow disk must not have more to do than it has time.
  private static final long LOAD_BYTES = 64L << 20;

  /// How many entries are seen between two looks at the clock.
  private static final int STEP = 1024;

  /// No number of a key is as large as these; so a key that is made from one is in no store.
  private static final long ABSENT = 1L << 40;

  private static final long SEED = 7;

  private final BenchPlace place;
  private final BenchClock clock;
  private final BenchData data;
  private final long keys;

  /// Prepares measures.
  ///
  /// @param place where stores may be
  /// @param clock what they are measured with
  /// @param data what is stored
  /// @param keys how many keys a store gets at most
  BenchStore(BenchPlace place, BenchClock clock, BenchData data, long keys) {
    this.place = place;
    this.clock = clock;
    this.data = data;
    this.keys = keys;
  }

  /// Opens a store and stores an entry. Where there cannot be a store, that is to be said before
  /// anything is measured.
  void probe() {
    Path directory = place.directory().resolve("probe");
    try (Store store = open(directory)) {
      bucket(store).put(new byte[BenchData.KEY_SIZE], new byte[0]);
    }
    place.delete(directory);
  }

  private static Store open(Path directory) {
    // The program's own hook deletes what this leaves at a signal.
    return Larder.open(
        directory, StoreOptions.defaults().withLimits(Limits.none()).withCloseAtShutdown(false));
  }

  private static Bucket<byte[], byte[]> bucket(Store store) {
    return store.bucket("bench", Codec.bytes(), Codec.bytes());
  }

  /// Measures puts into an empty store, of keys in no order.
  ///
  /// @param measure which
  /// @param percent its part of all the time
  Figure puts(Measure measure, int percent, Durability level, int threads) throws IOException {
    Path directory = place.directory().resolve(measure.id());
    Figure figure;
    try (Store store = open(directory)) {
      var puts = new Put[threads];
      for (int i = 0; i < threads; i++) {
        puts[i] = new Put(bucket(store).with(level), i, threads);
      }
      long max = level.equals(Durability.SYNC) ? Math.min(keys, DURABLES_MAX) : keys;
      long each = Math.max(1, max / threads);
      figure =
          threads == 1
              ? clock.repeat(measure, percent, each, puts[0])
              : clock.repeatTogether(measure, percent, each, puts);
      requireAll(measure, store, Arrays.stream(puts).mapToLong(put -> put.turn).sum());
    }
    place.delete(directory);
    return figure;
  }

  /// Puts one key after the other; each thread has keys of its own.
  private final class Put implements Operation {
    private final Bucket<byte[], byte[]> bucket;
    private final int thread;
    private final int threads;
    private final byte[] key = new byte[BenchData.KEY_SIZE];
    private final byte[] value = new byte[data.valueSize()];
    private long turn;

    Put(Bucket<byte[], byte[]> bucket, int thread, int threads) {
      this.bucket = bucket;
      this.thread = thread;
      this.threads = threads;
    }

    @Override
    public int run() {
      data.writeKey(turn++ * threads + thread, key);
      data.writeValue(key, value);
      bucket.put(key, value);
      return 1;
    }
  }

  /// Measures durable batches into an empty store; its unit is an entry.
  ///
  /// @param percent its part of all the time
  Figure batches(int percent) throws IOException {
    Path directory = place.directory().resolve(Measure.DURABLE_BATCH.id());
    Figure figure;
    try (Store store = open(directory)) {
      Bucket<byte[], byte[]> bucket = bucket(store);
      var next = new long[1];
      long max = Math.clamp(keys / BATCH, 1, DURABLES_MAX);
      figure =
          clock.repeat(
              Measure.DURABLE_BATCH,
              percent,
              max,
              () -> {
                var items = new ArrayList<Item<byte[], byte[]>>(BATCH);
                for (int i = 0; i < BATCH; i++) {
                  items.add(item(next[0]++));
                }
                bucket.putAll(items);
                return BATCH;
              });
      requireAll(Measure.DURABLE_BATCH, store, next[0]);
    }
    place.delete(directory);
    return figure;
  }

  private Item<byte[], byte[]> item(long number) {
    var key = new byte[BenchData.KEY_SIZE];
    var value = new byte[data.valueSize()];
    data.writeKey(number, key);
    data.writeValue(key, value);
    return Item.of(key, value);
  }

  /// Reads everything that was written.
  private void requireAll(Measure measure, Store store, long written) {
    long seen = scan(measure, bucket(store), Range.all(), false, Long.MAX_VALUE);
    if (seen != written) {
      throw wrong(measure, "%,d entries are there, %,d were stored".formatted(seen, written));
    }
  }

  /// Looks at entries in order and checks each.
  ///
  /// @param isBound whether to leave when the time is over
  /// @return how many it saw
  private long scan(
      Measure measure,
      Bucket<byte[], byte[]> bucket,
      Range<byte[]> range,
      boolean isBound,
      long end) {
    var key = new byte[BenchData.KEY_SIZE];
    var before = new byte[BenchData.KEY_SIZE];
    var value = new byte[data.valueSize()];
    var seen = new long[1];
    return bucket.scan(
        range,
        (keyBytes, valueBytes) -> {
          System.arraycopy(key, 0, before, 0, key.length);
          if (!data.isEntry(keyBytes, valueBytes, key, value)) {
            throw wrong(measure, "an entry is not what was stored");
          }
          if (seen[0]++ > 0 && Arrays.compareUnsigned(before, key) >= 0) {
            throw wrong(measure, "keys are out of order");
          }
          if (seen[0] % STEP == 0) {
            clock.beat();
            return !isBound || clock.now() - end < 0;
          }
          return true;
        });
  }

  /// Loads a store and measures everything that is read from it.
  ///
  /// @param share what part of the time each measure has
  /// @return the figures, and at the end how many keys were loaded
  Loaded load(Share share) throws IOException {
    Path directory = place.directory().resolve(Measure.LOAD.id());
    var figures = new ArrayList<Figure>();
    long loaded;
    try (Store store = open(directory)) {
      Figure load = load(store, share.load());
      loaded = load.count();
      figures.add(load);
      Bucket<byte[], byte[]> bucket = bucket(store);
      figures.add(hits(bucket, loaded, share.hit()));
      figures.add(misses(bucket, loaded, share.miss()));
      figures.add(ranges(bucket, loaded, share.range()));
      figures.add(scans(bucket, loaded, share.scan()));
    }
    figures.add(opens(directory, loaded, share.open()));
    place.delete(directory);
    return new Loaded(figures, loaded);
  }

  /// What part of the time each measure of a loaded store has, in percent.
  record Share(int load, int hit, int miss, int range, int scan, int open) {}

  /// What was measured of a loaded store.
  record Loaded(ArrayList<Figure> figures, long keys) {}

  private Figure load(Store store, int percent) {
    clock.begin(Measure.LOAD);
    Bucket<byte[], byte[]> bucket = bucket(store);
    long entryBytes = (long) BenchData.KEY_SIZE + data.valueSize();
    long slice = Math.max(1, LOAD_BYTES / entryBytes);
    long start = clock.now();
    long end = clock.end(percent);
    long loaded = 0;
    do {
      loaded += bucket.load(new Items(loaded, Math.min(keys, loaded + slice), end));
    } while (loaded < keys && clock.now() - end < 0);
    return new Figure(Measure.LOAD, loaded, clock.now() - start, null);
  }

  /// The entries of a slice, until the time is over.
  private final class Items implements Iterator<Item<byte[], byte[]>> {
    private final long endNanos;
    private long next;
    private long limit;

    Items(long from, long to, long endNanos) {
      this.next = from;
      this.limit = to;
      this.endNanos = endNanos;
    }

    @Override
    public boolean hasNext() {
      return next < limit;
    }

    @Override
    public Item<byte[], byte[]> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Item<byte[], byte[]> item = item(next++);
      if (next % STEP == 0) {
        clock.beat();
        limit = clock.now() - endNanos < 0 ? limit : next;
      }
      return item;
    }
  }

  private Figure hits(Bucket<byte[], byte[]> bucket, long loaded, int percent) throws IOException {
    var random = new SplittableRandom(SEED);
    var key = new byte[BenchData.KEY_SIZE];
    var value = new byte[data.valueSize()];
    return clock.repeat(
        Measure.READ_HIT,
        percent,
        Long.MAX_VALUE,
        () -> {
          data.writeKey(random.nextLong(loaded), key);
          int size = bucket.getInto(key, value, 0);
          if (!data.isValue(key, value, size)) {
            throw wrong(Measure.READ_HIT, "a value is not what was stored");
          }
          return 1;
        });
  }

  private Figure misses(Bucket<byte[], byte[]> bucket, long loaded, int percent)
      throws IOException {
    var random = new SplittableRandom(SEED);
    var key = new byte[BenchData.KEY_SIZE];
    var value = new byte[data.valueSize()];
    return clock.repeat(
        Measure.READ_MISS,
        percent,
        Long.MAX_VALUE,
        () -> {
          data.writeKey(ABSENT + random.nextLong(loaded), key);
          if (bucket.getInto(key, value, 0) >= 0) {
            throw wrong(Measure.READ_MISS, "there is an entry that was never stored");
          }
          return 1;
        });
  }

  private Figure ranges(Bucket<byte[], byte[]> bucket, long loaded, int percent)
      throws IOException {
    var random = new SplittableRandom(SEED);
    var key = new byte[BenchData.KEY_SIZE];
    return clock.repeat(
        Measure.RANGE,
        percent,
        Long.MAX_VALUE,
        () -> {
          data.writeKey(random.nextLong(loaded), key);
          Range<byte[]> range = Range.<byte[]>all().from(key).limit(RANGE);
          long seen = scan(Measure.RANGE, bucket, range, false, Long.MAX_VALUE);
          if (seen < RANGE && seen != bucket.count(Range.<byte[]>all().from(key))) {
            throw wrong(Measure.RANGE, "entries are missing");
          }
          return 1;
        });
  }

  private Figure scans(Bucket<byte[], byte[]> bucket, long loaded, int percent) {
    clock.begin(Measure.SCAN);
    long start = clock.now();
    long end = clock.end(percent);
    long seen = 0;
    do {
      long more = scan(Measure.SCAN, bucket, Range.all(), true, end);
      seen += more;
      if (more != loaded && clock.now() - end < 0) {
        throw wrong(Measure.SCAN, "%,d entries are there, %,d were stored".formatted(more, loaded));
      }
    } while (clock.now() - end < 0);
    return new Figure(Measure.SCAN, seen, clock.now() - start, null);
  }

  /// Measures how long it takes until a store that was closed has answered. Closing does not count.
  private Figure opens(Path directory, long loaded, int percent) {
    clock.begin(Measure.OPEN);
    var random = new SplittableRandom(SEED);
    var key = new byte[BenchData.KEY_SIZE];
    var value = new byte[data.valueSize()];
    var latencies = new Latencies();
    long end = clock.end(percent);
    long sum = 0;
    while (latencies.count() < OPENS_MIN
        || (latencies.count() < OPENS_MAX && clock.now() - end < 0)) {
      clock.beat();
      data.writeKey(random.nextLong(loaded), key);
      long start = clock.now();
      try (Store store = open(directory)) {
        int size = bucket(store).getInto(key, value, 0);
        long nanos = clock.now() - start;
        latencies.record(nanos);
        sum += nanos;
        if (!data.isValue(key, value, size)) {
          throw wrong(Measure.OPEN, "a value is not what was stored");
        }
      }
    }
    return new Figure(Measure.OPEN, latencies.count(), sum, latencies);
  }

  private static CommandException wrong(Measure measure, String what) {
    return CommandException.unable(
        "wrong answer in '%s': %s".formatted(measure.title(), what), null);
  }
}
