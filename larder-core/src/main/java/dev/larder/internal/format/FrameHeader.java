package dev.larder.internal.format;

import org.jspecify.annotations.Nullable;

/// The head of a frame. The specification is docs/FILE_FORMAT.md, section "Frame". A compact frame
/// has no head on disk; the scanner makes up one for it.
///
/// ```text
///  0          4       6      7       8      16             20      24         32        40     48
///  +----------+-------+------+-------+------+--------------+-------+----------+---------+------+
///  | checksum | magic | kind | flags | size | record count | epoch | sequence | durable | time |
///  +----------+-------+------+-------+------+--------------+-------+----------+---------+------+
/// ```
///
/// @param kind what the frame is
/// @param size how many bytes the whole frame takes, a multiple of 4
/// @param recordCount how many records it has
/// @param epoch the writer's epoch
/// @param sequence the commit's sequence number; for a note that is no commit that of the last one
/// @param durableSequence up to which commit everything was durable when this was written
/// @param timeMillis the store's present when it was written, or [#TIME_UNCHANGED]
public record FrameHeader(
    FrameKind kind,
    long size,
    int recordCount,
    int epoch,
    long sequence,
    long durableSequence,
    long timeMillis) {
  /// How many bytes the header takes.
  public static final int SIZE = 48;

  /// Frames and records begin at multiples of this many bytes.
  public static final int ALIGNMENT = 4;

  /// The time of a compact frame that does not say it: that of the frame before it, or, if there is
  /// none in the segment, the time at which the segment was created.
  public static final long TIME_UNCHANGED = Long.MIN_VALUE;

  /// `LF`.
  public static final int MAGIC = 0x464c;

  static final int CHECKSUM_OFFSET = 0;
  static final int MAGIC_OFFSET = CHECKSUM_OFFSET + Integer.BYTES;
  static final int KIND_OFFSET = MAGIC_OFFSET + Short.BYTES;
  static final int FLAGS_OFFSET = KIND_OFFSET + Byte.BYTES;
  static final int SIZE_OFFSET = FLAGS_OFFSET + Byte.BYTES;
  static final int RECORD_COUNT_OFFSET = SIZE_OFFSET + Long.BYTES;
  static final int EPOCH_OFFSET = RECORD_COUNT_OFFSET + Integer.BYTES;
  static final int SEQUENCE_OFFSET = EPOCH_OFFSET + Integer.BYTES;
  static final int DURABLE_OFFSET = SEQUENCE_OFFSET + Long.BYTES;
  static final int TIME_OFFSET = DURABLE_OFFSET + Long.BYTES;

  /// {@return a size with the padding up to where the next frame or record may begin}
  public static long padded(long size) {
    return (size + ALIGNMENT - 1) & -ALIGNMENT;
  }

  /// Writes the header at an offset of an array, over room left for it.
  void encode(byte[] target, int offset, Checksums checksums, long position) {
    ByteWriter.U16.set(target, offset + MAGIC_OFFSET, (short) MAGIC);
    target[offset + KIND_OFFSET] = (byte) kind.code();
    target[offset + FLAGS_OFFSET] = 0;
    ByteWriter.U64.set(target, offset + SIZE_OFFSET, size);
    ByteWriter.U32.set(target, offset + RECORD_COUNT_OFFSET, recordCount);
    ByteWriter.U32.set(target, offset + EPOCH_OFFSET, epoch);
    ByteWriter.U64.set(target, offset + SEQUENCE_OFFSET, sequence);
    ByteWriter.U64.set(target, offset + DURABLE_OFFSET, durableSequence);
    ByteWriter.U64.set(target, offset + TIME_OFFSET, timeMillis);
    int checksum = checksums.of(target, offset + MAGIC_OFFSET, SIZE - MAGIC_OFFSET, position, 0);
    ByteWriter.U32.set(target, offset + CHECKSUM_OFFSET, checksum);
  }

  /// Reads a header.
  ///
  /// @param bytes an array with at least [#SIZE] bytes from the offset on
  /// @param offset where the header begins
  /// @param checksums those of the segment
  /// @param position where in the segment the header begins
  /// @return the header; null if these bytes are none
  public static @Nullable FrameHeader decode(
      byte[] bytes, int offset, Checksums checksums, long position) {
    if ((short) ByteWriter.U16.get(bytes, offset + MAGIC_OFFSET) != (short) MAGIC) {
      return null;
    }
    int expected = (int) ByteWriter.U32.get(bytes, offset + CHECKSUM_OFFSET);
    if (checksums.of(bytes, offset + MAGIC_OFFSET, SIZE - MAGIC_OFFSET, position, 0) != expected) {
      return null;
    }
    FrameKind kind = FrameKind.ofCode(bytes[offset + KIND_OFFSET]);
    long size = (long) ByteWriter.U64.get(bytes, offset + SIZE_OFFSET);
    int recordCount = (int) ByteWriter.U32.get(bytes, offset + RECORD_COUNT_OFFSET);
    if (kind == null
        || bytes[offset + FLAGS_OFFSET] != 0
        || size < SIZE
        || size % ALIGNMENT != 0
        || recordCount < 0) {
      return null;
    }
    return new FrameHeader(
        kind,
        size,
        recordCount,
        (int) ByteWriter.U32.get(bytes, offset + EPOCH_OFFSET),
        (long) ByteWriter.U64.get(bytes, offset + SEQUENCE_OFFSET),
        (long) ByteWriter.U64.get(bytes, offset + DURABLE_OFFSET),
        (long) ByteWriter.U64.get(bytes, offset + TIME_OFFSET));
  }
}
