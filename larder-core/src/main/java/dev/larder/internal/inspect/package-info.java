/// Reads a store's files without opening the store, and checks them. Never writes.
///
/// May use `internal.recovery`, `internal.txn`, `internal.index`, `internal.log`,
/// `internal.format`, `internal.file` and `internal.base`. Begin reading with
/// [dev.larder.internal.inspect.Verifier].
package dev.larder.internal.inspect;
