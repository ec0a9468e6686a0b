package dev.larder.benchmarks.peer;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.HyperClockCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// RocksDB through its own JNI binding: a log-structured merge tree.
final class RocksDbPeer implements Peer {
  @Override
  public String id() {
    return "rocksdb";
  }

  @Override
  public String title() {
    return "RocksDB";
  }

  @Override
  public String artifact() {
    return "rocksdbjni";
  }

  @Override
  public List<String> jars() {
    return List.of("/org/rocksdb/");
  }

  @Override
  public List<String> jvmOptions() {
    return List.of("--enable-native-access=ALL-UNNAMED");
  }

  @Override
  public Set<Feature> features() {
    return EnumSet.allOf(Feature.class);
  }

  @Override
  public String mode(Level level) {
    String common =
        "defaults, and: background jobs for as many processors as there are, a `HyperClockCache` of"
            + " blocks that holds everything, Bloom filters of 10 bits a key, hash index in data"
            + " blocks, no compression (LZ4 where values are compressible); ";
    return switch (level) {
      case PROCESS ->
          common
              + "the log is written at each commit and not forced (`sync` false): a kill loses"
              + " nothing";
      case DEVICE ->
          common
              + "`sync` true: the log is forced at each commit; commits of several threads share a"
              + " force";
    };
  }

  @Override
  public PeerStore open(Path directory, Level level, Sizing sizing) throws RocksDBException {
    RocksDB.loadLibrary();
    var cache = new HyperClockCache(sizing.cacheBytes(), 0, -1, false);
    var filter = new BloomFilter(10, false);
    Options options =
        new Options()
            .setCreateIfMissing(true)
            .setIncreaseParallelism(Runtime.getRuntime().availableProcessors())
            .setCompressionType(
                sizing.isCompressible()
                    ? CompressionType.LZ4_COMPRESSION
                    : CompressionType.NO_COMPRESSION)
            .setTableFormatConfig(
                new BlockBasedTableConfig()
                    .setBlockCache(cache)
                    .setFilterPolicy(filter)
                    .setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash));
    RocksDB database = RocksDB.open(options, directory.toString());
    return new Open(database, options, cache, filter, sizing.keySize(), level == Level.DEVICE);
  }

  private record Open(
      RocksDB database,
      Options options,
      Cache cache,
      BloomFilter filter,
      int keySize,
      boolean isForced)
      implements PeerStore {
    @Override
    public PeerSession session() {
      return new Session(database, keySize, isForced);
    }

    @Override
    public void compact() throws RocksDBException {
      database.compactRange();
    }

    @Override
    public void close() {
      database.close();
      options.close();
      filter.close();
      cache.close();
    }
  }

  private static final class Session implements PeerSession {
    private final RocksDB database;
    private final WriteOptions writing;
    private final ReadOptions reading = new ReadOptions();
    private final byte[] keyRead;
    private byte[] valueRead = new byte[0];

    Session(RocksDB database, int keySize, boolean isForced) {
      this.database = database;
      keyRead = new byte[keySize];
      writing = new WriteOptions().setSync(isForced);
    }

    @Override
    public void put(byte[] key, byte[] value) throws RocksDBException {
      database.put(writing, key, value);
    }

    @Override
    public void putAll(byte[][] keys, byte[][] values, int count) throws RocksDBException {
      try (var batch = new WriteBatch()) {
        for (int i = 0; i < count; i++) {
          batch.put(keys[i], values[i]);
        }
        database.write(writing, batch);
      }
    }

    @Override
    public int get(byte[] key, byte[] target) throws RocksDBException {
      return database.get(reading, key, target);
    }

    @Override
    public void delete(byte[] key) throws RocksDBException {
      database.delete(writing, key);
    }

    @Override
    public void scan(byte @Nullable [] from, boolean reversed, Visitor visitor)
        throws RocksDBException {
      try (RocksIterator iterator = database.newIterator(reading)) {
        if (from == null) {
          if (reversed) {
            iterator.seekToLast();
          } else {
            iterator.seekToFirst();
          }
        } else if (reversed) {
          iterator.seekForPrev(from);
        } else {
          iterator.seek(from);
        }
        while (iterator.isValid()) {
          iterator.key(keyRead);
          int size = iterator.value(valueRead);
          if (size > valueRead.length) {
            valueRead = new byte[size];
            iterator.value(valueRead);
          }
          if (!Words.visit(keyRead, keyRead.length, valueRead, size, visitor)) {
            return;
          }
          if (reversed) {
            iterator.prev();
          } else {
            iterator.next();
          }
        }
        iterator.status();
      }
    }

    @Override
    public void close() {
      writing.close();
      reading.close();
    }
  }
}
