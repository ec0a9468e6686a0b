package dev.larder.stress.twin;

import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Stands for `java.lang.foreign.MemorySegment` in the twin of the index that [TwinMaker] makes: an
/// array of longs. A model checker sees its methods and interrupts them: single numbers are
/// accessed in one step, and longs are copied in several. All is in order, as if memory was
/// sequentially consistent: what weaker memory does is for the tests outside the heap.
///
/// It has what the index calls, under the same names, and is an interface because the other is.
///
/// **Threads.** Like memory: nothing is guarded. Writing less than a long writes the whole long, so
/// that two writers must not share one.
public interface Memory {
  /// In how many steps many longs are copied.
  int PIECES_MAX = 8;

  // What a model checker has to follow is kept short: most methods call no others.

  /// {@return an array as memory}
  static Memory ofArray(long[] words) {
    return new Part(words, 0, words.length);
  }

  /// {@return a part of this, which begins and ends at longs}
  Memory asSlice(long offset, long size);

  /// {@return how many bytes there are}
  long byteSize();

  /// Sets all bytes.
  Memory fill(byte value);

  /// {@return the aligned long at an offset}
  long get(ValueLayout.OfLong layout, long offset);

  /// Sets the aligned long at an offset.
  void set(ValueLayout.OfLong layout, long offset, long value);

  /// {@return the little-endian int at an offset, aligned or not}
  int get(ValueLayout.OfInt layout, long offset);

  /// Sets the little-endian int at an offset, aligned or not.
  void set(ValueLayout.OfInt layout, long offset, int value);

  /// {@return the little-endian short at an offset}
  short get(ValueLayout.OfShort layout, long offset);

  /// Sets the little-endian short at an offset.
  void set(ValueLayout.OfShort layout, long offset, short value);

  /// {@return the byte at an offset}
  byte get(ValueLayout.OfByte layout, long offset);

  /// A part of an array. Not a record, whose fields Lincheck cannot look at.
  final class Part implements Memory {
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int SHIFT = 3;
    private static final long REPEATED = 0x0101010101010101L;

    private final long[] words;

    /// In longs.
    private final int start;

    /// In longs.
    private final int length;

    private Part(long[] words, int start, int length) {
      this.words = words;
      this.start = start;
      this.length = length;
    }

    /// {@return the array}
    public long[] words() {
      return words;
    }

    @Override
    public Memory asSlice(long offset, long size) {
      return new Part(words, start + (int) (offset >>> SHIFT), (int) (size >>> SHIFT));
    }

    @Override
    public long byteSize() {
      return (long) length << SHIFT;
    }

    @Override
    public Memory fill(byte value) {
      int pieces = Math.min(length, PIECES_MAX);
      for (int i = 0; i < pieces; i++) {
        int from = i * length / pieces;
        fillPiece(from, (i + 1) * length / pieces, value * REPEATED);
      }
      return this;
    }

    @Override
    public long get(ValueLayout.OfLong layout, long offset) {
      long word = words[start + (int) (offset >>> SHIFT)];
      return layout.order() == ByteOrder.BIG_ENDIAN ? Long.reverseBytes(word) : word;
    }

    @Override
    public void set(ValueLayout.OfLong layout, long offset, long value) {
      boolean isReversed = layout.order() == ByteOrder.BIG_ENDIAN;
      words[start + (int) (offset >>> SHIFT)] = isReversed ? Long.reverseBytes(value) : value;
    }

    @Override
    public int get(ValueLayout.OfInt layout, long offset) {
      int shift = (int) (offset & Long.BYTES - 1) * Byte.SIZE;
      int index = start + (int) (offset >>> SHIFT);
      long bits = words[index] >>> shift;
      return shift <= Integer.SIZE
          ? (int) bits
          : (int) (bits | (words[index + 1] << (Long.SIZE - shift)));
    }

    @Override
    public void set(ValueLayout.OfInt layout, long offset, int value) {
      if ((offset & Long.BYTES - 1) <= Integer.BYTES) {
        setBits(offset, 0xffffffffL, value);
      } else {
        for (int i = 0; i < Integer.BYTES; i++) {
          setBits(offset + i, 0xff, value >>> (i * Byte.SIZE));
        }
      }
    }

    @Override
    public short get(ValueLayout.OfShort layout, long offset) {
      int shift = (int) (offset & Long.BYTES - 1) * Byte.SIZE;
      return (short) (words[start + (int) (offset >>> SHIFT)] >>> shift);
    }

    @Override
    public void set(ValueLayout.OfShort layout, long offset, short value) {
      setBits(offset, 0xffff, value);
    }

