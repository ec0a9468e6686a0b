package dev.larder.internal.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.larder.Backend;
import dev.larder.NotAStoreException;
import dev.larder.StoreIoException;
import dev.larder.StoreLockedException;
import dev.larder.StoreNotFoundException;
import dev.larder.StoreOptions;
import dev.larder.StoreProvider;
import dev.larder.VerifyReport;
import dev.larder.internal.base.Reasons;
import dev.larder.internal.base.ThreadWorkers;
import dev.larder.internal.file.DirectoryLock;
import dev.larder.internal.file.NioStoreDirectory;
import dev.larder.internal.file.StoreDirectory;
import dev.larder.internal.inspect.Verifier;
import dev.larder.internal.log.StoreFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The default backend: a log in a directory.
///
/// **Threads.** Safe for any number of threads.
public final class LogStoreProvider implements StoreProvider {
  private static final Map<Path, Shared> OPEN = new HashMap<>();

  /// Storage that several handles of this process share.
  private static final class Shared {
    /// How the storage was or will be opened. Guarded by the lock of `OPEN`.
    StoreOptions options;

    /// Guarded by the lock of `OPEN`.
    int handleCount;

    /// Opening and closing may take long, so they have a lock of their own: other stores do not
    /// wait.
    @GuardedBy("this")
    private @Nullable LogStorage storage;

    Shared(StoreOptions options) {
      this.options = options;
    }

    synchronized LogStorage open(Path location, StoreOptions given) {
      LogStorage opened = storage;
      if (opened == null) {
        var environment =
            new LogStorage.Environment(
                NioStoreDirectory.of(location), new ThreadWorkers(), new LazySecureRandom());
        opened = LogStorage.open(environment, given);
        storage = opened;
      }
      return opened;
    }

    /// Closes the storage, unless somebody has taken a handle meanwhile.
    synchronized void closeIfUnused() {
      synchronized (OPEN) {
        if (handleCount > 0) {
          return;
        }
      }
      LogStorage opened = storage;
      storage = null;
      if (opened != null) {
        opened.close();
      }
    }
  }

  /// Makes the platform's secure source of randomness when it is first asked for something: setting
  /// it up takes as long as a whole short command that only reads.
  private static final class LazySecureRandom implements RandomGenerator {
    private static final class Source {
      static final SecureRandom RANDOM = new SecureRandom();
    }

    @Override
    public long nextLong() {
      return Source.RANDOM.nextLong();
    }
  }

  /// Made by [java.util.ServiceLoader].
  public LogStoreProvider() {}

  @Override
  public String name() {
    return "log";
  }

  @Override
  public boolean claims(Path location) {
    return false; // takes what nobody else claims
  }

  @Override
  public Backend open(@Nullable Path location, StoreOptions options) {
    if (location == null) {
      throw new IllegalArgumentException("a store of the log engine needs a path");
    }
    Path canonical = canonical(location);
    Shared shared = enter(canonical, options);
    try {
      LogStorage storage = shared.open(location, options);
      return new LogBackend(storage, options.durability(), () -> release(canonical, shared));
    } catch (RuntimeException | Error e) {
      release(canonical, shared);
      throw e;
    }
  }

  private static Shared enter(Path canonical, StoreOptions options) {
    synchronized (OPEN) {
      Shared shared = OPEN.computeIfAbsent(canonical, _ -> new Shared(options));
      if (shared.handleCount == 0) {
        shared.options = options;
      }
      requireCompatible(canonical, shared.options, options);
      shared.handleCount++;
      return shared;
    }
  }

  /// Opens storage through a seam to the file system, with workers and randomness of the caller's
  /// choice: for simulations. Nothing is shared.
  ///
  /// @param environment where it lives
  /// @param options how to open it
  public static Backend open(LogStorage.Environment environment, StoreOptions options) {
    LogStorage storage = LogStorage.open(environment, options);
    return new LogBackend(storage, options.durability(), storage::close);
  }

  @Override
  public VerifyReport verify(Path location, StoreOptions options) {
    return verify(NioStoreDirectory.of(location), options);
  }

  /// Verifies a store through a seam to the file system.
  ///
  /// @param directory where it is
  /// @param options how long to wait for a process that has it open
  public static VerifyReport verify(StoreDirectory directory, StoreOptions options) {
    try {
      DirectoryGuard.requireStoreDirectory(directory, options);
      if (!StoreFiles.isBegun(directory)) {
        throw new StoreNotFoundException(directory.path());
      }
      try (DirectoryLock _ = DirectoryGuard.lock(directory, options)) {
        return new Verifier(directory, options.timeSource().wallMillis()).run();
      }
    } catch (IOException e) {
      throw new StoreIoException(
          "cannot read the store at %s: %s".formatted(directory.path(), Reasons.of(e)), e);
    }
  }

  private static Path canonical(Path location) {
    try {
      return NioStoreDirectory.canonical(location);
    } catch (IOException e) {
      throw new NotAStoreException(location, "cannot hold a store: " + Reasons.of(e), e);
    }
  }

  private static void requireCompatible(Path location, StoreOptions present, StoreOptions given) {
    if (present.limits().storeBytes() != given.limits().storeBytes()
        || present.spaceAmplification() != given.spaceAmplification()
        || present.ordered() != given.ordered()
        || !present.timeSource().equals(given.timeSource())) {
      throw new StoreLockedException(
          "the store at %s is open in this process already, with another size limit, space amplification, order or clock"
              .formatted(location));
    }
  }

  /// The entry stays until the storage is closed: who opens it meanwhile waits for that, instead of
  /// finding the directory locked by this very process.
  private static void release(Path location, Shared shared) {
    synchronized (OPEN) {
      shared.handleCount--;
    }
    try {
      shared.closeIfUnused();
    } finally {
      synchronized (OPEN) {
        if (shared.handleCount == 0) {
          OPEN.remove(location, shared);
        }
      }
    }
  }
}
