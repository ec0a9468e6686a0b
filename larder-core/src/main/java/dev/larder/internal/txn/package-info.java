/// The commit path: sequence numbers, preconditions, group commit, visibility, and what keeps the
/// versions of a key reachable for as long as somebody may look at them.
///
/// May use `internal.index`, `internal.log`, `internal.format`, `internal.file` and
/// `internal.base`. Begin reading with [dev.larder.internal.txn.CommitPath], then
/// [dev.larder.internal.txn.Records] for how keys and records are read.
package dev.larder.internal.txn;
