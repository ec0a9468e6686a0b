package dev.larder.benchmarks.peer;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import jetbrains.exodus.ArrayByteIterable;
import jetbrains.exodus.ByteIterable;
import jetbrains.exodus.env.Cursor;
import jetbrains.exodus.env.Environment;
import jetbrains.exodus.env.EnvironmentConfig;
import jetbrains.exodus.env.Environments;
import jetbrains.exodus.env.Store;
import jetbrains.exodus.env.StoreConfig;
import jetbrains.exodus.env.Transaction;
import org.jspecify.annotations.Nullable;

/// JetBrains Xodus: a persistent Patricia trie in a log.
final class XodusPeer implements Peer {
  @Override
  public String id() {
    return "xodus";
  }

  @Override
  public String title() {
    return "Xodus";
  }

  @Override
  public String artifact() {
    return "xodus-environment";
  }

  @Override
  public List<String> jars() {
    return List.of(
        "/org/jetbrains/",
        "/io/github/microutils/",
        "/org/slf4j/",
        "/org/apache/commons/commons-compress/");
  }

  @Override
  public List<String> jvmOptions() {
    return List.of("--sun-misc-unsafe-memory-access=allow");
  }

  @Override
  public Set<Feature> features() {
    return EnumSet.complementOf(EnumSet.of(Feature.COMPACTION));
  }

  @Override
  public String mode(Level level) {
    String common =
        "a store without duplicates and with prefixing (a Patricia trie, as advised for random"
            + " access), log cache that holds everything, garbage collection on, statistics off;"
            + " one exclusive transaction for each write; ";
    return switch (level) {
      case PROCESS -> common + "`durableWrite` false: written at each commit, not forced";
      case DEVICE -> common + "`durableWrite` true: forced at each commit";
    };
  }

  @Override
  public PeerStore open(Path directory, Level level, Sizing sizing) {
    var config =
        new EnvironmentConfig()
            .setLogDurableWrite(level == Level.DEVICE)
            .setMemoryUsage(sizing.cacheBytes())
            .setEnvCloseForcedly(true)
            .setEnvGatherStatistics(false)
            .setManagementEnabled(false);
    Environment environment = Environments.newInstance(directory.toFile(), config);
    Store store =
        environment.computeInTransaction(transaction ->
            environment.openStore(
                "bench", StoreConfig.WITHOUT_DUPLICATES_WITH_PREFIXING, transaction));
    return new Open(environment, store);
  }

  private record Open(Environment environment, Store store) implements PeerStore {
    @Override
    public PeerSession session() {
      return new Session(environment, store);
    }

    @Override
    public void close() {
      environment.close();
    }
  }

  private record Session(Environment environment, Store store) implements PeerSession {
    @Override
    public void put(byte[] key, byte[] value) {
      Transaction transaction = environment.beginExclusiveTransaction();
      store.put(
          transaction, new ArrayByteIterable(key.clone()), new ArrayByteIterable(value.clone()));
      commit(transaction);
    }

    @Override
    public void putAll(byte[][] keys, byte[][] values, int count) {
      Transaction transaction = environment.beginExclusiveTransaction();
      for (int i = 0; i < count; i++) {
        store.put(
            transaction,
            new ArrayByteIterable(keys[i].clone()),
            new ArrayByteIterable(values[i].clone()));
      }
      commit(transaction);
    }

    private static void commit(Transaction transaction) {
      if (!transaction.commit()) {
        throw new IllegalStateException("an exclusive transaction was not committed");
      }
    }

    @Override
    public int get(byte[] key, byte[] target) {
      Transaction transaction = environment.beginReadonlyTransaction();
      try {
        ByteIterable value = store.get(transaction, new ArrayByteIterable(key));
        if (value == null) {
          return -1;
        }
        int size = value.getLength();
        System.arraycopy(value.getBytesUnsafe(), 0, target, 0, size);
        return size;
      } finally {
        transaction.abort();
      }
    }

    @Override
    public void delete(byte[] key) {
      Transaction transaction = environment.beginExclusiveTransaction();
      store.delete(transaction, new ArrayByteIterable(key.clone()));
      commit(transaction);
    }

    @Override
    public void scan(byte @Nullable [] from, boolean reversed, Visitor visitor) {
      Transaction transaction = environment.beginReadonlyTransaction();
      try (Cursor cursor = store.openCursor(transaction)) {
        boolean isFound = seek(cursor, from, reversed);
        while (isFound) {
          ByteIterable key = cursor.getKey();
          ByteIterable value = cursor.getValue();
          if (!visit(key, value, visitor)) {
            return;
          }
          isFound = reversed ? cursor.getPrev() : cursor.getNext();
        }
      } finally {
        transaction.abort();
      }
    }

    private static boolean seek(Cursor cursor, byte @Nullable [] from, boolean reversed) {
      if (from == null) {
        return reversed ? cursor.getLast() : cursor.getNext();
      }
      var wanted = new ArrayByteIterable(from);
      boolean isFound = cursor.getSearchKeyRange(wanted) != null;
      if (!reversed) {
        return isFound;
      }
      if (!isFound) {
        return cursor.getLast();
      }
      return cursor.getKey().compareTo(wanted) == 0 || cursor.getPrev();
    }

    private static boolean visit(ByteIterable key, ByteIterable value, Visitor visitor) {
      // The arrays may be longer than what is in them.
      byte[] keyBytes = key.getBytesUnsafe();
      byte[] valueBytes = value.getBytesUnsafe();
      return Words.visit(keyBytes, key.getLength(), valueBytes, value.getLength(), visitor);
    }

    @Override
    public void close() {}
  }
}
