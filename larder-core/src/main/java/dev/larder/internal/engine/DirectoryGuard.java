package dev.larder.internal.engine;

import dev.larder.NotAStoreException;
import dev.larder.StoreLockedException;
import dev.larder.StoreOptions;
import dev.larder.internal.file.DataFile;
import dev.larder.internal.file.DirectoryLock;
import dev.larder.internal.file.StoreDirectory;
import dev.larder.internal.format.ByteReader;
import dev.larder.internal.format.ControlLayout;
import dev.larder.internal.format.FileNames;
import dev.larder.internal.format.FormatException;
import java.io.IOException;
import java.nio.file.NotDirectoryException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// Decides whether a directory may be a store's, and takes its lock.
final class DirectoryGuard {
  private static final Set<String> NETWORK_TYPES =
      Set.of(
          "nfs",
          "nfs4",
          "cifs",
          "smb",
          "smb2",
          "smb3",
          "smbfs",
          "9p",
          "afs",
          "ceph",
          "fuse.sshfs",
          "glusterfs",
          "fuse.glusterfs",
          "lustre",
          "webdav",
          "davfs");
  private static final Duration POLL_INTERVAL = Duration.ofMillis(10);
  private static final int SHOWN_NAMES_MAX = 3;
  private static final double MILLIS_PER_SECOND = 1000;

  private DirectoryGuard() {}

  /// Checks that a path is free, or a directory that holds a store, part of one, or nothing.
  static void requireStoreDirectory(StoreDirectory directory, StoreOptions options)
      throws IOException {
    List<String> names;
    try {
      if (!directory.exists()) {
        return;
      }
      names = directory.list();
    } catch (NotDirectoryException e) {
      throw new NotAStoreException(directory.path(), "is a file; a store is a directory", e);
    }
    if (!names.contains(FileNames.MANIFEST)) {
      List<String> foreign =
          names.stream().filter(name -> !FileNames.isOurs(name)).sorted().toList();
      if (!foreign.isEmpty()) {
        throw new NotAStoreException(
            directory.path(), "holds something else than a store: " + shown(foreign));
      }
    }
    String type = directory.fileSystemType();
    if (NETWORK_TYPES.contains(type) && !options.allowNetworkFileSystem()) {
      throw new NotAStoreException(
          directory.path(),
          "is on a network file system (%s), where locks and forces may not hold what they promise; StoreOptions.withAllowNetworkFileSystem(true) insists"
              .formatted(type));
    }
  }

  private static String shown(List<String> names) {
    String shown = String.join(", ", names.subList(0, Math.min(SHOWN_NAMES_MAX, names.size())));
    int more = names.size() - SHOWN_NAMES_MAX;
    return more > 0 ? "%s and %d more".formatted(shown, more) : shown;
  }

  /// Takes the store's lock; waits for another process that has it.
  ///
  /// @throws StoreLockedException if it is not to be had in time, or the thread is interrupted
  ///   while waiting; the interrupt flag is kept
  static DirectoryLock lock(StoreDirectory directory, StoreOptions options) throws IOException {
    long start = options.timeSource().monotonicNanos();
    while (true) {
      DirectoryLock lock = directory.tryLock(FileNames.LOCK);
      if (lock != null) {
        return lock;
      }
      if (options.timeSource().monotonicNanos() - start >= options.lockWait().toNanos()) {
        throw new StoreLockedException(
            "the store at %s is open in %s; waited %.1f s for it"
                .formatted(
                    directory.path(),
                    holder(directory),
                    options.lockWait().toMillis() / MILLIS_PER_SECOND));
      }
      try {
        Thread.sleep(POLL_INTERVAL);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new StoreLockedException(
            "interrupted while waiting for the store at %s, which is open in %s"
                .formatted(directory.path(), holder(directory)));
      }
    }
  }

  private static String holder(StoreDirectory directory) {
    try (DataFile file = directory.openFile(FileNames.CONTROL, false)) {
      int size = (ControlLayout.WRITER_SINCE_WORD + 1) * Long.BYTES;
      byte[] bytes = new byte[size];
      file.read(0, bytes, 0, size);
      long process = word(bytes, ControlLayout.WRITER_PROCESS_WORD);
      Instant since = Instant.ofEpochMilli(word(bytes, ControlLayout.WRITER_SINCE_WORD));
      if (process == ProcessHandle.current().pid()) {
        return "this process, by another class loader or another path, since " + since;
      }
      return process == 0 ? "another process" : "process %d since %s".formatted(process, since);
    } catch (IOException | FormatException _) {
      return "another process"; // who it is only makes the message better
    }
  }

  private static long word(byte[] bytes, int index) throws FormatException {
    return new ByteReader(bytes, index * Long.BYTES, bytes.length).u64();
  }
}
