package dev.larder.benchmarks.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.CopyFlags;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.GetOp;
import org.lmdbjava.SeekOp;
import org.lmdbjava.Txn;

/// LMDB through lmdbjava: a copy-on-write B+tree in a mapped file.
final class LmdbPeer implements Peer {
  private static final long MAP_BYTES = 64L << 30;
  private static final String DATA = "data.mdb";

  @Override
  public String id() {
    return "lmdb";
  }

  @Override
  public String title() {
    return "LMDB";
  }

  @Override
  public String artifact() {
    return "lmdbjava";
  }

  @Override
  public List<String> jars() {
    return List.of("/org/lmdbjava/", "/com/github/jnr/", "/org/ow2/asm/");
  }

  @Override
  public List<String> jvmOptions() {
    return List.of(
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "--add-opens=java.base/java.nio=ALL-UNNAMED",
        "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
        "-Dlmdbjava.disable.checks=true");
  }

  @Override
  public Set<Feature> features() {
    return EnumSet.allOf(Feature.class);
  }

  @Override
  public String mode(Level level) {
    String common =
        "map of 64 GiB, `MDB_NOTLS`, a read transaction per thread renewed for each read,"
            + " lmdbjava's own checks off; ";
    return switch (level) {
      case PROCESS ->
          common
              + "`MDB_NOSYNC` and `MDB_WRITEMAP`: commits are stores to the mapping, a quarter of"
              + " the cost of writing pages. A kill loses nothing, a power failure may damage the"
              + " file";
      case DEVICE ->
          common
              + "no flags: each commit forces data, then the meta page. There is one writer at a"
              + " time, and threads do not share a force. Compaction is a compacting copy put in"
              + " the file's place";
    };
  }

  @Override
  public PeerStore open(Path directory, Level level, Sizing sizing) throws IOException {
    Files.createDirectories(directory);
    return new Open(directory, level);
  }

  private static final class Open implements PeerStore {
    private final Path directory;
    private final Level level;
    private Env<ByteBuffer> env;
    private Dbi<ByteBuffer> table;

    Open(Path directory, Level level) {
      this.directory = directory;
      this.level = level;
      env = environment(directory, level);
      table = env.openDbi((byte[]) null, DbiFlags.MDB_CREATE);
    }

    private static Env<ByteBuffer> environment(Path directory, Level level) {
      var flags = EnumSet.of(EnvFlags.MDB_NOTLS);
      if (level == Level.PROCESS) {
        flags.add(EnvFlags.MDB_NOSYNC);
        flags.add(EnvFlags.MDB_WRITEMAP);
      }
      return Env.create()
          .setMapSize(MAP_BYTES)
          .setMaxReaders(64)
          .open(directory.toFile(), flags.toArray(new EnvFlags[0]));
    }

    @Override
    public PeerSession session() {
      return new Session(env, table);
    }

    @Override
    public void compact() throws IOException {
      Path copy = directory.resolve("copy");
      Files.createDirectories(copy);
      env.copy(copy.toFile(), CopyFlags.MDB_CP_COMPACT);
      env.close();
      Files.move(copy.resolve(DATA), directory.resolve(DATA), StandardCopyOption.REPLACE_EXISTING);
      Files.delete(copy);
      env = environment(directory, level);
      table = env.openDbi((byte[]) null, DbiFlags.MDB_CREATE);
    }

    @Override
    public void close() {
      env.close();
    }
  }

  private static final class Session implements PeerSession {
    private final Env<ByteBuffer> env;
    private final Dbi<ByteBuffer> table;
    private final Txn<ByteBuffer> reading;
    private final ByteBuffer keyBuffer = ByteBuffer.allocateDirect(512);
    private ByteBuffer valueBuffer = ByteBuffer.allocateDirect(1 << 10);

    Session(Env<ByteBuffer> env, Dbi<ByteBuffer> table) {
      this.env = env;
      this.table = table;
      reading = env.txnRead();
      reading.reset();
    }

    @Override
    public void put(byte[] key, byte[] value) {
      setKey(key);
      setValue(value);
      try (Txn<ByteBuffer> writing = env.txnWrite()) {
        table.put(writing, keyBuffer, valueBuffer);
        writing.commit();
      }
    }

    @Override
    public void putAll(byte[][] keys, byte[][] values, int count) {
      try (Txn<ByteBuffer> writing = env.txnWrite()) {
        for (int i = 0; i < count; i++) {
          setKey(keys[i]);
          setValue(values[i]);
          table.put(writing, keyBuffer, valueBuffer);
        }
        writing.commit();
      }
    }

    @Override
    public int get(byte[] key, byte[] target) {
      setKey(key);
      reading.renew();
      try {
        ByteBuffer value = table.get(reading, keyBuffer);
        if (value == null) {
          return -1;
        }
        int size = value.remaining();
        value.get(0, target, 0, size);
        return size;
      } finally {
        reading.reset();
      }
    }

    @Override
    public void delete(byte[] key) {
      setKey(key);
      try (Txn<ByteBuffer> writing = env.txnWrite()) {
        table.delete(writing, keyBuffer);
        writing.commit();
      }
    }

    @Override
    public void scan(byte @Nullable [] from, boolean reversed, Visitor visitor) {
      reading.renew();
      try (Cursor<ByteBuffer> cursor = table.openCursor(reading)) {
        boolean isFound;
        if (from == null) {
          isFound = reversed ? cursor.last() : cursor.first();
        } else {
          setKey(from);
          isFound = cursor.get(keyBuffer, GetOp.MDB_SET_RANGE);
          if (reversed && !isFound) {
            isFound = cursor.last();
          } else if (reversed && !cursor.key().equals(keyBuffer)) {
            isFound = cursor.prev();
          }
        }
        SeekOp step = reversed ? SeekOp.MDB_PREV : SeekOp.MDB_NEXT;
        while (isFound && Words.visit(cursor.key(), cursor.val(), visitor)) {
          isFound = cursor.seek(step);
        }
      } finally {
        reading.reset();
      }
    }

    private void setKey(byte[] key) {
      keyBuffer.clear().put(0, key).limit(key.length);
    }

    private void setValue(byte[] value) {
      if (valueBuffer.capacity() < value.length) {
        valueBuffer = ByteBuffer.allocateDirect(value.length);
      }
      valueBuffer.clear().put(0, value).limit(value.length);
    }

    @Override
    public void close() {
      reading.close();
    }
  }
}
