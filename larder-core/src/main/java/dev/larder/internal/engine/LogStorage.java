package dev.larder.internal.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.larder.Commit;
import dev.larder.Mutation;
import dev.larder.Precondition;
import dev.larder.StoreClosedException;
import dev.larder.StoreFullException;
import dev.larder.StoreIoException;
import dev.larder.StoreNotFoundException;
import dev.larder.StoreOptions;
import dev.larder.internal.base.DiskFullException;
import dev.larder.internal.base.Reasons;
import dev.larder.internal.base.Worker;
import dev.larder.internal.file.DirectoryLock;
import dev.larder.internal.file.StoreDirectory;
import dev.larder.internal.log.StoreFiles;
import dev.larder.internal.recovery.Checkpointer;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A place where a store is or will be: opens it when it is there, creates it by the first commit
/// that writes an entry.
///
/// **Threads.** Safe for any number of threads.
public final class LogStorage {
  private final Environment environment;
  private final StoreOptions options;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable OpenStore open;

  @GuardedBy("lock")
  private boolean isClosed;

  /// What a store is given from outside.
  ///
  /// @param directory its files
  /// @param workers its threads
  /// @param random where salts and identities come from
  /// @param deltaWorth after how many bytes of log a delta is written
  public record Environment(
      StoreDirectory directory, Worker.Starter workers, RandomGenerator random, long deltaWorth) {
    /// Writes deltas as often as a store of any size needs it.
    public Environment(StoreDirectory directory, Worker.Starter workers, RandomGenerator random) {
      this(directory, workers, random, Checkpointer.DELTA_WORTH);
    }
  }

  private LogStorage(Environment environment, StoreOptions options) {
    this.environment = environment;
    this.options = options;
  }

  /// Opens what is in a directory, if there is something.
  static LogStorage open(Environment environment, StoreOptions options) {
    var storage = new LogStorage(environment, options);
    storage.find(false);
    return storage;
  }

  /// {@return the open store}
  ///
  /// @throws StoreNotFoundException if there is none
  OpenStore existing() {
    OpenStore store = open != null ? open : find(false);
    if (store == null) {
      throw new StoreNotFoundException(environment.directory().path());
    }
    return store;
  }

  /// {@return the open store, created if there is none and the commit writes an entry}
  ///
  /// @throws StoreNotFoundException if there is none and the commit cannot create it
  OpenStore forCommit(Commit commit) {
    OpenStore store = open != null ? open : find(creates(commit));
    if (store == null) {
      throw new StoreNotFoundException(environment.directory().path());
    }
    return store;
  }

  private static boolean creates(Commit commit) {
    return commit.mutations().stream().anyMatch(m -> m instanceof Mutation.Put)
        && commit.preconditions().stream().allMatch(p -> p instanceof Precondition.Absent);
  }

  private @Nullable OpenStore find(boolean mayCreate) {
    lock.lock();
    try {
      if (isClosed) {
        throw closed();
      }
      if (open == null) {
        open = openOrCreate(mayCreate);
      }
      return open;
    } catch (DiskFullException e) {
      throw new StoreFullException(
          "the disk under %s is full: %s".formatted(environment.directory().path(), Reasons.of(e)),
          e);
    } catch (IOException e) {
      throw new StoreIoException(
          "cannot open the store at %s: %s"
              .formatted(environment.directory().path(), Reasons.of(e)),
          e);
    } finally {
      lock.unlock();
    }
  }

  private @Nullable OpenStore openOrCreate(boolean mayCreate) throws IOException {
    StoreDirectory directory = environment.directory();
    DirectoryGuard.requireStoreDirectory(directory, options);
    // Files of a store without a manifest are one whose creation was cut short: it is empty, and
    // its
    // creation is finished whoever opens it.
    if (!mayCreate && !StoreFiles.isBegun(directory)) {
      return null;
    }
    if (!StoreFiles.hasStore(directory)) {
      directory.create(); // forces the parents, also where an earlier creation was cut short
    }
    DirectoryLock storeLock = DirectoryGuard.lock(directory, options);
    try {
      return OpenStore.open(environment, options, storeLock);
    } catch (IOException | RuntimeException | Error e) {
      storeLock.close();
      throw e;
    }
  }

  private StoreClosedException closed() {
    return new StoreClosedException(
        "the store at " + environment.directory().path() + " is closed");
  }

  /// Closes what is open. Closing twice does nothing.
  void close() {
    OpenStore store;
    lock.lock();
    try {
      isClosed = true;
      store = open;
    } finally {
      lock.unlock();
    }
    if (store != null) {
      store.close();
    }
  }
}
