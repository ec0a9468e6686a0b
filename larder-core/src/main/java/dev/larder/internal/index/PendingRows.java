package dev.larder.internal.index;

import dev.larder.internal.format.DeltaHeader;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// Changes of a table that were written down behind its image and are not part of it yet. Whoever
/// looks for a hash first has those applied that are about hashes with the same first bits, its
/// *partition*.
///
/// **Threads.** Safe for any number of threads. While there are pending rows, whoever changes the
/// table holds [#lock()] as well.
final class PendingRows {
  /// How many of the first bits of a hash say which partition it is in.
  private static final int BITS = Integer.numberOfTrailingZeros(DeltaHeader.PARTITIONS);

  private static final int PARTITIONS = DeltaHeader.PARTITIONS;
  private static final int SHIFT = Long.SIZE - BITS;
  private static final int MERGED = 1;

  /// So many rows are applied in less time than a thread takes to wake up, about.
  private static final int ROWS_AT_ONCE = 256;

  /// In so much time a thread that waited for the lock has it.
  private static final long GIVING_WAY_NANOS = 50_000;

  private final IndexDeltas deltas;
  private final HashIndex table;
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicIntegerArray states = new AtomicIntegerArray(PARTITIONS);

  /// How many numbers of a partition's rows were applied. Guarded by the lock.
  private final int[] applied = new int[PARTITIONS];

  /// Guarded by the lock.
  private int left = PARTITIONS;

  /// Up to here all partitions are merged. Guarded by the lock.
  private int next;

  PendingRows(IndexDeltas deltas, HashIndex table) {
    this.deltas = deltas;
    this.table = table;
  }

  ReentrantLock lock() {
    return lock;
  }

  /// Has the changes applied that are about hashes like one.
  void require(long hash) {
    int partition = (int) (hash >>> SHIFT);
    if (states.getAcquire(partition) != MERGED) {
      merge(partition);
    }
  }

  /// Has all changes applied.
  void requireAll() {
    for (int partition = 0; partition < PARTITIONS; partition++) {
      if (states.getAcquire(partition) != MERGED) {
        merge(partition);
      }
    }
  }

  /// Has the changes of a partition applied whose turn it is, a few at a time, so that nobody who
  /// needs others waits for long.
  ///
  /// @return whether there are more
  boolean step() {
    int partition;
    long[] rows;
    lock.lock();
    try {
      partition = nextPartition();
      if (partition == PARTITIONS) {
        return false;
      }
      rows = deltas.rows(partition); // with the lock: once all is merged the files are closed
    } finally {
      lock.unlock();
    }
    while (!apply(partition, rows, ROWS_AT_ONCE)) {
      if (lock.hasQueuedThreads()) {
        LockSupport.parkNanos(GIVING_WAY_NANOS); // this thread would be faster than one that wakes
      }
    }
    return isMore();
  }

  private boolean isMore() {
    lock.lock();
    try {
      return left > 0;
    } finally {
      lock.unlock();
    }
  }

  /// With the lock.
  private int nextPartition() {
    while (next < PARTITIONS && states.getPlain(next) == MERGED) {
      next++;
    }
    return next;
  }

  private void merge(int partition) {
    lock.lock();
    try {
      if (states.getPlain(partition) != MERGED) {
        apply(partition, deltas.rows(partition), Integer.MAX_VALUE);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Applies some of the changes of a partition.
  ///
  /// @param rows all of them
  /// @param countMax how many at most
  /// @return whether all are applied
  private boolean apply(int partition, long[] rows, int countMax) {
    lock.lock();
    try {
      if (states.getPlain(partition) == MERGED) {
        return true;
      }
      for (int i = 0; i < countMax && applied[partition] < rows.length; i++) {
        int at = applied[partition];
        if ((int) (rows[at] >>> SHIFT) != partition
            || !table.apply(rows[at], rows[at + 1], rows[at + 2])) {
          throw deltas.damaged("a change that does not fit the image");
        }
        applied[partition] = at + DeltaBuffer.ROW;
      }
      if (applied[partition] < rows.length) {
        return false;
      }
      states.setRelease(partition, MERGED);
      left--;
      if (left == 0) {
        table.allMerged();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
