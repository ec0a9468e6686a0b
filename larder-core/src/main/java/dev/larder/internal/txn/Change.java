package dev.larder.internal.txn;

import dev.larder.Bytes;
import dev.larder.Expiry;
import dev.larder.internal.format.RecordCodec;
import dev.larder.internal.format.RecordKind;
import dev.larder.internal.index.IndexEntry;
import dev.larder.internal.index.IndexKey;
import org.jspecify.annotations.Nullable;

/// One change of a commit that was worked out: what its record will say.
///
/// @param indexKey the key of the index
/// @param kind what the record says of the key
/// @param value the value, empty where there is none
/// @param deadlineMillis the deadline, or [Expiry#NO_DEADLINE]
/// @param isForgotten whether an expired key is not to be remembered
/// @param before what the index has of the key
@SuppressWarnings("ArrayRecordComponent") // never compared
record Change(
    byte[] indexKey,
    RecordKind kind,
    Bytes value,
    long deadlineMillis,
    boolean isForgotten,
    @Nullable IndexEntry before) {
  /// {@return the removal of a key}
  static Change remove(byte[] indexKey, IndexEntry before) {
    return new Change(
        indexKey, RecordKind.TOMBSTONE, Bytes.EMPTY, Expiry.NO_DEADLINE, false, before);
  }

  /// {@return the expiry of a key}
  static Change expire(
      byte[] indexKey, long deadlineMillis, boolean isForgotten, @Nullable IndexEntry before) {
    return new Change(
        indexKey, RecordKind.EXPIRED, Bytes.EMPTY, deadlineMillis, isForgotten, before);
  }

  /// {@return how many bytes the record takes at most}
  long sizeBound() {
    return RecordCodec.sizeBound(indexKey.length - IndexKey.PREFIX_SIZE, value.size());
  }

  /// {@return whether the index points to the record}
  boolean isIndexed() {
    return kind == RecordKind.PUT || (kind == RecordKind.EXPIRED && !isForgotten);
  }
}
