package dev.larder.internal.index;

import static dev.larder.internal.index.OrderPage.BODY_AT;
import static dev.larder.internal.index.OrderPage.LONG;
import static dev.larder.internal.index.OrderPage.PREFIX_INLINE;
import static dev.larder.internal.index.OrderPage.SHORT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// A leaf of an [OrderIndex]: the heads and the handles of up to [#CAPACITY] keys in their order.
///
/// | Offset | Bytes | What |
/// |---|---|---|
/// | 0 | 16 | see [OrderPage] |
/// | 16 | 2 | the slot of the last insertion |
/// | 18 | 2 | how many insertions up to it were side by side: counted up if ascending, else down |
/// | 20 | 2 | how many entries there were when a longer prefix was last looked for |
/// | 24 | 40 | see [OrderPage] |
/// | 64 | 2016 | heads |
/// | 2080 | 2016 | handles |
///
/// What of the prefix is not in the page is that of any of its keys.
final class OrderLeaf {
  /// How many entries a leaf has at most.
  static final int CAPACITY = (Pages.PAGE_SIZE - BODY_AT) / (2 * Long.BYTES);

  static final int HANDLES_AT = BODY_AT + CAPACITY * Long.BYTES;

  /// A slot that no insertion is next to.
  static final int NO_SLOT = -2;

  private static final int PREFETCH_STEP = 256;
  private static final int LAST_SLOT_AT = 16;
  private static final int RUN_AT = 18;
  private static final int RELIEVED_AT = 20;

  private OrderLeaf() {}

  static int count(MemorySegment chunk, long base) {
    return OrderPage.count(chunk, base, CAPACITY);
  }

  /// Reads from where an insertion will look, so that the waits for memory overlap.
  ///
  /// @return something that depends on it
  static long prefetch(MemorySegment chunk, long base) {
    long sum = chunk.get(LONG, base);
    for (int at = 0; at < CAPACITY * Long.BYTES; at += PREFETCH_STEP) {
      sum += chunk.get(LONG, base + BODY_AT + at) + chunk.get(LONG, base + HANDLES_AT + at);
    }
    return sum;
  }

  static long head(MemorySegment chunk, long base, int slot) {
    return chunk.get(LONG, base + BODY_AT + (long) slot * Long.BYTES);
  }

  static long handle(MemorySegment chunk, long base, int slot) {
    return chunk.get(LONG, base + HANDLES_AT + (long) slot * Long.BYTES);
  }

  /// Copies handles of slots that follow one another.
  static void copyHandles(
      MemorySegment chunk, long base, int slot, long[] target, int at, int count) {
    long from = base + HANDLES_AT + (long) slot * Long.BYTES;
    MemorySegment.copy(chunk, LONG, from, target, at, count);
  }

  /// {@return the slot of the last insertion}
  static int lastSlot(MemorySegment chunk, long base) {
    return chunk.get(SHORT, base + LAST_SLOT_AT);
  }

  /// {@return how many insertions up to the last were side by side; less than 0 if descending}
  static int run(MemorySegment chunk, long base) {
    return chunk.get(SHORT, base + RUN_AT);
  }

  static void setRun(MemorySegment chunk, long base, int lastSlot, int run) {
    chunk.set(SHORT, base + LAST_SLOT_AT, (short) lastSlot);
    chunk.set(SHORT, base + RUN_AT, (short) run);
  }

  /// {@return how many entries there were when a longer prefix was last looked for}
  static int relievedCount(MemorySegment chunk, long base) {
    return chunk.get(SHORT, base + RELIEVED_AT);
  }

  static void setRelievedCount(MemorySegment chunk, long base, int count) {
    chunk.set(SHORT, base + RELIEVED_AT, (short) count);
  }

  // Searching.

  /// Looks for a key.
  ///
  /// @param handle its handle, or 0 if that is not known: then keys are read more often
  /// @return its slot; if it is not there, `-1 - slot` of the first greater one
  static int find(
      MemorySegment chunk,
      long base,
      byte[] key,
      long handle,
      OrderIndex.Keys keys,
      OrderPage.Guard guard) {
    int count = count(chunk, base);
    int prefixLength = OrderPage.prefixLength(chunk, base);
    if (count == 0) {
      return -1;
    }
    int side = comparePrefix(chunk, base, prefixLength, key, keys, guard);
    if (side != 0) {
      return side < 0 ? -1 : -1 - count;
    }
    long head = OrderPage.head(key, prefixLength);
    int slot = lowerBound(chunk, base + BODY_AT, count, head);
    if (slot == count || head(chunk, base, slot) != head) {
      return -1 - slot;
    }
    return findTied(chunk, base, slot, count, key, head, handle, keys, guard);
  }

