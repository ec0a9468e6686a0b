/// The log: segments that are appended to, forced, sealed, rolled, read and scanned, and the
/// manifest that names them.
///
/// May use `internal.format`, `internal.file`, `internal.base`. Begin reading with
/// [dev.larder.internal.log.Log].
package dev.larder.internal.log;
