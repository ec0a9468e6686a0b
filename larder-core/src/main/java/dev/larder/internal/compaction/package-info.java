/// Gives the space of dead records back: chooses segments, writes their live records in key order
/// into cold segments, points the index there, retires them; and slows those who write down where
/// it does not keep up.
///
/// May use `internal.txn`, `internal.index`, `internal.log`, `internal.format` and `internal.base`.
/// Begin reading with [dev.larder.internal.compaction.Compaction].
package dev.larder.internal.compaction;
