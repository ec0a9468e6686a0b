package dev.larder.internal.engine;

import dev.larder.Backend;
import dev.larder.BackendSnapshot;
import dev.larder.Bytes;
import dev.larder.Commit;
import dev.larder.CommitResult;
import dev.larder.Durability;
import dev.larder.Lookup;
import dev.larder.Statistics;
import dev.larder.StoreClosedException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/// One handle on storage that several handles of this process may share.
///
/// **Threads.** Safe for any number of threads.
final class LogBackend implements Backend {
  private final LogStorage storage;
  private final Durability durability;
  private final Runnable release;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  LogBackend(LogStorage storage, Durability durability, Runnable release) {
    this.storage = storage;
    this.durability = durability;
    this.release = release;
  }

  @Override
  public CommitResult commit(Commit commit) {
    requireOpen();
    return storage.forCommit(commit).commit(commit, commit.durabilityOr(durability));
  }

  @Override
  public BackendSnapshot snapshot() {
    return existing().snapshot();
  }

  @Override
  public Lookup find(String bucket, Bytes key) {
    return existing().find(bucket, key);
  }

  @Override
  public int read(String bucket, byte[] key, byte[] target, int offset) {
    return existing().read(bucket, key, target, offset);
  }

  @Override
  public <R> Optional<R> withValue(
      String bucket, Bytes key, Function<? super MemorySegment, ? extends R> reader) {
    return existing().withValue(bucket, key, reader);
  }

  @Override
  public List<Lookup> findAll(String bucket, List<Bytes> keys) {
    return existing().findAll(bucket, keys);
  }

  @Override
  public long purgeExpired() {
    return existing().purgeExpired(durability);
  }

  @Override
  public void force() {
    existing().force();
  }

  @Override
  public void checkpoint() {
    existing().checkpoint();
  }

  @Override
  public void compact() {
    existing().compact();
  }

  @Override
  public Statistics statistics() {
    return existing().statistics();
  }

  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      release.run();
    }
  }

  private OpenStore existing() {
    requireOpen();
    return storage.existing();
  }

  private void requireOpen() {
    if (isClosed.get()) {
      throw new StoreClosedException("the store is closed");
    }
  }
}
