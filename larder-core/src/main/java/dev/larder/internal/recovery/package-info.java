/// Opens a store: the newest usable checkpoint, then replay of the log after it, or of all of it;
/// and writes the checkpoints, which are images of the index.
///
/// May use `internal.txn`, `internal.index`, `internal.log`, `internal.format`, `internal.file` and
/// `internal.base`. Begin reading with [dev.larder.internal.recovery.Recovery].
package dev.larder.internal.recovery;
