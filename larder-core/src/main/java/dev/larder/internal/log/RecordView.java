package dev.larder.internal.log;

import dev.larder.CorruptionException;
import dev.larder.internal.file.MappingClosedException;
import dev.larder.internal.file.PageFaults;
import dev.larder.internal.format.RecordHead;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// Stands at one record of the log and reads it where it lies, in mapped memory.
///
/// What the head says was not verified until [#verify] or [#value] has held it against the record's
/// checksum; until then it may be anything, if the address was kept too long or a disk has gone
/// wrong.
///
/// **Threads.** For one thread at a time.
public final class RecordView {
  private final Addresses addresses;
  private final RecordHead head = new RecordHead();
  private @Nullable Segment segment;
  private MemorySegment memory = MemorySegment.NULL;
  private long position;

  /// Stands nowhere.
  ///
  /// @param addresses where segments stand in the space of addresses
  public RecordView(Addresses addresses) {
    this.addresses = addresses;
  }

  /// Goes to a record.
  ///
  /// @param address where it is
  /// @return whether there is something that may be a record
  /// @throws MappingClosedException if its segment is gone
  public boolean at(long address) throws IOException {
    Segment target = addresses.segment(address);
    if (target == null) {
      throw new MappingClosedException("address " + address);
    }
    return at(target, Addresses.position(address, target));
  }

  /// Goes to a record.
  ///
  /// @param target the segment that it is in
  /// @param recordPosition where it begins
  /// @return whether there is something that may be a record
  /// @throws MappingClosedException if the segment is gone
  public boolean at(Segment target, long recordPosition) throws IOException {
    try {
      boolean isRecord = decode(target, recordPosition);
      PageFaults.raise();
      return isRecord;
    } catch (IllegalStateException _) {
      throw new MappingClosedException(target.name());
    } catch (InternalError e) {
      throw lost(e);
    }
  }

  private boolean decode(Segment target, long recordPosition) throws IOException {
    segment = target;
    position = recordPosition;
    long end = target.end();
    if (recordPosition >= end) {
      return false; // an address that was kept too long
    }
    memory = target.memory(end);
    return head.decode(memory, recordPosition, end, target.place());
  }

  /// Goes to a record and copies it.
  ///
  /// @param address where it is
  /// @param copy what it is copied into
  /// @return whether there is something that may be a record; if not, nothing was copied
  /// @throws MappingClosedException if its segment is gone
  boolean copyAt(long address, RecordCopy copy) throws IOException {
    Segment target = addresses.segment(address);
    if (target == null) {
      throw new MappingClosedException("address " + address);
    }
    try {
      if (!decode(target, Addresses.position(address, target))) {
        PageFaults.raise();
        return false;
      }
      copyHere(copy);
      return true;
    } catch (IllegalStateException _) {
      throw new MappingClosedException(target.name());
    } catch (InternalError e) {
      throw lost(e);
    }
  }

  /// Copies the record that the view stands at.
  ///
  /// @throws MappingClosedException if its segment is gone
  void copyTo(RecordCopy copy) throws IOException {
    try {
      copyHere(copy);
    } catch (IllegalStateException _) {
      throw new MappingClosedException(segment().name());
    } catch (InternalError e) {
      throw lost(e);
    }
  }

  private void copyHere(RecordCopy copy) {
    int headSize = head.headSize();
    long size = (long) headSize + head.keySize() + head.valueSize();
    if (!copy.hasRoom(size)) {
      PageFaults.raise(); // before memory is taken for a size that may be anything
      copy.makeRoom(size);
    }
    int at = RecordCopy.KEY_AT - headSize;
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, position, copy.array(), at, (int) size);
    PageFaults.raise();
  }

  /// {@return what stands at the head of the record}
  public RecordHead head() {
    return head;
  }

  /// {@return the segment that the record is in}
  public Segment segment() {
    Segment present = segment;
    if (present == null) {
      throw new IllegalStateException("the view stands nowhere");
    }
    return present;
  }

  /// {@return where in the segment the record begins}
  public long position() {
    return position;
  }

  /// {@return the address of the record}
  public long address() {
    return Addresses.address(segment(), position);
  }

  /// Goes to the version of the key before this one.
  ///
  /// @param segments where its segment is looked up
  /// @return whether there is one
  /// @throws MappingClosedException if its segment is gone
  public boolean toPrevious(Log segments) throws IOException {
    long number = head.previousSegment();
    if (number == 0) {
      return false;
    }
    Segment before = segments.find(number);
    if (before == null) {
      throw new MappingClosedException("segment " + number);
    }
    if (!at(before, head.previousPosition())) {
      throw damaged();
    }
    return true;
  }

  /// {@return whether the record is one of a key}
  public boolean hasKey(int bucket, byte[] key, int offset, int count) throws IOException {
    try {
      boolean isSame = head.hasKey(memory, bucket, key, offset, count);
      PageFaults.raise();
      return isSame;
    } catch (IllegalStateException _) {
      throw new MappingClosedException(segment().name());
    } catch (InternalError e) {
      throw lost(e);
    }
  }

  /// Copies the key.
  ///
  /// @param target where it goes
  /// @param offset the first place in `target`
  public void copyKey(byte[] target, int offset) throws IOException {
    copy(head.keyPosition(), target, offset, head.keySize());
  }

  /// Copies the value, which is not verified by that.
  ///
  /// @param target where it goes
  /// @param offset the first place in `target`
  public void copyValue(byte[] target, int offset) throws IOException {
    copy(head.valuePosition(), target, offset, head.valueSize());
  }

  private void copy(long from, byte[] target, int offset, int count) throws IOException {
    try {
      MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, from, target, offset, count);
      PageFaults.raise();
    } catch (IllegalStateException _) {
      throw new MappingClosedException(segment().name());
    } catch (InternalError e) {
      throw lost(e);
    }
  }

  /// {@return whether the record is what was written, given its key and its value}
  public boolean isIntact(byte[] key, int keyOffset, byte[] value, int valueOffset)
      throws IOException {
    try {
      boolean isIntact = head.verify(memory, segment().place(), key, keyOffset, value, valueOffset);
      PageFaults.raise();
      return isIntact;
    } catch (IllegalStateException _) {
      throw new MappingClosedException(segment().name());
    } catch (InternalError e) {
      throw lost(e);
    }
  }

  /// {@return a copy of the value, verified together with the key and the head}
  ///
  /// @param key the key of the record
  /// @param keyOffset where in the array it begins
  /// @throws CorruptionException if they are not what was written
  public byte[] value(byte[] key, int keyOffset) throws IOException {
    byte[] value = new byte[head.valueSize()];
    copyValue(value, 0);
    if (!isIntact(key, keyOffset, value, 0)) {
      throw damaged();
    }
    return value;
  }

  /// {@return whether the record is what was written}
  public boolean isIntact() throws IOException {
    byte[] key = new byte[head.keySize()];
    copyKey(key, 0);
    byte[] value = new byte[head.valueSize()];
    copyValue(value, 0);
    return isIntact(key, 0, value, 0);
  }

  /// Verifies the record.
  ///
  /// @throws CorruptionException if it is not what was written
  public void verify() throws IOException {
    if (!isIntact()) {
      throw damaged();
    }
  }

  /// {@return the memory that the record lies in, from its segment's beginning on}
  public MemorySegment memory() {
    return memory;
  }

  /// {@return what to throw if the record is not what was written}
  public CorruptionException damaged() {
    return new CorruptionException(segment().path(), position, "the checksum of a record");
  }

  private IOException lost(InternalError cause) {
    return PageFaults.lost(segment().name(), position, position + 1, cause);
  }
}
