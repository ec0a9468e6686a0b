package dev.larder.internal.log;

import dev.larder.CommitUnknownException;
import dev.larder.StoreFailedException;
import dev.larder.internal.base.StoreEvents;
import java.nio.file.Path;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Remembers the first error after which a store must not write. Nothing leads back: after a failed
/// force the kernel may have dropped the pages, and a second force would succeed without the data
/// being on the disk.
///
/// **Threads.** Safe for any number of threads.
public final class Failure {
  private final Path location;
  private final AtomicReference<@Nullable Throwable> first = new AtomicReference<>();
  private final CopyOnWriteArrayList<Runnable> listeners = new CopyOnWriteArrayList<>();

  /// Nothing has failed.
  ///
  /// @param location where the store is, for messages
  public Failure(Path location) {
    this.location = location;
  }

  /// Has something called once, by the thread that reports the first error.
  public void onFailure(Runnable listener) {
    listeners.add(listener);
  }

  /// Fails the store, if it has not failed already.
  ///
  /// @param cause what happened
  public void fail(Throwable cause) {
    if (first.compareAndSet(null, cause)) {
      // Those who wait come first, and nothing may keep the others from being told.
      for (Runnable listener : listeners) {
        run(listener, cause);
      }
      run(() -> StoreEvents.failed(location, cause), cause);
    }
  }

  private static void run(Runnable listener, Throwable cause) {
    try {
      listener.run();
    } catch (RuntimeException | Error e) {
      cause.addSuppressed(e);
    }
  }

  /// {@return whether the store has failed}
  public boolean hasFailed() {
    return first.get() != null;
  }

  /// Does nothing unless the store has failed.
  ///
  /// @throws StoreFailedException if it has
  public void check() {
    Throwable cause = first.get();
    if (cause != null) {
      throw new StoreFailedException(
          "the store at %s takes no more writes until it is opened again, since this failed: %s"
              .formatted(location, cause),
          cause);
    }
  }

  /// {@return what to tell the caller of a commit that was under way when the store failed}
  public CommitUnknownException unknown() {
    Throwable cause = first.get();
    if (cause == null) {
      throw new AssertionError("nothing has failed");
    }
    return new CommitUnknownException(
        "whether the commit happened is decided when the store at %s is opened again, since this failed: %s"
            .formatted(location, cause),
        cause);
  }
}
