/// The bytes of a store's files: layouts, codecs, checksums. Nothing here does I/O, reads a clock
/// or starts a thread; the specification is `docs/FILE_FORMAT.md`, and a test holds the constants
/// against it.
///
/// May use `internal.base` and the vocabulary of `dev.larder`. Begin reading with
/// [dev.larder.internal.format.SegmentHeader], [dev.larder.internal.format.FrameHeader] and
/// [dev.larder.internal.format.RecordCodec]; [dev.larder.internal.format.RecordHead] reads in place
/// what `RecordCodec` writes.
package dev.larder.internal.format;
