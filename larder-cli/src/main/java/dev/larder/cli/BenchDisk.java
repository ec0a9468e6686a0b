package dev.larder.cli;

import dev.larder.cli.BenchResult.Figure;
import dev.larder.cli.BenchResult.Measure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// What the disk does at best, without a store: what a store is held against.
final class BenchDisk {
  /// How much is written in order, at most.
  static final long WRITE_BYTES = 256L << 20;

  private static final int PAGE = 4096;
  private static final int PAGES = 1024;
  private static final int FORCES_MAX = 50_000;
  private static final int CHUNK = 1 << 20;

  /// How many chunks are forced together: a slow disk must not have more to do than it has time.
  private static final int CHUNKS_PER_FORCE = 16;

  private final Path directory;
  private final BenchClock clock;

  /// Prepares measures.
  ///
  /// @param directory where a file may be written
  /// @param clock what they are measured with
  BenchDisk(Path directory, BenchClock clock) {
    this.directory = directory;
    this.clock = clock;
  }

  /// Measures how fast a page inside a file, all of which was written before, becomes durable.
  ///
  /// @param percent the measure's part of all the time
  Figure force(int percent) throws IOException {
    var page = ByteBuffer.allocateDirect(PAGE);
    try (FileChannel channel = create()) {
      for (int i = 0; i < PAGES; i++) {
        write(channel, page);
      }
      channel.force(true);
      var turn = new long[1];
      return clock.repeat(
          Measure.DEVICE_FORCE,
          percent,
          FORCES_MAX,
          () -> {
            page.clear().putLong(0, turn[0]);
            channel.position(turn[0]++ % PAGES * PAGE);
            write(channel, page);
            channel.force(false);
            return 1;
          });
    } finally {
      Files.deleteIfExists(file());
    }
  }

  /// Measures how many bytes in a second become durable one after the other.
  ///
  /// @param percent the measure's part of all the time
  Figure write(int percent) throws IOException {
    clock.begin(Measure.DEVICE_WRITE);
    var chunk = ByteBuffer.allocateDirect(CHUNK);
    long start = clock.now();
    long end = clock.end(percent);
    long written = 0;
    try (FileChannel channel = create()) {
      do {
        for (int i = 0; i < CHUNKS_PER_FORCE; i++) {
          chunk.clear().putLong(0, written);
          written += write(channel, chunk);
        }
        channel.force(false);
        clock.beat();
      } while (written < WRITE_BYTES && clock.now() - end < 0);
      return new Figure(Measure.DEVICE_WRITE, written, clock.now() - start, null);
    } finally {
      Files.deleteIfExists(file());
    }
  }

  private static int write(FileChannel channel, ByteBuffer bytes) throws IOException {
    bytes.rewind();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    return bytes.capacity();
  }

  private FileChannel create() throws IOException {
    return FileChannel.open(file(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private Path file() {
    return directory.resolve("device");
  }
}
