package dev.larder.testkit;

import dev.larder.internal.file.DataFile;
import dev.larder.internal.file.ReadMapping;
import java.io.EOFException;
import java.io.IOException;
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
    directory.change(Operation.write(name, inode.id, position, bytes), inode);
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
  }

  @Override
  public ReadMapping map(long size) throws IOException {
    directory.announce(Operation.Kind.MAP, name, 0, size);
    disk.lock.lock();
    try {
      if (!inode.equals(disk.find(name))) { // identity: inodes do not define equality
        throw new IOException(name + " was replaced or removed while it was open");
      }
      if (size > inode.live.size()) {
        throw new IOException(
            "cannot map %d bytes of %s, which has %d".formatted(size, name, inode.live.size()));
      }
      inode.openCount++;
      return directory.opened(new SimulatedMapping(directory, name, inode, size));
    } finally {
      disk.lock.unlock();
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
