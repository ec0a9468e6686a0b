package dev.larder.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What happens when a page of a mapped file is gone because somebody has cut the file.
class PageFaultTest {
  private static final int FILE_SIZE = 1 << 20;
  private static final int KEPT_SIZE = 8192;

  @TempDir Path path;

  @Test
  void readOfAVanishedPageIsAnIoException() throws IOException {
    try (DataFile file = NioStoreDirectory.of(path).createFile("file")) {
      file.allocate(FILE_SIZE);
      try (ReadMapping mapping = file.map(FILE_SIZE)) {
        file.truncate(KEPT_SIZE);

        assertThatThrownBy(() -> mapping.read(KEPT_SIZE, new byte[8], 0, 8))
            .isInstanceOf(IOException.class)
            .hasMessage("bytes [8192, 8200) of file cannot be read from the disk");
        mapping.read(0, new byte[8], 0, 8);
      }
    }
  }

  @Test
  void mappedWriteToAVanishedPageIsAnIoException() throws IOException {
    var directory = NioStoreDirectory.of(path);
    try (DataFile file = directory.createFile("file");
        DataFile other = directory.openFile("file", true)) {
      file.allocate(FILE_SIZE);
      file.writeMapped(0, new byte[1], 0, 1);
      other.truncate(KEPT_SIZE);

      assertThatThrownBy(() -> file.writeMapped(KEPT_SIZE, new byte[8], 0, 8))
          .isInstanceOf(IOException.class)
          .hasMessage("bytes [8192, 8200) of file cannot be written through its mapping");
      assertThatThrownBy(() -> file.writeMapped(0, new byte[600_000], 0, 600_000))
          .isInstanceOf(IOException.class);
      file.writeMapped(0, new byte[8], 0, 8);
      assertThat(other.size()).isEqualTo(KEPT_SIZE);
    }
  }

  @Test
  void memoryOfAVanishedPageIsAnInternalError() throws IOException {
    var directory = NioStoreDirectory.of(path);
    try (DataFile file = directory.createFile("file");
        Arena arena = Arena.ofConfined()) {
      file.allocate(FILE_SIZE);
      MemorySegment copy = file.mapPrivate(0, FILE_SIZE, arena);
      try (ReadMapping mapping = file.map(FILE_SIZE)) {
        file.truncate(KEPT_SIZE);
        for (MemorySegment memory : List.of(mapping.memory(), copy)) {
          assertThatThrownBy(
                  () -> {
                    long unused = memory.get(ValueLayout.JAVA_LONG, KEPT_SIZE);
                    PageFaults.raise();
                    throw new AssertionError("read " + unused);
                  })
              .isInstanceOf(InternalError.class);
          assertThat(memory.get(ValueLayout.JAVA_LONG, 0)).isZero();
        }
      }
    }
  }

  @Test
  void wordOfAVanishedPageIsAnIoException() throws IOException {
    var directory = NioStoreDirectory.of(path);
    try (SharedWords words = directory.mapWords("words", 2048);
        DataFile file = directory.openFile("words", true)) {
      file.truncate(0);

      assertThatThrownBy(() -> words.get(1024)).isInstanceOf(UncheckedIOException.class);
      assertThatThrownBy(() -> words.set(1024, 1)).isInstanceOf(UncheckedIOException.class);
      assertThatThrownBy(() -> words.compareAndSet(1024, 0, 1))
          .isInstanceOf(UncheckedIOException.class);
    }
  }

  /// Compiled code reports such a fault at the next safepoint poll. Without one inside `read`, the
  /// error came out of the caller's loop, where nobody expects it.
  @ParameterizedTest
  @ValueSource(strings = {"-XX:-TieredCompilation", "-XX:TieredStopAtLevel=1", "-Xint"})
  void faultIsReportedWhereItHappensInCompiledCode(String compiler) throws IOException {
    try (var child = ChildJvm.start(List.of("-Xbatch", compiler), HotLoop.class, path.toString())) {
      assertThat(child.rest()).isEqualTo("every fault was reported\n");
    }
  }

  /// Reads in a loop until it is compiled, with the reading inlined into it; then pages vanish.
  static final class HotLoop {
    private static final int READS = 1000;
    private static final int LOST =
        READS
            - (int)
                java.util.stream.IntStream.range(0, READS)
                    .filter(i -> position(i) < KEPT_SIZE)
                    .count();

    private HotLoop() {}

    public static void main(String[] arguments) throws IOException {
      var directory = NioStoreDirectory.of(Path.of(arguments[0]));
      byte[] sevens = new byte[FILE_SIZE];
      Arrays.fill(sevens, (byte) 7);
      try (DataFile file = directory.createFile("file");
          DataFile other = directory.openFile("file", true);
          SharedWords words = directory.mapWords("file", FILE_SIZE / Long.BYTES)) {
        file.write(0, sevens, 0, FILE_SIZE);
        ReadMapping mapping = file.map(FILE_SIZE);
        for (int round = 0; round < 60; round++) {
          check(readAll(mapping), 0);
          check(getAll(words), 0);
          check(lookAtAll(mapping.memory()), 0);
          check(writeAll(file, sevens), 0);
        }
        other.truncate(KEPT_SIZE);
        for (int round = 0; round < 5; round++) {
          check(readAll(mapping), LOST);
          check(getAll(words), LOST);
          check(lookAtAll(mapping.memory()), LOST);
          check(writeAll(file, sevens), LOST);
        }
      }
      System.out.println("every fault was reported");
    }

    private static void check(int faults, int expected) {
      if (faults != expected) {
        throw new AssertionError(faults + " faults reported of " + expected);
      }
    }

    private static int readAll(ReadMapping mapping) {
      byte[] target = new byte[128];
      int faults = 0;
      for (int i = 0; i < READS; i++) {
        try {
          mapping.read(position(i), target, 0, 128);
          if (target[5] != 7) {
            throw new AssertionError("read " + target[5]);
          }
        } catch (IOException _) {
          faults++;
        }
      }
      return faults;
    }

    private static int getAll(SharedWords words) {
      int faults = 0;
      for (int i = 0; i < READS; i++) {
        try {
          if (words.get(position(i) / Long.BYTES) != 0x0707_0707_0707_0707L) {
            throw new AssertionError("got something else");
          }
        } catch (UncheckedIOException _) {
          faults++;
        }
      }
      return faults;
    }

    private static int lookAtAll(MemorySegment memory) {
      int faults = 0;
      for (int i = 0; i < READS; i++) {
        try {
          long seen = memory.get(ValueLayout.JAVA_LONG, position(i));
          PageFaults.raise();
          if (seen != 0x0707_0707_0707_0707L) {
            throw new AssertionError("saw something else");
          }
        } catch (InternalError _) {
          faults++;
        }
      }
      return faults;
    }

    private static int writeAll(DataFile file, byte[] sevens) {
      int faults = 0;
      for (int i = 0; i < READS; i++) {
        try {
          file.writeMapped(position(i), sevens, i, 16 << i % 4);
        } catch (IOException _) {
          faults++;
        }
      }
      return faults;
    }

    private static int position(int i) {
      return i * 997 % (FILE_SIZE / 128) * 128;
    }
  }
}
