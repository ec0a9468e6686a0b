package dev.larder.internal.file;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/// Words in a real file.
///
/// **Threads.** Safe for any number of threads.
final class NioSharedWords implements SharedWords {
  private static final VarHandle WORD =
      ValueLayout.JAVA_LONG
          .withOrder(ByteOrder.LITTLE_ENDIAN)
          .varHandle()
          .withInvokeExactBehavior();

  private final String name;
  private final Arena arena;
  private final MemorySegment mapping;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private NioSharedWords(String name, Arena arena, MemorySegment mapping) {
    this.name = name;
    this.arena = arena;
    this.mapping = mapping;
  }

  /// Maps a file that exists, after it was made long enough.
  static NioSharedWords open(Path path, String name, int count) throws IOException {
    long size = (long) count * Long.BYTES;
    fill(path, size);
    Arena arena = Arena.ofShared();
    NioSharedWords words = null;
    try {
      MemorySegment mapping = Mappings.map(path, MapMode.READ_WRITE, 0, size, arena);
      words = new NioSharedWords(name, arena, mapping);
    } finally {
      if (words == null) {
        arena.close();
      }
    }
    return words;
  }

  /// Makes the file long enough. Zeros are only ever appended: another process that does the same
  /// at the same time makes the file longer than it need be, and neither writes over a word of the
  /// other.
  private static void fill(Path path, long size) throws IOException {
    long missing = size - path.toFile().length();
    if (missing <= 0) {
      return;
    }
    try (var appending = new FileOutputStream(path.toFile(), true)) {
      appending.write(new byte[Math.toIntExact(missing)]);
    } catch (IOException e) {
      throw FileErrors.explainWrite("writing " + path.getFileName(), e, path, missing);
    }
  }

  @Override
  public long get(int index) {
    try {
      long value = (long) WORD.getAcquire(mapping, index * 8L);
      PageFaults.raise();
      return value;
    } catch (InternalError e) {
      throw lost(e);
    }
  }

  @Override
  public void set(int index, long value) {
    try {
      WORD.setRelease(mapping, index * 8L, value);
      PageFaults.raise();
    } catch (InternalError e) {
      throw lost(e);
    }
  }

  @Override
  public boolean compareAndSet(int index, long expected, long value) {
    // An interpreted compare-and-set of a page that is gone kills the JVM, a read does not.
    if (get(index) != expected) {
      return false;
    }
    try {
      boolean isSet = WORD.compareAndSet(mapping, index * 8L, expected, value);
      PageFaults.raise();
      return isSet;
    } catch (InternalError e) {
      throw lost(e);
    }
  }

  private UncheckedIOException lost(InternalError cause) {
    return new UncheckedIOException(
        new IOException("the mapped file " + name + " cannot be reached", cause));
  }

  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      arena.close();
    }
  }
}
