package dev.larder;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/// Opens stores.
///
/// Opening a path where nothing is creates nothing: the first write does. Opening the same
/// directory again in one JVM shares what is open; a store that another process has open is waited
/// for, for [StoreOptions#lockWait()].
public final class Larder {
  private static final String DEFAULT_PROVIDER = "log";
  private static final String MEMORY_PROVIDER = "memory";

  private Larder() {}

  /// Opens the store in the default place: `larder` inside the user's documents folder, or inside
  /// the platform's folder for application data where there is no documents folder.
  ///
  /// @return the open store
  public static Store open() {
    return open(defaultLocation());
  }

  /// Opens a store with default options.
  ///
  /// @param location the store's directory, which need not exist yet
  /// @return the open store
  /// @throws NotAStoreException if something else is there
  /// @throws StoreLockedException if another process has it open
  /// @throws UnsupportedVersionException if it was written by a newer release
  /// @throws CorruptionException if it is damaged
  /// @throws StoreIoException if the file system refuses
  public static Store open(Path location) {
    return open(location, StoreOptions.defaults());
  }

  /// Opens a store.
  ///
  /// @param location the store's directory, which need not exist yet
  /// @param options how to open it
  /// @return the open store
  /// @throws NotAStoreException if something else is there
  /// @throws StoreLockedException if another process has it open, or this one with another size
  ///   limit, space amplification or clock
  /// @throws UnsupportedVersionException if it was written by a newer release
  /// @throws CorruptionException if it is damaged
  /// @throws StoreIoException if the file system refuses
  public static Store open(Path location, StoreOptions options) {
    return open(providerOf(location), location, options);
  }

  /// Opens an empty store in memory: the same contract, nothing on disk, gone when it is closed.
  ///
  /// @return the open store
  public static Store inMemory() {
    return inMemory(StoreOptions.defaults());
  }

  /// Opens an empty store in memory: the same contract, nothing on disk, gone when it is closed.
  ///
  /// @param options how to open it; durability has no meaning here
  /// @return the open store
  public static Store inMemory(StoreOptions options) {
    return open(provider(MEMORY_PROVIDER), null, options);
  }

  /// Reads everything in a store that nobody has open and checks it. Writes nothing.
  ///
  /// @param location the store's directory
  /// @return what was read and everything that is wrong
  /// @throws StoreNotFoundException if no store is there
  /// @throws StoreLockedException if it is open, in this process or another
  /// @throws NotAStoreException if something else is there
  public static VerifyReport verify(Path location) {
    return providerOf(location).verify(location, StoreOptions.defaults());
  }

  /// {@return where [#open()] looks for the store}
  public static Path defaultLocation() {
    return DefaultLocation.ofThisUser().find();
  }

  private static Store open(StoreProvider provider, @Nullable Path location, StoreOptions options) {
    var store = new Store(location, provider.open(location, options), options);
    if (options.closeAtShutdown()) {
      OpenStores.remember(store);
    }
    return store;
  }

  private static StoreProvider providerOf(Path location) {
    for (StoreProvider provider : providers()) {
      if (provider.claims(location)) {
        return provider;
      }
    }
    return provider(DEFAULT_PROVIDER);
  }

  private static StoreProvider provider(String name) {
    List<StoreProvider> providers = providers();
    for (StoreProvider provider : providers) {
      if (provider.name().equals(name)) {
        return provider;
      }
    }
    throw new IllegalStateException(
        "no provider named \"%s\" among %s; is larder-core whole on the class path?"
            .formatted(name, providers.stream().map(StoreProvider::name).toList()));
  }

  private static List<StoreProvider> providers() {
    var providers = new ArrayList<StoreProvider>();
    // The loader of this class finds the providers beside it wherever the caller's context loader
    // points.
    ServiceLoader.load(StoreProvider.class, Larder.class.getClassLoader()).forEach(providers::add);
    return providers;
  }
}
