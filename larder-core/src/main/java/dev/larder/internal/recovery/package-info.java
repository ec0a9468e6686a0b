/// Opens a store: the newest valid checkpoint, then replay of the log after it; and writes the
/// checkpoints.
///
/// May use `internal.txn`, `internal.index`, `internal.log`, `internal.format`, `internal.file` and
/// `internal.base`. Begin reading with [dev.larder.internal.recovery.Recovery].
package dev.larder.internal.recovery;
