package dev.larder.internal.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// What all pages of an [OrderIndex] have in common: a header, and a version by which a reader
/// without a lock finds out that a page changed while it was read. All numbers are little-endian.
///
/// | Offset | Bytes | What |
/// |---|---|---|
/// | 0 | 8 | version: odd while the page is changed, and for ever once it is freed |
/// | 8 | 2 | level: 0 for a leaf |
/// | 10 | 2 | how many entries or children |
/// | 12 | 4 | how many bytes all its keys or separators have in common: the prefix |
/// | 16 | 8 | see [OrderLeaf] and [OrderBranch] |
/// | 24 | 40 | the first bytes of the prefix, then zeros |
/// | 64 | | see [OrderLeaf] and [OrderBranch] |
///
/// A *head* is the eight bytes of a key or separator that follow the prefix, as an unsigned
/// big-endian number, with zeros where it ends. Where two heads differ they tell which key is
/// greater; where they tie they tell nothing, because of those zeros.
final class OrderPage {
  static final int LEVEL_AT = 8;
  static final int COUNT_AT = 10;
  static final int PREFIX_LENGTH_AT = 12;
  static final int PREFIX_AT = 24;
  static final int BODY_AT = 64;

  /// How much of a prefix is in the page.
  static final int PREFIX_INLINE = BODY_AT - PREFIX_AT;

  /// How many bytes a key has at most.
  static final int KEY_MAX = 4 + 65_536;

  /// How many bytes a head stands for.
  static final int HEAD_SIZE = Long.BYTES;

  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final ValueLayout.OfLong TEXT =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN);
  private static final VarHandle VERSION = LONG.varHandle();
  private static final VarHandle KEY_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private OrderPage() {}

  /// Asked before something is used that would do harm if it was read while it changed: a page
  /// number that is followed, or a handle whose key is read.
  interface Guard {
    /// The guard of the writer, before whom nothing changes.
    Guard NONE = () -> {};

    /// Does nothing if all that was read is true.
    ///
    /// @throws KeyReader.RetryException if it may not be
    void check();
  }

  // Versions.

  /// {@return the version of a page, which is to be read before anything else of it}
  static long version(MemorySegment chunk, long base) {
    return (long) VERSION.getAcquire(chunk, base);
  }

  /// {@return whether a page did not change since it had a version}
  static boolean isUnchanged(MemorySegment chunk, long base, long version) {
    VarHandle.acquireFence();
    return (long) VERSION.getOpaque(chunk, base) == version;
  }

  /// Tells readers that a page is being changed.
  static void lock(MemorySegment chunk, long base) {
    VERSION.setOpaque(chunk, base, chunk.get(LONG, base) + 1);
    VarHandle.storeStoreFence();
  }

  /// Tells readers that a page was changed.
  static void unlock(MemorySegment chunk, long base) {
    VERSION.setRelease(chunk, base, chunk.get(LONG, base) + 1);
  }

  // The header.

  static int level(MemorySegment chunk, long base) {
    return chunk.get(SHORT, base + LEVEL_AT);
  }

  /// {@return how many entries or children a page has}
  ///
  /// @throws DamagedImageException if that is more than it can have
  static int count(MemorySegment chunk, long base, int capacity) {
    int count = chunk.get(SHORT, base + COUNT_AT);
    if (count < 0 || count > capacity) {
      throw new DamagedImageException("%d in a page for %d".formatted(count, capacity));
    }
    return count;
  }

  static void setCount(MemorySegment chunk, long base, int count) {
    chunk.set(SHORT, base + COUNT_AT, (short) count);
  }

  static int prefixLength(MemorySegment chunk, long base) {
    int length = chunk.get(INT, base + PREFIX_LENGTH_AT);
    if (length < 0 || length > KEY_MAX) {
      throw new DamagedImageException("a prefix of %d bytes".formatted(length));
    }
    return length;
  }

  /// Sets the prefix of a page, as far as that is in the page.
  static void setPrefix(MemorySegment chunk, long base, byte[] bytes, int length) {
    int inline = Math.min(length, PREFIX_INLINE);
    chunk.set(INT, base + PREFIX_LENGTH_AT, length);
    chunk.asSlice(base + PREFIX_AT, PREFIX_INLINE).fill((byte) 0);
    MemorySegment.copy(bytes, 0, chunk, ValueLayout.JAVA_BYTE, base + PREFIX_AT, inline);
  }

  /// Copies the part of the prefix of a page that is in the page.
  static void copyInlinePrefix(MemorySegment chunk, long base, byte[] target, int length) {
    int inline = Math.min(length, PREFIX_INLINE);
    MemorySegment.copy(chunk, ValueLayout.JAVA_BYTE, base + PREFIX_AT, target, 0, inline);
  }

  /// Compares a key with the part of the prefix of a page that is in the page.
  ///
  /// @param length how long the prefix is
  /// @return 0 if the key begins with it; otherwise a number less or greater than 0, as the key is
  ///   less or greater than every key that begins with it
  static int comparePrefix(MemorySegment chunk, long base, int length, byte[] key) {
    int inline = Math.min(length, PREFIX_INLINE);
    for (int at = 0; at < inline; at += HEAD_SIZE) {
      long expected = chunk.get(TEXT, base + PREFIX_AT + at);
      long present = head(key, at) & mask(inline - at);
      if (present != expected) {
        return Long.compareUnsigned(present, expected);
      }
    }
    return key.length < inline ? -1 : 0;
  }

  // Heads.

  /// {@return the head of a key after so many bytes}
  static long head(byte[] key, int from) {
    return key.length - from >= HEAD_SIZE ? (long) KEY_BYTES.get(key, from) : shortHead(key, from);
  }

  private static long shortHead(byte[] key, int from) {
    long head = 0;
    for (int at = from; at < key.length; at++) {
      head |= (key[at] & 0xffL) << (Long.SIZE - Byte.SIZE * (1 + at - from));
    }
    return head;
  }

  /// {@return a number whose first `count` bytes are ones; all of them if it has less}
  static long mask(int count) {
    return count >= HEAD_SIZE ? -1L : ~(-1L >>> (Byte.SIZE * count));
  }

  /// {@return how many bytes two heads have in common}
  static int commonBytes(long left, long right) {
    return Long.numberOfLeadingZeros(left ^ right) >>> 3;
  }

  /// Writes the bytes of a head.
  static void putHead(byte[] target, int at, long head, int count) {
    for (int i = 0; i < count; i++) {
      target[at + i] = (byte) (head >>> (Long.SIZE - Byte.SIZE * (1 + i)));
    }
  }

  /// {@return how many bytes two arrays have in common at their beginning}
  static int commonLength(byte[] left, byte[] right) {
    int mismatch = Arrays.mismatch(left, right);
    return mismatch < 0 ? left.length : mismatch;
  }
}
