package dev.larder.internal.format;

import dev.larder.Expiry;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/// The head of a record that lies in memory, as a mapped segment has it: where key and value are,
/// and what else the record says. Reading one allocates nothing. Nothing of it can be believed
/// before [#verify] has held for a copy of key and value.
///
/// Only copies are verified, because a page of a mapping may be gone from the disk: an ordinary
/// read of it throws, but a checksum that the processor computes right there ends the process.
///
/// **Threads.** For one thread at a time; a reader uses one object for many records.
public final class RecordHead {
  static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Where in the first eight bytes of a record the fields are that have one byte each.
  private static final int KIND_SHIFT = RecordCodec.KIND_OFFSET * Byte.SIZE;

  private static final int FLAGS_SHIFT = RecordCodec.FLAGS_OFFSET * Byte.SIZE;
  private static final int BUCKET_SHIFT = FLAGS_SHIFT + Byte.SIZE;
  private static final int KEY_SIZE_SHIFT = BUCKET_SHIFT + Byte.SIZE;

  /// Set in those eight bytes if bucket or key size have more than one byte.
  private static final long LONG_FIELDS = 0x80L << BUCKET_SHIFT | 0x80L << KEY_SIZE_SHIFT;

  private static final long VARINT_ENDS = 0x8080808080808080L;
  private static final int OPTIONAL_FIELDS =
      RecordCodec.FLAG_DEADLINE | RecordCodec.FLAG_PREVIOUS | RecordCodec.COMMIT_FLAGS;

  private final CRC32C crc = new CRC32C();
  private RecordKind kind = RecordKind.TOMBSTONE;
  private int kindCode;
  private int flags;
  private int bucket;
  private long sequence;
  private long deadlineMillis = Expiry.NO_DEADLINE;
  private long previousSegment;
  private long previousPosition;
  private long commitMillis = FrameHeader.TIME_UNCHANGED;
  private long commitDurable;
  private long position;
  private long keyPosition;
  private long keySize;
  private int valueSize;
  private int size;

  /// Where the next field is read; behind the limit once a field went beyond it.
  private long cursor;

  /// Reads the head of a record. What it says is not verified.
  ///
  /// @param memory the memory of the segment, from its first byte on
  /// @param recordPosition where the record begins
  /// @param limit where the bytes end that may be read; within the memory
  /// @param place the segment
  /// @return whether this can be a record; if it cannot, what this object says means nothing
  public boolean decode(
      MemorySegment memory, long recordPosition, long limit, RecordCodec.Place place) {
    if (limit - recordPosition < RecordCodec.SIZE_MIN) {
      return false;
    }
    long first = memory.get(U64, recordPosition);
    position = recordPosition;
    kindCode = (int) (first >>> KIND_SHIFT) & 0xff;
    flags = (int) (first >>> FLAGS_SHIFT) & 0xff;
    RecordKind decoded = RecordCodec.kindOf(kindCode);
    if (decoded == null || (flags & ~RecordCodec.flagsOf(kindCode)) != 0) {
      return false;
    }
    kind = decoded;
    if ((first & LONG_FIELDS) == 0) {
      bucket = (int) (first >>> BUCKET_SHIFT) & 0xff;
      keySize = first >>> KEY_SIZE_SHIFT;
      cursor = recordPosition + Long.BYTES;
    } else if (!decodeLongFields(memory, limit)) {
      return false;
    }
    long newValueSize = smallVarint(memory, limit);
    sequence = place.baseSequence() + varint(memory, limit);
    if ((flags & OPTIONAL_FIELDS) == 0) {
      deadlineMillis = Expiry.NO_DEADLINE;
      previousSegment = RecordCodec.NO_SEGMENT;
      previousPosition = 0;
      commitMillis = FrameHeader.TIME_UNCHANGED;
      commitDurable = 0;
    } else {
      decodeOptional(memory, limit, place);
    }
    return finish(newValueSize, limit);
  }

