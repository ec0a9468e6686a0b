package dev.larder.internal.txn;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/// Keys that were removed and still stand in the index, because somebody may look at the store as
/// of a commit before their removal. First in, first out, in the order of commits.
///
/// **Threads.** Guarded by the commit lock.
final class Removals {
  private static final int CAPACITY_FIRST = 64;

  private long[] hashes = new long[CAPACITY_FIRST];
  private long[] sequences = new long[CAPACITY_FIRST];
  private int head;
  private int size;

  /// Where the index still points to a record that says "expired", but the key is not remembered as
  /// expired any more.
  private final Set<Long> dropped = new HashSet<>();

  int size() {
    return size;
  }

  /// Adds a key.
  ///
  /// @param hash its hash
  /// @param sequence the commit that removed it
  void add(long hash, long sequence) {
    if (size == hashes.length) {
      hashes = grown(hashes);
      sequences = grown(sequences);
      head = 0;
    }
    int at = (head + size) & (hashes.length - 1);
    hashes[at] = hash;
    sequences[at] = sequence;
    size++;
  }

  private long[] grown(long[] ring) {
    long[] larger = Arrays.copyOf(Arrays.copyOfRange(ring, head, ring.length), 2 * ring.length);
    System.arraycopy(ring, 0, larger, ring.length - head, head);
    return larger;
  }

  /// {@return the hash of the key that was removed first}
  long firstHash() {
    return hashes[head];
  }

  /// {@return the commit that removed it}
  long firstSequence() {
    return sequences[head];
  }

  /// Takes the first one out.
  void removeFirst() {
    head = (head + 1) & (hashes.length - 1);
    size--;
    if (size == 0 && hashes.length > 1 << 16) {
      hashes = new long[CAPACITY_FIRST];
      sequences = new long[CAPACITY_FIRST];
      head = 0;
    }
  }

  void drop(long address) {
    dropped.add(address);
  }

  boolean isDropped(long address) {
    return !dropped.isEmpty() && dropped.contains(address);
  }

  void forget(long address) {
    if (!dropped.isEmpty()) {
      dropped.remove(address);
    }
  }

  /// {@return the hash and the commit of each, in order}
  long[] toArray() {
    long[] all = new long[2 * size];
    for (int i = 0; i < size; i++) {
      int at = (head + i) & (hashes.length - 1);
      all[2 * i] = hashes[at];
      all[2 * i + 1] = sequences[at];
    }
    return all;
  }
}
