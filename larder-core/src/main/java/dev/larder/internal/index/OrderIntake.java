package dev.larder.internal.index;

import dev.larder.internal.index.KeyReader.RetryException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Takes new keys into the tree of an [Index], many at a time and sorted, so that neighbours find
/// the same pages in the processor's caches.
///
/// **Threads.** [#add] is for the thread that commits, [#take] for whoever holds the order lock;
/// [#count()] and [#end()] for any.
final class OrderIntake {
  /*
   * Of a key the queue holds the hash and the address of the record that was written for it. The
   * keys are then read in the order of the log, which is fast. Where a record was superseded or
   * moved since, the table says where the key is now, or that it is gone.
   */
  private static final int SIZE_FIRST = 1 << 10;

  /// More keys wait in the log rather than here: who adds one has the tree take some.
  private static final int SIZE_MAX = 1 << 16;

  private static final int BATCH_MAX = 1 << 13;
  private static final int PREFETCH_COUNT = 64;

  /// Far more often than a record can move while it is looked for.
  private static final int RETRIES_MAX = 1_000_000;

  private final OrderIndex tree;
  private final HashIndex table;
  private final KeyReader keys;
  private final KeyHash keyHash;

  /// Hash and address of each key. `tail` is moved by the thread that commits, `head` under the
  /// order lock; the queue is replaced by the one with the other.
  private long[] queue = new long[2 * SIZE_FIRST];

  private int size = SIZE_FIRST;

  private volatile long head;
  private volatile long tail;

  /// Takes what would otherwise be computed for nothing.
  long prefetched;

  OrderIntake(OrderIndex tree, HashIndex table, KeyReader keys, KeyHash keyHash) {
    this.tree = tree;
    this.table = table;
    this.keys = keys;
    this.keyHash = keyHash;
  }

  /// Makes the queue larger, so that many keys can be added whose order nobody has asked for yet.
  /// Before any other thread knows the index.
  ///
  /// @param count how many
  void reserve(int count) {
    if (count() + count > size) {
      resize(Integer.highestOneBit((int) count() + count) << 1);
    }
  }

  /// Makes the queue larger, up to some size. For the thread that commits, under the order lock.
  ///
  /// @return false if it is as large as it may be
  boolean grow() {
    if (size >= SIZE_MAX) {
      return false;
    }
    resize(size << 2);
    return true;
  }

  private void resize(int sizeAfter) {
    long[] after = new long[2 * sizeAfter];
    for (long i = head; i < tail; i++) {
      int from = (int) (i & size - 1) << 1;
      int to = (int) (i & sizeAfter - 1) << 1;
      after[to] = queue[from];
      after[to + 1] = queue[from + 1];
    }
    queue = after;
    size = sizeAfter;
  }

  /// {@return whether there is no place in the queue}
  boolean isFull() {
    return tail - head == size;
  }

  /// {@return how many keys wait}
  long count() {
    return tail - head;
  }

  /// {@return a number that is reached by [#taken()] when all keys are taken that wait now}
  long end() {
    return tail;
  }

  /// {@return how many keys were taken}
  long taken() {
    return head;
  }

  /// Has a key wait. There must be a place.
  ///
  /// @param hash its hash
  /// @param address where its record was written; 0 if that is not known
  void add(long hash, long address) {
    long at = tail;
    int place = (int) (at & size - 1) << 1;
    queue[place] = hash;
    queue[place + 1] = address;
    tail = at + 1;
  }

  /// Has the tree take some keys.
  ///
  /// @param countMax how many at most
  void take(long countMax) {
    long from = head;
    int count = (int) Math.min(Math.min(countMax, BATCH_MAX), tail - from);
    if (count > 0) {
      insert(queue, size - 1, from, count);
      head = from + count;
    }
  }

  /// Has the tree take keys that never were in the queue.
  ///
  /// @param pairs hash and address of each
  /// @param from the number of the first
  /// @param count how many
  void take(long[] pairs, int from, int count) {
    insert(pairs, Integer.MAX_VALUE, from, count);
  }

  private void insert(long[] pairs, int mask, long from, int count) {
    byte[][] found = new byte[count][];
    long[] hashes = new long[count];
    int foundCount = 0;
    for (int i = 0; i < count; i++) {
      if (i % PREFETCH_COUNT == 0) {
        prefetch(pairs, mask, from + i, Math.min(PREFETCH_COUNT, count - i));
      }
      int place = (int) (from + i & mask) << 1;
      byte[] key = key(pairs[place], pairs[place + 1]);
      if (key != null) {
        found[foundCount] = key;
        hashes[foundCount++] = pairs[place];
      }
    }
    byte[][] sortedKeys = new byte[foundCount][];
    long[] sortedHashes = new long[foundCount];
    int distinct = 0;
    for (int ordinal : KeySort.order(found, foundCount)) {
      if (distinct == 0 || !Arrays.equals(found[ordinal], sortedKeys[distinct - 1])) {
        sortedKeys[distinct] = found[ordinal];
        sortedHashes[distinct++] = hashes[ordinal];
      }
    }
    tree.insertSorted(sortedKeys, sortedHashes, 0, distinct);
  }

  private void prefetch(long[] pairs, int mask, long from, int count) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += table.prefetch(pairs[(int) (from + i & mask) << 1]);
    }
    prefetched = sum;
  }

  /// {@return the key with a hash; null if the table has none}
  private byte @Nullable [] key(long hash, long written) {
    long address = table.contains(hash, written) ? written : table.findByHash(hash);
    for (int i = 0; i < RETRIES_MAX && address != 0; i++) {
      try {
        byte[] key = keys.key(address);
        if (keyHash.of(key) == hash) {
          return key;
        }
      } catch (RetryException _) {
        Thread.onSpinWait();
      }
      address = table.findByHash(hash); // the record was moved, and something else may be there
    }
    if (address == 0) {
      return null;
    }
    throw new IllegalStateException("the index points to a record that is gone");
  }
}
