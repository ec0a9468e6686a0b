package dev.larder.internal.txn;

import dev.larder.internal.index.Index;
import java.util.Map;

/// One state of the store as readers see it. Unchanging.
///
/// @param ticket its place in the order of publication; rises by each commit and each relocation
/// @param sequence the last commit in it
/// @param index where the newest record of every key is
/// @param buckets the numbers of the buckets by name
public record View(long ticket, long sequence, Index index, Map<String, Integer> buckets) {}
