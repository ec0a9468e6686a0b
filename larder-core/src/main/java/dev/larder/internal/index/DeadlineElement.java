package dev.larder.internal.index;

/// An element of a [DeadlineTree] in 8 bytes: the address of a record, and a lower bound of its
/// deadline.
///
/// ```text
///  63                    40 39                                      0
///  +-----------------------+-----------------------------------------+
///  | code of the distance  | address                                 |
///  +-----------------------+-----------------------------------------+
/// ```
///
/// The distance is how far the bound lies after the *base*, which the elements of a leaf have in
/// common. The code is a floating point number without a sign: 18 bits of fraction, which make
/// distances up to 8 minutes exact and a distance of a month good to 8 seconds; what is between two
/// codes is rounded down. Codes are in the order of the distances they stand for, so elements of
/// one base are in the order of their bounds, and of their addresses where the bounds are equal,
/// when compared as signed numbers; that is what the bias is for.
final class DeadlineElement {
  /// The highest address that fits.
  static final long ADDRESS_MAX = (1L << 40) - 1;

  private static final int ADDRESS_BITS = 40;
  private static final int FRACTION_BITS = 18;
  private static final int FRACTION_MASK = (1 << FRACTION_BITS) - 1;
  private static final int BIAS = 1 << 23;

  private DeadlineElement() {}

  /// {@return an element whose bound is the given one, or a little lower where that does not fit}
  ///
  /// @param boundMillis the bound, not below the base
  /// @param baseMillis the base
  /// @param address the address, 0 to [#ADDRESS_MAX]
  static long of(long boundMillis, long baseMillis, long address) {
    return ((long) (code(boundMillis - baseMillis) - BIAS) << ADDRESS_BITS) | address;
  }

  /// {@return the highest element that there can be with a bound at or before an instant}
  ///
  /// @param untilMillis the instant, not below the base
  /// @param baseMillis the base
  static long limit(long untilMillis, long baseMillis) {
    return of(untilMillis, baseMillis, ADDRESS_MAX);
  }

  static long boundMillis(long element, long baseMillis) {
    return baseMillis + distance((int) (element >> ADDRESS_BITS) + BIAS);
  }

  static long address(long element) {
    return element & ADDRESS_MAX;
  }

  /// Changes elements of an array from one base to another.
  static void rebase(long[] elements, int from, int to, long fromMillis, long toMillis) {
    for (int i = from; i < to; i++) {
      elements[i] = of(boundMillis(elements[i], fromMillis), toMillis, address(elements[i]));
    }
  }

  /// {@return a base that keeps what is soon after a bound exact}
  ///
  /// Bases that are multiples of one large number have a merit: when a leaf changes from one to
  /// another, the bounds of what is less than four years away stay what they are, however often
  /// that happens. Otherwise each change would round them down once more.
  ///
  /// @param boundMillis the lowest bound there is
  static long baseMillis(long boundMillis) {
    return boundMillis & -(1L << FRACTION_BITS);
  }

  /// @param distance a number without a sign
  private static int code(long distance) {
    int shift = Long.SIZE - 1 - FRACTION_BITS - Long.numberOfLeadingZeros(distance);
    return shift < 0
        ? (int) distance
        : ((shift + 1) << FRACTION_BITS) | ((int) (distance >>> shift) & FRACTION_MASK);
  }

  private static long distance(int code) {
    int exponent = code >>> FRACTION_BITS;
    return exponent == 0
        ? code
        : ((code & FRACTION_MASK) | (1L << FRACTION_BITS)) << (exponent - 1);
  }
}
