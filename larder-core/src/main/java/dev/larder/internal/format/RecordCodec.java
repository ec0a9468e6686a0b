package dev.larder.internal.format;

import dev.larder.Expiry;

/// How a record is laid out. The specification is docs/FILE_FORMAT.md, section "Record".
///
/// ```text
///  4          1      1       varint   varint     varint       varint
///  +----------+------+-------+--------+----------+------------+----------------+
///  | checksum | kind | flags | bucket | key size | value size | sequence delta |
///  +----------+------+-------+--------+----------+------------+----------------+
///  varint       signed varint      varint
///  +------------+------------------+-------------------+-----+-------+
///  | [deadline] | [previous:       | previous:         | key | value |
///  |            |  segments before |  position]        |     |       |
///  +------------+------------------+-------------------+-----+-------+
/// ```
///
/// A record stands on its own: it can be read and verified by its address alone.
public final class RecordCodec {
  /// Set if the record has a deadline.
  public static final int FLAG_DEADLINE = 1;

  /// Set if the record points at the version of the key before it.
  public static final int FLAG_PREVIOUS = 1 << 1;

  /// Set on an expired record whose key is not to be remembered as expired.
  public static final int FLAG_FORGOTTEN = 1 << 2;

  static final int KNOWN_FLAGS = FLAG_DEADLINE | FLAG_PREVIOUS | FLAG_FORGOTTEN;
  static final int CHECKSUM_SIZE = Integer.BYTES;

  /// What stands for "no version before this one".
  public static final long NO_SEGMENT = 0;

  private static final int FIXED_SIZE = CHECKSUM_SIZE + 2;

  /// How many bytes a record's head takes at most.
  public static final int HEAD_SIZE_MAX = FIXED_SIZE + 7 * Varint.SIZE_MAX;

  private RecordCodec() {}

  /// {@return how many bytes a record takes at most, before its place is known}
  ///
  /// @param keySize the bytes of the key
  /// @param valueSize the bytes of the value
  public static long sizeBound(int keySize, int valueSize) {
    return (long) HEAD_SIZE_MAX + keySize + valueSize;
  }

  /// Appends a record.
  ///
  /// @param target the frame so far; the record's position is the frame's plus the target's size
  /// @param place the segment it is written to
  /// @param position where in the segment the record begins
  /// @param record what to write
  static void encode(ByteWriter target, Place place, long position, RecordData record) {
    int start = target.size();
    target.reserve(sizeBound(record.keySize(), record.valueSize()));
    target.u32(0); // the checksum, written when the rest is known
    target.u8(record.kind().code());
    int flags =
        (record.deadlineMillis() == Expiry.NO_DEADLINE ? 0 : FLAG_DEADLINE)
            | (record.previousSegment() == NO_SEGMENT ? 0 : FLAG_PREVIOUS)
            | (record.isForgotten() ? FLAG_FORGOTTEN : 0);
    target.u8(flags);
    target.varint(record.bucket());
    target.varint(record.keySize());
    target.varint(record.valueSize());
    target.varint(record.sequence() - place.baseSequence());
    if ((flags & FLAG_DEADLINE) != 0) {
      target.varint(record.deadlineMillis());
    }
    if ((flags & FLAG_PREVIOUS) != 0) {
      target.varint(Varint.zigzag(place.segment() - record.previousSegment()));
      target.varint(record.previousPosition());
    }
    target.bytes(record.keyArray(), record.keyOffset(), record.keySize());
    target.bytes(record.valueArray(), record.valueOffset(), record.valueSize());
    int checked = start + CHECKSUM_SIZE;
    target.patchU32(
        start,
        place
            .checksums()
            .of(target.array(), checked, target.size() - checked, position, record.sequence()));
  }

  /// Where records are written to or read from.
  ///
  /// @param segment the segment's number
  /// @param baseSequence what its records' sequence numbers are counted from
  /// @param checksums its checksums
  public record Place(long segment, long baseSequence, Checksums checksums) {}
}
