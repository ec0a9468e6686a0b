package dev.larder.internal.format;

import dev.larder.Bytes;

/// The first bytes of a segment. The specification is docs/FILE_FORMAT.md, section "Segment
/// header".
///
/// ```text
///  0       8       10      12            16         32        40     41         44
///  +-------+-------+-------+-------------+----------+---------+------+----------+----------------+
///  | magic | major | minor | header size | store id | segment | kind | reserved | required flags |
///  +-------+-------+-------+-------------+----------+---------+------+----------+----------------+
///  48     64      72              80               88        96       100             104
///  +------+-------+---------------+----------------+---------+--------+---------------+----------+
///  | salt | epoch | base sequence | clean sequence | created | key id | dictionary id | reserved |
///  +------+-------+---------------+----------------+---------+--------+---------------+----------+
///  124
///  +----------+
///  | checksum |
///  +----------+
/// ```
///
/// @param storeId the identity of the store, 16 bytes
/// @param segment the number of the segment
/// @param kind history or cold
/// @param salt 16 random bytes
/// @param epoch the writer's epoch in which it was created
/// @param baseSequence what the records' sequence numbers are counted from
/// @param cleanSequence for a cold segment, the commit as of which everything in it was live; else
///   0
/// @param createdMillis when it was created, in milliseconds since 1970
public record SegmentHeader(
    Bytes storeId,
    long segment,
    SegmentKind kind,
    Bytes salt,
    long epoch,
    long baseSequence,
    long cleanSequence,
    long createdMillis) {
  /// `LARDSEG` and a zero.
  public static final long MAGIC = 0x0047455344_52414cL;

  /// How many bytes the header takes: where the first frame begins.
  public static final int SIZE = 128;

  /// How many bytes identities and salts have.
  public static final int ID_SIZE = 16;

  static final int MAJOR_OFFSET = Long.BYTES;
  static final int MINOR_OFFSET = MAJOR_OFFSET + Short.BYTES;
  static final int HEADER_SIZE_OFFSET = MINOR_OFFSET + Short.BYTES;
  static final int STORE_ID_OFFSET = HEADER_SIZE_OFFSET + Integer.BYTES;
  static final int SEGMENT_OFFSET = STORE_ID_OFFSET + ID_SIZE;
  static final int KIND_OFFSET = SEGMENT_OFFSET + Long.BYTES;
  static final int REQUIRED_FLAGS_OFFSET = KIND_OFFSET + Integer.BYTES;
  static final int SALT_OFFSET = REQUIRED_FLAGS_OFFSET + Integer.BYTES;
  static final int EPOCH_OFFSET = SALT_OFFSET + ID_SIZE;
  static final int BASE_SEQUENCE_OFFSET = EPOCH_OFFSET + Long.BYTES;
  static final int CLEAN_SEQUENCE_OFFSET = BASE_SEQUENCE_OFFSET + Long.BYTES;
  static final int CREATED_OFFSET = CLEAN_SEQUENCE_OFFSET + Long.BYTES;
  static final int KEY_ID_OFFSET = CREATED_OFFSET + Long.BYTES;
  static final int DICTIONARY_ID_OFFSET = KEY_ID_OFFSET + Integer.BYTES;
  static final int RESERVED_OFFSET = DICTIONARY_ID_OFFSET + Integer.BYTES;
  static final int CHECKSUM_OFFSET = SIZE - Integer.BYTES;

  /// {@return the bytes of the header}
  public byte[] encode() {
    var writer = new ByteWriter(SIZE);
    writer.u64(MAGIC);
    writer.u16(FormatVersion.MAJOR);
    writer.u16(FormatVersion.MINOR);
    writer.u32(SIZE);
    writer.bytes(storeId.lend());
    writer.u64(segment);
    writer.u8(kind.code());
    writer.zeros(REQUIRED_FLAGS_OFFSET - writer.size());
    writer.u32(0); // required flags
    writer.bytes(salt.lend());
    writer.u64(epoch);
    writer.u64(baseSequence);
    writer.u64(cleanSequence);
    writer.u64(createdMillis);
    writer.u32(0); // key id: not encrypted
    writer.u32(0); // dictionary id: not compressed
    writer.zeros(CHECKSUM_OFFSET - writer.size());
    writer.u32(Checksums.plain(writer.array(), 0, CHECKSUM_OFFSET));
    return writer.toArray();
  }

  /// Reads a header.
  ///
  /// @param bytes the first [#SIZE] bytes of a file
  /// @throws FormatException if they are no segment's header, or damaged
  /// @throws NewerFormatException if a newer release wrote them
  public static SegmentHeader decode(byte[] bytes) throws FormatException, NewerFormatException {
    var reader = new ByteReader(bytes, 0, bytes.length);
    if (bytes.length < SIZE) {
      throw new FormatException("a header of %d bytes".formatted(bytes.length));
    }
    if (reader.u64() != MAGIC) {
      throw new FormatException("not the beginning of a segment");
    }
    int major = reader.u16();
    reader.skip(Short.BYTES); // any minor version is read
    if (major > FormatVersion.MAJOR) {
      FormatVersion.require(major, 0); // a newer format may put its checksum elsewhere
    }
    if (reader.u32() != SIZE) {
      throw new FormatException("header size");
    }
    if (Checksums.plain(bytes, 0, CHECKSUM_OFFSET)
        != new ByteReader(bytes, CHECKSUM_OFFSET, SIZE).u32()) {
      throw new FormatException("the checksum of the segment's header");
    }
    FormatVersion.require(major, new ByteReader(bytes, REQUIRED_FLAGS_OFFSET, SIZE).u32());
    Bytes storeId = Bytes.wrap(reader.bytes(ID_SIZE));
    long segment = reader.u64();
    SegmentKind kind = SegmentKind.ofCode(reader.u8());
    reader.skip(SALT_OFFSET - reader.offset());
    Bytes salt = Bytes.wrap(reader.bytes(ID_SIZE));
    return new SegmentHeader(
        storeId, segment, kind, salt, reader.u64(), reader.u64(), reader.u64(), reader.u64());
  }
}
