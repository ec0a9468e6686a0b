package dev.larder.internal.file;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/// A mapping of a real file.
///
/// **Threads.** Safe for any number of threads.
final class NioReadMapping implements ReadMapping {
  private final String name;
  private final long size;
  private final Arena arena;
  private final MemorySegment mapping;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private NioReadMapping(String name, long size, Arena arena, MemorySegment mapping) {
    this.name = name;
    this.size = size;
    this.arena = arena;
    this.mapping = mapping;
  }

  static NioReadMapping open(Path path, String name, long size) throws IOException {
    Arena arena = Arena.ofShared();
    NioReadMapping opened = null;
    try {
      MemorySegment mapping = Mappings.map(path, MapMode.READ_ONLY, 0, size, arena);
      opened = new NioReadMapping(name, size, arena, mapping);
    } finally {
      if (opened == null) {
        arena.close();
      }
    }
    return opened;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(long position, byte[] target, int offset, int count) throws IOException {
    try {
      MemorySegment.copy(mapping, ValueLayout.JAVA_BYTE, position, target, offset, count);
      PageFaults.raise();
    } catch (IllegalStateException _) { // thrown for a closed arena and for nothing else
      throw new MappingClosedException(name);
    } catch (InternalError e) { // a page that cannot be read
      throw PageFaults.lost(name, position, position + count, e);
    }
  }

  @Override
  public MemorySegment memory() {
    return mapping;
  }

  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      arena.close(); // fails only if somebody has given the memory to native code or a channel
    }
  }
}
