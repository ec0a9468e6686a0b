package dev.larder.benchmarks.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.iq80.leveldb.CompressionType;
import org.iq80.leveldb.DB;
import org.iq80.leveldb.DBIterator;
import org.iq80.leveldb.Options;
import org.iq80.leveldb.WriteBatch;
import org.iq80.leveldb.WriteOptions;
import org.iq80.leveldb.impl.Iq80DBFactory;
import org.iq80.leveldb.table.BloomFilterPolicy;
import org.jspecify.annotations.Nullable;

/// LevelDB in Java, in its maintained fork: a log-structured merge tree.
final class LevelDbPeer implements Peer {
  @Override
  public String id() {
    return "leveldb";
  }

  @Override
  public String title() {
    return "LevelDB (Java)";
  }

  @Override
  public String artifact() {
    return "leveldb";
  }

  @Override
  public List<String> jars() {
    return List.of("/io/github/pcmind/", "/com/google/guava/");
  }

  @Override
  public List<String> jvmOptions() {
    return List.of(
        "--sun-misc-unsafe-memory-access=allow", "--add-opens=java.base/java.nio=ALL-UNNAMED");
  }

  @Override
  public Set<Feature> features() {
    return EnumSet.allOf(Feature.class);
  }

  @Override
  public String mode(Level level) {
    String common =
        "defaults, and: a block cache that holds everything, Bloom filters of 10 bits a key, no"
            + " compression; ";
    return switch (level) {
      case PROCESS -> common + "the log is written at each commit and not forced (`sync` false)";
      case DEVICE -> common + "`sync` true: the log is forced at each commit";
    };
  }

  @Override
  public PeerStore open(Path directory, Level level, Sizing sizing) throws IOException {
    Options options =
        new Options()
            .createIfMissing(true)
            .cacheSize(sizing.cacheBytes())
            .filterPolicy(new BloomFilterPolicy(10))
            .compressionType(CompressionType.NONE);
    DB database = Iq80DBFactory.factory.open(directory.toFile(), options);
    return new Open(database, new WriteOptions().sync(level == Level.DEVICE));
  }

  private record Open(DB database, WriteOptions writing) implements PeerStore {
    @Override
    public PeerSession session() {
      return new Session(database, writing);
    }

    @Override
    public void compact() {
      database.compactRange(null, null);
    }

    @Override
    public void close() throws IOException {
      database.close();
    }
  }

  private record Session(DB database, WriteOptions writing) implements PeerSession {
    @Override
    public void put(byte[] key, byte[] value) {
      // It keeps the arrays it is given until they are in a table.
      database.put(key.clone(), value.clone(), writing);
    }

    @Override
    public void putAll(byte[][] keys, byte[][] values, int count) throws IOException {
      try (WriteBatch batch = database.createWriteBatch()) {
        for (int i = 0; i < count; i++) {
          batch.put(keys[i].clone(), values[i].clone());
        }
        database.write(batch, writing);
      }
    }

    @Override
    public int get(byte[] key, byte[] target) {
      byte[] value = database.get(key);
      if (value == null) {
        return -1;
      }
      System.arraycopy(value, 0, target, 0, value.length);
      return value.length;
    }

    @Override
    public void delete(byte[] key) {
      database.delete(key.clone(), writing);
    }

    @Override
    public void scan(byte @Nullable [] from, boolean reversed, Visitor visitor) throws IOException {
      try (DBIterator iterator = database.iterator()) {
        if (from != null) {
          iterator.seek(from);
        } else if (reversed) {
          iterator.seekToLast();
        } else {
          iterator.seekToFirst();
        }
        while (reversed ? iterator.hasPrev() : iterator.hasNext()) {
          Map.Entry<byte[], byte[]> entry = reversed ? iterator.prev() : iterator.next();
          if (!Words.visit(entry.getKey(), entry.getValue(), visitor)) {
            return;
          }
        }
      }
    }

    @Override
    public void close() {}
  }
}
