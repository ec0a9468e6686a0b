package dev.larder.benchmarks.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.jspecify.annotations.Nullable;

/// H2's MVStore: a copy-on-write B+tree in a log-structured file, written in the background.
final class MvStorePeer implements Peer {
  /// The time that closing may take to compact: as much as it needs.
  private static final int FULL_COMPACTION = -1;

  @Override
  public String id() {
    return "mvstore";
  }

  @Override
  public String title() {
    return "H2 MVStore";
  }

  @Override
  public String artifact() {
    return "h2-mvstore";
  }

  @Override
  public List<String> jars() {
    return List.of("/com/h2database/");
  }

  @Override
  public Set<Feature> features() {
    return EnumSet.complementOf(EnumSet.of(Feature.SURVIVES_KILL));
  }

  @Override
  public String mode(Level level) {
    return switch (level) {
      case PROCESS ->
          "page cache that holds everything, otherwise defaults: changes stay in the heap until the"
              + " background thread writes them, once a second or when 1 MB is unsaved. **A kill"
              + " loses up to a second of writes**, so its writes at this level promise less than"
              + " the others'. What is replaced stays on the disk for 45 seconds";
      case DEVICE ->
          "`commit()` and `sync()` after each write or batch: each writes a chunk of its" + " own";
    };
  }

  @Override
  public PeerStore open(Path directory, Level level, Sizing sizing) throws IOException {
    Files.createDirectories(directory);
    int cacheMegabytes = (int) Math.max(16, sizing.cacheBytes() >> 20);
    MVStore.Builder builder =
        new MVStore.Builder()
            .fileName(directory.resolve("store.mv").toString())
            .cacheSize(cacheMegabytes);
    return new Open(builder, level == Level.DEVICE);
  }

  private static final class Open implements PeerStore {
    private final MVStore.Builder builder;
    private final boolean isForced;
    private MVStore store;

    Open(MVStore.Builder builder, boolean isForced) {
      this.builder = builder;
      this.isForced = isForced;
      store = builder.open();
    }

    @Override
    public PeerSession session() {
      MVMap<byte[], byte[]> map =
          store.openMap(
              "bench",
              new MVMap.Builder<byte[], byte[]>()
                  .keyType(ByteArrayDataType.INSTANCE)
                  .valueType(ByteArrayDataType.INSTANCE));
      return new Session(store, map, isForced);
    }

    @Override
    public void compact() {
      store.close(FULL_COMPACTION);
      store = builder.open();
    }

    @Override
    public void close() {
      store.close();
    }
  }

  private record Session(MVStore store, MVMap<byte[], byte[]> map, boolean isForced)
      implements PeerSession {
    @Override
    public void put(byte[] key, byte[] value) {
      map.put(key.clone(), value.clone());
      force();
    }

    @Override
    public void putAll(byte[][] keys, byte[][] values, int count) {
      for (int i = 0; i < count; i++) {
        map.put(keys[i].clone(), values[i].clone());
      }
      force();
    }

    private void force() {
      if (isForced) {
        store.commit();
        store.sync();
      }
    }

    @Override
    public int get(byte[] key, byte[] target) {
      byte[] value = map.get(key);
      if (value == null) {
        return -1;
      }
      System.arraycopy(value, 0, target, 0, value.length);
      return value.length;
    }

    @Override
    public void delete(byte[] key) {
      map.remove(key);
      force();
    }

    @Override
    public void scan(byte @Nullable [] from, boolean reversed, Visitor visitor) {
      Cursor<byte[], byte[]> cursor = map.cursor(from, null, reversed);
      while (cursor.hasNext()) {
        byte[] key = cursor.next();
        if (!Words.visit(key, cursor.getValue(), visitor)) {
          return;
        }
      }
    }

    @Override
    public void close() {}
  }
}
