package dev.larder.internal.format;

import java.io.IOException;
import java.util.Arrays;

/// Changes of the index that are no commit, as the value of one record: records that compaction put
/// elsewhere, and keys that are remembered no longer. The specification is docs/FILE_FORMAT.md,
/// section "Changes of the index".
///
/// ```text
///  varint      varint x 2 each
///  +-----------+-----------------------------+
///  | way count | ways: from segment,         |
///  |           |       to segment, 0 for none|
///  +-----------+-----------------------------+
///  varint         each change:
///  +--------------+--------+---------------+---------------+----------+-------------+-------+
///  | change count | varint | signed varint | signed varint | 8 bytes  | [varint     | [key] |
///  |              | way    | from          | [to]          | key hash |  key size]  |       |
///  +--------------+--------+---------------+---------------+----------+-------------+-------+
/// ```
///
/// **Threads.** For one thread at a time.
public final class IndexChanges {
  /// What stands for "nowhere": the key is dropped.
  public static final long NO_SEGMENT = 0;

  private static final byte[] NO_KEY = new byte[0];
  private static final int WAY_SIZE_MIN = 2;
  private static final int CHANGE_SIZE_MIN = 3 + Long.BYTES;
  private static final int CHANGE_SIZE_MAX = 3 * Varint.SIZE_MAX + Long.BYTES;
  private static final long UNITS_MAX = RecordCodec.units(Long.MAX_VALUE & -FrameHeader.ALIGNMENT);

  /// From where to where each way leads. There are few: compaction rewrites some segments at a
  /// time.
  private long[] wayFrom = new long[4];

  private long[] wayTo = new long[4];
  private int wayCount;
  private final ByteWriter ways = new ByteWriter(64);
  private final ByteWriter changes = new ByteWriter(1024);
  private long[] lastFrom = new long[4];
  private long lastTo;
  private int count;

  /// Sees changes in the order in which they were added.
  @FunctionalInterface
  public interface Visitor {
    /// Sees a change: the entry of a key that pointed to a record points to another one now, or it
    /// is gone.
    ///
    /// @param fromSegment where the record was
    /// @param fromPosition where in that segment it began
    /// @param toSegment where it is now; [#NO_SEGMENT] if the key is dropped
    /// @param toPosition where in that segment it begins; 0 if the key is dropped
    /// @param keyHash the hash of the key by which the index finds it
    /// @param droppedKey the key of the index, if it is dropped; empty otherwise
    void visit(
        long fromSegment,
        long fromPosition,
        long toSegment,
        long toPosition,
        long keyHash,
        byte[] droppedKey)
        throws IOException;
  }

  /// Adds the move of a record. Positions are multiples of 4.
  public void addMove(
      long fromSegment, long fromPosition, long toSegment, long toPosition, long keyHash) {
    add(fromSegment, fromPosition, toSegment);
    long to = RecordCodec.units(toPosition);
    changes.varint(Varint.zigzag(to - lastTo));
    lastTo = to;
    changes.u64(keyHash);
  }

  /// Adds that a key is dropped from the index.
  ///
  /// @param key the key of the index
  public void addDrop(long fromSegment, long fromPosition, long keyHash, byte[] key) {
    add(fromSegment, fromPosition, NO_SEGMENT);
    changes.u64(keyHash);
    changes.varint(key.length);
    changes.bytes(key);
  }

  private void add(long fromSegment, long fromPosition, long toSegment) {
    int way = way(fromSegment, toSegment);
    long from = RecordCodec.units(fromPosition);
    changes.reserve(CHANGE_SIZE_MAX);
    changes.varint(way);
    changes.varint(Varint.zigzag(from - lastFrom[way]));
    lastFrom[way] = from;
    count++;
  }

  private int way(long from, long to) {
    for (int i = 0; i < wayCount; i++) {
      if (wayFrom[i] == from && wayTo[i] == to) {
        return i;
      }
    }
    return newWay(from, to);
  }

