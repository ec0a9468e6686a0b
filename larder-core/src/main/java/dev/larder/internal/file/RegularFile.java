package dev.larder.internal.file;

import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;

/// Touches nothing but regular files, and makes files for their owner alone.
final class RegularFile {
  private static final FileAttribute<?>[] NO_ATTRIBUTES = {};

  private RegularFile() {}

  /// {@return the attributes of a regular file}
  ///
  /// Links are not followed. Asking first is also what keeps an open from hanging on a named pipe.
  ///
  /// @throws java.nio.file.NoSuchFileException if there is nothing
  /// @throws FileSystemException if something else is there
  static BasicFileAttributes attributes(Path path) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isRegularFile()) {
      throw new FileSystemException(path.toString(), null, "Not a regular file");
    }
    return attributes;
  }

  /// Opens a channel that takes no notice of interrupts. Links are not followed; a file that is
  /// created is for its owner alone.
  static AsynchronousFileChannel open(Path path, OpenOption... options) throws IOException {
    var all = new HashSet<OpenOption>(Set.of(options));
    all.add(LinkOption.NOFOLLOW_LINKS);
    // No executor: the JDK starts none of its own before the first asynchronous call.
    return AsynchronousFileChannel.open(path, all, null, forOwner(path, "rw-------"));
  }

  /// Creates an empty file.
  ///
  /// @throws java.nio.file.FileAlreadyExistsException if the name is taken
  static void create(Path path) throws IOException {
    try {
      open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE).close();
    } catch (IOException e) {
      throw FileErrors.explain("creating " + path.getFileName(), e);
    }
  }

  /// {@return the attributes with which to create something; none where the file system knows none}
  ///
  /// @param mode such as `rwx------`
  static FileAttribute<?>[] forOwner(Path path, String mode) {
    if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return NO_ATTRIBUTES;
    }
    Set<PosixFilePermission> permissions = PosixFilePermissions.fromString(mode);
    return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
  }
}
