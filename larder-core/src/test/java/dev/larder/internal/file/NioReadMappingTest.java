package dev.larder.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NioReadMappingTest {
  @TempDir Path path;

  @Test
  void mappingShowsWhatIsWrittenLater() throws IOException {
    try (DataFile file = NioStoreDirectory.of(path).createFile("file")) {
      file.allocate(10_000);
      try (ReadMapping mapping = file.map(9_000)) {
        byte[] target = new byte[4];
        mapping.read(8_000, target, 1, 2);
        assertThat(target).containsExactly(0, 0, 0, 0);

        file.write(8_000, new byte[] {1, 2, 3}, 0, 3);

        mapping.read(8_000, target, 1, 2);
        assertThat(target).containsExactly(0, 1, 2, 0);
        assertThat(mapping.size()).isEqualTo(9_000);
      }
    }
  }

  @Test
  void mappingOutlivesTheFileObjectAndTheName() throws IOException {
    var directory = NioStoreDirectory.of(path);
    DataFile file = directory.createFile("file");
    file.write(0, new byte[] {1, 2, 3}, 0, 3);
    try (ReadMapping mapping = file.map(3)) {
      file.close();
      directory.delete("file");

      byte[] target = new byte[3];
      mapping.read(0, target, 0, 3);
      assertThat(target).containsExactly(1, 2, 3);
    }
  }

  @Test
  void emptyFileIsMapped() throws IOException {
    try (DataFile file = NioStoreDirectory.of(path).createFile("file");
        ReadMapping mapping = file.map(0)) {
      mapping.read(0, new byte[0], 0, 0);
      assertThat(mapping.size()).isZero();
    }
  }

  @Test
  void moreThanTheFileHasIsNotMapped() throws IOException {
    try (DataFile file = NioStoreDirectory.of(path).createFile("file")) {
      file.allocate(100);
      assertThatThrownBy(() -> file.map(101))
          .isInstanceOf(IOException.class)
          .hasMessage("cannot map bytes [0, 101) of file, which has 100");
      assertThat(file.size()).isEqualTo(100);
    }
  }

  @Test
  void readOutsideTheMappingIsRefused() throws IOException {
    try (DataFile file = NioStoreDirectory.of(path).createFile("file")) {
      file.allocate(100);
      try (ReadMapping mapping = file.map(50)) {
        assertThatThrownBy(() -> mapping.read(45, new byte[10], 0, 6))
            .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> mapping.read(-1, new byte[10], 0, 1))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
    }
  }

  @Test
  void closedMappingSaysSo() throws IOException {
    try (DataFile file = NioStoreDirectory.of(path).createFile("file")) {
      file.allocate(100);
      ReadMapping mapping = file.map(100);
      mapping.close();
      mapping.close();

      assertThatExceptionOfType(MappingClosedException.class)
          .isThrownBy(() -> mapping.read(0, new byte[1], 0, 1))
          .withMessage("the mapping of file is closed");
    }
  }

  @Test
  void memoryIsTheMapping() throws IOException {
    try (DataFile file = NioStoreDirectory.of(path).createFile("file")) {
      file.allocate(10_000);
      try (ReadMapping mapping = file.map(9_000)) {
        MemorySegment memory = mapping.memory();
        assertThat(memory.get(ValueLayout.JAVA_BYTE, 8_001)).isZero();

        file.write(8_000, new byte[] {1, 2, 3}, 0, 3);

        assertThat(memory.get(ValueLayout.JAVA_BYTE, 8_001)).isEqualTo((byte) 2);
        assertThat(memory.byteSize()).isEqualTo(9_000);
        assertThat(memory.address() % 4096).isZero();
        assertThat(mapping.memory()).isSameAs(memory);
        assertThatThrownBy(() -> memory.get(ValueLayout.JAVA_BYTE, 9_000))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
    }
  }

  @Test
  void memoryIsForReading() throws IOException {
    try (DataFile file = NioStoreDirectory.of(path).createFile("file")) {
      file.allocate(10);
      try (ReadMapping mapping = file.map(10)) {
        assertThat(mapping.memory().isReadOnly()).isTrue();
        assertThatThrownBy(() -> mapping.memory().set(ValueLayout.JAVA_BYTE, 0, (byte) 1))
            .isInstanceOf(RuntimeException.class);
      }
    }
  }

  @Test
  void memoryEndsWithTheMapping() throws IOException {
    try (DataFile file = NioStoreDirectory.of(path).createFile("file")) {
      file.allocate(100);
      ReadMapping mapping = file.map(100);
      MemorySegment memory = mapping.memory();
      mapping.close();

      assertThatThrownBy(() -> memory.get(ValueLayout.JAVA_BYTE, 0))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> mapping.memory().get(ValueLayout.JAVA_BYTE, 0))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void closingUnderReadersOfTheMemoryHarmsNobody() throws Exception {
    try (DataFile file = NioStoreDirectory.of(path).createFile("file")) {
      byte[] ones = new byte[1 << 16];
      java.util.Arrays.fill(ones, (byte) 1);
      file.write(0, ones, 0, ones.length);
      for (int round = 0; round < 50; round++) {
        ReadMapping mapping = file.map(ones.length);
        var isReading = new CountDownLatch(1);
        var sum = new AtomicInteger();
        var end = new AtomicReference<Throwable>();
        Thread reader =
            Thread.ofPlatform().start(() -> sumUntilClosed(mapping, isReading, sum, end));
        isReading.await();
        mapping.close();
        reader.join();

        assertThat(end.get()).isInstanceOf(IllegalStateException.class);
        assertThat(sum.get()).isEqualTo(ones.length);
      }
    }
  }

  private static void sumUntilClosed(
      ReadMapping mapping,
      CountDownLatch isReading,
      AtomicInteger sum,
      AtomicReference<Throwable> end) {
    MemorySegment memory = mapping.memory();
    try {
      for (int round = 0; round < 20_000; round++) {
        int total = 0;
        for (long i = 0; i < memory.byteSize(); i++) {
          total += memory.get(ValueLayout.JAVA_BYTE, i);
        }
        PageFaults.raise();
        sum.set(total);
        isReading.countDown();
      }
    } catch (Throwable t) {
      end.set(t);
    }
  }

  @Test
  void closingUnderReadersHarmsNobody() throws Exception {
    try (DataFile file = NioStoreDirectory.of(path).createFile("file")) {
      byte[] ones = new byte[1 << 20];
      java.util.Arrays.fill(ones, (byte) 1);
      file.write(0, ones, 0, ones.length);

      var current = new AtomicReference<>(file.map(ones.length));
      var closedCount = new AtomicInteger();
      var failures = new AtomicReference<Throwable>();
      List<Thread> readers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        readers.add(Thread.ofPlatform().start(() -> readUntilNull(current, closedCount, failures)));
      }
      for (int round = 0; round < 50; round++) {
        ReadMapping old = current.get();
        old.close(); // first closed, then replaced, so that every reader meets it
        current.set(file.map(ones.length));
      }
      current.getAndSet(null).close();
      for (Thread reader : readers) {
        reader.join();
      }

      assertThat(failures.get()).isNull();
      assertThat(closedCount.get()).isPositive();
    }
  }

  private static void readUntilNull(
      AtomicReference<ReadMapping> current,
      AtomicInteger closedCount,
      AtomicReference<Throwable> failures) {
    byte[] target = new byte[64 * 1024];
    for (int i = 0; ; i++) {
      ReadMapping mapping = current.get();
      if (mapping == null) {
        return;
      }
      try {
        target[7] = 0;
        mapping.read(i % 16 * (long) target.length, target, 0, target.length);
        assertThat(target[7]).isEqualTo((byte) 1);
      } catch (MappingClosedException _) {
        closedCount.incrementAndGet();
      } catch (Throwable t) {
        failures.set(t);
        return;
      }
    }
  }
}
