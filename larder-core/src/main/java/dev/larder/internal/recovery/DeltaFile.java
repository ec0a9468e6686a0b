package dev.larder.internal.recovery;

import dev.larder.internal.file.DataFile;
import dev.larder.internal.file.StoreDirectory;
import dev.larder.internal.format.CheckpointHeader;
import dev.larder.internal.format.Checksums;
import dev.larder.internal.format.DeltaHeader;
import dev.larder.internal.format.FileNames;
import dev.larder.internal.format.FormatException;
import dev.larder.internal.index.DeltaBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// Writes and reads one delta: what happened to the index in a stretch of the log behind its image.
final class DeltaFile implements AutoCloseable {
  private static final int PARTITION_SHIFT =
      Long.SIZE - Integer.numberOfTrailingZeros(DeltaHeader.PARTITIONS);

  private final DataFile file;
  private final DeltaHeader header;

  /// How many changes there are up to the end of each partition.
  private final int[] ends = new int[DeltaHeader.PARTITIONS];

  private final int[] checksums = new int[DeltaHeader.PARTITIONS];
  private final int newKeysChecksum;
  private final int deadlinesChecksum;
  private final int departedChecksum;

  private DeltaFile(DataFile file, DeltaHeader header, ByteBuffer table) {
    this.file = file;
    this.header = header;
    for (int i = 0; i < DeltaHeader.PARTITIONS; i++) {
      ends[i] = table.getInt();
      checksums[i] = table.getInt();
    }
    newKeysChecksum = table.getInt();
    deadlinesChecksum = table.getInt();
    departedChecksum = table.getInt();
  }

  /// Where a delta comes.
  ///
  /// @param number its number
  /// @param fromSegment the segment in which the log goes on behind what was before
  /// @param fromPosition where in it
  /// @param logBytes how many bytes of log it stands for
  record Place(long number, long fromSegment, long fromPosition, long logBytes) {}

  /// Writes a delta, makes it durable before anybody can take it for one, and then its name.
  ///
  /// @param head the state behind it
  /// @return how many bytes it takes
  static long write(
      StoreDirectory directory, Place place, CheckpointHeader head, DeltaBuffer.Batch batch)
      throws IOException {
    byte[] encodedHead = head.encode();
    var header =
        new DeltaHeader(
            head.storeId(),
            place.number(),
            place.fromSegment(),
            place.fromPosition(),
            head.replaySegment(),
            head.replayPosition(),
            head.epoch(),
            place.logBytes(),
            encodedHead.length,
            batch.rows().count() / DeltaBuffer.ROW,
            batch.newKeys().count() / DeltaBuffer.PAIR,
            batch.deadlines().count() / DeltaBuffer.PAIR,
            departedSize(batch.departed()));
    byte[] bytes = encode(header, encodedHead, batch);
    String name = FileNames.delta(place.number());
    if (directory.size(name) >= 0) {
      directory.delete(name);
    }
    try (DataFile file = directory.createFile(name)) {
      file.write(0, bytes, 0, bytes.length);
      file.force();
      byte[] beginning = header.encode();
      file.write(0, beginning, 0, beginning.length);
      file.force();
      directory.force(); // compaction may now have the history that it stands for
    } catch (IOException | RuntimeException | Error e) {
      try {
        directory.delete(name);
      } catch (IOException again) {
        e.addSuppressed(again); // what went wrong first is what its caller has to know
      }
      throw e;
    }
    return bytes.length;
  }

  /// {@return how many bytes a delta takes at most, but for its head}
  static long sizeBound(DeltaBuffer.Batch batch) {
    long numbers =
        (long) batch.rows().count() + batch.newKeys().count() + batch.deadlines().count();
    return DeltaHeader.SIZE
        + DeltaHeader.TABLE_SIZE
        + numbers * Long.BYTES
        + departedSize(batch.departed());
  }

