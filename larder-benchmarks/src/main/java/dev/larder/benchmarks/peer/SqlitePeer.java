package dev.larder.benchmarks.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/// SQLite through Xerial's JDBC driver: a B-tree with a write-ahead log, behind SQL.
final class SqlitePeer implements Peer {
  @Override
  public String id() {
    return "sqlite";
  }

  @Override
  public String title() {
    return "SQLite";
  }

  @Override
  public String artifact() {
    return "sqlite-jdbc";
  }

  @Override
  public List<String> jars() {
    return List.of("/org/xerial/sqlite-jdbc/", "/org/slf4j/");
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
        "`WITHOUT ROWID` table of two blobs, WAL, cache and `mmap_size` that hold everything,"
            + " prepared statements, one transaction for each write; one connection that writes,"
            + " one that reads for each thread; ";
    return switch (level) {
      case PROCESS ->
          common + "`synchronous=OFF`: written at each commit, never forced. A kill loses nothing";
      case DEVICE -> common + "`synchronous=FULL`: the WAL is forced at each commit";
    };
  }

  @Override
  public PeerStore open(Path directory, Level level, Sizing sizing)
      throws SQLException, IOException {
    Files.createDirectories(directory);
    var open = new Open(directory.resolve("store.sqlite"), level, sizing);
    try (Statement statement = open.writer.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS bench (k BLOB PRIMARY KEY, v BLOB NOT NULL) WITHOUT ROWID");
    }
    return open;
  }

  private static final class Open implements PeerStore {
    private final Path file;
    private final Level level;
    private final Sizing sizing;
    private final Connection writer;
    private final ReentrantLock lock = new ReentrantLock();

    Open(Path file, Level level, Sizing sizing) throws SQLException {
      this.file = file;
      this.level = level;
      this.sizing = sizing;
      writer = connect();
    }

    private Connection connect() throws SQLException {
      var config = new SQLiteConfig();
      config.setJournalMode(SQLiteConfig.JournalMode.WAL);
      config.setSynchronous(
          level == Level.DEVICE
              ? SQLiteConfig.SynchronousMode.FULL
              : SQLiteConfig.SynchronousMode.OFF);
      config.setCacheSize((int) -(sizing.cacheBytes() >> 10)); // negative: kibibytes
      config.setPragma(SQLiteConfig.Pragma.MMAP_SIZE, Long.toString(2 * sizing.cacheBytes()));
      config.setBusyTimeout(10_000);
      config.setGetGeneratedKeys(false);
      return config.createConnection("jdbc:sqlite:" + file);
    }

    @Override
    public PeerSession session() throws SQLException {
      return new Session(writer, lock, connect());
    }

    @Override
    public void compact() throws SQLException {
      try (Statement statement = writer.createStatement()) {
        statement.execute("VACUUM");
        statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
      }
    }

    @Override
    public void close() throws IOException {
      try {
        writer.close();
      } catch (SQLException e) {
        throw new IOException(e);
      }
    }
  }

  private static final class Session implements PeerSession {
    private final Connection writer;
    private final ReentrantLock lock;
    private final Connection reader;
    private final PreparedStatement putting;
    private final PreparedStatement deleting;
    private final PreparedStatement getting;
    private final @Nullable PreparedStatement[] scans = new PreparedStatement[4];

    Session(Connection writer, ReentrantLock lock, Connection reader) throws SQLException {
      this.writer = writer;
      this.lock = lock;
      this.reader = reader;
      lock.lock();
      try {
        putting = writer.prepareStatement("INSERT OR REPLACE INTO bench VALUES (?, ?)");
        deleting = writer.prepareStatement("DELETE FROM bench WHERE k = ?");
      } finally {
        lock.unlock();
      }
      getting = reader.prepareStatement("SELECT v FROM bench WHERE k = ?");
    }

    @Override
    public void put(byte[] key, byte[] value) throws SQLException {
      lock.lock();
      try {
        insert(key, value);
      } finally {
        lock.unlock();
      }
    }

    private void insert(byte[] key, byte[] value) throws SQLException {
      putting.setBytes(1, key);
      putting.setBytes(2, value);
      putting.executeUpdate();
    }

    @Override
    public void putAll(byte[][] keys, byte[][] values, int count) throws SQLException {
      lock.lock();
      try {
        writer.setAutoCommit(false);
        for (int i = 0; i < count; i++) {
          insert(keys[i], values[i]);
        }
        writer.commit();
      } finally {
        writer.setAutoCommit(true);
        lock.unlock();
      }
    }

    @Override
    public int get(byte[] key, byte[] target) throws SQLException {
      getting.setBytes(1, key);
      try (ResultSet found = getting.executeQuery()) {
        if (!found.next()) {
          return -1;
        }
        byte[] value = found.getBytes(1);
        System.arraycopy(value, 0, target, 0, value.length);
        return value.length;
      }
    }

    @Override
    public void delete(byte[] key) throws SQLException {
      lock.lock();
      try {
        deleting.setBytes(1, key);
        deleting.executeUpdate();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void scan(byte @Nullable [] from, boolean reversed, Visitor visitor)
        throws SQLException {
      PreparedStatement scanning = scanning(from != null, reversed);
      if (from != null) {
        scanning.setBytes(1, from);
      }
      try (ResultSet found = scanning.executeQuery()) {
        while (found.next()) {
          if (!Words.visit(found.getBytes(1), found.getBytes(2), visitor)) {
            return;
          }
        }
      }
    }

    private PreparedStatement scanning(boolean isBound, boolean reversed) throws SQLException {
      int index = (isBound ? 1 : 0) + (reversed ? 2 : 0);
      PreparedStatement scanning = scans[index];
      if (scanning == null) {
        String where = isBound ? reversed ? " WHERE k <= ?" : " WHERE k >= ?" : "";
        String order = reversed ? " ORDER BY k DESC" : " ORDER BY k";
        scanning = reader.prepareStatement("SELECT k, v FROM bench" + where + order);
        scans[index] = scanning;
      }
      return scanning;
    }

    @Override
    public void close() throws IOException {
      lock.lock();
      try {
        putting.close();
        deleting.close();
        getting.close();
        for (PreparedStatement scanning : scans) {
          if (scanning != null) {
            scanning.close();
          }
        }
        reader.close();
      } catch (SQLException e) {
        throw new IOException(e);
      } finally {
        lock.unlock();
      }
    }
  }
}
