package dev.larder.internal.index;

import dev.larder.internal.format.DeltaHeader;
import java.util.concurrent.atomic.AtomicIntegerArray;
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

  private final IndexDeltas deltas;
  private final HashIndex table;
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicIntegerArray states = new AtomicIntegerArray(PARTITIONS);

  /// How many rows of a partition were applied, if an error came between. Guarded by the lock.
  private final int[] applied = new int[PARTITIONS];

  /// Guarded by the lock.
  private int left = PARTITIONS;

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

  /// Has the changes of a partition applied whose turn it is.
  ///
  /// @return whether there are more
  boolean step() {
    lock.lock();
    try {
      while (next < PARTITIONS && states.getPlain(next) == MERGED) {
        next++;
      }
      if (next < PARTITIONS) {
        merge(next);
      }
      return left > 0;
    } finally {
      lock.unlock();
    }
  }

  private void merge(int partition) {
    lock.lock();
    try {
      if (states.getPlain(partition) == MERGED) {
        return;
      }
      long[] rows = deltas.rows(partition);
      while (applied[partition] < rows.length) {
        int at = applied[partition];
        if ((int) (rows[at] >>> SHIFT) != partition
            || !table.apply(rows[at], rows[at + 1], rows[at + 2])) {
          throw deltas.damaged("a change that does not fit the image");
        }
        applied[partition] = at + DeltaBuffer.ROW;
      }
      states.setRelease(partition, MERGED);
      left--;
      if (left == 0) {
        table.allMerged();
      }
    } finally {
      lock.unlock();
    }
  }
}
