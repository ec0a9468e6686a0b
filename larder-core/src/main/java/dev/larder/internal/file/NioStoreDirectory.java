package dev.larder.internal.file;

import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A directory of the real file system.
///
/// **Threads.** Safe for any number of threads.
///
/// **Platforms.** Windows has no way to force a directory, so [#force()] does nothing there: its
/// file systems keep names in a journal, and a name may be lost together with the last moments
/// before a power failure.
public final class NioStoreDirectory implements StoreDirectory {
  private static final boolean IS_DIRECTORY_FORCED =
      !FileSystems.getDefault().getSeparator().equals("\\");

  private final Path path;

  private NioStoreDirectory(Path path) {
    this.path = path;
  }

  /// {@return the directory at a path, which need not exist}
  ///
  /// @param path where it is; links on the way to it, and a link in its place, are followed
  /// @throws IllegalArgumentException if the path is not one of the machine's own file system
  public static NioStoreDirectory of(Path path) {
    if (!path.getFileSystem().equals(FileSystems.getDefault())) {
      throw new IllegalArgumentException("not a path of the machine's own file system: " + path);
    }
    return new NioStoreDirectory(path.toAbsolutePath());
  }

  /// {@return one path for all paths to the same directory: absolute, without links, also where the
  /// directory does not exist yet}
  ///
  /// @param path any path
  public static Path canonical(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    Path existing = absolute;
    while (existing.getParent() != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    return existing.toRealPath().resolve(existing.relativize(absolute)).normalize();
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public boolean exists() throws IOException {
    return isDirectory(path);
  }

  private static boolean isDirectory(Path path) throws IOException {
    try {
      if (Files.readAttributes(path, BasicFileAttributes.class).isDirectory()) {
        return true;
      }
      throw new NotDirectoryException(path.toString());
    } catch (NoSuchFileException _) {
      return false;
    }
  }

  @Override
  public void create() throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    Path place = path;
    while (place != null && !isDirectory(place)) {
      missing.push(place);
      place = place.getParent();
    }
    if (missing.isEmpty()) {
      forceParentOfExisting();
      return;
    }
    for (Path directory : missing) {
      createOne(directory);
    }
  }

  /// A process that died between making the directory and forcing its name may have left it.
  private void forceParentOfExisting() throws IOException {
    Path parent = path.getParent();
    if (parent != null) {
      try {
        force(parent);
      } catch (AccessDeniedException _) {
        // Who may not read the parent cannot have made the directory in it just before.
      }
    }
  }

  private static void createOne(Path directory) throws IOException {
    try {
      Files.createDirectory(directory, RegularFile.forOwner(directory, "rwx------"));
    } catch (FileAlreadyExistsException e) {
      if (!isDirectory(directory)) { // or else somebody was faster
        throw e;
      }
    } catch (IOException e) {
      throw FileErrors.explain("creating " + directory, e);
    }
    Path parent = directory.getParent();
    if (parent != null) {
      force(parent);
    }
  }

  @Override
  public List<String> list() throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        names.add(String.valueOf(entry.getFileName()));
      }
    } catch (DirectoryIteratorException e) {
      throw new IOException("listing %s: %s".formatted(path, e.getCause()), e);
    }
    return names;
  }

  @Override
  public long size(String name) throws IOException {
    try {
      return RegularFile.attributes(resolve(name)).size();
    } catch (NoSuchFileException _) {
      return -1;
    }
  }

  @Override
  public DataFile createFile(String name) throws IOException {
    Path file = resolve(name);
    AsynchronousFileChannel forcing;
    try {
      forcing =
          RegularFile.open(
              file,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw FileErrors.explain("creating " + name, e);
    }
    try {
      return NioDataFile.open(file, name, forcing);
    } catch (IOException e) {
      Files.deleteIfExists(file); // no more descriptors, perhaps: leave nothing half done
      throw e;
    }
  }

  @Override
  public DataFile openFile(String name, boolean isWritable) throws IOException {
    Path file = resolve(name);
    RegularFile.attributes(file);
    AsynchronousFileChannel forcing =
        isWritable
            ? RegularFile.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)
            : null;
    return NioDataFile.open(file, name, forcing);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Path source = resolve(from);
    Path target = resolve(to);
    RegularFile.attributes(source);
    try {
      Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw FileErrors.explain("renaming %s to %s".formatted(from, to), e);
    }
  }

  @Override
  public void delete(String name) throws IOException {
    Path file = resolve(name);
    RegularFile.attributes(file);
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw FileErrors.explain("deleting " + name, e);
    }
  }

  @Override
  public void force() throws IOException {
    force(path);
  }

  private static void force(Path directory) throws IOException {
    if (!IS_DIRECTORY_FORCED) {
      return;
    }
    try (var channel = AsynchronousFileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      throw FileErrors.explain("forcing " + directory, e);
    }
  }

  @Override
  public @Nullable DirectoryLock tryLock(String name) throws IOException {
    return NioDirectoryLock.tryLock(resolve(name));
  }

  @Override
  public SharedWords mapWords(String name, int count) throws IOException {
    Path file = resolve(name);
    try {
      RegularFile.attributes(file);
    } catch (NoSuchFileException _) {
      try {
        RegularFile.create(file);
      } catch (FileAlreadyExistsException _) {
        RegularFile.attributes(file); // another process was faster, which is as good
      }
    }
    return NioSharedWords.open(file, name, count);
  }

  @Override
  public long freeBytes() {
    return FreeSpace.bytes(nearestExisting());
  }

  @Override
  public String fileSystemType() {
    try {
      FileStore store = Files.getFileStore(nearestExisting());
      return store.type().toLowerCase(Locale.ROOT);
    } catch (IOException _) { // so it is in some containers, whose table of mounts is not theirs
      return "";
    }
  }

  private Path nearestExisting() {
    Path place = path;
    while (!Files.exists(place)) {
      Path parent = place.getParent();
      if (parent == null) {
        return place;
      }
      place = parent;
    }
    return place;
  }

  @Override
  public Object identity() throws IOException {
    Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    return key != null ? key : path.toRealPath();
  }

  private Path resolve(String name) {
    Path file = path.resolve(name);
    boolean isFlat =
        !name.equals(".")
            && !name.equals("..")
            && path.equals(file.getParent())
            && name.equals(String.valueOf(file.getFileName()));
    if (!isFlat) {
      throw new IllegalArgumentException("not the name of a file: " + name);
    }
    return file;
  }
}
