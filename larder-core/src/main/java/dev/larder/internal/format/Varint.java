package dev.larder.internal.format;

/// Sizes of varints: unsigned numbers in groups of seven bits, the lowest first, each byte but the
/// last with its top bit set (LEB128, as in the DWARF format).
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

  /// {@return how many bytes a number takes}
  public static int size(long value) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(value | 1);
    return (bits + 6) / 7;
  }
}
