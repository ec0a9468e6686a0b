package dev.larder.internal.txn;

import dev.larder.internal.format.IndexChanges;
import dev.larder.internal.format.RecordData;
import dev.larder.internal.log.Addresses;
import dev.larder.internal.log.Segment;

/// Changes of the index that are no commits, to be noted in the log: who replays the log from a
/// checkpoint on comes to the same index.
///
/// **Threads.** For one thread.
final class IndexFrame {
  private static final int RECORD_OVERHEAD = 64;

  private final Addresses addresses;
  private final IndexChanges changes = new IndexChanges();

  IndexFrame(Addresses addresses) {
    this.addresses = addresses;
  }

  /// Adds that a record has another address.
  void move(long hash, long from, long to) {
    Segment old = segment(from);
    Segment next = segment(to);
    changes.addMove(
        old.number(),
        Addresses.position(from, old),
        next.number(),
        Addresses.position(to, next),
        hash);
  }

  /// Adds that a key is not remembered as expired any more.
  void drop(long hash, byte[] indexKey, long address) {
    Segment segment = segment(address);
    changes.addDrop(segment.number(), Addresses.position(address, segment), hash, indexKey);
  }

  private Segment segment(long address) {
    Segment segment = addresses.segment(address);
    if (segment == null) {
      throw new AssertionError("the index points to a segment that is gone");
    }
    return segment;
  }

  boolean isEmpty() {
    return changes.count() == 0;
  }

  long sizeBound() {
    return changes.sizeBound() + RECORD_OVERHEAD;
  }

  RecordData record(long sequence) {
    return changes.toRecord(sequence);
  }
}
