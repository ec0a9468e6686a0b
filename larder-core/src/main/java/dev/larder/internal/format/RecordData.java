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

  /// Sets what the record says.
  public RecordData set(RecordKind newKind, int newBucket, long newSequence) {
    kind = newKind;
    bucket = newBucket;
    sequence = newSequence;
    deadlineMillis = Expiry.NO_DEADLINE;
    isForgotten = false;
    previousSegment = RecordCodec.NO_SEGMENT;
    previousPosition = 0;
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

  /// Sets where the version before this one is.
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
    var reader = new ByteReader(bytes, offset, end);
    int checksum = reader.u32();
    int kindCode = reader.u8();
    int flags = reader.u8();
    if ((flags & ~RecordCodec.KNOWN_FLAGS) != 0) {
      throw new FormatException("record flags 0x%x".formatted(flags));
    }
    bucket = reader.varint(Integer.MAX_VALUE, "the bucket");
    keySize = reader.varint(reader.remaining(), "the key's size");
    valueSize = reader.varint(reader.remaining(), "the value's size");
    sequence = place.baseSequence() + reader.varint();
    deadlineMillis =
        (flags & RecordCodec.FLAG_DEADLINE) == 0 ? Expiry.NO_DEADLINE : reader.varint();
    if ((flags & RecordCodec.FLAG_PREVIOUS) == 0) {
      previousSegment = RecordCodec.NO_SEGMENT;
      previousPosition = 0;
    } else {
      previousSegment = place.segment() - Varint.unzigzag(reader.varint());
      previousPosition = reader.varint();
    }
    isForgotten = (flags & RecordCodec.FLAG_FORGOTTEN) != 0;
    keyArray = bytes;
    keyOffset = reader.offset();
    reader.skip(keySize);
    valueArray = bytes;
    valueOffset = reader.offset();
    reader.skip(valueSize);
    size = reader.offset() - offset;
    int checked = offset + RecordCodec.CHECKSUM_SIZE;
    if (place.checksums().of(bytes, checked, reader.offset() - checked, position, sequence)
        != checksum) {
      throw new FormatException("the checksum of a record");
    }
    RecordKind decoded = RecordKind.ofCode(kindCode);
    if (decoded == null) {
      throw new FormatException("record kind " + kindCode);
    }
    kind = decoded;
  }

  /// {@return what the record says}
  public RecordKind kind() {
    return kind;
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

  /// {@return how many bytes the record takes; only of one that was read}
  public int size() {
    return size;
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
