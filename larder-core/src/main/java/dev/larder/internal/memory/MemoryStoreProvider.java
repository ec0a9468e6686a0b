package dev.larder.internal.memory;

import dev.larder.Backend;
import dev.larder.StoreOptions;
import dev.larder.StoreProvider;
import dev.larder.VerifyReport;
import dev.larder.internal.base.ThreadWorkers;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Stores without a location: everything is in memory and gone when the store is closed.
///
/// **Threads.** Safe for any number of threads.
public final class MemoryStoreProvider implements StoreProvider {
  @Override
  public String name() {
    return MemoryBackend.NAME;
  }

  @Override
  public boolean claims(Path location) {
    return false;
  }

  @Override
  public Backend open(@Nullable Path location, StoreOptions options) {
    if (location != null) {
      throw new IllegalArgumentException("a store in memory has no location, not " + location);
    }
    return new MemoryBackend(options, new ThreadWorkers());
  }

  @Override
  public VerifyReport verify(Path location, StoreOptions options) {
    throw new IllegalArgumentException(
        "a store in memory has no location that could be verified, not " + location);
  }
}
