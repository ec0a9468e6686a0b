package dev.larder.internal.log;

import dev.larder.Expiry;
import dev.larder.internal.format.RecordCodec;
import dev.larder.internal.format.RecordHead;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// A copy of one record, whole: what its checksum is about is these bytes, and key and value are
/// slices of them. The array is used again for the next record.
///
/// **Threads.** For one thread at a time.
public final class RecordCopy {
  /// Keys begin here, whatever the size of the head: so what is lent are the same two slices for
  /// all records whose keys and values have the same sizes, and nothing is allocated for each.
  static final int KEY_AT = (RecordCodec.HEAD_SIZE_MAX + Long.BYTES - 1) & -Long.BYTES;

  private static final int ROOM_FIRST = 512;

  private byte[] bytes = new byte[KEY_AT + ROOM_FIRST];
  private MemorySegment memory = MemorySegment.ofArray(bytes).asReadOnly();
  private MemorySegment key = memory;
  private MemorySegment value = memory;

  /// The sizes of the two slices, or -1 before they are made.
  private int slicedKeySize = -1;

  private int slicedValueSize = -1;

  private int bucket;
  private int keySize;
  private int valueSize;
  private long version;
  private long deadlineMillis = Expiry.NO_DEADLINE;

  /// Makes a copy of nothing.
  public RecordCopy() {}

  /// Copies the record that a view stands at. Nothing is verified by this.
  ///
  /// @throws dev.larder.internal.file.MappingClosedException if its segment is gone
  public void read(RecordView view) throws IOException {
    view.copyTo(this);
    keep(view.head());
  }

  /// Sends a view to a record, and copies that. Nothing is verified by this.
  ///
  /// @param view what reads the record
  /// @param address where the record is
  /// @return whether there is something that may be a record; if not, nothing was copied
  /// @throws dev.larder.internal.file.MappingClosedException if its segment is gone
  public boolean read(RecordView view, long address) throws IOException {
    if (!view.copyAt(address, this)) {
      return false;
    }
    keep(view.head());
    return true;
  }

  private void keep(RecordHead head) {
    bucket = head.bucket();
    keySize = head.keySize();
    valueSize = head.valueSize();
    version = head.sequence();
    deadlineMillis = head.deadlineMillis();
  }

  /// {@return whether a record of so many bytes, without padding, has room}
  boolean hasRoom(long size) {
    return size <= bytes.length - KEY_AT;
  }

  void makeRoom(long size) {
    long needed = Math.max(KEY_AT + size, 2L * bytes.length);
    bytes = new byte[(int) Math.min(needed, Integer.MAX_VALUE - Long.BYTES)];
    memory = MemorySegment.ofArray(bytes).asReadOnly();
    slicedKeySize = -1;
    slicedValueSize = -1;
  }

  /// {@return whether this is what was written}
  ///
  /// @param view what it was read with, and stands there still
  public boolean isIntact(RecordView view) {
    RecordHead head = view.head();
    return head.verify(view.segment().place(), bytes, KEY_AT - head.headSize());
  }

  /// {@return the number of the bucket}
  public int bucket() {
    return bucket;
  }

  /// {@return the array that holds the key, lent until another record is read}
  public byte[] array() {
    return bytes;
  }

  /// {@return where in the array the key begins}
  public int keyAt() {
    return KEY_AT;
  }

  /// {@return how many bytes the key has}
  public int keySize() {
    return keySize;
  }

  /// {@return a copy of the key}
  public byte[] key() {
    return Arrays.copyOfRange(bytes, KEY_AT, KEY_AT + keySize);
  }

  /// {@return a copy of the value}
  public byte[] value() {
    int valueAt = KEY_AT + keySize;
    return Arrays.copyOfRange(bytes, valueAt, valueAt + valueSize);
  }

  /// {@return the key: read-only memory that is valid until another record is read}
  public MemorySegment lentKey() {
    slice();
    return key;
  }

  /// {@return the value: read-only memory that is valid until another record is read}
  public MemorySegment lentValue() {
    slice();
    return value;
  }

  private void slice() {
    if (slicedKeySize != keySize || slicedValueSize != valueSize) {
      key = memory.asSlice(KEY_AT, keySize);
      value = memory.asSlice((long) KEY_AT + keySize, valueSize);
      slicedKeySize = keySize;
      slicedValueSize = valueSize;
    }
  }

  /// {@return the sequence number of the commit}
  public long version() {
    return version;
  }

  /// {@return the deadline in milliseconds since 1970, or [Expiry#NO_DEADLINE]}
  public long deadlineMillis() {
    return deadlineMillis;
  }
}