  private int newWay(long from, long to) {
    int number = wayCount++;
    if (number == lastFrom.length) {
      lastFrom = Arrays.copyOf(lastFrom, 2 * number);
      wayFrom = Arrays.copyOf(wayFrom, 2 * number);
      wayTo = Arrays.copyOf(wayTo, 2 * number);
    }
    wayFrom[number] = from;
    wayTo[number] = to;
    lastFrom[number] = 0;
    ways.varint(from);
    ways.varint(to);
    return number;
  }

  /// Forgets all changes.
  public void clear() {
    wayCount = 0;
    ways.clear();
    changes.clear();
    lastTo = 0;
    count = 0;
  }

  /// {@return how many changes were added}
  public int count() {
    return count;
  }

  /// {@return how many bytes the changes take at most, as they are}
  public long sizeBound() {
    return 2L * Varint.SIZE_MAX + ways.size() + changes.size();
  }

  /// {@return the record that says all of it, for a frame of kind [FrameKind#INDEX]}
  ///
  /// @param sequence the sequence number of the last commit, which is that of the frame too
  public RecordData toRecord(long sequence) {
    var writer = new ByteWriter(Math.toIntExact(sizeBound()));
    writer.varint(wayCount);
    writer.bytes(ways.array(), 0, ways.size());
    writer.varint(count);
    writer.bytes(changes.array(), 0, changes.size());
    return new RecordData()
        .set(RecordKind.INDEX_CHANGES, 0, sequence)
        .key(new byte[0], 0, 0)
        .value(writer.array(), 0, writer.size());
  }

  /// Reads changes.
  ///
  /// @param record a record of kind [RecordKind#INDEX_CHANGES]
  /// @param visitor what sees them; before an exception it may have seen some
  /// @throws FormatException if this is no list of changes; never in a frame that a scanner found
  ///   whole
  public static void decode(RecordData record, Visitor visitor)
      throws FormatException, IOException {
    if (record.bucket() != 0 || record.keySize() != 0) {
      throw new FormatException("changes of the index with a key");
    }
    int offset = record.valueOffset();
    decode(new ByteReader(record.valueArray(), offset, offset + record.valueSize()), visitor);
  }

  private static void decode(ByteReader reader, Visitor visitor)
      throws FormatException, IOException {
    int wayCount = reader.varint(reader.remaining() / WAY_SIZE_MIN, "the count of ways");
    long[] fromSegments = new long[wayCount];
    long[] toSegments = new long[wayCount];
    for (int i = 0; i < wayCount; i++) {
      fromSegments[i] = reader.varint();
      toSegments[i] = reader.varint();
      if (fromSegments[i] <= 0 || toSegments[i] < 0) {
        throw new FormatException("the number of a segment");
      }
    }
    int changeCount = reader.varint(reader.remaining() / CHANGE_SIZE_MIN, "the count of changes");
    long[] lastFrom = new long[wayCount];
    long lastTo = 0;
    for (int i = 0; i < changeCount; i++) {
      int way = reader.varint(wayCount - 1, "the number of a way");
      lastFrom[way] = units(reader, lastFrom[way]);
      boolean isDrop = toSegments[way] == NO_SEGMENT;
      if (!isDrop) {
        lastTo = units(reader, lastTo);
      }
      long hash = reader.u64();
      visitor.visit(
          fromSegments[way],
          RecordCodec.position(lastFrom[way]),
          toSegments[way],
          isDrop ? 0 : RecordCodec.position(lastTo),
          hash,
          isDrop
              ? reader.bytes(reader.varint(reader.remaining(), "the size of a dropped key"))
              : NO_KEY);
    }
    if (reader.remaining() > 0) {
      throw new FormatException("bytes behind the last change of the index");
    }
  }

  private static long units(ByteReader reader, long last) throws FormatException {
    long units = last + Varint.unzigzag(reader.varint());
    if (units < 0 || units > UNITS_MAX) {
      throw new FormatException("a position of more than 63 bits");
    }
    return units;
  }
}
