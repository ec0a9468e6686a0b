package dev.larder.internal.txn;

import dev.larder.internal.index.Index;
import java.util.Map;

/// The state of a store when it was opened.
///
/// @param sequence the last commit
/// @param index where the newest record of every key is
/// @param records what reads records
/// @param deadlines which entries have a deadline
/// @param buckets the numbers of the buckets by name
/// @param entryCount how many entries there are
public record Recovered(
    long sequence,
    Index index,
    Records records,
    Deadlines deadlines,
    Map<String, Integer> buckets,
    long entryCount) {}
