package dev.larder.internal.format;

/// Varints: unsigned numbers in groups of seven bits, the lowest first, each byte but the last with
/// its top bit set (LEB128, as in the DWARF format).
public final class Varint {
  /// How many bytes a varint has at most.
  public static final int SIZE_MAX = 10;

  private Varint() {}

  /// {@return a signed number as an unsigned one that is small if the signed one is near zero: 0,
  /// -1, 1, -2 become 0, 1, 2, 3}
  static long zigzag(long value) {
    return value << 1 ^ value >> 63;
  }

  /// {@return the signed number again}
  static long unzigzag(long value) {
    return value >>> 1 ^ -(value & 1);
  }

  /// Writes an unsigned number.
  ///
  /// @return the offset behind it
  static int put(byte[] target, int offset, long value) {
    int at = offset;
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      target[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    target[at++] = (byte) rest;
    return at;
  }

  /// {@return the number that a varint of up to eight bytes has}
  ///
  /// @param word the bytes as a little-endian word, with zeros behind the last
  static long gather(long word) {
    long z = word & 0x7f7f7f7f7f7f7f7fL;
    z = (z & 0x007f007f007f007fL) | (z & 0x7f007f007f007f00L) >>> 1;
    z = (z & 0x00003fff00003fffL) | (z & 0x3fff00003fff0000L) >>> 2;
    return (z & 0x000000000fffffffL) | (z & 0x0fffffff00000000L) >>> 4;
  }

  /// {@return how many bytes a number takes}
  public static int size(long value) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(value | 1);
    return (bits + 6) / 7;
  }
}