  /// {@return the first of some numbers that is not less than a head}
  private static int lowerBound(MemorySegment chunk, long heads, int count, long head) {
    // With branches, not with arithmetic: where memory is slow it pays that the processor guesses
    // which number is looked at next, and asks for it.
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(chunk.get(LONG, heads + (long) middle * Long.BYTES), head) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// Looks for a key among those that have its head.
  private static int findTied(
      MemorySegment chunk,
      long base,
      int first,
      int count,
      byte[] key,
      long head,
      long handle,
      OrderIndex.Keys keys,
      OrderPage.Guard guard) {
    int high = first;
    while (high < count && head(chunk, base, high) == head) {
      if (handle != 0 && handle(chunk, base, high) == handle) {
        return high;
      }
      high++;
    }
    int low = first;
    while (low < high) {
      int middle = (low + high) >>> 1;
      long other = handle(chunk, base, middle);
      guard.check();
      int order = Arrays.compareUnsigned(keys.key(other), key);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return -1 - low;
  }

  /// Looks for the slot of a key whose handle is known, among those that have its head.
  static int findHandle(MemorySegment chunk, long base, byte[] key, long handle) {
    int count = count(chunk, base);
    int prefixLength = OrderPage.prefixLength(chunk, base);
    if (count == 0 || OrderPage.comparePrefix(chunk, base, prefixLength, key) != 0) {
      return -1;
    }
    long head = OrderPage.head(key, prefixLength);
    int slot = lowerBound(chunk, base + BODY_AT, count, head);
    for (; slot < count && head(chunk, base, slot) == head; slot++) {
      if (handle(chunk, base, slot) == handle) {
        return slot;
      }
    }
    return -1;
  }

  /// {@return how a key compares with all those that begin with the prefix of a leaf which is not
  /// empty: 0 if it is one of them}
  static int comparePrefix(
      MemorySegment chunk,
      long base,
      int prefixLength,
      byte[] key,
      OrderIndex.Keys keys,
      OrderPage.Guard guard) {
    int side = OrderPage.comparePrefix(chunk, base, prefixLength, key);
    return side == 0 && prefixLength > PREFIX_INLINE
        ? compareLongPrefix(chunk, base, prefixLength, key, keys, guard)
        : side;
  }

  private static int compareLongPrefix(
      MemorySegment chunk,
      long base,
      int prefixLength,
      byte[] key,
      OrderIndex.Keys keys,
      OrderPage.Guard guard) {
    byte[] sample = sample(chunk, base, prefixLength, keys, guard);
    int end = Math.min(key.length, prefixLength);
    return Arrays.compareUnsigned(key, PREFIX_INLINE, end, sample, PREFIX_INLINE, prefixLength);
  }

  /// {@return a key of a leaf that is not empty}
  private static byte[] sample(
      MemorySegment chunk,
      long base,
      int prefixLength,
      OrderIndex.Keys keys,
      OrderPage.Guard guard) {
    long handle = handle(chunk, base, 0);
    guard.check();
    byte[] sample = keys.key(handle);
    if (sample.length < prefixLength) {
      throw new DamagedImageException(
          "a key of %d bytes under a prefix of %d".formatted(sample.length, prefixLength));
    }
    return sample;
  }

  /// {@return the prefix of a leaf}
  static byte[] prefix(MemorySegment chunk, long base, OrderIndex.Keys keys) {
    int length = OrderPage.prefixLength(chunk, base);
    if (length > PREFIX_INLINE) {
      return Arrays.copyOf(sample(chunk, base, length, keys, OrderPage.Guard.NONE), length);
    }
    byte[] prefix = new byte[length];
    OrderPage.copyInlinePrefix(chunk, base, prefix, length);
    return prefix;
  }

  /// {@return whether the entry in a slot or the one before has a head}
  static boolean isTied(MemorySegment chunk, long base, int slot, long head) {
    return (slot > 0 && head(chunk, base, slot - 1) == head)
        || (slot < count(chunk, base) && head(chunk, base, slot) == head);
  }

  // Changing. All of this is done to locked pages.

  /// Inserts an entry whose key begins with the prefix of the leaf, which is not full.
  static void insert(MemorySegment chunk, long base, int slot, long head, long handle) {
    int count = count(chunk, base);
    long headAt = base + BODY_AT + (long) slot * Long.BYTES;
    long handleAt = base + HANDLES_AT + (long) slot * Long.BYTES;
    if (slot < count) {
      long moved = (long) (count - slot) * Long.BYTES;
      MemorySegment.copy(chunk, headAt, chunk, headAt + Long.BYTES, moved);
      MemorySegment.copy(chunk, handleAt, chunk, handleAt + Long.BYTES, moved);
    }
    chunk.set(LONG, headAt, head);
    chunk.set(LONG, handleAt, handle);
    OrderPage.setCount(chunk, base, count + 1);
    setRun(chunk, base, slot, runAfter(chunk, base, slot));
  }

  /// {@return what [#run] will be after an insertion into a slot}
  static int runAfter(MemorySegment chunk, long base, int slot) {
    int last = lastSlot(chunk, base);
    int run = run(chunk, base);
    if (slot == last + 1) {
      return Math.clamp(run, 0, CAPACITY) + 1;
    }
    return slot == last ? Math.clamp(run, -CAPACITY, 0) - 1 : 0;
  }

  /// Makes a leaf one of a single entry.
  static void setSingle(MemorySegment chunk, long base, byte[] key, long handle) {
    int length = Math.min(key.length, PREFIX_INLINE);
    OrderPage.setPrefix(chunk, base, key, length);
    OrderPage.setCount(chunk, base, 1);
    setRelievedCount(chunk, base, 0);
    chunk.set(LONG, base + BODY_AT, OrderPage.head(key, length));
    chunk.set(LONG, base + HANDLES_AT, handle);
  }

  /// Removes an entry.
  static void remove(MemorySegment chunk, long base, int slot) {
    int count = count(chunk, base) - 1;
    long headAt = base + BODY_AT + (long) slot * Long.BYTES;
    long handleAt = base + HANDLES_AT + (long) slot * Long.BYTES;
    if (slot < count) {
      long moved = (long) (count - slot) * Long.BYTES;
      MemorySegment.copy(chunk, headAt + Long.BYTES, chunk, headAt, moved);
      MemorySegment.copy(chunk, handleAt + Long.BYTES, chunk, handleAt, moved);
    }
    OrderPage.setCount(chunk, base, count);
    int last = lastSlot(chunk, base);
    if (slot <= last) {
      setRun(chunk, base, last - 1, run(chunk, base));
    }
  }
}
