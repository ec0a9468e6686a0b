package dev.larder.internal.txn;

import dev.larder.Bytes;
import dev.larder.Expiry;
import dev.larder.internal.format.RecordCodec;
import dev.larder.internal.format.RecordKind;
import dev.larder.internal.index.IndexKey;
import dev.larder.internal.txn.Records.Entry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One change of a commit that was worked out: what its record will say.
///
/// @param indexKey the key of the index
/// @param hash its hash
/// @param kind what the record says of the key
/// @param value the value, empty where there is none
/// @param deadlineMillis the deadline, or [Expiry#NO_DEADLINE]
/// @param isForgotten whether an expired key is not to be remembered
/// @param before what the index has of the key
@SuppressWarnings("ArrayRecordComponent") // never compared
record Change(
    byte[] indexKey,
    long hash,
    RecordKind kind,
    Bytes value,
    long deadlineMillis,
    boolean isForgotten,
    @Nullable Entry before) {
  /// {@return the removal of a key}
  static Change remove(byte[] indexKey, long hash, Entry before) {
    return new Change(
        indexKey, hash, RecordKind.TOMBSTONE, Bytes.EMPTY, Expiry.NO_DEADLINE, false, before);
  }

  /// {@return the expiry of a key}
  static Change expire(byte[] indexKey, long hash, boolean isForgotten, Entry before) {
    return new Change(
        indexKey,
        hash,
        RecordKind.EXPIRED,
        Bytes.EMPTY,
        before.deadlineMillis(),
        isForgotten,
        before);
  }

  /// {@return the expiries of keys that are due}
  static List<Change> expiries(List<Deadlines.Due> due, boolean isForgotten) {
    var changes = new ArrayList<Change>(due.size());
    for (Deadlines.Due next : due) {
      changes.add(expire(next.indexKey(), next.hash(), isForgotten, next.entry()));
    }
    return changes;
  }

  /// {@return as many changes, from the first on, as take so many bytes; at least one does}
  static List<Change> fitting(List<Change> changes, long bytes) {
    long rest = bytes;
    for (int i = 0; i < changes.size(); i++) {
      rest -= changes.get(i).sizeBound();
      if (rest < 0) {
        return changes.subList(0, i);
      }
    }
    return changes;
  }

  /// {@return how many bytes the record takes at most}
  long sizeBound() {
    return RecordCodec.sizeBound(indexKey.length - IndexKey.PREFIX_SIZE, value.size());
  }

  /// {@return whether the key has no entry afterwards, and none is remembered}
  boolean isRemoval() {
    return kind == RecordKind.TOMBSTONE || isForgotten;
  }
}
