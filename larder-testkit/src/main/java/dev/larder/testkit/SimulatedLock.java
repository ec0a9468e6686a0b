package dev.larder.testkit;

import dev.larder.internal.file.DirectoryLock;

/// A lock in memory.
///
/// **Threads.** Safe for any number of threads.
final class SimulatedLock implements DirectoryLock {
  private final SimulatedDirectory owner;
  private final String name;
  private final int inode;

  SimulatedLock(SimulatedDirectory owner, String name, int inode) {
    this.owner = owner;
    this.name = name;
    this.inode = inode;
  }

  SimulatedDirectory owner() {
    return owner;
  }

  @Override
  public boolean isHeld() {
    SimulatedDisk disk = owner.disk();
    disk.lock.lock();
    try {
      Inode present = disk.find(name);
      return present != null
          && present.id == inode
          && this.equals(disk.locks().get(inode)); // identity: locks do not define equality
    } finally {
      disk.lock.unlock();
    }
  }

  @Override
  public String toString() {
    return "lock on " + name;
  }

  @Override
  public void close() {
    SimulatedDisk disk = owner.disk();
    disk.lock.lock();
    try {
      disk.locks().remove(inode, this);
      owner.closed(this);
    } finally {
      disk.lock.unlock();
    }
  }
}
