package dev.larder.internal.format;

import dev.larder.Bytes;
import java.util.ArrayList;
import java.util.List;

/// The head of a checkpoint. The specification is docs/FILE_FORMAT.md, section "Checkpoint".
///
/// @param storeId the identity of the store, 16 bytes
/// @param sequence the last commit in the image
/// @param replaySegment the segment in which replay goes on
/// @param replayPosition where in it
/// @param timeMillis the store's present when the image was taken
/// @param epoch the writer's epoch
/// @param entryCount how many entries the image has
/// @param segments the segments that the image refers to
public record CheckpointHeader(
    Bytes storeId,
    long sequence,
    long replaySegment,
    long replayPosition,
    long timeMillis,
    long epoch,
    long entryCount,
    List<SegmentUsage> segments) {
  /// `LARDCKP` and a zero.
  public static final long MAGIC = 0x00504b434452414cL;

  /// How many bytes stand before the list of segments.
  public static final int FIXED_SIZE = 88;

  static final int SEGMENT_SIZE = 24;
  private static final int SEGMENT_COUNT_MAX = 1 << 24;

  /// Copies the list.
  public CheckpointHeader {
    segments = List.copyOf(segments);
  }

  /// What the image knows of a segment beyond its entries.
  ///
  /// @param number the number of the segment
  /// @param tombstoneBytes the bytes of tombstones in it
  /// @param tombstoneSequence the highest sequence number of those
  public record SegmentUsage(long number, long tombstoneBytes, long tombstoneSequence) {}

  /// {@return how many bytes the head takes, its checksum included}
  public static int size(int segmentCount) {
    return FIXED_SIZE + segmentCount * SEGMENT_SIZE + Integer.BYTES;
  }

  /// {@return the bytes of the head}
  public byte[] encode() {
    var writer = new ByteWriter(size(segments.size()));
    writer.u64(MAGIC);
    writer.u16(FormatVersion.MAJOR);
    writer.u16(FormatVersion.MINOR);
    writer.u32(size(segments.size()));
    writer.bytes(storeId.lend());
    writer.u64(sequence);
    writer.u64(replaySegment);
    writer.u64(replayPosition);
    writer.u64(timeMillis);
    writer.u64(epoch);
    writer.u64(entryCount);
    writer.u32(segments.size());
    writer.u32(0); // required flags
    for (SegmentUsage segment : segments) {
      writer.u64(segment.number());
      writer.u64(segment.tombstoneBytes());
      writer.u64(segment.tombstoneSequence());
    }
    writer.u32(Checksums.plain(writer.array(), 0, writer.size()));
    return writer.toArray();
  }

  /// {@return how many bytes the head takes, from its first [#FIXED_SIZE] bytes}
  ///
  /// @throws FormatException if this is no checkpoint of a version that is known
  public static int sizeOf(byte[] fixed) throws FormatException {
    var reader = new ByteReader(fixed, 0, fixed.length);
    if (reader.u64() != MAGIC) {
      throw new FormatException("not the beginning of a checkpoint");
    }
    if (reader.u16() != FormatVersion.MAJOR) {
      throw new FormatException("a checkpoint of another format version");
    }
    reader.u16();
    int size = reader.u32();
    if (size < size(0) || size > size(SEGMENT_COUNT_MAX)) {
      throw new FormatException("a head of %d bytes".formatted(size));
    }
    return size;
  }

  /// Reads a head.
  ///
  /// @param bytes all bytes of it
  /// @throws FormatException if it is damaged or of another version
  public static CheckpointHeader decode(byte[] bytes) throws FormatException {
    int size = sizeOf(bytes);
    int checked = bytes.length - Integer.BYTES;
    if (size != bytes.length
        || Checksums.plain(bytes, 0, checked) != new ByteReader(bytes, checked, size).u32()) {
      throw new FormatException("the checksum of the checkpoint's head");
    }
    var reader = new ByteReader(bytes, Long.BYTES * 2, checked);
    Bytes storeId = Bytes.wrap(reader.bytes(SegmentHeader.ID_SIZE));
    long sequence = reader.u64();
    long replaySegment = reader.u64();
    long replayPosition = reader.u64();
    long timeMillis = reader.u64();
    long epoch = reader.u64();
    long entryCount = reader.u64();
    int count = reader.u32();
    if (reader.u32() != 0) {
      throw new FormatException("a checkpoint with features that are not known");
    }
    if (count < 0 || count > SEGMENT_COUNT_MAX || size(count) != size || entryCount < 0) {
      throw new FormatException("a count of %d segments".formatted(count));
    }
    var segments = new ArrayList<SegmentUsage>(count);
    for (int i = 0; i < count; i++) {
      segments.add(new SegmentUsage(reader.u64(), reader.u64(), reader.u64()));
    }
    return new CheckpointHeader(
        storeId, sequence, replaySegment, replayPosition, timeMillis, epoch, entryCount, segments);
  }
}
