package dev.larder.internal.index;

import java.util.Arrays;

/// A set of addresses that is filled once and emptied as a whole; it boxes nothing.
final class AddressSet {
  /// How many addresses there is room for.
  static final int COUNT_MAX = 1 << 28;

  private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

  /// Addresses plus one, so that 0 is none; half of it at most is taken.
  private long[] table = new long[0];

  private int shift;

  /// Empties the set and makes room.
  ///
  /// @param countMax how many addresses will be added at most, up to [#COUNT_MAX]
  void reset(int countMax) {
    int bits = Math.max(4, Integer.SIZE + 1 - Integer.numberOfLeadingZeros(countMax));
    if (table.length == 1 << bits) {
      Arrays.fill(table, 0);
    } else {
      table = new long[1 << bits];
      shift = Long.SIZE - bits;
    }
  }

  /// Adds an address.
  ///
  /// @return false if it was there
  boolean add(long address) {
    long wanted = address + 1;
    int at = (int) ((wanted * SPREAD) >>> shift);
    while (table[at] != 0) {
      if (table[at] == wanted) {
        return false;
      }
      at = (at + 1) & (table.length - 1);
    }
    table[at] = wanted;
    return true;
  }
}
