package dev.larder;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Which keys of a bucket to walk over, in which direction, and how many.
///
/// @param from the lowest key, inclusive; null for no bound
/// @param to the bound above, exclusive; null for none
/// @param isReversed whether the highest key comes first
/// @param limit how many entries at most, at least 0
public record KeyRange(@Nullable Bytes from, @Nullable Bytes to, boolean isReversed, long limit) {
  /// Every key, in order.
  public static final KeyRange ALL = new KeyRange(null, null, false, Long.MAX_VALUE);

  /// Checks the limit.
  public KeyRange {
    if (limit < 0) {
      throw new IllegalArgumentException("a limit is at least 0, not " + limit);
    }
  }

  /// {@return the keys that begin with a prefix}
  ///
  /// @param prefix any bytes; none means every key
  public static KeyRange prefix(Bytes prefix) {
    return new KeyRange(prefix, successor(prefix), false, Long.MAX_VALUE);
  }

  /// {@return whether no key can be in the range}
  public boolean isEmpty() {
    return limit == 0 || (from != null && to != null && from.compareTo(to) >= 0);
  }

  /// {@return the keys that are in both ranges, with this one's direction and limit}
  ///
  /// @param other another range
  public KeyRange intersect(KeyRange other) {
    Bytes lower =
        from == null || (other.from != null && other.from.compareTo(from) > 0) ? other.from : from;
    Bytes upper = to == null || (other.to != null && other.to.compareTo(to) < 0) ? other.to : to;
    return new KeyRange(lower, upper, isReversed, limit);
  }

  /// The lowest byte string above everything that begins with the prefix; null if there is none.
  private static @Nullable Bytes successor(Bytes prefix) {
    byte[] bytes = prefix.toArray();
    for (int last = bytes.length - 1; last >= 0; last--) {
      if (bytes[last] != (byte) 0xff) {
        bytes[last]++;
        return Bytes.wrap(Arrays.copyOf(bytes, last + 1));
      }
    }
    return null;
  }
}
