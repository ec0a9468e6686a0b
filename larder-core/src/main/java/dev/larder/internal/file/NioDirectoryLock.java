package dev.larder.internal.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A lock of the operating system on a file of its own.
///
/// **Threads.** Safe for any number of threads.
final class NioDirectoryLock implements DirectoryLock {
  /*
   * A POSIX lock belongs to the process, and is lost without a word when the process closes *any*
   * descriptor of the file: also that of a second attempt, after it was turned away. So at most one
   * channel to a lock file is open in the whole JVM, the other class loaders included. All they share
   * is the JDK, so the claim to be that one is a system property, named after the file itself and
   * not after its path; it is made before the channel is opened and withdrawn after it is closed.
   * A file that is held open keeps its identity, so a claim cannot be taken for one to a later file.
   *
   * Where the claim fails to keep two apart (the application replaced all system properties) the JDK
   * itself still refuses the second lock. Its channel must then never be closed; it is kept and used
   * for the next attempt.
   */
  private static final String CLAIM_PREFIX = "dev.larder.lock.";

  /// Held while the lock file is created and opened. A string constant is one object for all class
  /// loaders: creating the file opens and closes it, which nobody may do to a file that is locked.
  private static final Object JVM_WIDE = CLAIM_PREFIX;

  @GuardedBy("JVM_WIDE")
  private static final Map<String, AsynchronousFileChannel> UNCLOSABLE = new HashMap<>();

  private final Path path;
  private final Claim claim;
  private final AsynchronousFileChannel channel;
  private final FileLock lock;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private NioDirectoryLock(Path path, Claim claim, AsynchronousFileChannel channel, FileLock lock) {
    this.path = path;
    this.claim = claim;
    this.channel = channel;
    this.lock = lock;
  }

  /// Takes the lock if it is free.
  ///
  /// @param path the lock file, which need not exist
  static @Nullable NioDirectoryLock tryLock(Path path) throws IOException {
    synchronized (JVM_WIDE) {
      Claim claim = Claim.tryMake(identity(createdIfMissing(path), path));
      if (claim == null) {
        return null;
      }
      NioDirectoryLock taken = null;
      try {
        taken = tryLockClaimed(path, claim);
      } finally {
        if (taken == null) {
          claim.withdraw();
        }
      }
      return taken;
    }
  }

  @GuardedBy("JVM_WIDE")
  private static BasicFileAttributes createdIfMissing(Path path) throws IOException {
    try {
      return RegularFile.attributes(path);
    } catch (NoSuchFileException _) {
      try {
        RegularFile.create(path);
      } catch (FileAlreadyExistsException _) {
        // Another process was faster, which is as good.
      }
      return RegularFile.attributes(path);
    }
  }

  @GuardedBy("JVM_WIDE")
  private static @Nullable NioDirectoryLock tryLockClaimed(Path path, Claim claim)
      throws IOException {
    AsynchronousFileChannel channel = UNCLOSABLE.remove(claim.name);
    if (channel == null) {
      channel = RegularFile.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }
    NioDirectoryLock taken = null;
    boolean isClosable = true;
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        taken = new NioDirectoryLock(path, claim, channel, lock);
      }
    } catch (OverlappingFileLockException _) {
      UNCLOSABLE.put(claim.name, channel);
      isClosable = false;
    } catch (IOException e) {
      throw FileErrors.explain("locking " + path.getFileName(), e);
    } finally {
      if (taken == null && isClosable) {
        channel.close();
      }
    }
    return taken;
  }

  private static Object identity(BasicFileAttributes attributes, Path path) throws IOException {
    Object key = attributes.fileKey();
    return key != null ? key : path.toRealPath();
  }

  @Override
  public boolean isHeld() throws IOException {
    if (!lock.isValid()) {
      return false;
    }
    try {
      return claim.isFor(identity(RegularFile.attributes(path), path));
    } catch (NoSuchFileException _) {
      return false;
    }
  }

  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      try {
        channel.close();
      } catch (IOException _) {
        // The descriptor is gone whatever close says, and the lock with it.
      } finally {
        claim.withdraw();
      }
    }
  }

  /// The right to open one lock file.
  private static final class Claim {
    private final String name;

    /// Where it was made; the application may set others meanwhile.
    private final Properties properties;

    private Claim(String name, Properties properties) {
      this.name = name;
      this.properties = properties;
    }

    static @Nullable Claim tryMake(Object file) {
      var claim = new Claim(CLAIM_PREFIX + file, System.getProperties());
      return claim.properties.putIfAbsent(claim.name, "claimed") == null ? claim : null;
    }

    boolean isFor(Object file) {
      return name.equals(CLAIM_PREFIX + file);
    }

    void withdraw() {
      properties.remove(name);
    }
  }
}
