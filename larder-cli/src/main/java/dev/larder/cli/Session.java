package dev.larder.cli;

import dev.larder.Durability;
import dev.larder.Larder;
import dev.larder.Store;
import dev.larder.StoreOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The one store of a run, opened when the first command asks for it.
///
/// **Threads.** One runs commands; the shutdown hook may release the store at any time.
final class Session {
  private final Console console;
  private final boolean isShell;
  private volatile @Nullable Store open;

  /// Makes a session.
  ///
  /// @param console what its commands read and write
  /// @param isShell whether several commands share it
  Session(Console console, boolean isShell) {
    this.console = console;
    this.isShell = isShell;
  }

  /// {@return what commands read and write}
  Console console() {
    return console;
  }

  /// {@return whether several commands share this session}
  boolean isShell() {
    return isShell;
  }

  /// {@return whether a store is open}
  boolean isOpen() {
    return open != null;
  }

  /// {@return the store, which is opened if it is not open yet}
  ///
  /// @param location the store's directory
  /// @param durability what its commits survive
  synchronized Store store(Path location, Durability durability) {
    Store store = open;
    if (store == null) {
      if (Shutdown.isUnderWay()) {
        throw CommandException.interrupted("interrupted");
      }
      // The hook of this program closes the store in its own order: the command first.
      StoreOptions options =
          StoreOptions.defaults().withDurability(durability).withCloseAtShutdown(false);
      store = Larder.open(location, options);
      open = store;
    }
    return store;
  }

  /// Closes the store, if it is open. The next command that needs it opens it again.
  void release() {
    Store store = open;
    if (store != null) {
      try {
        store.close();
      } finally {
        open = null; // only now, so that the shutdown hook waits for a close that is under way
      }
    }
  }
}