    @Override
    public byte get(ValueLayout.OfByte layout, long offset) {
      int shift = (int) (offset & Long.BYTES - 1) * Byte.SIZE;
      return (byte) (words[start + (int) (offset >>> SHIFT)] >>> shift);
    }

    private void fillPiece(int from, int to, long value) {
      Arrays.fill(words, start + from, start + to, value);
    }

    private void getBytes(long offset, byte[] target, int to, int count) {
      for (int i = 0; i < count; i++) {
        target[to + i] = get(ValueLayout.JAVA_BYTE, offset + i);
      }
    }

    private void setBytes(long offset, byte[] source, int from, int count) {
      for (int i = 0; i < count; i++) {
        setBits(offset + i, 0xff, source[from + i]);
      }
    }

    private void setBits(long offset, long mask, long value) {
      int shift = (int) (offset & Long.BYTES - 1) * Byte.SIZE;
      int index = start + (int) (offset >>> SHIFT);
      words[index] = (words[index] & ~(mask << shift)) | ((value & mask) << shift);
    }
  }

  // Copies. Those of longs are made in pieces.

  /// Copies bytes, also between parts that overlap.
  static void copy(Memory source, long from, Memory target, long to, long size) {
    Part in = (Part) source;
    Part out = (Part) target;
    if (((from | to | size) & Long.BYTES - 1) == 0) {
      int start = in.start + (int) (from >>> Part.SHIFT);
      int end = out.start + (int) (to >>> Part.SHIFT);
      copyLongs(in.words, start, out.words, end, (int) (size >>> Part.SHIFT));
    } else {
      byte[] bytes = new byte[(int) size];
      in.getBytes(from, bytes, 0, bytes.length);
      out.setBytes(to, bytes, 0, bytes.length);
    }
  }

  /// Copies from an array of bytes or little-endian longs.
  static void copy(Object source, int from, Memory target, ValueLayout layout, long to, int count) {
    Part out = (Part) target;
    if (source instanceof long[] longs) {
      copyLongs(longs, from, out.words, out.start + (int) (to >>> Part.SHIFT), count);
    } else {
      out.setBytes(to, (byte[]) source, from, count);
    }
  }

  /// Copies to an array of bytes or little-endian longs.
  static void copy(Memory source, ValueLayout layout, long from, Object target, int to, int count) {
    Part in = (Part) source;
    if (target instanceof long[] longs) {
      copyLongs(in.words, in.start + (int) (from >>> Part.SHIFT), longs, to, count);
    } else {
      in.getBytes(from, (byte[]) target, to, count);
    }
  }

  @SuppressWarnings("ReferenceEquality") // the same array, not the same numbers
  private static void copyLongs(long[] source, int from, long[] target, int to, int count) {
    int pieces = Math.min(count, PIECES_MAX);
    boolean isUpwards = source != target || to <= from;
    for (int i = 0; i < pieces; i++) {
      int piece = isUpwards ? i : pieces - 1 - i;
      int at = piece * count / pieces;
      copyPiece(source, from + at, target, to + at, (piece + 1) * count / pieces - at);
    }
  }

  private static void copyPiece(long[] source, int from, long[] target, int to, int count) {
    System.arraycopy(source, from, target, to, count);
  }

  // What were methods of variable handles, all of them of little-endian longs.

  /// {@return the aligned long at an offset}
  static long get(VarHandle handle, Memory memory, long offset) {
    Part part = (Part) memory;
    return part.words[part.start + (int) (offset >>> Part.SHIFT)];
  }

  /// {@return the aligned long at an offset}
  static long getAcquire(VarHandle handle, Memory memory, long offset) {
    Part part = (Part) memory;
    return (long) Part.WORDS.getAcquire(part.words, part.start + (int) (offset >>> Part.SHIFT));
  }

  /// {@return the aligned long at an offset}
  static long getOpaque(VarHandle handle, Memory memory, long offset) {
    Part part = (Part) memory;
    return (long) Part.WORDS.getOpaque(part.words, part.start + (int) (offset >>> Part.SHIFT));
  }

  /// Sets the aligned long at an offset.
  static void setOpaque(VarHandle handle, Memory memory, long offset, long value) {
    Part part = (Part) memory;
    Part.WORDS.setOpaque(part.words, part.start + (int) (offset >>> Part.SHIFT), value);
  }

  /// Sets the aligned long at an offset.
  static void setRelease(VarHandle handle, Memory memory, long offset, long value) {
    Part part = (Part) memory;
    Part.WORDS.setRelease(part.words, part.start + (int) (offset >>> Part.SHIFT), value);
  }
}
