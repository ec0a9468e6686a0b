package dev.larder.internal.index;

import java.util.Arrays;

/// Sorts many keys. What is sorted is mostly numbers: the first bytes behind those that all keys
/// have in common, with the number of the key's place below them.
public final class KeySort {
  private KeySort() {}

  /// {@return the order of keys as unsigned bytes, as the numbers of their places}
  ///
  /// @param keys an array with the keys
  /// @param count how many of its first elements are keys
  public static int[] order(byte[][] keys, int count) {
    int common = commonLength(keys, count);
    long ordinalMask = (1L << (Integer.SIZE - Integer.numberOfLeadingZeros(count))) - 1;
    long[] heads = new long[count];
    for (int i = 0; i < count; i++) {
      long head = OrderPage.head(keys[i], common) & ~ordinalMask;
      heads[i] = (head | i) ^ Long.MIN_VALUE; // as if they were unsigned
    }
    Arrays.sort(heads);
    int[] order = new int[count];
    for (int start = 0; start < count; ) {
      int end = start;
      do {
        order[end] = (int) (heads[end] & ordinalMask);
        end++;
      } while (end < count && ((heads[end] ^ heads[start]) & ~ordinalMask) == 0);
      if (end - start > 1) {
        sortTied(keys, order, start, end);
      }
      start = end;
    }
    return order;
  }

  private static int commonLength(byte[][] keys, int count) {
    int common = count == 0 ? 0 : keys[0].length;
    for (int i = 1; i < count && common > 0; i++) {
      int end = Math.min(common, keys[i].length);
      int mismatch = Arrays.mismatch(keys[0], 0, end, keys[i], 0, end);
      common = mismatch < 0 ? end : mismatch;
    }
    return common;
  }

  private static void sortTied(byte[][] keys, int[] order, int from, int to) {
    Integer[] tied = new Integer[to - from];
    Arrays.setAll(tied, i -> order[from + i]);
    Arrays.sort(tied, (a, b) -> Arrays.compareUnsigned(keys[a], keys[b]));
    for (int i = 0; i < tied.length; i++) {
      order[from + i] = tied[i];
    }
  }
}
