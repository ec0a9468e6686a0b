package dev.larder.testkit;

import dev.larder.internal.file.MappingClosedException;
import dev.larder.internal.file.ReadMapping;
import java.io.IOException;
import java.util.Objects;

/// A mapping of a file in memory.
///
/// **Threads.** Safe for any number of threads.
final class SimulatedMapping implements ReadMapping {
  private final SimulatedDirectory directory;
  private final String name;
  private final Inode inode;
  private final long size;
  private volatile boolean isClosed;

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

  @Override
  public void close() {
    SimulatedDisk disk = directory.disk();
    disk.lock.lock();
    try {
      if (!isClosed) {
        isClosed = true;
        inode.openCount--;
        directory.closed(this);
      }
    } finally {
      disk.lock.unlock();
    }
  }

  @Override
  public String toString() {
    return "mapping of " + name;
  }
}
