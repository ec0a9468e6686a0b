package dev.larder.internal.index;

import static dev.larder.internal.index.OrderPage.BODY_AT;
import static dev.larder.internal.index.OrderPage.HEAD_SIZE;
import static dev.larder.internal.index.OrderPage.LONG;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The entries of a leaf on the heap, and one more, for changes that concern all of them. It is
/// used again and again.
///
/// **Threads.** For one thread at a time.
final class OrderLeafDraft {
  private static final int CAPACITY = OrderLeaf.CAPACITY + 1;
  private static final byte[] NO_BYTES = {};

  private final OrderIndex.Keys keys;
  private final long[] heads = new long[CAPACITY];
  private final long[] handles = new long[CAPACITY];
  private byte[] prefix = NO_BYTES;
  private int count;

  OrderLeafDraft(OrderIndex.Keys keys) {
    this.keys = keys;
  }

  byte[] prefix() {
    return prefix;
  }

  /// Takes the entries of a leaf.
  void read(MemorySegment chunk, long base) {
    count = OrderLeaf.count(chunk, base);
    prefix = count == 0 ? NO_BYTES : OrderLeaf.prefix(chunk, base, keys);
    MemorySegment.copy(chunk, LONG, base + BODY_AT, heads, 0, count);
    OrderLeaf.copyHandles(chunk, base, 0, handles, 0, count);
  }

  /// Makes the prefix shorter. No keys are read: what becomes part of the heads was in the prefix.
  void shorten(int length) {
    int lost = prefix.length - length;
    if (lost == 0) {
      return;
    }
    long gained = OrderPage.head(prefix, length);
    int shift = Byte.SIZE * lost;
    for (int slot = 0; slot < count; slot++) {
      heads[slot] = lost >= HEAD_SIZE ? gained : gained | heads[slot] >>> shift;
    }
    prefix = Arrays.copyOf(prefix, length);
  }

  /// Makes the prefix as long as it can be, which means to read all keys, if many heads tie.
  ///
  /// @return whether anything changed
  boolean lengthen() {
    int tied = 0;
    for (int slot = 1; slot < count; slot++) {
      tied += heads[slot] == heads[slot - 1] ? 1 : 0;
    }
    if (tied * 8 < count) {
      return false;
    }
    byte[] first = keys.key(handles[0]);
    int length = OrderPage.commonLength(first, keys.key(handles[count - 1]));
    if (length <= prefix.length) {
      return false;
    }
    for (int slot = 0; slot < count; slot++) {
      heads[slot] = OrderPage.head(keys.key(handles[slot]), length);
    }
    prefix = Arrays.copyOf(first, length);
    return true;
  }

  /// Inserts an entry whose key begins with the prefix.
  void insert(int slot, byte[] key, long handle) {
    System.arraycopy(heads, slot, heads, slot + 1, count - slot);
    System.arraycopy(handles, slot, handles, slot + 1, count - slot);
    heads[slot] = OrderPage.head(key, prefix.length);
    handles[slot] = handle;
    count++;
  }

  /// Takes the entries of the next leaf too.
  void append(OrderLeafDraft next) {
    int common = OrderPage.commonLength(prefix, next.prefix);
    shorten(common);
    next.shorten(common);
    System.arraycopy(next.heads, 0, heads, count, next.count);
    System.arraycopy(next.handles, 0, handles, count, next.count);
    count += next.count;
  }

  /// {@return the shortest byte string greater than the key before a slot, and not greater than the
  /// key in it}
  ///
  /// @param newSlot where an entry is whose key may not be read yet
  /// @param newKey that key
  byte[] separator(int slot, int newSlot, byte[] newKey) {
    long left = heads[slot - 1];
    long right = heads[slot];
    if (left != right) {
      // The byte that differs is greater than another, so it is not one of the zeros after a key.
      int length = OrderPage.commonBytes(left, right) + 1;
      byte[] separator = Arrays.copyOf(prefix, prefix.length + length);
      OrderPage.putHead(separator, prefix.length, right, length);
      return separator;
    }
    byte[] leftKey = slot - 1 == newSlot ? newKey : keys.key(handles[slot - 1]);
    byte[] rightKey = slot == newSlot ? newKey : keys.key(handles[slot]);
    return Arrays.copyOf(rightKey, OrderPage.commonLength(leftKey, rightKey) + 1);
  }

  /// Makes the entries of some slots those of a leaf.
  void write(MemorySegment chunk, long base, int from, int to) {
    OrderPage.setPrefix(chunk, base, prefix, prefix.length);
    OrderPage.setCount(chunk, base, to - from);
    OrderLeaf.setRelievedCount(chunk, base, 0);
    MemorySegment.copy(heads, from, chunk, LONG, base + BODY_AT, to - from);
    MemorySegment.copy(handles, from, chunk, LONG, base + OrderLeaf.HANDLES_AT, to - from);
  }

  int count() {
    return count;
  }
}
