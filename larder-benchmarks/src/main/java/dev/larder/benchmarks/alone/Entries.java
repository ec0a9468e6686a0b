package dev.larder.benchmarks.alone;

import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.Durability;
import dev.larder.Expiry;
import dev.larder.Item;
import dev.larder.Larder;
import dev.larder.Limits;
import dev.larder.Store;
import dev.larder.StoreOptions;
import dev.larder.benchmarks.rows.Setting;
import dev.larder.benchmarks.rows.WrongAnswerException;
import dev.larder.benchmarks.workload.Chunk;
import dev.larder.benchmarks.workload.Keys;
import dev.larder.benchmarks.workload.Permutation;
import dev.larder.benchmarks.workload.Randoms;
import dev.larder.benchmarks.workload.Values;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.LongFunction;

/// The entries of a measure of Larder alone: those that stay, which are overwritten at random, and
/// as many others between them.
///
/// **Threads.** Immutable.
final class Entries {
  private static final long STORE_BYTES = 64L << 30;
  private static final long ORDER_SEED = 0x1A2D_E201L;
  private static final long VERSION = 1;

  private final long count;
  private final Keys keys;
  private final Values values;

  Entries(Setting setting) {
    count = setting.keys();
    keys = new Keys(setting.shape(), 2 * setting.keys());
    values = new Values(setting.valueSize(), setting.isCompressible());
  }

  /// Opens a store like that of the comparison where writes are not forced.
  static Store open(Path directory, double spaceAmplification) {
    return Larder.open(
        directory,
        StoreOptions.defaults()
            .withLimits(Limits.defaults().withStoreBytes(STORE_BYTES).withValueBytes(1 << 20))
            .withCloseAtShutdown(false)
            .withSpaceAmplification(spaceAmplification)
            .withDurability(Durability.OS));
  }

  static Bucket<byte[], byte[]> bucket(Store store) {
    return store.bucket("bench", Codec.bytes(), Codec.bytes());
  }

  /// {@return how many entries stay, and how many others there are}
  long count() {
    return count;
  }

  /// Loads those that stay, in random order.
  void load(Bucket<byte[], byte[]> bucket) {
    bucket.load(new Items(0, _ -> Expiry.never()));
  }

  /// Loads the others, in random order.
  ///
  /// @param expiry when each is to end, by its number
  void loadOthers(Bucket<byte[], byte[]> bucket, LongFunction<Expiry> expiry) {
    bucket.load(new Items(1, expiry));
  }

  /// Writes the key of one of the others.
  void writeOtherKey(long number, byte[] key) {
    keys.write(2 * number + 1, key);
  }

  private final class Items implements Iterator<Item<byte[], byte[]>> {
    private final Permutation order = new Permutation(count, ORDER_SEED);
    private final int odd;
    private final LongFunction<Expiry> expiry;
    private long place;

    Items(int odd, LongFunction<Expiry> expiry) {
      this.odd = odd;
      this.expiry = expiry;
    }

    @Override
    public boolean hasNext() {
      return place < count;
    }

    @Override
    public Item<byte[], byte[]> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      long number = order.at(place++);
      var key = new byte[Keys.SIZE];
      var value = new byte[values.size()];
      keys.write(2 * number + odd, key);
      values.write(2 * number + odd, 0, value);
      return new Item<>(key, value, expiry.apply(number));
    }
  }

  /// Overwrites entries that stay, at random, and knows what it wrote.
  ///
  /// **Threads.** For one thread.
  final class Overwriting implements Chunk {
    private final Bucket<byte[], byte[]> bucket;
    private final Randoms randoms = new Randoms(31);
    private final long[] versions = new long[Math.toIntExact(count)];
    private final byte[] key = new byte[Keys.SIZE];
    private final byte[] value = new byte[values.size()];
    private long version = VERSION;
    private int number;

    Overwriting(Bucket<byte[], byte[]> bucket) {
      this.bucket = bucket;
    }

    /// Makes the next key and value.
    void prepare() {
      number = (int) randoms.below(count);
      keys.write(2L * number, key);
      values.write(2L * number, version, value);
    }

    /// Puts them.
    void put() {
      bucket.put(key, value);
      versions[number] = version++;
    }

    @Override
    public long run(int many) {
      for (int i = 0; i < many; i++) {
        prepare();
        put();
      }
      return many;
    }

    /// Reads every entry that stays: each must have the version that was written last.
    void check() {
      for (int i = 0; i < versions.length; i++) {
        keys.write(2L * i, key);
        long found = values.check(2L * i, value, bucket.getInto(key, value, 0));
        if (found != versions[i]) {
          throw new WrongAnswerException(
              "version %d of key %d in place of %d".formatted(found, i, versions[i]));
        }
      }
    }
  }
}