  private static int departedSize(DeltaBuffer.Departed departed) {
    int size = 0;
    for (int i = 0; i < departed.count(); i++) {
      size += Long.BYTES + Integer.BYTES + departed.key(i).length;
    }
    return size;
  }

  /// {@return everything but the beginning, for which room is left}
  private static byte[] encode(DeltaHeader header, byte[] head, DeltaBuffer.Batch batch) {
    byte[] bytes = new byte[Math.toIntExact(header.fileSize())];
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    out.position(DeltaHeader.SIZE + DeltaHeader.TABLE_SIZE).put(head);
    int[] partitionEnds = putRows(out, batch.rows().toArray());
    putAll(out, batch.newKeys().toArray());
    putAll(out, batch.deadlines().toArray());
    for (int i = 0; i < batch.departed().count(); i++) {
      byte[] key = batch.departed().key(i);
      out.putLong(batch.departed().hash(i)).putInt(key.length).put(key);
    }
    out.position(DeltaHeader.SIZE);
    long from = header.rowsPosition();
    for (int end : partitionEnds) {
      long to = header.rowsPosition() + (long) end * DeltaHeader.ROW_SIZE;
      out.putInt(end).putInt(checksum(bytes, from, to));
      from = to;
    }
    out.putInt(checksum(bytes, header.newKeysPosition(), header.deadlinesPosition()));
    out.putInt(checksum(bytes, header.deadlinesPosition(), header.departedPosition()));
    out.putInt(checksum(bytes, header.departedPosition(), header.fileSize()));
    out.putInt(checksum(bytes, DeltaHeader.SIZE, out.position()));
    return bytes;
  }

  private static int checksum(byte[] bytes, long from, long to) {
    return Checksums.plain(bytes, (int) from, (int) (to - from));
  }

  private static void putAll(ByteBuffer out, long[] numbers) {
    for (long number : numbers) {
      out.putLong(number);
    }
  }

  /// Writes changes by partition, and those of a partition in their order.
  ///
  /// @return how many there are up to the end of each
  private static int[] putRows(ByteBuffer out, long[] rows) {
    int[] partitionEnds = new int[DeltaHeader.PARTITIONS];
    for (int i = 0; i < rows.length; i += DeltaBuffer.ROW) {
      partitionEnds[partition(rows[i])]++;
    }
    int[] next = new int[DeltaHeader.PARTITIONS];
    int sum = 0;
    for (int i = 0; i < partitionEnds.length; i++) {
      next[i] = sum;
      sum += partitionEnds[i];
      partitionEnds[i] = sum;
    }
    int start = out.position();
    for (int i = 0; i < rows.length; i += DeltaBuffer.ROW) {
      int at = start + next[partition(rows[i])]++ * DeltaHeader.ROW_SIZE;
      out.putLong(at, rows[i]);
      out.putLong(at + Long.BYTES, rows[i + 1]);
      out.putLong(at + 2 * Long.BYTES, rows[i + 2]);
    }
    out.position(start + sum * DeltaHeader.ROW_SIZE);
    return partitionEnds;
  }

  private static int partition(long hash) {
    return (int) (hash >>> PARTITION_SHIFT);
  }

  /// Opens a delta, if there is one of that number.
  ///
  /// @return null if there is none
  /// @throws FormatException if it is not a whole one
  static @Nullable DeltaFile open(StoreDirectory directory, long number)
      throws IOException, FormatException {
    String name = FileNames.delta(number);
    if (directory.size(name) < 0) {
      return null;
    }
    DataFile file = directory.openFile(name, false);
    DeltaFile opened = null;
    try {
      opened = open(file, number);
    } finally {
      if (opened == null) {
        file.close();
      }
    }
    return opened;
  }