  private boolean finish(long newValueSize, long limit) {
    if (newValueSize < 0 || newValueSize > limit - cursor - keySize) {
      return false;
    }
    long whole = FrameHeader.padded(cursor - position + keySize + newValueSize);
    if (whole > limit - position || whole > Integer.MAX_VALUE) {
      return false;
    }
    keyPosition = cursor;
    valueSize = (int) newValueSize;
    size = (int) whole;
    return true;
  }

  private boolean decodeLongFields(MemorySegment memory, long limit) {
    cursor = position + RecordCodec.FLAGS_OFFSET + Byte.BYTES;
    long newBucket = varint(memory, limit);
    keySize = varint(memory, limit);
    bucket = (int) newBucket;
    return newBucket == bucket && bucket >= 0 && 0 <= keySize && keySize <= limit - cursor;
  }

  private void decodeOptional(MemorySegment memory, long limit, RecordCodec.Place place) {
    deadlineMillis =
        (flags & RecordCodec.FLAG_DEADLINE) == 0 ? Expiry.NO_DEADLINE : varint(memory, limit);
    if ((flags & RecordCodec.FLAG_PREVIOUS) == 0) {
      previousSegment = RecordCodec.NO_SEGMENT;
      previousPosition = 0;
    } else {
      previousSegment = place.segment() - Varint.unzigzag(smallVarint(memory, limit));
      previousPosition = RecordCodec.position(varint(memory, limit));
    }
    commitMillis =
        (flags & RecordCodec.FLAG_TIME) == 0
            ? FrameHeader.TIME_UNCHANGED
            : place.createdMillis() + Varint.unzigzag(varint(memory, limit));
    commitDurable = (flags & RecordCodec.FLAG_DURABLE) == 0 ? 0 : sequence - varint(memory, limit);
  }

  /// Reads a varint that most often has one byte: the processor guesses so, and goes on with what
  /// is behind it.
  private long smallVarint(MemorySegment memory, long limit) {
    if (cursor < limit) {
      byte only = memory.get(ValueLayout.JAVA_BYTE, cursor);
      if (only >= 0) {
        cursor++;
        return only;
      }
    }
    return varint(memory, limit);
  }

  /// Reads a varint of up to eight bytes at once.
  private long varint(MemorySegment memory, long limit) {
    if (limit - cursor < Long.BYTES) {
      return varintByByte(memory, limit);
    }
    long word = memory.get(U64, cursor);
    int last = Long.numberOfTrailingZeros(~word & VARINT_ENDS);
    if (last == Long.SIZE) {
      return varintByByte(memory, limit);
    }
    cursor += (last + 1) / Byte.SIZE;
    return Varint.gather(word & (-1L >>> (Long.SIZE - 1 - last)));
  }

