package dev.larder.internal.format;

import dev.larder.Bytes;
import dev.larder.Expiry;
import java.util.Arrays;

/// The content of one record: what is to be written, or what was read and verified. Key and value
/// are parts of arrays, so that reading need not copy them.
///
/// **Threads.** For one thread at a time; a reader may use one object for many records.
public final class RecordData {
  private static final byte[] NOTHING = new byte[0];

  private RecordKind kind = RecordKind.TOMBSTONE;
  private boolean isForgotten;
  private boolean replaces;
  private int bucket;
  private long sequence;
  private long deadlineMillis = Expiry.NO_DEADLINE;
  private long previousSegment;
  private long previousPosition;
  private byte[] keyArray = NOTHING;
  private int keyOffset;
  private int keySize;
  private byte[] valueArray = NOTHING;
  private int valueOffset;
  private int valueSize;
  private int size;
  private boolean isWholeCommit;
  private long commitMillis = FrameHeader.TIME_UNCHANGED;
  private long commitDurable;

  /// Sets what the record says.
  public RecordData set(RecordKind newKind, int newBucket, long newSequence) {
    kind = newKind;
    bucket = newBucket;
    sequence = newSequence;
    deadlineMillis = Expiry.NO_DEADLINE;
    isForgotten = false;
    replaces = false;
    previousSegment = RecordCodec.NO_SEGMENT;
    previousPosition = 0;
    isWholeCommit = false;
    commitMillis = FrameHeader.TIME_UNCHANGED;
    commitDurable = 0;
    value(NOTHING, 0, 0);
    return this;
  }

  /// Sets the key, which is not copied.
  public RecordData key(byte[] array, int offset, int count) {
    keyArray = array;
    keyOffset = offset;
    keySize = count;
    return this;
  }

  /// Sets the value, which is not copied.
  public RecordData value(byte[] array, int offset, int count) {
    valueArray = array;
    valueOffset = offset;
    valueSize = count;
    return this;
  }

  /// Sets the deadline, or [Expiry#NO_DEADLINE].
  public RecordData deadline(long millis) {
    deadlineMillis = millis;
    return this;
  }

  /// Says that an expired key is not to be remembered.
  public RecordData forgotten() {
    isForgotten = true;
    return this;
  }

  /// Sets where the version before this one is; the position is a multiple of 4.
  public RecordData previous(long segment, long position) {
    previousSegment = segment;
    previousPosition = position;
    return this;
  }

  /// Reads a record and verifies it.
  ///
  /// @param bytes the bytes, which this object goes on referring to
  /// @param offset where the record begins
  /// @param end where the bytes end
  /// @param place the segment they come from
  /// @param position where in the segment the record begins
  /// @throws FormatException if this is no whole record, or its checksum does not hold; what this
  ///   object says then means nothing
  public void decode(byte[] bytes, int offset, int end, RecordCodec.Place place, long position)
      throws FormatException {
    parse(bytes, offset, end, place);
    verify(bytes, offset, place, position);
  }

  /// Reads a record whose bytes were verified before.
  ///
  /// @param bytes the bytes, which this object goes on referring to
  /// @param offset where the record begins
  /// @param end where the bytes end
  /// @param place the segment they come from
  /// @throws FormatException never, if [#decode] took the same bytes
  public void decodeVerified(byte[] bytes, int offset, int end, RecordCodec.Place place)
      throws FormatException {
    parse(bytes, offset, end, place);
    kind = kindOf(bytes[offset + RecordCodec.KIND_OFFSET]);
  }

  private void parse(byte[] bytes, int offset, int end, RecordCodec.Place place)
      throws FormatException {
    var reader = new ByteReader(bytes, offset + RecordCodec.CHECKSUM_SIZE, end);
    int kindCode = reader.u8();
    int flags = reader.u8();
    if ((flags & ~RecordCodec.flagsOf(kindCode)) != 0) {
      throw new FormatException("record flags 0x%x".formatted(flags));
    }
    bucket = reader.varint(Integer.MAX_VALUE, "the bucket");
    keySize = reader.varint(reader.remaining(), "the key's size");
    valueSize = reader.varint(reader.remaining(), "the value's size");
    sequence = place.baseSequence() + reader.varint();
    isForgotten = (flags & RecordCodec.FLAG_FORGOTTEN) != 0;
    replaces = (flags & RecordCodec.FLAG_REPLACES) != 0;
    isWholeCommit = (kindCode & RecordCodec.WHOLE_COMMIT) != 0;
    decodeOptional(reader, flags, place);
    keyArray = bytes;
    keyOffset = reader.offset();
    reader.skip(keySize);
    valueArray = bytes;
    valueOffset = reader.offset();
    reader.skip(valueSize);
    int padding = reader.offset();
    size = Math.toIntExact(FrameHeader.padded((long) padding - offset));
    reader.skip(offset + size - padding);
  }

