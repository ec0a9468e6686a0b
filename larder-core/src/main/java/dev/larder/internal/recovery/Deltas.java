package dev.larder.internal.recovery;

import dev.larder.internal.base.Logs;
import dev.larder.internal.file.StoreDirectory;
import dev.larder.internal.format.CheckpointHeader;
import dev.larder.internal.format.FormatException;
import dev.larder.internal.index.DamagedImageException;
import dev.larder.internal.index.DeltaBuffer;
import dev.larder.internal.index.IndexDeltas;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The deltas behind an image that continue it, one behind the other.
///
/// **Threads.** Safe for any number of threads.
final class Deltas implements IndexDeltas {
  private final List<DeltaFile> files;
  private final Runnable onDamage;

  private Deltas(List<DeltaFile> files, Runnable onDamage) {
    this.files = files;
    this.onDamage = onDamage;
  }

  /// What stands behind an image.
  ///
  /// @param deltas the deltas, at least one
  /// @param head the state behind the last of them
  record Chain(Deltas deltas, CheckpointHeader head) {}

  /// Finds the deltas that continue an image. Those that do not, or are not whole, are left alone,
  /// and so are all after them: what they stand for is in the log.
  ///
  /// @param first the number of the first
  /// @param isVerified whether to read them and see that they are what was written
  /// @param isUsable whether replay can go on from a state
  /// @param onDamage what to do when one of them turns out not to be what was written
  /// @return null if there are none
  static @Nullable Chain find(
      StoreDirectory directory,
      CheckpointHeader image,
      long first,
      boolean isVerified,
      Predicate<CheckpointHeader> isUsable,
      Runnable onDamage)
      throws IOException {
    var files = new ArrayList<DeltaFile>();
    try {
      collect(directory, image, first, isVerified, files);
      while (!files.isEmpty()) {
        CheckpointHeader head = usableHead(files.getLast(), isUsable);
        if (head != null) {
          return new Chain(new Deltas(List.copyOf(files), onDamage), head);
        }
        files.removeLast().close();
      }
      return null;
    } catch (IOException | RuntimeException | Error e) {
      for (DeltaFile file : files) {
        file.close();
      }
      throw e;
    }
  }

  private static void collect(
      StoreDirectory directory,
      CheckpointHeader image,
      long first,
      boolean isVerified,
      List<DeltaFile> files)
      throws IOException {
    long segment = image.replaySegment();
    long position = image.replayPosition();
    long epoch = image.epoch();
    for (long number = first; ; number++) {
      DeltaFile file = open(directory, number, isVerified);
      if (file == null) {
        return;
      }
      boolean continues =
          file.header().storeId().equals(image.storeId())
              && file.header().fromSegment() == segment
              && file.header().fromPosition() == position
              && file.header().epoch() >= epoch;
      if (!continues) {
        file.close();
        return;
      }
      files.add(file);
      segment = file.header().toSegment();
      position = file.header().toPosition();
      epoch = file.header().epoch();
    }
  }

  private static @Nullable DeltaFile open(StoreDirectory directory, long number, boolean isVerified)
      throws IOException {
    DeltaFile file = null;
    try {
      file = DeltaFile.open(directory, number);
      if (file != null && isVerified) {
        file.verify();
      }
      return file;
    } catch (FormatException e) {
      if (file != null) {
        file.close();
      }
      Logs.log().log(
          System.Logger.Level.DEBUG, "a delta is not used: {0}", String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static @Nullable CheckpointHeader usableHead(
      DeltaFile file, Predicate<CheckpointHeader> isUsable) throws IOException {
    try {
      CheckpointHeader head = file.head();
      return isUsable.test(head) ? head : null;
    } catch (FormatException _) {
      return null;
    }
  }

  /// Reads all deltas from a number on.
  ///
  /// @throws FormatException if one of them is not what was written
  static void verify(StoreDirectory directory, long first) throws IOException, FormatException {
    for (long number = first; ; number++) {
      try (DeltaFile file = DeltaFile.open(directory, number)) {
        if (file == null) {
          return;
        }
        file.verify();
      }
    }
  }

  @Override
  public int count() {
    return files.size();
  }

  /// {@return how many bytes of log they stand for}
  long logBytes() {
    long sum = 0;
    for (DeltaFile file : files) {
      sum += file.header().logBytes();
    }
    return sum;
  }

  /// {@return how many bytes the files take}
  long bytes() {
    long sum = 0;
    for (DeltaFile file : files) {
      sum += file.header().fileSize();
    }
    return sum;
  }

  private interface Reading<T> {
    T read() throws IOException, FormatException;
  }

  private <T> T reading(Reading<T> reading) {
    try {
      return reading.read();
    } catch (FormatException | IOException e) {
      throw damaged(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public long[] rows(int partition) {
    int count = 0;
    for (DeltaFile file : files) {
      count += file.rowCount(partition);
    }
    long[] rows = new long[count * DeltaBuffer.ROW];
    int at = 0;
    for (DeltaFile file : files) {
      int to = at;
      reading(() -> {
        file.rows(partition, rows, to);
        return rows;
      });
      at += file.rowCount(partition) * DeltaBuffer.ROW;
    }
    return rows;
  }

  @Override
  public long[] newKeys(int part) {
    return reading(files.get(part)::newKeys);
  }

  @Override
  public long[] deadlines(int part) {
    return reading(files.get(part)::deadlines);
  }

  @Override
  public void departed(int part, Visitor visitor) {
    ByteBuffer bytes = reading(files.get(part)::departed);
    try {
      while (bytes.hasRemaining()) {
        long hash = bytes.getLong();
        int size = bytes.getInt();
        if (size < 0 || size > bytes.remaining()) {
          throw damaged("a key of %d bytes".formatted(size));
        }
        byte[] key = new byte[size];
        bytes.get(key);
        visitor.visit(hash, key);
      }
    } catch (BufferUnderflowException _) {
      throw damaged("half a key");
    }
  }

  @Override
  public DamagedImageException damaged(String reason) {
    onDamage.run();
    return new DamagedImageException(reason);
  }

  @Override
  public void close() {
    for (DeltaFile file : files) {
      try {
        file.close();
      } catch (IOException e) {
        Logs.log().log(System.Logger.Level.DEBUG, "a delta could not be closed", e);
      }
    }
  }
}
