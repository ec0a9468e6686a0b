package dev.larder.internal.format;

import java.util.Arrays;

/// Reads what [ByteWriter] wrote. Bytes from a disk cannot be trusted: every read is checked
/// against the end, and a [FormatException] says where the bytes stop making sense.
///
/// **Threads.** For one thread at a time.
public final class ByteReader {
  private final byte[] bytes;
  private final int end;
  private int offset;

  /// Reads a part of an array.
  ///
  /// @param bytes the array
  /// @param offset where to begin
  /// @param end where to stop
  public ByteReader(byte[] bytes, int offset, int end) {
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
  }

  /// {@return where the next byte is read}
  public int offset() {
    return offset;
  }

  /// {@return how many bytes are left}
  public int remaining() {
    return end - offset;
  }

  /// {@return the next byte, 0 to 255}
  public int u8() throws FormatException {
    require(1);
    return bytes[offset++] & 0xff;
  }

  /// {@return the next 16 bits, 0 to 65,535}
  public int u16() throws FormatException {
    require(Short.BYTES);
    int value = (short) ByteWriter.U16.get(bytes, offset) & 0xffff;
    offset += Short.BYTES;
    return value;
  }

  /// {@return the next 32 bits}
  public int u32() throws FormatException {
    require(Integer.BYTES);
    int value = (int) ByteWriter.U32.get(bytes, offset);
    offset += Integer.BYTES;
    return value;
  }

  /// {@return the next 64 bits}
  public long u64() throws FormatException {
    require(Long.BYTES);
    long value = (long) ByteWriter.U64.get(bytes, offset);
    offset += Long.BYTES;
    return value;
  }

  /// {@return the next varint}
  public long varint() throws FormatException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = u8();
      long bits = next & 0x7f;
      if (shift == 63 && bits > 1) {
        break;
      }
      value |= bits << shift;
      if ((next & 0x80) == 0) {
        return value;
      }
    }
    throw new FormatException("a number of more than 64 bits");
  }

  /// {@return the next varint}
  ///
  /// @param max the largest that makes sense
  /// @param name what it is, for the message
  public int varint(int max, String name) throws FormatException {
    long value = varint();
    if (value < 0 || value > max) {
      throw new FormatException(
          "%s is %s, at most %d makes sense".formatted(name, Long.toUnsignedString(value), max));
    }
    return (int) value;
  }

  /// {@return a copy of the next bytes}
  public byte[] bytes(int count) throws FormatException {
    require(count);
    byte[] copy = Arrays.copyOfRange(bytes, offset, offset + count);
    offset += count;
    return copy;
  }

  /// Passes over bytes.
  public void skip(int count) throws FormatException {
    require(count);
    offset += count;
  }

  private void require(int count) throws FormatException {
    if (count < 0 || end - offset < count) {
      throw new FormatException("the bytes end within a field");
    }
  }
}
