package dev.larder.testkit;

import dev.larder.Store;
import dev.larder.StoreOptions;
import dev.larder.internal.base.Worker;
import dev.larder.internal.engine.LogStorage;
import dev.larder.internal.engine.LogStoreProvider;
import dev.larder.internal.file.StoreDirectory;
import java.util.random.RandomGenerator;

/// Opens stores of the log engine with everything given from outside, so that one seed plays one
/// history.
public final class LogStores {
  private LogStores() {}

  /// Opens a store.
  ///
  /// @param directory its files
  /// @param workers its threads
  /// @param random where salts and identities come from
  /// @param options how to open it
  /// @return the open store, which is shared with nobody
  public static Store open(
      StoreDirectory directory,
      Worker.Starter workers,
      RandomGenerator random,
      StoreOptions options) {
    return open(new LogStorage.Environment(directory, workers, random), options);
  }

  /// Opens a store that writes down what happens to its index more often than others.
  ///
  /// @param directory its files
  /// @param workers its threads
  /// @param random where salts and identities come from
  /// @param options how to open it
  /// @param deltaWorth after how many bytes of log a delta is written
  /// @return the open store, which is shared with nobody
  public static Store open(
      StoreDirectory directory,
      Worker.Starter workers,
      RandomGenerator random,
      StoreOptions options,
      long deltaWorth) {
    return open(new LogStorage.Environment(directory, workers, random, deltaWorth), options);
  }

  private static Store open(LogStorage.Environment environment, StoreOptions options) {
    return Store.over(LogStoreProvider.open(environment, options), options);
  }
}
