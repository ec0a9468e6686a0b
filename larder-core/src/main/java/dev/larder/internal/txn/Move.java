package dev.larder.internal.txn;

/// Where compaction has put a record.
///
/// @param hash the hash of its key
/// @param from the address where it was
/// @param to the address where it is
/// @param isTombstone whether it says that there is no entry
public record Move(long hash, long from, long to, boolean isTombstone) {}
