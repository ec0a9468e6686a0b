package dev.larder.internal.format;

import dev.larder.Expiry;
import java.util.Arrays;

/// A run of entries of a checkpoint, in the order of their keys. Each key gives only what it does
/// not share with the one before it. The specification is docs/FILE_FORMAT.md, section
/// "Checkpoint".
///
/// ```text
///  4      4       ...       4
///  +------+-------+---------+----------+
///  | size | count | entries | checksum |
///  +------+-------+---------+----------+
/// ```
///
/// **Threads.** For one thread at a time.
public final class CheckpointBlock {
  /// From how many bytes on a block takes no more entries.
  public static final int SIZE_TARGET = 64 << 10;

  /// Where size and count stand, and how many bytes they take.
  public static final int HEAD_SIZE = 2 * Integer.BYTES;

  /// How large a block can be: an entry with the longest key.
  public static final int SIZE_MAX = 256 << 10;

  private static final int FLAG_EXPIRED = 1;
  private static final int FLAG_DEADLINE = 1 << 1;
  private static final int KEY_SIZE_MAX = 128 << 10;

  private final ByteWriter writer = new ByteWriter(SIZE_TARGET + (16 << 10));
  private byte[] previousKey = new byte[0];
  private int count;

  /// One entry.
  ///
  /// @param indexKey the key of the index: the bucket's number, big-endian, and the key
  /// @param isExpired whether the key is only remembered as expired
  /// @param segment the segment of its record
  /// @param position where in it the record begins
  /// @param size how many bytes the record takes
  /// @param version the sequence number of the commit that wrote it
  /// @param deadlineMillis its deadline, or [Expiry#NO_DEADLINE]
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Entry(
      byte[] indexKey,
      boolean isExpired,
      long segment,
      long position,
      int size,
      long version,
      long deadlineMillis) {}

  /// Takes entries of a block.
  @FunctionalInterface
  public interface Receiver {
    /// Takes one.
    void receive(Entry entry) throws FormatException;
  }

  /// Begins a block.
  public void begin() {
    writer.clear();
    writer.zeros(HEAD_SIZE);
    previousKey = new byte[0];
    count = 0;
  }

  /// Adds an entry, whose key is above the one before.
  public void add(Entry entry) {
    byte[] key = entry.indexKey();
    int shared = Math.max(0, Arrays.mismatch(previousKey, key));
    writer.varint(shared);
    writer.varint(key.length - shared);
    writer.bytes(key, shared, key.length - shared);
    boolean hasDeadline = entry.deadlineMillis() != Expiry.NO_DEADLINE;
    writer.u8((entry.isExpired() ? FLAG_EXPIRED : 0) | (hasDeadline ? FLAG_DEADLINE : 0));
    writer.varint(entry.segment());
    writer.varint(entry.position());
    writer.varint(entry.size());
    writer.varint(entry.version());
    if (hasDeadline) {
      writer.varint(entry.deadlineMillis());
    }
    previousKey = key;
    count++;
  }

  /// {@return whether the block has room for more}
  public boolean hasRoom() {
    return writer.size() < SIZE_TARGET;
  }

  /// Ends the block: its bytes are in [#array()] from 0 to [#size()].
  public void finish() {
    writer.patchU32(0, writer.size() + Integer.BYTES);
    writer.patchU32(Integer.BYTES, count);
    writer.u32(Checksums.plain(writer.array(), 0, writer.size()));
  }

  /// {@return the array that holds the block}
  public byte[] array() {
    return writer.array();
  }

  /// {@return how many bytes the block has}
  public int size() {
    return writer.size();
  }

  /// {@return how many bytes a block has, from its head}
  ///
  /// @throws FormatException if that makes no sense
  public static int sizeOf(byte[] head) throws FormatException {
    int size = new ByteReader(head, 0, HEAD_SIZE).u32();
    if (size < HEAD_SIZE + Integer.BYTES || size > SIZE_MAX) {
      throw new FormatException("a block of %d bytes".formatted(size));
    }
    return size;
  }

  /// Reads a block.
  ///
  /// @param bytes the array that holds it from 0 on
  /// @param size how many bytes it has
  /// @param receiver takes its entries
  /// @return how many there are
  /// @throws FormatException if it is damaged
  public static int decode(byte[] bytes, int size, Receiver receiver) throws FormatException {
    int end = size - Integer.BYTES;
    if (Checksums.plain(bytes, 0, end) != new ByteReader(bytes, end, size).u32()) {
      throw new FormatException("the checksum of a block");
    }
    var reader = new ByteReader(bytes, Integer.BYTES, end);
    int count = reader.u32();
    if (count < 0) {
      throw new FormatException("a block of %d entries".formatted(count));
    }
    byte[] key = new byte[0];
    for (int i = 0; i < count; i++) {
      int shared = reader.varint(key.length, "the shared part of a key");
      int rest = reader.varint(KEY_SIZE_MAX, "the rest of a key");
      byte[] next = Arrays.copyOf(key, shared + rest);
      System.arraycopy(reader.bytes(rest), 0, next, shared, rest);
      key = next;
      int flags = reader.u8();
      receiver.receive(
          new Entry(
              key,
              (flags & FLAG_EXPIRED) != 0,
              reader.varint(),
              reader.varint(),
              reader.varint(Integer.MAX_VALUE, "a record's size"),
              reader.varint(),
              (flags & FLAG_DEADLINE) == 0 ? Expiry.NO_DEADLINE : reader.varint()));
    }
    if (reader.remaining() != 0) {
      throw new FormatException("the end of a block");
    }
    return count;
  }
}
