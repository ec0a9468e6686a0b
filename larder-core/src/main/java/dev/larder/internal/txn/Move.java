package dev.larder.internal.txn;

/// Where compaction has put a record, and what the record says.
///
/// @param hash the hash of its key
/// @param from where it was, and what it says
/// @param to the address where it is
/// @param size how many bytes it has there
/// @param isTombstone whether it says that there is no entry
public record Move(long hash, Records.Entry from, long to, int size, boolean isTombstone) {
  /// {@return the same, back to where it was}
  public Move back() {
    var there =
        new Records.Entry(
            to, from.kind(), from.isForgotten(), from.version(), from.deadlineMillis(), size);
    return new Move(hash, there, from.address(), from.size(), isTombstone);
  }
}
