package dev.larder.internal.format;

import dev.larder.Expiry;
import org.jspecify.annotations.Nullable;

/// How a record is laid out. The specification is docs/FILE_FORMAT.md, section "Record".
///
/// ```text
///  4          1      1       varint   varint     varint       varint
///  +----------+------+-------+--------+----------+------------+----------------+
///  | checksum | kind | flags | bucket | key size | value size | sequence delta |
///  +----------+------+-------+--------+----------+------------+----------------+
///  varint       signed varint      varint
///  +------------+------------------+-------------------+
///  | [deadline] | [previous:       | previous:         |
///  |            |  segments before |  position / 4]    |
///  +------------+------------------+-------------------+
///  signed varint        varint                            0 to 3
///  +--------------------+---------------------+-----+-------+-------+
///  | [time since the    | [durable: sequences | key | value | zeros |
///  |  segment's]        |  before]            |     |       |       |
///  +--------------------+---------------------+-----+-------+-------+
/// ```
///
/// A record stands on its own: it can be read and verified by its address alone. One with the bit
/// [#WHOLE_COMMIT] in its kind is a frame too, a compact one; see docs/FILE_FORMAT.md, section
/// "Compact frames".
public final class RecordCodec {
  /// Set if the record has a deadline.
  public static final int FLAG_DEADLINE = 1;

  /// Set if the record points at the version of the key before it.
  public static final int FLAG_PREVIOUS = 1 << 1;

  /// Set on an expired record whose key is not to be remembered as expired.
  public static final int FLAG_FORGOTTEN = 1 << 2;

  /// Set on a record that is a whole commit if it says when.
  public static final int FLAG_TIME = 1 << 3;

  /// Set on a record that is a whole commit if it says up to which one everything is durable.
  public static final int FLAG_DURABLE = 1 << 4;

  /// Set if there was an entry of the key before this record, live or past its deadline.
  public static final int FLAG_REPLACES = 1 << 5;

  /// Set in the kind of a record that is a whole commit.
  public static final int WHOLE_COMMIT = 1 << 7;

  static final int COMMIT_FLAGS = FLAG_TIME | FLAG_DURABLE;
  static final int RECORD_FLAGS = FLAG_DEADLINE | FLAG_PREVIOUS | FLAG_FORGOTTEN | FLAG_REPLACES;
  static final int CHECKSUM_SIZE = Integer.BYTES;
  static final int KIND_OFFSET = CHECKSUM_SIZE;
  static final int FLAGS_OFFSET = KIND_OFFSET + Byte.BYTES;

  /// What stands for a time or a durable sequence that a record does not say.
  static final long ABSENT = -1;

  /// What stands for "no version before this one".
  public static final long NO_SEGMENT = 0;

  private static final int FIXED_SIZE = FLAGS_OFFSET + Byte.BYTES;

  /// How many bytes a record's head takes at most.
  public static final int HEAD_SIZE_MAX = FIXED_SIZE + 9 * Varint.SIZE_MAX;

  /// How many bytes a record takes at least.
  public static final int SIZE_MIN = (int) FrameHeader.padded(FIXED_SIZE + 4L);

  private static final int PADDING_MAX = FrameHeader.ALIGNMENT - 1;
  private static final int POSITION_SHIFT = Integer.numberOfTrailingZeros(FrameHeader.ALIGNMENT);

  private RecordCodec() {}

  /// {@return how many bytes a record takes at most, before its place is known}
  ///
  /// @param keySize the bytes of the key
  /// @param valueSize the bytes of the value
  public static long sizeBound(int keySize, int valueSize) {
    return (long) HEAD_SIZE_MAX + PADDING_MAX + keySize + valueSize;
  }

  /// {@return the flags that a record may have}
  ///
  /// @param kind its kind as it is on disk, with [#WHOLE_COMMIT]
  static int flagsOf(int kind) {
    return (kind & WHOLE_COMMIT) == 0 ? RECORD_FLAGS : RECORD_FLAGS | COMMIT_FLAGS;
  }

  /// {@return the kind of a record; null if there is none such}
  ///
  /// @param kind its kind as it is on disk, with [#WHOLE_COMMIT]
  static @Nullable RecordKind kindOf(int kind) {
    RecordKind known = RecordKind.ofCode(kind & ~WHOLE_COMMIT);
    return kind == (WHOLE_COMMIT | RecordKind.INDEX_CHANGES.code()) ? null : known;
  }

