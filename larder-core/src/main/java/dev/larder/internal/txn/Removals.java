package dev.larder.internal.txn;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Keys that were removed and still stand in the index, because somebody may look at the store as
/// of a commit before their removal. First in, first out, in the order of commits.
///
/// **Threads.** Guarded by the commit lock, except for [#isDropped].
final class Removals {
  /// How many numbers there are for each key: see [#first].
  static final int FIELDS = 3;

  private static final int CAPACITY_FIRST = 64;

  /// Hash, sequence number, address of each.
  private long[] ring = new long[FIELDS * CAPACITY_FIRST];

  private int capacity = CAPACITY_FIRST;
  private int head;
  private int size;

  /// Where the index still points to a record that says "expired", but the key is not remembered as
  /// expired any more.
  private final Set<Long> dropped = ConcurrentHashMap.newKeySet();

  int size() {
    return size;
  }

  /// Adds a key.
  ///
  /// @param hash its hash
  /// @param sequence the commit that removed it
  /// @param address where the record of that commit is
  void add(long hash, long sequence, long address) {
    if (size == capacity) {
      ring = first(size, new long[2 * ring.length]);
      capacity *= 2;
      head = 0;
    }
    int at = FIELDS * ((head + size) & capacity - 1);
    ring[at] = hash;
    ring[at + 1] = sequence;
    ring[at + 2] = address;
    size++;
  }

  /// {@return how many of the first ones were removed by a commit or one before it}
  ///
  /// @param sequence the commit
  /// @param countMax how many are asked for at most
  int countUntil(long sequence, int countMax) {
    int count = 0;
    while (count < Math.min(size, countMax)
        && ring[FIELDS * ((head + count) & capacity - 1) + 1] <= sequence) {
      count++;
    }
    return count;
  }

  /// {@return hash, sequence number and address of each of the first ones}
  long[] first(int count) {
    return first(count, new long[FIELDS * count]);
  }

  private long[] first(int count, long[] target) {
    int whole = Math.min(count, capacity - head);
    System.arraycopy(ring, FIELDS * head, target, 0, FIELDS * whole);
    System.arraycopy(ring, 0, target, FIELDS * whole, FIELDS * (count - whole));
    return target;
  }

  /// Takes the first ones out.
  void removeFirst(int count) {
    head = (head + count) & (capacity - 1);
    size -= count;
    if (size == 0 && capacity > 1 << 16) {
      ring = new long[FIELDS * CAPACITY_FIRST];
      capacity = CAPACITY_FIRST;
      head = 0;
    }
  }

  void drop(long address) {
    dropped.add(address);
  }

  /// {@return whether a record that says "expired" does not count any more} Any thread.
  boolean isDropped(long address) {
    return !dropped.isEmpty() && dropped.contains(address);
  }

  void forget(long address) {
    if (!dropped.isEmpty()) {
      dropped.remove(address);
    }
  }
}
