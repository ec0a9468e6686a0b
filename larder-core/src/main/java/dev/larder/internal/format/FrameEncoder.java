package dev.larder.internal.format;

/// Builds one frame at a time.
///
/// **Threads.** For one thread at a time.
public final class FrameEncoder {
  /// How many bytes a frame may have: what a commit's memory is bounded to, 1.25 GiB.
  public static final long FRAME_SIZE_MAX = (1L << 30) + (256L << 20);

  private static final int KEPT_CAPACITY_MAX = 1 << 20;
  private static final int INITIAL_CAPACITY = 16 << 10;

  private ByteWriter writer = new ByteWriter(INITIAL_CAPACITY);
  private RecordCodec.Place place = new RecordCodec.Place(0, 0, new Checksums(new byte[16], 0));
  private long position;
  private int recordCount;

  /// Begins a frame. Whatever was built before is forgotten.
  ///
  /// @param target the segment it will stand in
  /// @param framePosition where in the segment it will begin
  /// @param sizeBound how many bytes it will have at most; the memory is taken here, so that
  ///   nothing runs out half way
  public void begin(RecordCodec.Place target, long framePosition, long sizeBound) {
    if (writer.capacity() > KEPT_CAPACITY_MAX) {
      writer = new ByteWriter(INITIAL_CAPACITY); // one large commit must not keep its memory
    }
    place = target;
    position = framePosition;
    recordCount = 0;
    writer.clear();
    writer.reserve(sizeBound);
    writer.zeros(FrameHeader.SIZE);
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
    int padded = Math.toIntExact(FrameHeader.padded(writer.size()));
    writer.zeros(padded - writer.size());
    new FrameHeader(kind, padded, recordCount, epoch, sequence, durableSequence, timeMillis)
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
