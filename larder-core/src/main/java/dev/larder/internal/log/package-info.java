/// The log: segments that are appended to, forced, sealed, rolled, read and scanned; the manifest
/// that names them; the addresses of the records in them, and records read where they lie.
///
/// May use `internal.format`, `internal.file`, `internal.base`. Begin reading with
/// [dev.larder.internal.log.Log], then [dev.larder.internal.log.Addresses] and
/// [dev.larder.internal.log.RecordView].
package dev.larder.internal.log;
