package dev.larder.internal.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Asks how much room a file system has.
final class FreeSpace {
  private FreeSpace() {}

  /// {@return how many bytes this user may still write, or `Long.MAX_VALUE` if that is unknown}
  ///
  /// @param where an existing file or directory
  static long bytes(Path where) {
    // The quick way does not search the table of mounts, but says 0 for "unknown", too.
    long free = where.toFile().getUsableSpace();
    if (free == 0) {
      try {
        free = Files.getFileStore(where).getUsableSpace();
      } catch (IOException _) {
        return Long.MAX_VALUE;
      }
    }
    return free < 0 ? Long.MAX_VALUE : free;
  }
}
