package dev.larder;

import org.jspecify.annotations.Nullable;

/// Which keys of a bucket to list, in which direction, and how many.
///
/// ```java
/// Range.prefix("FR.").limit(10)
/// Range.<String>all().from("a").to("m").reversed()
/// ```
///
/// @param prefix what the keys begin with; null for anything. For keys that are no text, what their
///   bytes begin with
/// @param from the lowest key, inclusive; null for no bound
/// @param to the bound above, exclusive; null for none
/// @param isReversed whether the same keys come in falling order
/// @param limit how many at most, at least 0
/// @param <K> the type of keys
public record Range<K>(
    @Nullable K prefix, @Nullable K from, @Nullable K to, boolean isReversed, long limit) {
  /// Checks the limit.
  public Range {
    if (limit < 0) {
      throw new IllegalArgumentException("a limit is at least 0, not " + limit);
    }
  }

  /// {@return every key, in order}
  ///
  /// @param <K> the type of keys
  public static <K> Range<K> all() {
    return new Range<>(null, null, null, false, Long.MAX_VALUE);
  }

  /// {@return the keys that begin with a prefix, in order}
  ///
  /// @param prefix what they begin with
  /// @param <K> the type of keys
  public static <K> Range<K> prefix(K prefix) {
    return new Range<>(prefix, null, null, false, Long.MAX_VALUE);
  }

  /// {@return those keys of this range that are at or above a bound}
  ///
  /// @param bound the lowest key, inclusive
  public Range<K> from(K bound) {
    return new Range<>(prefix, bound, to, isReversed, limit);
  }

  /// {@return those keys of this range that are below a bound}
  ///
  /// @param bound the bound above, exclusive
  public Range<K> to(K bound) {
    return new Range<>(prefix, from, bound, isReversed, limit);
  }

  /// {@return the same keys in the opposite order}
  public Range<K> reversed() {
    return new Range<>(prefix, from, to, !isReversed, limit);
  }

  /// {@return the first keys of this range, at most so many}
  ///
  /// @param count at least 0
  public Range<K> limit(long count) {
    return new Range<>(prefix, from, to, isReversed, count);
  }

  KeyRange encode(Codec<K> codec) {
    Bytes lower = from == null ? null : Bytes.wrap(codec.encode(from));
    Bytes upper = to == null ? null : Bytes.wrap(codec.encode(to));
    var range = new KeyRange(lower, upper, isReversed, limit);
    return prefix == null
        ? range
        : range.intersect(KeyRange.prefix(Bytes.wrap(codec.encode(prefix))));
  }
}
