package dev.larder.testkit;

import dev.larder.internal.file.MappingClosedException;
import dev.larder.internal.file.ReadMapping;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A mapping of a file in memory.
///
/// **Threads.** Safe for any number of threads.
final class SimulatedMapping implements ReadMapping {
  private final SimulatedDirectory directory;
  private final String name;
  private final Inode inode;
  private final long size;
  private volatile boolean isClosed;

  /// Null until somebody asks for the memory. Set under the disk's lock.
  private volatile @Nullable MemoryCopy copy;

  SimulatedMapping(SimulatedDirectory directory, String name, Inode inode, long size) {
    this.directory = directory;
    this.name = name;
    this.inode = inode;
    this.size = size;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(long position, byte[] target, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(position, count, size);
    Objects.checkFromIndexSize(offset, count, target.length);
    directory.announce(Operation.Kind.READ_MAPPED, name, position, position + count);
    SimulatedDisk disk = directory.disk();
    disk.lock.lock();
    try {
      if (isClosed) {
        throw new MappingClosedException(name);
      }
      if (position + count > inode.live.size()) {
        throw new IOException("bytes of %s are gone: it was cut".formatted(name));
      }
      inode.live.read(position, target, offset, count);
    } finally {
      disk.lock.unlock();
    }
  }

  /// {@inheritDoc}
  ///
  /// No listener hears of what is read through it, and where the file was cut it shows zeros
  /// instead of failing.
  @Override
  public MemorySegment memory() {
    MemoryCopy present = copy;
    return present != null ? present.memory() : firstMemory();
  }

  private MemorySegment firstMemory() {
    SimulatedDisk disk = directory.disk();
    disk.lock.lock();
    try {
      MemoryCopy present = copy;
      if (present == null) {
        if (isClosed) {
          throw new IllegalStateException("the mapping of " + name + " is closed");
        }
        present = MemoryCopy.of(this, inode.live, directory.newArena());
        inode.follow(present);
        copy = present;
      }
      return present.memory();
    } finally {
      disk.lock.unlock();
    }
  }

  @Override
  public void close() {
    SimulatedDisk disk = directory.disk();
    MemoryCopy last = null;
    disk.lock.lock();
    try {
      if (!isClosed) {
        isClosed = true;
        inode.openCount--;
        directory.closed(this);
        last = copy;
      }
    } finally {
      disk.lock.unlock();
    }
    if (last != null) {
      last.close();
    }
  }

  @Override
  public String toString() {
    return "mapping of " + name;
  }
}
