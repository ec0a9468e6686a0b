package dev.larder.internal.format;

/// Builds one frame at a time: a full one by [#begin], [#add] and [#finish], a compact one, which
/// is a commit of a single small record, by [#single].
///
/// **Threads.** For one thread at a time.
public final class FrameEncoder {
  /// How many bytes a frame may have: what a commit's memory is bounded to, 1.25 GiB.
  public static final long FRAME_SIZE_MAX = (1L << 30) + (256L << 20);

  /// How many bytes a compact frame may have.
  public static final int COMPACT_SIZE_MAX = 4096;

  private static final int KEPT_CAPACITY_MAX = 1 << 20;
  private static final int INITIAL_CAPACITY = 16 << 10;

  private ByteWriter writer = new ByteWriter(INITIAL_CAPACITY);
  private RecordCodec.Place place = new RecordCodec.Place(0, 0, new Checksums(new byte[16], 0), 0);
  private long position;
  private int recordCount;

  /// Begins a frame. Whatever was built before is forgotten.
  ///
  /// @param target the segment it will stand in
  /// @param framePosition where in the segment it will begin
  /// @param sizeBound how many bytes it will have at most; the memory is taken here, so that
  ///   nothing runs out half way
  public void begin(RecordCodec.Place target, long framePosition, long sizeBound) {
    clear();
    place = target;
    position = framePosition;
    recordCount = 0;
    writer.reserve(sizeBound);
    writer.zeros(FrameHeader.SIZE);
  }

  private void clear() {
    if (writer.capacity() > KEPT_CAPACITY_MAX) {
      writer = new ByteWriter(INITIAL_CAPACITY); // one large commit must not keep its memory
    }
    writer.clear();
  }

  /// {@return whether a commit of a single record with a key and a value of that many bytes is a
  /// compact frame}
  public static boolean isCompact(int keySize, int valueSize) {
    return RecordCodec.sizeBound(keySize, valueSize) <= COMPACT_SIZE_MAX;
  }

  /// Builds a compact frame: a commit of a single record, as a whole. Its bytes are in [#array()]
  /// from 0 to [#size()]. Whatever was built before is forgotten.
  ///
  /// @param target the segment it will stand in
  /// @param framePosition where in the segment it will begin
  /// @param record the record, small enough for [#isCompact]
  /// @param durableSequence up to which commit everything is durable; -1 to say nothing, so that it
  ///   counts as unchanged since the frame before
  /// @param timeMillis the store's present; -1 if it is that of the frame before or, if this is the
  ///   first one, that at which the segment was created
  /// @return where in the segment the record will stand, which is where the frame begins
  public long single(
      RecordCodec.Place target,
      long framePosition,
      RecordData record,
      long durableSequence,
      long timeMillis) {
    if (!isCompact(record.keySize(), record.valueSize())) {
      throw new IllegalArgumentException(
          "a compact frame of %d and %d bytes".formatted(record.keySize(), record.valueSize()));
    }
    clear();
    RecordCodec.encodeCommit(writer, target, framePosition, record, durableSequence, timeMillis);
    return framePosition;
  }

  /// Adds a record.
  ///
  /// @return where in the segment it will stand
  public long add(RecordData record) {
    long recordPosition = position + writer.size();
    RecordCodec.encode(writer, place, recordPosition, record);
    recordCount++;
    return recordPosition;
  }

  /// Ends the frame: its bytes are in [#array()] from 0 to [#size()].
  public void finish(
      FrameKind kind, int epoch, long sequence, long durableSequence, long timeMillis) {
    new FrameHeader(kind, writer.size(), recordCount, epoch, sequence, durableSequence, timeMillis)
        .encode(writer.array(), 0, place.checksums(), position);
  }

  /// {@return the array that holds the frame; valid until the next one begins}
  public byte[] array() {
    return writer.array();
  }

  /// {@return how many bytes the frame has so far}
  public int size() {
    return writer.size();
  }
}
