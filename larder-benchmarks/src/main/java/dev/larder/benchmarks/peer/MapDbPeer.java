package dev.larder.benchmarks.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mapdb.BTreeMap;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;

/// MapDB: a B-link tree in a mapped file, or behind a write-ahead log.
final class MapDbPeer implements Peer {
  @Override
  public String id() {
    return "mapdb";
  }

  @Override
  public String title() {
    return "MapDB";
  }

  @Override
  public String artifact() {
    return "mapdb";
  }

  @Override
  public List<String> jars() {
    return List.of(
        "/org/mapdb/",
        "/org/jetbrains/kotlin/",
        "/org/eclipse/collections/",
        "/com/google/guava/",
        "/net/jpountz/");
  }

  @Override
  public List<String> jvmOptions() {
    return List.of("--sun-misc-unsafe-memory-access=allow");
  }

  @Override
  public Set<Feature> features() {
    return EnumSet.complementOf(EnumSet.of(Feature.SURVIVES_KILL));
  }

  @Override
  public String mode(Level level) {
    return switch (level) {
      case PROCESS ->
          "`fileDB` with mapped files, without transactions: stores go to the mapping, where they"
              + " outlive the process, but **a change that a kill interrupts is left half done**,"
              + " and nothing repairs it";
      case DEVICE ->
          "`transactionEnable()`: a write-ahead log, `commit()` after each write or" + " batch";
    };
  }

  @Override
  public PeerStore open(Path directory, Level level, Sizing sizing) throws IOException {
    Files.createDirectories(directory);
    DBMaker.Maker maker =
        DBMaker.fileDB(directory.resolve("store.mapdb").toFile())
            .fileMmapEnable()
            .fileMmapPreclearDisable()
            .allocateIncrement(16 << 20);
    DB database = (level == Level.DEVICE ? maker.transactionEnable() : maker).make();
    BTreeMap<byte[], byte[]> map =
        database
            .treeMap("bench")
            .keySerializer(Serializer.BYTE_ARRAY_DELTA2)
            .valueSerializer(Serializer.BYTE_ARRAY)
            .createOrOpen();
    return new Open(database, map, level == Level.DEVICE);
  }

  private record Open(DB database, BTreeMap<byte[], byte[]> map, boolean isForced)
      implements PeerStore {
    @Override
    public PeerSession session() {
      return new Session(database, map, isForced);
    }

    @Override
    public void compact() {
      database.getStore().compact();
    }

    @Override
    public void close() {
      database.close();
    }
  }

  private record Session(DB database, BTreeMap<byte[], byte[]> map, boolean isForced)
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
        database.commit();
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
      Iterator<Map.Entry<byte[], byte[]>> iterator =
          reversed
              ? from == null
                  ? map.descendingEntryIterator()
                  : map.descendingEntryIterator(null, false, from, true)
              : from == null ? map.entryIterator() : map.entryIterator(from, true, null, false);
      while (iterator.hasNext()) {
        Map.Entry<byte[], byte[]> entry = iterator.next();
        if (!Words.visit(entry.getKey(), entry.getValue(), visitor)) {
          return;
        }
      }
    }

    @Override
    public void close() {}
  }
}