  private static DeltaFile open(DataFile file, long number) throws IOException, FormatException {
    long size = file.size();
    if (size < DeltaHeader.SIZE + DeltaHeader.TABLE_SIZE) {
      throw new FormatException("a file of %d bytes".formatted(size));
    }
    byte[] bytes = new byte[DeltaHeader.SIZE + DeltaHeader.TABLE_SIZE];
    file.read(0, bytes, 0, bytes.length);
    DeltaHeader header = DeltaHeader.decode(bytes);
    if (header.number() != number || header.fileSize() != size) {
      throw new FormatException("delta %d of %d bytes".formatted(header.number(), size));
    }
    ByteBuffer table = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int checked = bytes.length - Integer.BYTES;
    if (checksum(bytes, DeltaHeader.SIZE, checked) != table.getInt(checked)) {
      throw new FormatException("the checksum of the delta's table");
    }
    var opened = new DeltaFile(file, header, table.position(DeltaHeader.SIZE));
    int end = 0;
    for (int next : opened.ends) {
      if (next < end || next > header.rowCount()) {
        throw new FormatException("a partition that ends before it begins");
      }
      end = next;
    }
    if (end != header.rowCount()) {
      throw new FormatException("changes in no partition");
    }
    return opened;
  }

  DeltaHeader header() {
    return header;
  }

  /// {@return the state behind it}
  CheckpointHeader head() throws IOException, FormatException {
    byte[] bytes = new byte[header.headSize()];
    file.read(header.headPosition(), bytes, 0, bytes.length);
    CheckpointHeader head = CheckpointHeader.decode(bytes);
    if (head.replaySegment() != header.toSegment()
        || head.replayPosition() != header.toPosition()
        || head.epoch() != header.epoch()
        || !head.storeId().equals(header.storeId())) {
      throw new FormatException("the head of another delta");
    }
    return head;
  }

  /// {@return how many changes there are in a partition}
  int rowCount(int partition) {
    return ends[partition] - first(partition);
  }

  private int first(int partition) {
    return partition == 0 ? 0 : ends[partition - 1];
  }

  /// Reads the changes of a partition.
  void rows(int partition, long[] target, int at) throws IOException, FormatException {
    int count = rowCount(partition);
    if (count > 0) {
      long position = header.rowsPosition() + (long) first(partition) * DeltaHeader.ROW_SIZE;
      numbers(position, count * DeltaBuffer.ROW, checksums[partition], target, at);
    }
  }

  long[] newKeys() throws IOException, FormatException {
    long[] pairs = new long[header.newKeyCount() * DeltaBuffer.PAIR];
    numbers(header.newKeysPosition(), pairs.length, newKeysChecksum, pairs, 0);
    return pairs;
  }

  long[] deadlines() throws IOException, FormatException {
    long[] pairs = new long[header.deadlineCount() * DeltaBuffer.PAIR];
    numbers(header.deadlinesPosition(), pairs.length, deadlinesChecksum, pairs, 0);
    return pairs;
  }

  /// {@return hash, size and bytes of each key that the tree let go of}
  ByteBuffer departed() throws IOException, FormatException {
    return read(header.departedPosition(), header.departedSize(), departedChecksum);
  }

  private void numbers(long position, int count, int checksum, long[] target, int at)
      throws IOException, FormatException {
    read(position, count * Long.BYTES, checksum).asLongBuffer().get(target, at, count);
  }

  private ByteBuffer read(long position, int count, int checksum)
      throws IOException, FormatException {
    byte[] bytes = new byte[count];
    file.read(position, bytes, 0, count);
    if (Checksums.plain(bytes, 0, count) != checksum) {
      throw new FormatException("the checksum of bytes from %d on".formatted(position));
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// Reads all of it.
  ///
  /// @throws FormatException if something is not what was written
  void verify() throws IOException, FormatException {
    head();
    for (int i = 0; i < DeltaHeader.PARTITIONS; i++) {
      rows(i, new long[rowCount(i) * DeltaBuffer.ROW], 0);
    }
    newKeys();
    deadlines();
    departed();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
