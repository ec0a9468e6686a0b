/// The commit path: sequence numbers, preconditions, group commit, visibility, snapshots.
///
/// May use `internal.index`, `internal.log`, `internal.format` and `internal.base`. Begin reading
/// with [dev.larder.internal.txn.CommitPath].
package dev.larder.internal.txn;
