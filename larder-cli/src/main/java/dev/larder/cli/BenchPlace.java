package dev.larder.cli;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// A directory of its own in which something is measured; nobody else may look into it, and it is
/// deleted at the end, also at a signal.
///
/// **Threads.** For one thread; the shutdown hook may delete it at any time.
final class BenchPlace implements AutoCloseable {
  /// What the directory's name begins with. One that stays was left by a process that was killed.
  static final String PREFIX = "larder-bench-";

  /// The file that every store has, see `docs/FILE_FORMAT.md`.
  private static final String MANIFEST = "MANIFEST";

  /// Files may appear in a directory while it is being deleted, as long as its store is open.
  private static final int ATTEMPTS = 5;

  private final Path parent;
  private final FileStore disk;
  private final long freeBytes;
  private volatile @Nullable Path directory;

  private BenchPlace(Path parent, FileStore disk) throws IOException {
    this.parent = parent;
    this.disk = disk;
    this.freeBytes = disk.getUsableSpace();
  }

  /// Makes the directory: inside the one that is named, or beside it where that is a store, which
  /// nothing may be put into.
  ///
  /// @param named the directory whose disk is to be measured
  /// @param neededBytes the room that the measurement takes there
  /// @throws CommandException if it cannot be measured there
  static BenchPlace create(String named, long neededBytes) {
    try {
      return create(Path.of(named), neededBytes);
    } catch (InvalidPathException e) {
      throw CommandException.usage(
          "%s cannot be a path: %s".formatted(JsonStrings.quote(named), e.getReason()));
    }
  }

  /// Makes the directory, in the same way.
  static BenchPlace create(Path named, long neededBytes) {
    if (!Files.exists(named)) {
      throw refused(named, "no such directory", null);
    }
    if (!Files.isDirectory(named)) {
      throw refused(named, "not a directory", null);
    }
    try {
      Path parent = named.toRealPath();
      FileStore disk = Files.getFileStore(parent);
      if (Files.exists(parent.resolve(MANIFEST))) {
        parent = beside(named, parent, disk);
      }
      var place = new BenchPlace(parent, disk);
      place.requireRoom(named, neededBytes);
      place.make();
      return place;
    } catch (IOException e) {
      throw refused(named, Failures.reasonOf(e), e);
    }
  }

  /// {@return the nearest directory that exists, where a store is or would be}
  static Path nearest(Path store) {
    Path path = store.toAbsolutePath().normalize();
    while (!Files.isDirectory(path) && path.getParent() != null) {
      path = path.getParent();
    }
    return path;
  }

  private static Path beside(Path named, Path store, FileStore disk) throws IOException {
    Path parent = store.getParent();
    if (parent == null || !Files.getFileStore(parent).equals(disk)) {
      throw refused(
          named,
          "it is a store that has a disk to itself; name another directory on that disk",
          null);
    }
    return parent;
  }

  private void requireRoom(Path named, long neededBytes) {
    if (freeBytes < neededBytes) {
      throw refused(
          named,
          "it takes %s of room and %s are free; fewer --keys or a smaller --value-size take less"
              .formatted(UpkeepCommands.size(neededBytes), UpkeepCommands.size(freeBytes)),
          null);
    }
  }

  private void make() throws IOException {
    Shutdown.cleanUp(this::remove); // before there is anything, so that a signal finds it
    try {
      directory = Files.createTempDirectory(parent, PREFIX); // for its owner alone, says the JDK
    } finally {
      if (directory == null) {
        Shutdown.cleanUp(null);
      }
    }
  }

  /// {@return the directory}
  Path directory() {
    Path made = directory;
    if (made == null) {
      throw new AssertionError(parent);
    }
    return made;
  }

  /// {@return the type of the file system}
  String fileSystem() {
    return disk.type();
  }

  /// {@return what the operating system calls the disk}
  String device() {
    return disk.name();
  }

  /// {@return how many bytes were free before}
  long freeBytes() {
    return freeBytes;
  }

  /// Deletes a directory in it, with all that is there, to have its room again.
  void delete(Path part) {
    try {
      deleteAll(part);
    } catch (IOException e) {
      throw CommandException.unable(
          "cannot delete %s: %s".formatted(part, Failures.reasonOf(e)), e);
    }
  }

  @Override
  public void close() {
    delete(directory());
    Shutdown.cleanUp(null);
  }

  /// Deletes it, with nobody there to be told if that fails.
  private void remove() {
    Path made = directory;
    if (made != null) {
      try {
        deleteAll(made);
      } catch (IOException _) {
        return; // its name says whose it was
      }
    }
  }

  private static void deleteAll(Path root) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        deleteOnce(root);
        return;
      } catch (DirectoryNotEmptyException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static void deleteOnce(Path root) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE; // deleted by its store meanwhile, or by the hook
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path left, @Nullable IOException e)
              throws IOException {
            if (e != null) {
              throw e;
            }
            Files.deleteIfExists(left);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static CommandException refused(Path named, String reason, @Nullable Throwable cause) {
    return CommandException.unable("cannot measure in %s: %s".formatted(named, reason), cause);
  }
}
