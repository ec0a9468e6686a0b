package dev.larder.internal.format;

import dev.larder.Bytes;
import java.util.ArrayList;
import java.util.List;

/// The list of a store's live segments. The specification is docs/FILE_FORMAT.md, section
/// "Manifest".
///
/// @param storeId the identity of the store, 16 bytes
/// @param generation how often the manifest was replaced, from 1
/// @param nextSegment a number above those of all segments that ever were
/// @param createdMillis when the store was created, in milliseconds since 1970
/// @param epoch the highest writer's epoch known when it was written
/// @param segments the live segments: cold ones in order of number, then history in commit order,
///   the last of which is appended to
public record Manifest(
    Bytes storeId,
    long generation,
    long nextSegment,
    long createdMillis,
    long epoch,
    List<SegmentInfo> segments) {
  /// `LARDMAN` and a zero.
  public static final long MAGIC = 0x004e414d4452414cL;

  static final int HEADER_SIZE = 80;
  static final int ENTRY_SIZE = 104;

  /// How many bytes a hash has (SHA-256).
  public static final int HASH_SIZE = 32;

  /// How many segments make sense in one file; keeps a damaged count from taking memory.
  private static final int SEGMENT_COUNT_MAX = 1 << 24;

  private static final int STATE_ACTIVE = 1;
  private static final int STATE_SEALED = 2;

  /// Copies the list.
  public Manifest {
    segments = List.copyOf(segments);
  }

  /// What the manifest knows of a segment.
  ///
  /// @param number its number
  /// @param kind history or cold
  /// @param isSealed whether it never changes again
  /// @param salt its salt, 16 bytes
  /// @param baseSequence what its records' sequence numbers are counted from
  /// @param lastSequence the highest sequence number in it; 0 unless sealed
  /// @param cleanSequence for a cold segment, the commit as of which everything in it was live
  /// @param sealedSize how many bytes of the file count; 0 unless sealed
  /// @param hash the SHA-256 of those bytes; zeros if it is not known yet
  public record SegmentInfo(
      long number,
      SegmentKind kind,
      boolean isSealed,
      Bytes salt,
      long baseSequence,
      long lastSequence,
      long cleanSequence,
      long sealedSize,
      Bytes hash) {
    /// What stands for a hash that is not known.
    public static final Bytes NO_HASH = Bytes.wrap(new byte[HASH_SIZE]);
  }

  /// {@return how many bytes a manifest of so many segments takes}
  public static int size(int segmentCount) {
    return HEADER_SIZE + segmentCount * ENTRY_SIZE + Integer.BYTES;
  }

  /// {@return the bytes of the file}
  public byte[] encode() {
    var writer = new ByteWriter(size(segments.size()));
    writer.u64(MAGIC);
    writer.u16(FormatVersion.MAJOR);
    writer.u16(FormatVersion.MINOR);
    writer.u32(size(segments.size()));
    writer.bytes(storeId.lend());
    writer.u64(generation);
    writer.u64(nextSegment);
    writer.u64(createdMillis);
    writer.u64(epoch);
    writer.u32(segments.size());
    writer.u32(0); // required flags
    writer.u64(0); // reserved
    for (SegmentInfo segment : segments) {
      writer.u64(segment.number());
      writer.u8(segment.kind().code());
      writer.u8(segment.isSealed() ? STATE_SEALED : STATE_ACTIVE);
      writer.zeros(6);
      writer.bytes(segment.salt().lend());
      writer.u64(segment.baseSequence());
      writer.u64(segment.lastSequence());
      writer.u64(segment.cleanSequence());
      writer.u64(segment.sealedSize());
      writer.bytes(segment.hash().lend());
      writer.u64(0); // reserved
    }
    writer.u32(Checksums.plain(writer.array(), 0, writer.size()));
    return writer.toArray();
  }

  /// Reads a manifest.
  ///
  /// @param bytes the whole file
  /// @throws FormatException if it is none, or damaged
  /// @throws NewerFormatException if a newer release wrote it
  public static Manifest decode(byte[] bytes) throws FormatException, NewerFormatException {
    var reader = new ByteReader(bytes, 0, bytes.length);
    if (reader.u64() != MAGIC) {
      throw new FormatException("not the beginning of a manifest");
    }
    int major = reader.u16();
    reader.skip(Short.BYTES); // any minor version is read
    if (major > FormatVersion.MAJOR) {
      FormatVersion.require(major, 0);
    }
    int size = reader.u32();
    if (size != bytes.length || size < size(0)) {
      throw new FormatException(
          "the manifest says it has %d bytes, the file has %d".formatted(size, bytes.length));
    }
    int checked = size - Integer.BYTES;
    if (Checksums.plain(bytes, 0, checked) != new ByteReader(bytes, checked, size).u32()) {
      throw new FormatException("the checksum of the manifest");
    }
    Bytes storeId = Bytes.wrap(reader.bytes(SegmentHeader.ID_SIZE));
    long generation = reader.u64();
    long nextSegment = reader.u64();
    long createdMillis = reader.u64();
    long epoch = reader.u64();
    int count = reader.u32();
    FormatVersion.require(major, reader.u32());
    reader.u64();
    if (count < 0 || count > SEGMENT_COUNT_MAX || size(count) != size) {
      throw new FormatException("a count of %d segments".formatted(count));
    }
    var segments = new ArrayList<SegmentInfo>(count);
    for (int i = 0; i < count; i++) {
      segments.add(decodeSegment(reader));
    }
    return new Manifest(storeId, generation, nextSegment, createdMillis, epoch, segments);
  }

  private static SegmentInfo decodeSegment(ByteReader reader) throws FormatException {
    long number = reader.u64();
    SegmentKind kind = SegmentKind.ofCode(reader.u8());
    int state = reader.u8();
    if (state != STATE_ACTIVE && state != STATE_SEALED) {
      throw new FormatException("segment state " + state);
    }
    reader.skip(6);
    Bytes salt = Bytes.wrap(reader.bytes(SegmentHeader.ID_SIZE));
    var segment =
        new SegmentInfo(
            number,
            kind,
            state == STATE_SEALED,
            salt,
            reader.u64(),
            reader.u64(),
            reader.u64(),
            reader.u64(),
            Bytes.wrap(reader.bytes(HASH_SIZE)));
    reader.skip(Long.BYTES);
    return segment;
  }
}
