package dev.larder.internal.recovery;

import dev.larder.internal.file.DataFile;
import dev.larder.internal.file.StoreDirectory;
import dev.larder.internal.format.CheckpointBlock;
import dev.larder.internal.format.CheckpointHeader;
import dev.larder.internal.format.FileNames;
import dev.larder.internal.format.FormatException;
import dev.larder.internal.index.Index;
import dev.larder.internal.index.IndexCursor;
import dev.larder.internal.index.IndexEntry;
import java.io.IOException;
import java.util.Arrays;

/// Reads and writes the image of the index.
final class CheckpointFile {
  /// What a checkpoint holds.
  ///
  /// @param header its head
  /// @param index its entries
  record Image(CheckpointHeader header, Index index) {}

  private CheckpointFile() {}

  /// Writes an image beside the present one and puts it in its place, durably.
  ///
  /// @return how many bytes it takes
  static long write(StoreDirectory directory, CheckpointHeader header, Index index)
      throws IOException {
    if (directory.size(FileNames.CHECKPOINT_NEXT) >= 0) {
      directory.delete(FileNames.CHECKPOINT_NEXT); // left behind by a crash
    }
    long position = 0;
    try (DataFile file = directory.createFile(FileNames.CHECKPOINT_NEXT)) {
      byte[] head = header.encode();
      file.write(0, head, 0, head.length);
      position = head.length;
      var block = new CheckpointBlock();
      IndexCursor cursor = index.cursor(null, null, false);
      boolean hasNext = cursor.next();
      while (hasNext) {
        block.begin();
        while (hasNext && block.hasRoom()) {
          block.add(entry(cursor.key(), cursor.entry()));
          hasNext = cursor.next();
        }
        block.finish();
        file.write(position, block.array(), 0, block.size());
        position += block.size();
      }
      file.force();
    } catch (IOException | RuntimeException | Error e) {
      removeHalf(directory, e);
      throw e;
    }
    directory.rename(FileNames.CHECKPOINT_NEXT, FileNames.CHECKPOINT);
    directory.force();
    return position;
  }

  private static void removeHalf(StoreDirectory directory, Throwable reason) {
    try {
      if (directory.size(FileNames.CHECKPOINT_NEXT) >= 0) {
        directory.delete(FileNames.CHECKPOINT_NEXT);
      }
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  private static CheckpointBlock.Entry entry(byte[] key, IndexEntry entry) {
    return new CheckpointBlock.Entry(
        key,
        entry.isExpired(),
        entry.segment(),
        entry.position(),
        entry.size(),
        entry.version(),
        entry.deadlineMillis());
  }

  /// Reads the head of the checkpoint.
  ///
  /// @throws FormatException if it is damaged or of another version
  static CheckpointHeader readHeader(DataFile file) throws IOException, FormatException {
    if (file.size() < CheckpointHeader.FIXED_SIZE) {
      throw new FormatException("a file of %d bytes".formatted(file.size()));
    }
    byte[] fixed = new byte[CheckpointHeader.FIXED_SIZE];
    file.read(0, fixed, 0, fixed.length);
    int size = CheckpointHeader.sizeOf(fixed);
    if (size > file.size()) {
      throw new FormatException("the file ends within the head");
    }
    byte[] head = new byte[size];
    file.read(0, head, 0, size);
    return CheckpointHeader.decode(head);
  }

  /// Reads the whole checkpoint.
  ///
  /// @throws FormatException if it is damaged or of another version
  static Image read(DataFile file) throws IOException, FormatException {
    CheckpointHeader header = readHeader(file);
    long fileSize = file.size();
    long position = CheckpointHeader.size(header.segments().size());
    Index.Editor editor = Index.EMPTY.edit();
    byte[] bytes = new byte[CheckpointBlock.SIZE_TARGET * 2];
    byte[] head = new byte[CheckpointBlock.HEAD_SIZE];
    long count = 0;
    while (position < fileSize) {
      if (fileSize - position < CheckpointBlock.HEAD_SIZE) {
        throw new FormatException("the file ends within a block");
      }
      file.read(position, head, 0, head.length);
      int size = CheckpointBlock.sizeOf(head);
      if (size > fileSize - position) {
        throw new FormatException("the file ends within a block");
      }
      if (size > bytes.length) {
        bytes = Arrays.copyOf(bytes, size);
      }
      file.read(position, bytes, 0, size);
      count +=
          CheckpointBlock.decode(bytes, size, entry -> editor.put(entry.indexKey(), entry(entry)));
      position += size;
    }
    Index index = editor.build();
    if (count != header.entryCount() || index.size() != count) {
      throw new FormatException(
          "%d entries where %d were written".formatted(index.size(), header.entryCount()));
    }
    return new Image(header, index);
  }

  private static IndexEntry entry(CheckpointBlock.Entry entry) throws FormatException {
    if (entry.segment() < 0 || entry.position() < 0 || entry.version() < 0) {
      throw new FormatException("an entry that points nowhere");
    }
    return new IndexEntry(
        entry.isExpired(),
        entry.segment(),
        entry.position(),
        entry.size(),
        entry.version(),
        entry.deadlineMillis());
  }
}