  private long varintByByte(MemorySegment memory, long limit) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE && cursor < limit; shift += 7) {
      byte next = memory.get(ValueLayout.JAVA_BYTE, cursor++);
      long bits = next & 0x7f;
      if (shift == 63 && bits > 1) {
        break;
      }
      value |= bits << shift;
      if (next >= 0) {
        return value;
      }
    }
    cursor = limit + 1; // no field fits behind this
    return 0;
  }

  /// Compares the key with another one.
  ///
  /// @param memory where the head was read
  /// @param wantedBucket the bucket of the other key
  /// @param key the array that holds it
  /// @param offset where in the array it begins
  /// @param count how many bytes it has
  public boolean hasKey(MemorySegment memory, int wantedBucket, byte[] key, int offset, int count) {
    if (keySize != count || bucket != wantedBucket) {
      return false;
    }
    return count < Long.BYTES
        ? hasShortKey(memory, key, offset, count)
        : hasLongKey(memory, key, offset, count);
  }

  private boolean hasLongKey(MemorySegment memory, byte[] key, int offset, int count) {
    int last = count - Long.BYTES;
    for (int i = 0; i < last; i += Long.BYTES) {
      if (memory.get(U64, keyPosition + i) != (long) ByteWriter.U64.get(key, offset + i)) {
        return false;
      }
    }
    return memory.get(U64, keyPosition + last) == (long) ByteWriter.U64.get(key, offset + last);
  }

  private boolean hasShortKey(MemorySegment memory, byte[] key, int offset, int count) {
    for (int i = 0; i < count; i++) {
      if (memory.get(ValueLayout.JAVA_BYTE, keyPosition + i) != key[offset + i]) {
        return false;
      }
    }
    return true;
  }

  /// {@return whether this is what was written, with this key and this value}
  ///
  /// @param memory where the head was read
  /// @param place the segment
  /// @param key an array that holds the key, or a copy of it: [#keySize()] bytes
  /// @param keyOffset where it begins
  /// @param value an array that holds a copy of the value: [#valueSize()] bytes
  /// @param valueOffset where it begins
  public boolean verify(
      MemorySegment memory,
      RecordCodec.Place place,
      byte[] key,
      int keyOffset,
      byte[] value,
      int valueOffset) {
    return verify(memory, place, position, key, keyOffset, value, valueOffset);
  }

  /// {@return whether this is what was written, with this key and this value, if the memory is not
  /// that of a segment from its first byte on}
  ///
  /// @param recordPosition where in the segment the record begins
  public boolean verify(
      MemorySegment memory,
      RecordCodec.Place place,
      long recordPosition,
      byte[] key,
      int keyOffset,
      byte[] value,
      int valueOffset) {
    long head = position + RecordCodec.CHECKSUM_SIZE;
    long hash = Checksums.hash(memory, head, (int) (keyPosition - head));
    crc.reset();
    crc.update(key, keyOffset, (int) keySize);
    crc.update(value, valueOffset, valueSize);
    int expected = (int) crc.getValue() ^ place.checksums().mask(hash, recordPosition, sequence);
    return memory.get(U32, position) == expected;
  }

  /// {@return whether a copy of the whole record is what was written}
  ///
  /// @param place the segment
  /// @param record an array that holds the record
  /// @param offset where in the array it begins
  public boolean verify(RecordCodec.Place place, byte[] record, int offset) {
    int hashedSize = headSize() - RecordCodec.CHECKSUM_SIZE;
    long hash = Checksums.hash(record, offset + RecordCodec.CHECKSUM_SIZE, hashedSize);
    crc.reset();
    crc.update(record, offset + headSize(), (int) keySize + valueSize);
    int expected = (int) crc.getValue() ^ place.checksums().mask(hash, position, sequence);
    return (int) ByteWriter.U32.get(record, offset) == expected;
  }

  /// {@return what the record says}
  public RecordKind kind() {
    return kind;
  }

  /// {@return whether an expired key is not to be remembered}
  public boolean isForgotten() {
    return (flags & RecordCodec.FLAG_FORGOTTEN) != 0;
  }

  /// {@return whether there was an entry of the key before}
  public boolean replaces() {
    return (flags & RecordCodec.FLAG_REPLACES) != 0;
  }

  /// {@return whether the record is a whole commit, and so a compact frame}
  public boolean isWholeCommit() {
    return (kindCode & RecordCodec.WHOLE_COMMIT) != 0;
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

  /// {@return where the record begins}
  public long position() {
    return position;
  }

  /// {@return how many bytes stand before the key}
  public int headSize() {
    return (int) (keyPosition - position);
  }

  /// {@return where the key begins}
  public long keyPosition() {
    return keyPosition;
  }

  /// {@return how many bytes the key has}
  public int keySize() {
    return (int) keySize;
  }

  /// {@return where the value begins}
  public long valuePosition() {
    return keyPosition + keySize;
  }

  /// {@return how many bytes the value has}
  public int valueSize() {
    return valueSize;
  }

  /// {@return how many bytes the record takes, padding included}
  public int size() {
    return size;
  }
}
