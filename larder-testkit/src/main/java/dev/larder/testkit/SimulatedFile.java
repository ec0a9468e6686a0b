package dev.larder.testkit;

import dev.larder.internal.file.DataFile;
import dev.larder.internal.file.ReadMapping;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;

/// An open file in memory.
///
/// **Threads.** Safe for any number of threads.
final class SimulatedFile implements DataFile {
  private final SimulatedDirectory directory;
  private final SimulatedDisk disk;
  private final String name;
  private final Inode inode;
  private final boolean isWritable;
  private volatile boolean isClosed;

  /// How much of the file is mapped for writing; guarded by the disk's lock.
  private long writeMappedSize;

  /// The end of what was filled through this object; guarded by the disk's lock.
  private long filledSize;

  SimulatedFile(SimulatedDirectory directory, String name, Inode inode, boolean isWritable) {
    this.directory = directory;
    this.disk = directory.disk();
    this.name = name;
    this.inode = inode;
    this.isWritable = isWritable;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long size() throws IOException {
    directory.announce(Operation.Kind.SIZE, name, 0, 0);
    checkOpen();
    return liveSize();
  }

  private long liveSize() {
    disk.lock.lock();
    try {
      return inode.live.size();
    } finally {
      disk.lock.unlock();
    }
  }

  @Override
  public void read(long position, byte[] target, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, target.length);
    directory.announce(Operation.Kind.READ, name, position, position + count);
    checkOpen();
    disk.lock.lock();
    try {
      long size = inode.live.size();
      if (count > 0 && position + count > size) {
        throw new EOFException("%s ends at %d, before %d".formatted(name, size, position + count));
      }
      if (count > 0) {
        inode.live.read(position, target, offset, count);
      }
    } finally {
      disk.lock.unlock();
    }
  }

  @Override
  public void write(long position, byte[] source, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, source.length);
    checkWritable();
    if (position < 0 || position > liveSize()) {
      throw new IllegalArgumentException(
          "write at %d of %s, which ends at %d".formatted(position, name, liveSize()));
    }
    byte[] bytes = Arrays.copyOfRange(source, offset, offset + count);
    directory.change(Operation.write(Operation.Kind.WRITE, name, inode.id, position, bytes), inode);
    filled(position + count);
  }

  private void filled(long end) {
    disk.lock.lock();
    try {
      filledSize = Math.max(filledSize, end);
    } finally {
      disk.lock.unlock();
    }
  }

  @Override
  public void writeMapped(long position, byte[] source, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, source.length);
    checkWritable();
    mapForWriting(position, count);
    byte[] bytes = Arrays.copyOfRange(source, offset, offset + count);
    directory.change(
        Operation.write(Operation.Kind.WRITE_MAPPED, name, inode.id, position, bytes), inode);
  }

  /// Refuses what a real file refuses, and when it does: the first write, and the first one beyond
  /// what was mapped, map the file by its name.
  private void mapForWriting(long position, int count) throws IOException {
    disk.lock.lock();
    try {
      boolean isMapped =
          writeMappedSize > 0 && 0 <= position && position <= writeMappedSize - count;
      if (!isMapped) {
        long size = inode.live.size();
        requireInside(position, count, size);
        checkIsNamed();
        writeMappedSize = size;
        filledSize = Math.max(filledSize, size);
      }
    } finally {
      disk.lock.unlock();
    }
  }

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

  @Override
  public void allocate(long size) throws IOException {
    checkWritable();
    long end = liveSize();
    if (size < end) {
      throw new IllegalArgumentException(
          "allocation to %d of %s, which ends at %d".formatted(size, name, end));
    }
    if (end < size) {
      directory.change(Operation.of(Operation.Kind.ALLOCATE, name, inode.id, end, size), inode);
      filled(size);
    }
  }

  @Override
  public void force() throws IOException {
    checkWritable();
    // What is written by others from here on need not become durable with it.
    directory.change(Operation.of(Operation.Kind.FORCE, name, inode.id, 0, disk.time()), inode);
  }

  @Override
  public void truncate(long size) throws IOException {
    checkWritable();
    if (size > liveSize()) {
      throw new IllegalArgumentException(
          "cannot cut %s to %d of %d bytes".formatted(name, size, liveSize()));
    }
    directory.change(Operation.of(Operation.Kind.TRUNCATE, name, inode.id, size, size), inode);
    disk.lock.lock();
    try {
      writeMappedSize = 0;
      filledSize = Math.min(filledSize, size);
    } finally {
      disk.lock.unlock();
    }
  }

  @Override
  public ReadMapping map(long size) throws IOException {
    directory.announce(Operation.Kind.MAP, name, 0, size);
    disk.lock.lock();
    try {
      checkMappable(0, size);
      inode.openCount++;
      return directory.opened(new SimulatedMapping(directory, name, inode, size));
    } finally {
      disk.lock.unlock();
    }
  }

  @Override
  public MemorySegment mapPrivate(long offset, long size, Arena arena) throws IOException {
    if (offset < 0 || size < 0 || offset + size < 0) {
      throw new IllegalArgumentException(
          "cannot map %d bytes at %d of %s".formatted(size, offset, name));
    }
    directory.announce(Operation.Kind.MAP_PRIVATE, name, offset, offset + size);
    disk.lock.lock();
    try {
      checkMappable(offset, size);
      return MemoryCopy.copy(inode.live, offset, size, size, arena);
    } finally {
      disk.lock.unlock();
    }
  }

  private void checkMappable(long offset, long size) throws IOException {
    checkIsNamed();
    if (size > inode.live.size() - offset) {
      throw new IOException(
          "cannot map bytes [%d, %d) of %s, which has %d"
              .formatted(offset, offset + size, name, inode.live.size()));
    }
  }

  private void checkIsNamed() throws IOException {
    if (!inode.equals(disk.find(name))) { // identity: inodes do not define equality
      throw new IOException(name + " was replaced or removed while it was open");
    }
  }

  private void checkOpen() throws IOException {
    if (isClosed) {
      throw new IOException(name + " is closed");
    }
  }

  private void checkWritable() throws IOException {
    if (!isWritable) {
      throw new IllegalStateException(name + " is open for reading only");
    }
    checkOpen();
  }

  @Override
  public void close() throws IOException {
    boolean isFirst;
    disk.lock.lock();
    try {
      isFirst = !isClosed;
      isClosed = true;
      if (isFirst) {
        inode.openCount--;
        directory.closed(this);
      }
    } finally {
      disk.lock.unlock();
    }
    if (isFirst) {
      directory.announce(Operation.Kind.CLOSE, name, 0, 0);
    }
  }

  @Override
  public String toString() {
    return "file " + name;
  }
}
