package dev.larder.internal.log;

import dev.larder.internal.file.DataFile;
import dev.larder.internal.file.StoreDirectory;
import dev.larder.internal.format.FileNames;
import java.io.IOException;

/// A file of zeros that is given up when the disk is full, so that deletes, expiry and compaction
/// can still allocate what they need.
///
/// **Threads.** For one thread at a time: whoever holds the log's table lock.
final class Reserve {
  private final StoreDirectory directory;
  private volatile long size;

  Reserve(StoreDirectory directory) throws IOException {
    this.directory = directory;
    this.size = Math.max(0, directory.size(FileNames.RESERVE));
  }

  long size() {
    return size;
  }

  /// Fills the reserve up.
  ///
  /// @throws IOException if there is no room; what there is of it stays
  void fill(long wanted) throws IOException {
    if (size >= wanted) {
      return;
    }
    boolean exists = directory.size(FileNames.RESERVE) >= 0;
    try (DataFile file =
        exists
            ? directory.openFile(FileNames.RESERVE, true)
            : directory.createFile(FileNames.RESERVE)) {
      try {
        file.allocate(wanted);
      } finally {
        size = file.size();
      }
    }
  }

  /// Gives the reserve up.
  ///
  /// @return whether there was any
  boolean release() throws IOException {
    if (size == 0) {
      return false;
    }
    directory.delete(FileNames.RESERVE);
    size = 0;
    return true;
  }
}
