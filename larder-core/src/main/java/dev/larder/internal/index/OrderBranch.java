package dev.larder.internal.index;

import static dev.larder.internal.index.OrderPage.BODY_AT;
import static dev.larder.internal.index.OrderPage.HEAD_SIZE;
import static dev.larder.internal.index.OrderPage.INT;
import static dev.larder.internal.index.OrderPage.LONG;
import static dev.larder.internal.index.OrderPage.PREFIX_INLINE;
import static dev.larder.internal.index.OrderPage.SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// A branch of an [OrderIndex]: pages one level below, and *separators* between them. A separator
/// is not greater than any key of the page that it stands before, and greater than any key of the
/// page before. Of each there is a head in its slot and a *rest*: what of it follows the prefix.
///
/// | Offset | Bytes | What |
/// |---|---|---|
/// | 0 | 16 | see [OrderPage] |
/// | 16 | 2 | where the tails begin, which end with the page |
/// | 18 | 2 | how many bytes of tails are in use |
/// | 20 | 4 | the first of the pages that hold the prefix, if not all of it is in the page |
/// | 24 | 40 | see [OrderPage] |
/// | 64 | 16 each | slots |
///
/// | Offset in a slot | Bytes | What |
/// |---|---|---|
/// | 0 | 8 | the head of the separator before the child |
/// | 8 | 4 | the child |
/// | 12 | 2 | where in the page the tail is |
/// | 14 | 2 | how many bytes the rest has, or -1 |
///
/// The tail is what of the rest follows the head. If there is a -1 the rest is too long for the
/// page: then the tail is 8 bytes, the first of the pages that hold all of the rest, and its
/// length. The first child has no separator.
final class OrderBranch {
  static final int SLOT_SIZE = 16;

  /// How many children a branch has at most.
  static final int CAPACITY = (Pages.PAGE_SIZE - BODY_AT) / SLOT_SIZE;

  /// How long a rest may be in the page, so that seven children always have room.
  static final int REST_MAX = 512;

  private static final int OVERFLOW_SIZE = 8;
  private static final int OVERFLOW = -1;

  private static final int TAILS_AT_AT = 16;
  private static final int TAILS_SIZE_AT = 18;
  private static final int PREFIX_PAGE_AT = 20;

  private static final int CHILD_AT = 8;
  private static final int TAIL_AT_AT = 12;
  private static final int REST_SIZE_AT = 14;

  private static final ValueLayout.OfInt UNALIGNED_INT = INT.withByteAlignment(1);

  private OrderBranch() {}

  static int count(MemorySegment chunk, long base) {
    return OrderPage.count(chunk, base, CAPACITY);
  }

  static int child(MemorySegment chunk, long base, int slot) {
    return chunk.get(INT, slotAt(base, slot) + CHILD_AT);
  }

  private static long slotAt(long base, int slot) {
    return base + BODY_AT + (long) slot * SLOT_SIZE;
  }

  private static long head(MemorySegment chunk, long base, int slot) {
    return chunk.get(LONG, slotAt(base, slot));
  }

  private static int restSize(MemorySegment chunk, long base, int slot) {
    int size = chunk.get(SHORT, slotAt(base, slot) + REST_SIZE_AT);
    if (size < OVERFLOW || size > REST_MAX) {
      throw new DamagedImageException("a rest of %d bytes".formatted(size));
    }
    return size;
  }

  /// {@return where in its chunk the tail of a slot is}
  private static long tailAt(MemorySegment chunk, long base, int slot, int size) {
    int at = chunk.get(SHORT, slotAt(base, slot) + TAIL_AT_AT);
    if (at < BODY_AT || size < 0 || at + size > Pages.PAGE_SIZE) {
      throw new DamagedImageException("a tail of %d bytes at %d".formatted(size, at));
    }
    return base + at;
  }

  static int prefixPage(MemorySegment chunk, long base) {
    return chunk.get(INT, base + PREFIX_PAGE_AT);
  }

  /// {@return how many bytes of a branch are in use}
  static int usedSize(MemorySegment chunk, long base) {
    return BODY_AT + count(chunk, base) * SLOT_SIZE + chunk.get(SHORT, base + TAILS_SIZE_AT);
  }

