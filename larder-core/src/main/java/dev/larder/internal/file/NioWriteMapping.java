package dev.larder.internal.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;

/// The whole of a real file, as long as it was when it was mapped, for writing. It ends with the
/// arena that it was made in.
///
/// **Threads.** Writing is for one thread at a time; the arena may be closed meanwhile.
final class NioWriteMapping {
  /// How many bytes are copied at once. The garbage collector has to wait for the end of a copy,
  /// page faults included.
  private static final int COPY_BYTES_MAX = 256 * 1024;

  private final String name;
  private final MemorySegment mapping;
  private final long size;

  private NioWriteMapping(String name, MemorySegment mapping) {
    this.name = name;
    this.mapping = mapping;
    this.size = mapping.byteSize();
  }

  /// Maps a file.
  ///
  /// @param size how many bytes the file has
  /// @param arena what unmaps it, shared by all threads
  static NioWriteMapping open(Path path, String name, long size, Arena arena) throws IOException {
    return new NioWriteMapping(name, Mappings.map(path, MapMode.READ_WRITE, 0, size, arena));
  }

  /// {@return whether bytes lie within what is mapped}
  ///
  /// @param count how many, not negative
  boolean covers(long position, int count) {
    return 0 <= position && position <= size - count;
  }

  /// Stores bytes, all of which must be mapped. After an exception any part of them may have been
  /// stored.
  void write(long position, byte[] source, int offset, int count) throws IOException {
    try {
      if (count <= COPY_BYTES_MAX) {
        MemorySegment.copy(source, offset, mapping, ValueLayout.JAVA_BYTE, position, count);
        PageFaults.raise();
      } else {
        writePieces(position, source, offset, count);
      }
    } catch (IllegalStateException _) { // thrown for a closed arena and for nothing else
      throw new IOException(name + " was closed or cut while it was written");
    } catch (InternalError e) { // a page that cannot be reached
      throw lost(position, count, e);
    }
  }

  private void writePieces(long position, byte[] source, int offset, int count) {
    int done = 0;
    while (done < count) {
      int part = Math.min(count - done, COPY_BYTES_MAX);
      long target = position + done;
      MemorySegment.copy(source, offset + done, mapping, ValueLayout.JAVA_BYTE, target, part);
      PageFaults.raise();
      done += part;
    }
  }

  private IOException lost(long position, int count, InternalError cause) {
    return new IOException(
        "bytes [%d, %d) of %s cannot be written through its mapping"
            .formatted(position, position + count, name),
        cause);
  }

  /// Hands everything that was stored to the disk, where forcing the file does not do that too. The
  /// arena must stay open meanwhile.
  void force() throws IOException {
    try {
      mapping.force();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
