package dev.larder.internal.format;

import dev.larder.Bytes;

/// The beginning of a delta: what stands in the file, and how much of it. The specification is
/// docs/FILE_FORMAT.md, section "Delta".
///
/// @param storeId the identity of the store, 16 bytes
/// @param number the number of the delta
/// @param fromSegment the segment in which the log goes on behind what was before
/// @param fromPosition where in it
/// @param toSegment the segment in which it goes on behind the delta
/// @param toPosition where in it
/// @param epoch the writer's epoch
/// @param logBytes how many bytes of log the delta stands for
/// @param headSize how many bytes its head has
/// @param rowCount how many changes of the table there are
/// @param newKeyCount how many keys were new to the tree
/// @param deadlineCount how many deadlines were added
/// @param departedSize how many bytes the keys take that the tree let go of
public record DeltaHeader(
    Bytes storeId,
    long number,
    long fromSegment,
    long fromPosition,
    long toSegment,
    long toPosition,
    long epoch,
    long logBytes,
    int headSize,
    int rowCount,
    int newKeyCount,
    int deadlineCount,
    int departedSize) {
  /// `LARDDLT` and a zero.
  public static final long MAGIC = 0x00544c444452414cL;

  /// How many bytes it takes.
  public static final int SIZE = 112;

  /// How many partitions the changes of the table are in, by the first bits of their hashes.
  public static final int PARTITIONS = 512;

  /// How many bytes there are of where each partition ends, and of checksums.
  public static final int TABLE_SIZE = 2 * Integer.BYTES * PARTITIONS + 4 * Integer.BYTES;

  /// How many bytes a change of the table takes.
  public static final int ROW_SIZE = 3 * Long.BYTES;

  /// How many bytes a new key takes, and a deadline.
  public static final int PAIR_SIZE = 2 * Long.BYTES;

  private static final int COUNT_MAX = Integer.MAX_VALUE / 64;

  /// {@return where the head begins}
  public long headPosition() {
    return SIZE + TABLE_SIZE;
  }

  /// {@return where the changes of the table begin}
  public long rowsPosition() {
    return headPosition() + headSize;
  }

  /// {@return where the new keys begin}
  public long newKeysPosition() {
    return rowsPosition() + (long) rowCount * ROW_SIZE;
  }

  /// {@return where the deadlines begin}
  public long deadlinesPosition() {
    return newKeysPosition() + (long) newKeyCount * PAIR_SIZE;
  }

  /// {@return where the keys begin that the tree let go of}
  public long departedPosition() {
    return deadlinesPosition() + (long) deadlineCount * PAIR_SIZE;
  }

  /// {@return how many bytes the file has}
  public long fileSize() {
    return departedPosition() + departedSize;
  }

  /// {@return the bytes}
  public byte[] encode() {
    ByteWriter writer = FileBeginning.begin(SIZE, MAGIC, headSize);
    writer.bytes(storeId.lend());
    writer.u64(number);
    writer.u64(fromSegment);
    writer.u64(fromPosition);
    writer.u64(toSegment);
    writer.u64(toPosition);
    writer.u64(epoch);
    writer.u64(logBytes);
    writer.u32(rowCount);
    writer.u32(newKeyCount);
    writer.u32(deadlineCount);
    writer.u32(departedSize);
    return FileBeginning.end(writer);
  }

  /// Reads the beginning of a delta.
  ///
  /// @param bytes as many as it takes, at least
  /// @throws FormatException if there is none of a version that is known
  public static DeltaHeader decode(byte[] bytes) throws FormatException {
    ByteReader reader = FileBeginning.open(bytes, SIZE, MAGIC, "delta");
    int headSize = reader.u32();
    Bytes storeId = Bytes.wrap(reader.bytes(SegmentHeader.ID_SIZE));
    var header =
        new DeltaHeader(
            storeId,
            reader.u64(),
            reader.u64(),
            reader.u64(),
            reader.u64(),
            reader.u64(),
            reader.u64(),
            reader.u64(),
            headSize,
            reader.u32(),
            reader.u32(),
            reader.u32(),
            reader.u32());
    header.requireSound();
    return header;
  }

  private void requireSound() throws FormatException {
    boolean isSound =
        number >= 1
            && logBytes >= 0
            && headSize >= CheckpointHeader.FIXED_SIZE + Integer.BYTES
            && isCount(rowCount)
            && isCount(newKeyCount)
            && isCount(deadlineCount)
            && departedSize >= 0;
    if (!isSound) {
      throw new FormatException("sizes of a delta that make no sense");
    }
  }

  private static boolean isCount(int count) {
    return count >= 0 && count <= COUNT_MAX;
  }
}