  /// {@return how many pages hold so many bytes}
  static int pageCount(int size) {
    return (size + Pages.PAGE_SIZE - 1) >>> Pages.PAGE_SHIFT;
  }

  /// {@return how many bytes of a page the tail of a rest takes}
  static int tailSize(int restSize) {
    if (restSize > REST_MAX) {
      return OVERFLOW_SIZE;
    }
    return Math.max(0, restSize - HEAD_SIZE);
  }

  // Searching.

  /// {@return the slot of the child that a key belongs to}
  ///
  /// @param isBelow whether what is looked for are the keys less than this one, not the key itself
  static int childSlot(
      Pages pages,
      MemorySegment chunk,
      long base,
      byte[] key,
      boolean isBelow,
      OrderPage.Guard guard) {
    int count = count(chunk, base);
    if (count <= 1) {
      return 0;
    }
    int prefixLength = OrderPage.prefixLength(chunk, base);
    int side = comparePrefix(pages, chunk, base, prefixLength, key, guard);
    if (side != 0) {
      return side < 0 ? 0 : count - 1;
    }
    long head = OrderPage.head(key, prefixLength);
    int low = 0;
    int high = count;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      long other = head(chunk, base, middle);
      int order =
          other != head
              ? Long.compareUnsigned(other, head)
              : compareTied(pages, chunk, base, middle, key, prefixLength, guard);
      if (order < 0 || (order == 0 && !isBelow)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static int comparePrefix(
      Pages pages, MemorySegment chunk, long base, int length, byte[] key, OrderPage.Guard guard) {
    int side = OrderPage.comparePrefix(chunk, base, length, key);
    if (side != 0 || length <= PREFIX_INLINE) {
      return side;
    }
    byte[] prefix = run(pages, prefixPage(chunk, base), length, guard);
    int end = Math.min(key.length, length);
    return Arrays.compareUnsigned(key, PREFIX_INLINE, end, prefix, PREFIX_INLINE, length);
  }

  /// {@return how a separator compares with a key that has its head}
  private static int compareTied(
      Pages pages,
      MemorySegment chunk,
      long base,
      int slot,
      byte[] key,
      int prefixLength,
      OrderPage.Guard guard) {
    int restSize = restSize(chunk, base, slot);
    int from = prefixLength + HEAD_SIZE;
    if (restSize == OVERFLOW) {
      byte[] rest = overflow(pages, chunk, base, slot, guard);
      int start = Math.min(from, key.length);
      return Arrays.compareUnsigned(rest, HEAD_SIZE, rest.length, key, start, key.length);
    }
    if (restSize <= HEAD_SIZE || key.length <= from) {
      return Integer.compare(restSize, key.length - prefixLength);
    }
    return compareTail(chunk, tailAt(chunk, base, slot, restSize - HEAD_SIZE), restSize, key, from);
  }

  private static int compareTail(
      MemorySegment chunk, long tail, int restSize, byte[] key, int from) {
    int tailSize = restSize - HEAD_SIZE;
    int keySize = key.length - from;
    int common = Math.min(tailSize, keySize);
    for (int i = 0; i < common; i++) {
      byte left = chunk.get(ValueLayout.JAVA_BYTE, tail + i);
      byte right = key[from + i];
      if (left != right) {
        return Byte.compareUnsigned(left, right);
      }
    }
    return Integer.compare(tailSize, keySize);
  }

  /// {@return whether a key is less than the separator before a child, which is not the first}
  static boolean isBefore(Pages pages, MemorySegment chunk, long base, byte[] key, int slot) {
    int prefixLength = OrderPage.prefixLength(chunk, base);
    OrderPage.Guard guard = OrderPage.Guard.NONE;
    int side = comparePrefix(pages, chunk, base, prefixLength, key, guard);
    if (side != 0) {
      return side < 0;
    }
    long head = OrderPage.head(key, prefixLength);
    long other = head(chunk, base, slot);
    return other != head
        ? Long.compareUnsigned(head, other) < 0
        : compareTied(pages, chunk, base, slot, key, prefixLength, guard) > 0;
  }

  // Reading.

  /// {@return the separator before a child, which is not the first}
  static byte[] separator(
      Pages pages, MemorySegment chunk, long base, int slot, OrderPage.Guard guard) {
    int prefixLength = OrderPage.prefixLength(chunk, base);
    int restSize = restSize(chunk, base, slot);
    byte[] separator;
    if (restSize == OVERFLOW) {
      byte[] rest = overflow(pages, chunk, base, slot, guard);
      separator = new byte[prefixLength + rest.length];
      System.arraycopy(rest, 0, separator, prefixLength, rest.length);
    } else {
      int tailSize = Math.max(0, restSize - HEAD_SIZE);
      long tailAt = tailSize == 0 ? base : tailAt(chunk, base, slot, tailSize);
      separator = new byte[prefixLength + restSize];
      long head = head(chunk, base, slot);
      OrderPage.putHead(separator, prefixLength, head, Math.min(restSize, HEAD_SIZE));
      int tailTo = prefixLength + restSize - tailSize;
      MemorySegment.copy(chunk, ValueLayout.JAVA_BYTE, tailAt, separator, tailTo, tailSize);
    }
    if (prefixLength > PREFIX_INLINE) {
      byte[] prefix = run(pages, prefixPage(chunk, base), prefixLength, guard);
      System.arraycopy(prefix, 0, separator, 0, prefixLength);
    } else {
      OrderPage.copyInlinePrefix(chunk, base, separator, prefixLength);
    }
    return separator;
  }

  /// {@return the first of the pages that hold the rest of a slot; 0 if it is in the page}
  static int overflowPage(MemorySegment chunk, long base, int slot) {
    return restSize(chunk, base, slot) != OVERFLOW
        ? Pages.NO_PAGE
        : chunk.get(UNALIGNED_INT, tailAt(chunk, base, slot, OVERFLOW_SIZE));
  }

  /// {@return how many bytes the rest of a slot has that is not in the page}
  static int overflowSize(MemorySegment chunk, long base, int slot) {
    return chunk.get(UNALIGNED_INT, tailAt(chunk, base, slot, OVERFLOW_SIZE) + Integer.BYTES);
  }

  private static byte[] overflow(
      Pages pages, MemorySegment chunk, long base, int slot, OrderPage.Guard guard) {
    int page = overflowPage(chunk, base, slot);
    return run(pages, page, overflowSize(chunk, base, slot), guard);
  }

  /// {@return the bytes that pages hold which follow one another}
  private static byte[] run(Pages pages, int page, int size, OrderPage.Guard guard) {
    guard.check();
    long base = Pages.offset(page);
    if (size < 0 || size > OrderPage.KEY_MAX || base + size > Pages.CHUNK_SIZE) {
      throw new DamagedImageException("%d bytes from page %d".formatted(size, page));
    }
    byte[] bytes = new byte[size];
    MemorySegment.copy(pages.chunk(page), ValueLayout.JAVA_BYTE, base, bytes, 0, size);
    return bytes;
  }

  // Changing. All of this is done to locked pages, or to pages that nobody knows yet.

  /// Makes a page a branch without children.
  static void clear(MemorySegment chunk, long base, int level) {
    chunk.set(SHORT, base + OrderPage.LEVEL_AT, (short) level);
    chunk.set(SHORT, base + TAILS_AT_AT, (short) Pages.PAGE_SIZE);
    chunk.set(SHORT, base + TAILS_SIZE_AT, (short) 0);
    OrderPage.setCount(chunk, base, 0);
  }

  /// Sets the prefix.
  ///
  /// @param page the first of the pages that hold it, if not all of it is in the branch
  static void setPrefix(MemorySegment chunk, long base, byte[] bytes, int length, int page) {
    OrderPage.setPrefix(chunk, base, bytes, length);
    chunk.set(INT, base + PREFIX_PAGE_AT, page);
  }

  /// {@return whether a separator and a child have room in a branch as it is}
  static boolean hasRoom(Pages pages, MemorySegment chunk, long base, byte[] separator) {
    int prefixLength = OrderPage.prefixLength(chunk, base);
    if (comparePrefix(pages, chunk, base, prefixLength, separator, OrderPage.Guard.NONE) != 0) {
      return false;
    }
    int used = BODY_AT + (count(chunk, base) + 1) * SLOT_SIZE;
    int tailSize = tailSize(separator.length - prefixLength);
    return used + tailSize <= chunk.get(SHORT, base + TAILS_AT_AT);
  }

  /// Inserts a child and the separator before it, for which there must be room.
  ///
  /// @param slot that of the child
  /// @param page the first of the pages that hold the rest, if it is too long for the branch
  static void insert(
      MemorySegment chunk, long base, int slot, byte[] separator, int child, int page) {
    int count = count(chunk, base);
    long at = slotAt(base, slot);
    MemorySegment.copy(chunk, at, chunk, at + SLOT_SIZE, (long) (count - slot) * SLOT_SIZE);
    setSlot(chunk, base, slot, separator, OrderPage.prefixLength(chunk, base), child, page);
    OrderPage.setCount(chunk, base, count + 1);
  }

  /// Inserts the first child.
  static void insertFirst(MemorySegment chunk, long base, int child) {
    chunk.set(INT, base + BODY_AT + CHILD_AT, child);
    OrderPage.setCount(chunk, base, 1);
  }

  private static void setSlot(
      MemorySegment chunk,
      long base,
      int slot,
      byte[] separator,
      int prefixLength,
      int child,
      int page) {
    int restSize = separator.length - prefixLength;
    int tailSize = tailSize(restSize);
    int tailAt = chunk.get(SHORT, base + TAILS_AT_AT) - tailSize;
    long at = slotAt(base, slot);
    chunk.set(LONG, at, OrderPage.head(separator, prefixLength));
    chunk.set(INT, at + CHILD_AT, child);
    chunk.set(SHORT, at + TAIL_AT_AT, (short) tailAt);
    chunk.set(SHORT, at + REST_SIZE_AT, (short) (restSize > REST_MAX ? OVERFLOW : restSize));
    if (restSize > REST_MAX) {
      chunk.set(UNALIGNED_INT, base + tailAt, page);
      chunk.set(UNALIGNED_INT, base + tailAt + Integer.BYTES, restSize);
    } else {
      int from = prefixLength + HEAD_SIZE;
      MemorySegment.copy(
          separator,
          tailSize == 0 ? 0 : from,
          chunk,
          ValueLayout.JAVA_BYTE,
          base + tailAt,
          tailSize);
    }
    chunk.set(SHORT, base + TAILS_AT_AT, (short) tailAt);
    addTailsSize(chunk, base, tailSize);
  }

  /// Removes a child and the separator before it, or after it if it is the first.
  static void remove(MemorySegment chunk, long base, int slot) {
    int count = count(chunk, base);
    dropTail(chunk, base, Math.max(1, slot));
    long at = slotAt(base, slot);
    long moved = (long) (count - slot - 1) * SLOT_SIZE;
    MemorySegment.copy(chunk, at + SLOT_SIZE, chunk, at, moved);
    if (slot == 0) {
      chunk.set(LONG, at, 0L);
      chunk.set(INT, at + TAIL_AT_AT, 0);
    }
    OrderPage.setCount(chunk, base, count - 1);
  }

  private static void dropTail(MemorySegment chunk, long base, int slot) {
    int restSize = restSize(chunk, base, slot);
    addTailsSize(chunk, base, -tailSize(restSize == OVERFLOW ? REST_MAX + 1 : restSize));
  }

  private static void addTailsSize(MemorySegment chunk, long base, int size) {
    int tailsSize = chunk.get(SHORT, base + TAILS_SIZE_AT) + size;
    chunk.set(SHORT, base + TAILS_SIZE_AT, (short) tailsSize);
  }

  /// {@return how many bytes of tails a branch says are in use}
  static int tailsSize(MemorySegment chunk, long base) {
    return chunk.get(SHORT, base + TAILS_SIZE_AT);
  }

  /// {@return where in a branch the tails begin}
  static int tailsAt(MemorySegment chunk, long base) {
    return chunk.get(SHORT, base + TAILS_AT_AT);
  }
}
