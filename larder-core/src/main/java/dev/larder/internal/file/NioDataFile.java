package dev.larder.internal.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A real file.
///
/// **Threads.** Safe for any number of threads. Reads and writes of one file take turns; a force
/// runs beside them.
final class NioDataFile implements DataFile {
  /*
   * A FileChannel is closed for everybody when one of its users is interrupted, so there is none
   * here. RandomAccessFile and AsynchronousFileChannel.force take no notice of interrupts.
   *
   * The kernel reports a page it could not write once to every descriptor that was open when that
   * happened, and to none that was opened later. So the channel that forces is opened before the
   * first byte is written, and a file that was opened for reading cannot be forced.
   *
   * Invariant, under `lock`: filePosition is where the descriptor of `file` stands, or -1 if that is
   * not known.
   */
  private static final byte[] ZEROS = new byte[256 * 1024];

  /// How many bytes go to the kernel at once. The JDK copies them to native memory of that size
  /// first, so that without a limit a big batch would need as much again outside the heap.
  private static final int CALL_BYTES_MAX = ZEROS.length;

  private final Path path;
  private final String name;

  /// What tells this file from another one that is given its name later; null where there is none.
  private final @Nullable Object key;

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final RandomAccessFile file;

  @GuardedBy("lock")
  private long filePosition;

  /// Null if the file is open for reading only.
  private final @Nullable AsynchronousFileChannel forcing;

  private NioDataFile(
      Path path,
      String name,
      @Nullable Object key,
      RandomAccessFile file,
      @Nullable AsynchronousFileChannel forcing) {
    this.path = path;
    this.name = name;
    this.key = key;
    this.file = file;
    this.forcing = forcing;
  }

  /// Opens an existing regular file.
  ///
  /// @param forcing the open channel that forces it, which is closed if this fails; null for
  ///   reading only
  static NioDataFile open(Path path, String name, @Nullable AsynchronousFileChannel forcing)
      throws IOException {
    NioDataFile opened = null;
    try {
      Object key = RegularFile.attributes(path).fileKey();
      var file = new RandomAccessFile(path.toFile(), forcing == null ? "r" : "rw");
      opened = new NioDataFile(path, name, key, file, forcing);
    } catch (FileNotFoundException e) {
      throw refused(path, e);
    } finally {
      if (opened == null && forcing != null) {
        forcing.close();
      }
    }
    return opened;
  }

  /// `RandomAccessFile` has one exception for everything that keeps it from opening a file.
  private static IOException refused(Path path, FileNotFoundException error) {
    IOException refined;
    if (Files.notExists(path)) {
      refined = new NoSuchFileException(path.toString());
    } else if (!Files.isReadable(path)) {
      refined = new AccessDeniedException(path.toString());
    } else {
      refined = new FileSystemException(path.toString(), null, error.getMessage());
    }
    refined.initCause(error);
    return refined;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long size() throws IOException {
    lock.lock();
    try {
      return file.length();
    } catch (IOException e) {
      throw FileErrors.explain("the size of " + name, e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void read(long position, byte[] target, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, target.length);
    lock.lock();
    try {
      seek(position);
      int done = 0;
      while (done < count) {
        int wanted = Math.min(count - done, CALL_BYTES_MAX);
        int read = file.read(target, offset + done, wanted);
        if (read < 0) {
          throw new EOFException(
              "%s ends at %d, before %d".formatted(name, position + done, position + count));
        }
        done += read;
        filePosition = position + done;
      }
    } catch (EOFException e) {
      throw e;
    } catch (IOException e) {
      filePosition = -1;
      throw FileErrors.explain("reading " + name, e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void write(long position, byte[] source, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, source.length);
    checkWritable();
    lock.lock();
    try {
      writeLocked(position, source, offset, count);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void writeLocked(long position, byte[] source, int offset, int count) throws IOException {
    try {
      seek(position);
      int done = 0;
      while (done < count) {
        int part = Math.min(count - done, CALL_BYTES_MAX);
        file.write(source, offset + done, part);
        done += part;
        filePosition = position + done;
      }
    } catch (IOException e) {
      filePosition = -1;
      throw FileErrors.explainWrite("writing " + name, e, path, count);
    }
  }

  /// Puts the descriptor somewhere; appends find it there already.
  @GuardedBy("lock")
  private void seek(long position) throws IOException {
    if (filePosition != position) {
      filePosition = -1;
      file.seek(position);
      filePosition = position;
    }
  }

  @Override
  public void allocate(long size) throws IOException {
    checkWritable();
    // The lock is given back after each piece, for whoever reads or writes meanwhile.
    boolean isDone = false;
    while (!isDone) {
      lock.lock();
      try {
        long end = file.length();
        int count = (int) Math.min(ZEROS.length, size - end);
        isDone = count <= 0;
        if (!isDone) {
          writeLocked(end, ZEROS, 0, count);
        }
      } finally {
        lock.unlock();
      }
    }
  }

  @Override
  public void force() throws IOException {
    try {
      checkWritable().force(false);
    } catch (IOException e) {
      throw FileErrors.explain("forcing " + name, e);
    }
  }

  @Override
  public void truncate(long size) throws IOException {
    checkWritable();
    lock.lock();
    try {
      if (size > file.length()) {
        throw new IllegalArgumentException(
            "cannot cut %s to %d of %d bytes".formatted(name, size, file.length()));
      }
      filePosition = -1; // the JDK moves it
      file.setLength(size);
    } catch (IOException e) {
      throw FileErrors.explain("cutting " + name, e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public ReadMapping map(long size) throws IOException {
    NioReadMapping mapping = NioReadMapping.open(path, name, size);
    boolean isThisFile = false;
    try {
      isThisFile = Objects.equals(key, RegularFile.attributes(path).fileKey());
    } finally {
      if (!isThisFile) {
        mapping.close();
      }
    }
    if (!isThisFile) {
      throw new IOException(name + " was replaced by another file while it was open");
    }
    return mapping;
  }

  private AsynchronousFileChannel checkWritable() {
    if (forcing == null) {
      throw new IllegalStateException(name + " is open for reading only");
    }
    return forcing;
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try (AsynchronousFileChannel _ = forcing) {
      file.close();
    } catch (IOException e) {
      throw FileErrors.explain("closing " + name, e);
    } finally {
      lock.unlock();
    }
  }
}