  private void verify(byte[] bytes, int offset, RecordCodec.Place place, long position)
      throws FormatException {
    int checksum = (int) ByteWriter.U32.get(bytes, offset);
    int head = offset + RecordCodec.CHECKSUM_SIZE;
    long hash = Checksums.hash(bytes, head, keyOffset - head);
    int padding = valueOffset + valueSize;
    int crc = Checksums.plain(bytes, keyOffset, padding - keyOffset);
    if ((crc ^ place.checksums().mask(hash, position, sequence)) != checksum) {
      throw new FormatException("the checksum of a record");
    }
    kind = kindOf(bytes[offset + RecordCodec.KIND_OFFSET]);
    for (int i = padding; i < offset + size; i++) {
      if (bytes[i] != 0) {
        throw new FormatException("the padding of a record");
      }
    }
  }

  private static RecordKind kindOf(byte code) throws FormatException {
    RecordKind known = RecordCodec.kindOf(code & 0xff);
    if (known == null) {
      throw new FormatException("record kind " + (code & 0xff));
    }
    return known;
  }

  private void decodeOptional(ByteReader reader, int flags, RecordCodec.Place place)
      throws FormatException {
    deadlineMillis =
        (flags & RecordCodec.FLAG_DEADLINE) == 0 ? Expiry.NO_DEADLINE : reader.varint();
    if ((flags & RecordCodec.FLAG_PREVIOUS) == 0) {
      previousSegment = RecordCodec.NO_SEGMENT;
      previousPosition = 0;
    } else {
      previousSegment = place.segment() - Varint.unzigzag(reader.varint());
      previousPosition = RecordCodec.position(reader.varint());
    }
    commitMillis =
        (flags & RecordCodec.FLAG_TIME) == 0
            ? FrameHeader.TIME_UNCHANGED
            : place.createdMillis() + Varint.unzigzag(reader.varint());
    commitDurable = (flags & RecordCodec.FLAG_DURABLE) == 0 ? 0 : sequence - reader.varint();
  }

  /// {@return what the record says}
  public RecordKind kind() {
    return kind;
  }

  /// Says whether there was an entry of the key before.
  public RecordData replaces(boolean isReplacing) {
    replaces = isReplacing;
    return this;
  }

  /// {@return whether there was an entry of the key before}
  public boolean replaces() {
    return replaces;
  }

  /// {@return whether an expired key is not to be remembered}
  public boolean isForgotten() {
    return isForgotten;
  }

  /// {@return the number of the bucket}
  public int bucket() {
    return bucket;
  }

  /// {@return the sequence number of the commit}
  public long sequence() {
    return sequence;
  }

  /// {@return the deadline in milliseconds since 1970, or [Expiry#NO_DEADLINE]}
  public long deadlineMillis() {
    return deadlineMillis;
  }

  /// {@return the segment of the version before this one, or [RecordCodec#NO_SEGMENT]}
  public long previousSegment() {
    return previousSegment;
  }

  /// {@return the position of the version before this one}
  public long previousPosition() {
    return previousPosition;
  }

  byte[] keyArray() {
    return keyArray;
  }

  int keyOffset() {
    return keyOffset;
  }

  /// {@return how many bytes the key has}
  public int keySize() {
    return keySize;
  }

  byte[] valueArray() {
    return valueArray;
  }

  int valueOffset() {
    return valueOffset;
  }

  /// {@return how many bytes the value has}
  public int valueSize() {
    return valueSize;
  }

  /// {@return whether the record is a whole commit, and so a compact frame; only of one that was
  /// read}
  public boolean isWholeCommit() {
    return isWholeCommit;
  }

  /// {@return when the commit happened that the record is, in milliseconds since 1970, or
  /// [FrameHeader#TIME_UNCHANGED] if it does not say}
  public long commitMillis() {
    return commitMillis;
  }

  /// {@return up to which commit everything was durable when the commit was written that the record
  /// is; 0 if it does not say}
  public long commitDurable() {
    return commitDurable;
  }

  /// {@return how many bytes the record takes, padding included; only of one that was read}
  public int size() {
    return size;
  }

  /// Copies the key.
  ///
  /// @param target where it goes
  /// @param at the first place in `target`
  public void copyKey(byte[] target, int at) {
    System.arraycopy(keyArray, keyOffset, target, at, keySize);
  }

  /// {@return a copy of the key}
  public byte[] keyCopy() {
    return Arrays.copyOfRange(keyArray, keyOffset, keyOffset + keySize);
  }

  /// {@return a copy of the value}
  public Bytes valueCopy() {
    return Bytes.wrap(Arrays.copyOfRange(valueArray, valueOffset, valueOffset + valueSize));
  }
}
