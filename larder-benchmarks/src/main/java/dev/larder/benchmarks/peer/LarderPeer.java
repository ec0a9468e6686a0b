package dev.larder.benchmarks.peer;

import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.Durability;
import dev.larder.Item;
import dev.larder.Larder;
import dev.larder.Limits;
import dev.larder.Range;
import dev.larder.Store;
import dev.larder.StoreOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Larder through its public interface.
final class LarderPeer implements Peer {
  private static final long STORE_BYTES = 64L << 30;

  @Override
  public String id() {
    return "larder";
  }

  @Override
  public String title() {
    return "Larder";
  }

  @Override
  public String artifact() {
    return "larder-core";
  }

  @Override
  public List<String> jars() {
    return List.of("/larder-core/");
  }

  @Override
  public Set<Feature> features() {
    return EnumSet.allOf(Feature.class);
  }

  @Override
  public String mode(Level level) {
    return switch (level) {
      case PROCESS -> "`Durability.OS`: a commit is written to the file when the call returns";
      case DEVICE ->
          "`Durability.SYNC`, the default: forced when the call returns; commits of"
              + " several threads share a force";
    };
  }

  @Override
  public PeerStore open(Path directory, Level level, Sizing sizing) {
    StoreOptions options =
        StoreOptions.defaults()
            .withLimits(Limits.defaults().withStoreBytes(STORE_BYTES).withValueBytes(1 << 20))
            .withCloseAtShutdown(false)
            .withDurability(level == Level.DEVICE ? Durability.SYNC : Durability.OS);
    Store store = Larder.open(directory, options);
    return new Open(store, store.bucket("bench", Codec.bytes(), Codec.bytes()));
  }

  private record Open(Store store, Bucket<byte[], byte[]> bucket) implements PeerStore {
    @Override
    public PeerSession session() {
      return new Session(bucket);
    }

    @Override
    public void compact() {
      store.compact();
    }

    @Override
    public void close() {
      store.close();
    }
  }

  private record Session(Bucket<byte[], byte[]> bucket) implements PeerSession {
    @Override
    public void put(byte[] key, byte[] value) {
      bucket.put(key, value);
    }

    @Override
    public void putAll(byte[][] keys, byte[][] values, int count) {
      var items = new ArrayList<Item<byte[], byte[]>>(count);
      for (int i = 0; i < count; i++) {
        items.add(Item.of(keys[i], values[i]));
      }
      bucket.putAll(items);
    }

    @Override
    public int get(byte[] key, byte[] target) {
      return bucket.getInto(key, target, 0);
    }

    @Override
    public void delete(byte[] key) {
      bucket.remove(key);
    }

    @Override
    public void scan(byte @Nullable [] from, boolean reversed, Visitor visitor) {
      Range<byte[]> range = Range.all();
      if (from != null) {
        range = reversed ? range.to(from) : range.from(from);
      }
      bucket.scan(
          reversed ? range.reversed() : range, (key, value) -> Words.visit(key, value, visitor));
    }

    @Override
    public void close() {}
  }
}
