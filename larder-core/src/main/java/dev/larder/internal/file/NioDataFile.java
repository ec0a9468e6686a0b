package dev.larder.internal.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A real file.
///
/// **Threads.** Safe for any number of threads, but that mapped writes are for one at a time. Reads
/// and writes of one file take turns; a force runs beside them, and so does a mapped write unless
/// it has to map the file first.
final class NioDataFile implements DataFile {
  /*
   * A FileChannel is closed for everybody when one of its users is interrupted, so there is none
   * here. RandomAccessFile and AsynchronousFileChannel.force take no notice of interrupts.
   *
   * The kernel reports a page it could not write once to every descriptor that was open when that
   * happened, and to none that was opened later. So the channel that forces is opened before the
   * first byte is written, and a file that was opened for reading cannot be forced.
   *
   * Mapped stores make pages dirty as writes do, and Linux writes dirty pages of the file when any
   * descriptor of it is forced, whoever made them so (msync does nothing but that). POSIX does not
   * promise it, and Windows does otherwise, so elsewhere the mapping is forced before the file is.
   *
   * Invariants, under `lock`:
   *   (1) filePosition is where the descriptor of `file` stands, or -1 if that is not known.
   *   (2) writeMapping maps this file, not beyond its size unless somebody else has cut it, and
   *       belongs to writeArena, which is open; both are null once the file is closed.
   */
  private static final boolean IS_MAPPING_FORCED_WITH_FILE =
      System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("linux");

  /// What [#allocate] writes at once. Linux keeps what one call writes behind the end in one block
  /// of its cache, and one mapped store makes that whole block dirty, for the next force to write:
  /// with 256 KiB, commits of 128 bytes, each forced, had 256 KiB written each. Smaller ones cost
  /// more calls, and more page faults.
  private static final byte[] ZEROS = new byte[32 * 1024];

  /// How many bytes go to the kernel at once. The JDK copies them to native memory of that size
  /// first, so that without a limit a big batch would need as much again outside the heap.
  private static final int CALL_BYTES_MAX = 256 * 1024;

  /// How many mappings for writing are kept, one larger than the other, until they are closed
  /// together: that takes several times as long as making one.
  private static final int KEPT_MAPPINGS_MAX = 8;

  /// To what a mapping is aligned in memory, on any platform.
  private static final int PAGE_BYTES = 4096;

  private final Path path;
  private final String name;

  /// What tells this file from another one that is given its name later; null where there is none.
  private final @Nullable Object key;

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final RandomAccessFile file;

  @GuardedBy("lock")
  private long filePosition;

  /// The end of what is known to have been filled; beyond it nobody can have cut the file.
  @GuardedBy("lock")
  private long filledSize;

  /// Null until the first mapped write. Set under `lock`, read without.
  private volatile @Nullable NioWriteMapping writeMapping;

  @GuardedBy("lock")
  private @Nullable Arena writeArena;

  /// How many mappings were made in `writeArena`.
  @GuardedBy("lock")
  private int writeMappingCount;

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
      filledSize = Math.max(filledSize, position + count);
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
  public void writeMapped(long position, byte[] source, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, source.length);
    NioWriteMapping mapping = writeMapping;
    if (mapping == null || !mapping.covers(position, count)) {
      mapping = mapForWriting(position, count);
    }
    mapping.write(position, source, offset, count);
  }

  /// Maps all the file has, in place of what is mapped.
  private NioWriteMapping mapForWriting(long position, int count) throws IOException {
    checkWritable();
    lock.lock();
    try {
      long size = size();
      requireInside(position, count, size);
      if (writeMappingCount == KEPT_MAPPINGS_MAX) {
        closeWriteMappings();
      }
      if (writeArena == null) {
        writeArena = Arena.ofShared();
      }
      NioWriteMapping mapping = NioWriteMapping.open(path, name, size, writeArena);
      writeMappingCount++;
      checkIsThisFile(); // if not, nobody ever writes through it
      filledSize = Math.max(filledSize, size);
      writeMapping = mapping;
      return mapping;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void requireInside(long position, int count, long size) throws IOException {
    if (position < 0 || position > size - count) {
      String text =
          "mapped write of %d bytes at %d of %s, which ends at %d"
              .formatted(count, position, name, size);
      if (0 <= position && position <= filledSize - count) {
        throw new IOException(text + ": somebody else has cut it");
      }
      throw new IllegalArgumentException(text);
    }
  }

  @GuardedBy("lock")
  private void closeWriteMappings() {
    writeMapping = null;
    writeMappingCount = 0;
    Arena arena = writeArena;
    if (arena != null) {
      writeArena = null;
      arena.close(); // nothing here hands its memory out, so nothing can hold it open
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
    AsynchronousFileChannel channel = checkWritable();
    try {
      if (!IS_MAPPING_FORCED_WITH_FILE) {
        forceWriteMapping();
      }
      channel.force(false);
    } catch (IOException e) {
      throw FileErrors.explain("forcing " + name, e);
    }
  }

  /// Keeps the mapping from being closed meanwhile. An earlier mapping shares its pages with this
  /// one.
  private void forceWriteMapping() throws IOException {
    lock.lock();
    try {
      NioWriteMapping mapping = writeMapping;
      if (mapping != null) {
        mapping.force();
      }
    } finally {
      lock.unlock();
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
      filledSize = Math.min(filledSize, size);
      closeWriteMappings();
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
      checkIsThisFile();
      isThisFile = true;
    } finally {
      if (!isThisFile) {
        mapping.close();
      }
    }
    return mapping;
  }

  @Override
  public MemorySegment mapPrivate(long offset, long size, Arena arena) throws IOException {
    if (offset < 0 || size < 0 || offset + size < 0) {
      throw new IllegalArgumentException(
          "cannot map %d bytes at %d of %s".formatted(size, offset, name));
    }
    if (Files.isWritable(path)) {
      MemorySegment memory = Mappings.map(path, MapMode.PRIVATE, offset, size, arena);
      checkIsThisFile(); // if not, the arena has it until it is closed
      return memory;
    }
    checkIsThisFile();
    return copy(offset, size, arena);
  }

  private MemorySegment copy(long offset, long size, Arena arena) throws IOException {
    if (size() < offset + size) {
      throw new EOFException("%s ends at %d, before %d".formatted(name, size(), offset + size));
    }
    long shift = offset % PAGE_BYTES;
    MemorySegment memory = arena.allocate(shift + size, PAGE_BYTES).asSlice(shift);
    byte[] piece = new byte[(int) Math.min(size, CALL_BYTES_MAX)];
    for (long done = 0; done < size; done += piece.length) {
      int count = (int) Math.min(piece.length, size - done);
      read(offset + done, piece, 0, count);
      MemorySegment.copy(piece, 0, memory, ValueLayout.JAVA_BYTE, done, count);
    }
    return memory;
  }

  /// To be called after the file was mapped through its name.
  private void checkIsThisFile() throws IOException {
    if (!Objects.equals(key, RegularFile.attributes(path).fileKey())) {
      throw new IOException(name + " was replaced by another file while it was open");
    }
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
      closeWriteMappings();
      file.close();
    } catch (IOException e) {
      throw FileErrors.explain("closing " + name, e);
    } finally {
      lock.unlock();
    }
  }
}
