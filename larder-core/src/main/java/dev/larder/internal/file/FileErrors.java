package dev.larder.internal.file;

import dev.larder.internal.base.DiskFullException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns what the JDK throws into what the seam promises: a full disk is told from everything else,
/// and every message names the file.
final class FileErrors {
  /*
   * The JDK passes on the text of the operating system's error and drops its number, and the text is
   * in the user's language. So the English texts are looked for first, and where none of them is
   * found the file system is asked whether it has room for what was tried.
   */
  private static final List<String> FULL_TEXTS =
      List.of(
          "No space left on device",
          "Disk quota exceeded",
          "File too large",
          "not enough space on the disk");

  /// What a write fails for at the latest when a file system has no more room than this.
  private static final long ROOM_MIN_BYTES = 4096;

  private FileErrors() {}

  /// {@return the exception to throw for one that came from the JDK}
  ///
  /// @param what what was tried, with the file's name
  static IOException explain(String what, IOException error) {
    String reason = reason(error);
    if (isFull(reason)) {
      return new DiskFullException(what + ": " + reason, error);
    }
    if (error instanceof FileSystemException) {
      return error; // names the file, and its type says what is wrong
    }
    return new IOException(what + ": " + reason, error);
  }

  /// As [#explain(String, IOException)], for something that needs room.
  ///
  /// @param where a place on the file system
  /// @param wantedBytes how much was to be written
  static IOException explainWrite(String what, IOException error, Path where, long wantedBytes) {
    IOException explained = explain(what, error);
    if (explained instanceof DiskFullException || hasRoom(where, wantedBytes)) {
      return explained;
    }
    return new DiskFullException(what + ": " + reason(error), error);
  }

  private static boolean hasRoom(Path where, long wantedBytes) {
    long free = FreeSpace.bytes(where);
    return Math.max(wantedBytes, ROOM_MIN_BYTES) <= free;
  }

  private static String reason(IOException error) {
    @Nullable String reason =
        error instanceof FileSystemException inFileSystem
            ? inFileSystem.getReason()
            : error.getMessage();
    return reason == null ? error.getClass().getSimpleName() : reason;
  }

  private static boolean isFull(String reason) {
    for (String text : FULL_TEXTS) {
      if (reason.contains(text)) {
        return true;
      }
    }
    return false;
  }
}
