package dev.larder.examples;

import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.Durability;
import dev.larder.Item;
import dev.larder.Larder;
import dev.larder.Store;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Loads many entries in batches and goes on where it was stopped.
///
/// Shows atomic batches, a lower durability for one bucket, and `force()`. After a crash a store
/// holds a prefix of its commits, so the highest key says where to go on.
public final class BatchLoad {
  private static final long READING_COUNT = 10_000;
  private static final int BATCH_SIZE = 500;

  private BatchLoad() {}

  public static void main(String[] arguments) {
    Path pantry = Path.of(arguments.length > 0 ? arguments[0] : "pantry");
    try (Store store = Larder.open(pantry)) {
      store.bucket("loads", Codec.text(), Codec.text()).put("readings", "begun"); // makes the store
      Bucket<Long, Double> readings =
          store.bucket("readings", Codec.int64(), new DoubleCodec()).with(Durability.NONE);

      long next = readings.last().map(entry -> entry.key() + 1).orElse(0L);
      System.out.println("begins at " + next);
      while (next < READING_COUNT) {
        List<Item<Long, Double>> batch = new ArrayList<>();
        while (next < READING_COUNT && batch.size() < BATCH_SIZE) {
          batch.add(Item.of(next, Math.sqrt((double) next)));
          next++;
        }
        readings.createAll(batch);
      }
      store.force(); // from here on all of it survives a power failure
      System.out.println("holds " + readings.count());
    }
  }

  /// A codec of one's own: eight bytes for a double.
  private static final class DoubleCodec implements Codec<Double> {
    @Override
    public byte[] encode(Double value) {
      return Codec.int64().encode(Double.doubleToRawLongBits(value));
    }

    @Override
    public Double decode(byte[] bytes) {
      return Double.longBitsToDouble(Codec.int64().decode(bytes));
    }
  }
}
