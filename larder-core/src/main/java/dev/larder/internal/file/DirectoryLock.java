package dev.larder.internal.file;

import java.io.IOException;

/// A lock that was taken with [StoreDirectory#tryLock].
///
/// **Threads.** Safe for any number of threads.
public interface DirectoryLock extends AutoCloseable {
  /// {@return whether the lock still keeps others out: false once it was closed, or if somebody has
  /// removed or replaced the lock file, so that another process may lock the one in its place}
  ///
  /// An answer for the moment, at the cost of one look at the file's attributes.
  boolean isHeld() throws IOException;

  /// Gives the lock back. Closing twice does nothing.
  @Override
  void close();
}