  /// Appends a record.
  ///
  /// @param target the frame so far; its size is a multiple of 4
  /// @param place the segment it is written to
  /// @param position where in the segment the record begins
  /// @param record what to write
  static void encode(ByteWriter target, Place place, long position, RecordData record) {
    encode(target, place, position, record, 0, ABSENT, ABSENT);
  }

  /// Appends a record that is a whole commit.
  ///
  /// @param durableSequence up to which commit everything is durable; [#ABSENT] to say nothing
  /// @param timeMillis when the commit happened; [#ABSENT] to say nothing
  static void encodeCommit(
      ByteWriter target,
      Place place,
      long position,
      RecordData record,
      long durableSequence,
      long timeMillis) {
    encode(target, place, position, record, WHOLE_COMMIT, durableSequence, timeMillis);
  }

  private static void encode(
      ByteWriter target,
      Place place,
      long position,
      RecordData record,
      int commitBit,
      long durableSequence,
      long timeMillis) {
    long previousSegment = record.previousSegment();
    int flags =
        (record.deadlineMillis() == Expiry.NO_DEADLINE ? 0 : FLAG_DEADLINE)
            | (previousSegment == NO_SEGMENT ? 0 : FLAG_PREVIOUS)
            | (record.isForgotten() ? FLAG_FORGOTTEN : 0)
            | (record.replaces() ? FLAG_REPLACES : 0)
            | (timeMillis == ABSENT ? 0 : FLAG_TIME)
            | (durableSequence == ABSENT ? 0 : FLAG_DURABLE);
    target.reserve(sizeBound(record.keySize(), record.valueSize()));
    byte[] bytes = target.array();
    int start = target.size();
    bytes[start + KIND_OFFSET] = (byte) (record.kind().code() | commitBit);
    bytes[start + FLAGS_OFFSET] = (byte) flags;
    int at = start + FIXED_SIZE;
    at = Varint.put(bytes, at, record.bucket());
    at = Varint.put(bytes, at, record.keySize());
    at = Varint.put(bytes, at, record.valueSize());
    at = Varint.put(bytes, at, record.sequence() - place.baseSequence());
    if ((flags & FLAG_DEADLINE) != 0) {
      at = Varint.put(bytes, at, record.deadlineMillis());
    }
    if ((flags & FLAG_PREVIOUS) != 0) {
      at = Varint.put(bytes, at, Varint.zigzag(place.segment() - previousSegment));
      at = Varint.put(bytes, at, units(record.previousPosition()));
    }
    if ((flags & FLAG_TIME) != 0) {
      at = Varint.put(bytes, at, Varint.zigzag(timeMillis - place.createdMillis()));
    }
    if ((flags & FLAG_DURABLE) != 0) {
      at = Varint.put(bytes, at, record.sequence() - durableSequence);
    }
    int head = start + CHECKSUM_SIZE;
    int mask =
        place.checksums().mask(Checksums.hash(bytes, head, at - head), position, record.sequence());
    int keyOffset = at;
    System.arraycopy(record.keyArray(), record.keyOffset(), bytes, at, record.keySize());
    at += record.keySize();
    System.arraycopy(record.valueArray(), record.valueOffset(), bytes, at, record.valueSize());
    at += record.valueSize();
    ByteWriter.U32.set(bytes, start, Checksums.plain(bytes, keyOffset, at - keyOffset) ^ mask);
    int end = start + (int) FrameHeader.padded(at - start);
    while (at < end) {
      bytes[at++] = 0;
    }
    target.sizeTo(end);
  }

  /// {@return a position as it is stored}
  static long units(long position) {
    if (position % FrameHeader.ALIGNMENT != 0) {
      throw new IllegalArgumentException("a record at position " + position);
    }
    return position >>> POSITION_SHIFT;
  }

  /// {@return a position that was stored}
  static long position(long units) {
    return units << POSITION_SHIFT;
  }

  /// Where records are written to or read from.
  ///
  /// @param segment the segment's number
  /// @param baseSequence what its records' sequence numbers are counted from
  /// @param checksums its checksums
  /// @param createdMillis when it was created: what the times of compact frames are counted from
  public record Place(long segment, long baseSequence, Checksums checksums, long createdMillis) {}
}
