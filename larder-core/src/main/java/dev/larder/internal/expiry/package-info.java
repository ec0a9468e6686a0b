/// Removes entries when their deadlines come.
///
/// May use `internal.txn`, `internal.index` and `internal.base`. Begin reading with
/// [dev.larder.internal.expiry.ExpirySweep].
package dev.larder.internal.expiry;
