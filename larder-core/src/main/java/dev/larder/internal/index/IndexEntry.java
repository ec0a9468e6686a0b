package dev.larder.internal.index;

/// What the index knows of one key: where its newest record lies, and what of that record is needed
/// without reading it.
///
/// @param isExpired whether the entry was removed by an expiry commit and is only remembered as
///   expired: there is no visible entry, but a lookup can say why. The index keeps, counts and
///   walks over such entries like any others
/// @param segment the number of the segment that holds the newest record of the key
/// @param position where the record begins in that segment, in bytes
/// @param size the whole record, in bytes
/// @param version the sequence number of the commit that wrote the record
/// @param deadlineMillis when the entry ends, in milliseconds since 1970, or
///   [dev.larder.Expiry#NO_DEADLINE]
public record IndexEntry(
    boolean isExpired, long segment, long position, int size, long version, long deadlineMillis) {
  /// Checks that no place, size or version is negative.
  public IndexEntry {
    if (segment < 0 || position < 0 || size < 0 || version < 0) {
      throw new IllegalArgumentException(
          "segment %d, position %d, size %d and version %d must not be negative"
              .formatted(segment, position, size, version));
    }
  }
}
