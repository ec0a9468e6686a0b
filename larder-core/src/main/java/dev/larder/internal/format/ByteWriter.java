package dev.larder.internal.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Builds bytes in an array that grows. Integers are little-endian; varints are unsigned LEB128.
///
/// **Threads.** For one thread at a time.
public final class ByteWriter {
  static final VarHandle U16 =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle U32 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle U64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int CAPACITY_MAX = Integer.MAX_VALUE - 8;

  private byte[] bytes;
  private int size;

  /// Makes an empty writer.
  ///
  /// @param capacity how many bytes to make room for at first
  public ByteWriter(int capacity) {
    bytes = new byte[capacity];
  }

  /// {@return the array that holds the bytes from 0 to [#size()]; valid until the next write}
  public byte[] array() {
    return bytes;
  }

  /// {@return a copy of what was written}
  public byte[] toArray() {
    return Arrays.copyOf(bytes, size);
  }

  /// {@return how many bytes were written}
  public int size() {
    return size;
  }

  /// {@return how many bytes fit without growing}
  public int capacity() {
    return bytes.length;
  }

  /// Counts bytes that were put into the array behind what was written; there must be room.
  void sizeTo(int newSize) {
    size = newSize;
  }

  /// Forgets what was written and keeps the array.
  public void clear() {
    size = 0;
  }

  /// Makes room, so that writing so many more bytes cannot run out of memory half way.
  ///
  /// @param count how many bytes will be written
  public void reserve(long count) {
    long needed = size + count;
    if (needed <= bytes.length) {
      return;
    }
    if (needed > CAPACITY_MAX) {
      throw new OutOfMemoryError("an array of " + needed + " bytes");
    }
    long doubled = Math.min(CAPACITY_MAX, 2L * bytes.length);
    bytes = Arrays.copyOf(bytes, (int) Math.max(needed, doubled));
  }

  /// Appends one byte.
  public void u8(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  /// Appends 16 bits.
  public void u16(int value) {
    reserve(Short.BYTES);
    U16.set(bytes, size, (short) value);
    size += Short.BYTES;
  }

  /// Appends 32 bits.
  public void u32(int value) {
    reserve(Integer.BYTES);
    U32.set(bytes, size, value);
    size += Integer.BYTES;
  }

  /// Appends 64 bits.
  public void u64(long value) {
    reserve(Long.BYTES);
    U64.set(bytes, size, value);
    size += Long.BYTES;
  }

  /// Appends an unsigned number in 1 to 10 bytes.
  public void varint(long value) {
    reserve(Varint.SIZE_MAX);
    size = Varint.put(bytes, size, value);
  }

  /// Appends bytes.
  public void bytes(byte[] source) {
    bytes(source, 0, source.length);
  }

  /// Appends a part of an array.
  public void bytes(byte[] source, int offset, int count) {
    reserve(count);
    System.arraycopy(source, offset, bytes, size, count);
    size += count;
  }

  /// Appends zeros.
  public void zeros(int count) {
    reserve(count);
    Arrays.fill(bytes, size, size + count, (byte) 0);
    size += count;
  }

  /// Overwrites 32 bits that were written before.
  public void patchU32(int offset, int value) {
    U32.set(bytes, offset, value);
  }

  /// Overwrites 64 bits that were written before.
  public void patchU64(int offset, long value) {
    U64.set(bytes, offset, value);
  }
}
