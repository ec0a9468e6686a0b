package dev.larder.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Writing through a mapping of the file.
class MappedWriteTest {
  @TempDir Path path;

  private NioStoreDirectory directory;
  private DataFile file;

  @BeforeEach
  void createFile() throws IOException {
    directory = NioStoreDirectory.of(path);
    file = directory.createFile("file");
  }

  @AfterEach
  void closeFile() throws IOException {
    file.close();
  }

  private byte[] content() throws IOException {
    return Files.readAllBytes(path.resolve("file"));
  }

  @Test
  void everyReaderSeesAMappedWrite() throws IOException {
    file.allocate(10_000);
    try (ReadMapping mapping = file.map(10_000)) {
      file.writeMapped(8_190, bytes("xxABCDxx"), 2, 4);
      file.force();

      byte[] read = new byte[6];
      file.read(8_189, read, 0, 6);
      assertThat(read).isEqualTo(bytes("\0ABCD\0"));
      mapping.read(8_189, read, 0, 6);
      assertThat(read).isEqualTo(bytes("\0ABCD\0"));
      assertThat(mapping.memory().get(ValueLayout.JAVA_BYTE, 8_191)).isEqualTo((byte) 'B');
    }
    byte[] content = content();
    assertThat(content).hasSize(10_000);
    assertThat(Arrays.copyOfRange(content, 8_189, 8_195)).isEqualTo(bytes("\0ABCD\0"));
  }

  @Test
  void bothKindsOfWritesMayAlternate() throws IOException {
    var random = new SplittableRandom(5);
    byte[] expected = new byte[3_000_000];
    byte[] source = new byte[700_000];
    int size = 0;
    for (int i = 0; i < 400; i++) {
      random.nextBytes(source);
      if (i % 10 == 0) {
        size = Math.min(expected.length, size + 1 + random.nextInt(150_000));
        file.allocate(size);
      }
      int count = random.nextInt(Math.min(size, i % 40 == 39 ? source.length : 5_000));
      int offset = random.nextInt(source.length - count);
      int position = random.nextInt(size - count + 1);
      if (random.nextBoolean()) {
        file.writeMapped(position, source, offset, count);
      } else {
        file.write(position, source, offset, count);
      }
      System.arraycopy(source, offset, expected, position, count);
    }

    assertThat(Arrays.equals(content(), Arrays.copyOf(expected, size))).isTrue();
  }

  @Test
  void whatIsAllocatedLaterIsMappedLater() throws IOException {
    int steps = 50;
    for (int i = 0; i < steps; i++) {
      file.allocate((i + 1) * 5_000L);
      file.writeMapped(i * 5_000L + 4_990, bytes("0123456789"), 0, 10);
    }

    byte[] content = content();
    for (int i = 0; i < steps; i++) {
      assertThat(new String(content, i * 5_000 + 4_989, 11, StandardCharsets.US_ASCII))
          .isEqualTo("\0" + "0123456789");
    }
  }

  @Test
  void fileNeverGrowsByAMappedWrite() throws IOException {
    byte[] source = new byte[200];
    assertThatThrownBy(() -> file.writeMapped(0, source, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("mapped write of 1 bytes at 0 of file, which ends at 0");
    file.allocate(100);
    for (int round = 0; round < 2; round++) {
      assertThatThrownBy(() -> file.writeMapped(90, source, 0, 11))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> file.writeMapped(101, source, 0, 0))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> file.writeMapped(-1, source, 0, 1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> file.writeMapped(Long.MAX_VALUE, source, 0, 1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> file.writeMapped(0, source, 190, 11))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> file.writeMapped(0, source, 0, -1))
          .isInstanceOf(IndexOutOfBoundsException.class);
      file.writeMapped(0, source, 100, 100);
      file.writeMapped(100, source, 0, 0);
    }
    assertThat(file.size()).isEqualTo(100);
  }

  @Test
  void cutTakesTheMappingAlong() throws IOException {
    file.allocate(10_000);
    file.writeMapped(0, bytes("abc"), 0, 3);
    file.truncate(2);

    assertThatThrownBy(() -> file.writeMapped(2, new byte[1], 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
    file.allocate(9_000);
    file.writeMapped(5_000, bytes("d"), 0, 1);

    byte[] expected = new byte[9_000];
    expected[0] = 'a';
    expected[1] = 'b';
    expected[5_000] = 'd';
    assertThat(content()).isEqualTo(expected);
  }

  @Test
  void fileThatSomebodyElseHasCutIsAnIoException() throws IOException {
    file.allocate(10_000);
    try (DataFile other = directory.openFile("file", true)) {
      other.truncate(4_000);
    }
    assertThatThrownBy(() -> file.writeMapped(3_999, new byte[2], 0, 2))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "mapped write of 2 bytes at 3999 of file, which ends at 4000: somebody else has cut"
                + " it");
    file.writeMapped(3_999, new byte[1], 0, 1);
    assertThatThrownBy(() -> file.writeMapped(9_999, new byte[2], 0, 2))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void closedFileIsNotWritten() throws IOException {
    file.allocate(10);
    file.close();
    assertThatThrownBy(() -> file.writeMapped(0, new byte[1], 0, 1))
        .isInstanceOf(IOException.class);

    DataFile again = directory.openFile("file", true);
    again.writeMapped(0, new byte[1], 0, 1);
    again.close();
    assertThatThrownBy(() -> again.writeMapped(0, new byte[1], 0, 1))
        .isInstanceOf(IOException.class);
  }

  @Test
  void fileOpenedForReadingIsNotWritten() throws IOException {
    file.allocate(10);
    try (DataFile reading = directory.openFile("file", false)) {
      assertThatThrownBy(() -> reading.writeMapped(0, new byte[1], 0, 1))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void anotherFileOfTheSameNameIsNeverWritten() throws IOException {
    file.allocate(10);
    directory.rename("file", "old");
    assertThatThrownBy(() -> file.writeMapped(0, bytes("x"), 0, 1)).isInstanceOf(IOException.class);

    Files.write(path.resolve("file"), bytes("0123456789"));
    assertThatThrownBy(() -> file.writeMapped(0, bytes("x"), 0, 1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("replaced");
    assertThat(path.resolve("file")).hasContent("0123456789");
    assertThat(Files.readAllBytes(path.resolve("old"))).containsOnly(0);
  }

  @Test
  void mappingOutlivesTheName() throws IOException {
    file.allocate(10);
    file.writeMapped(0, bytes("a"), 0, 1);
    directory.delete("file");

    file.writeMapped(1, bytes("b"), 0, 1);

    byte[] read = new byte[2];
    file.read(0, read, 0, 2);
    assertThat(read).isEqualTo(bytes("ab"));
  }

  @Test
  void closingUnderTheWriterHarmsNobody() throws Exception {
    for (int round = 0; round < 30; round++) {
      DataFile shared = directory.createFile("shared");
      shared.allocate(1 << 20);
      var isWriting = new CountDownLatch(1);
      var end = new AtomicReference<Throwable>();
      Thread writer =
          Thread.ofPlatform()
              .start(() -> {
                byte[] source = new byte[100_000];
                try {
                  for (int i = 0; i < 100_000; i++) {
                    shared.writeMapped(i % 9 * 100_000L, source, 0, source.length);
                    isWriting.countDown();
                  }
                } catch (Throwable t) {
                  end.set(t);
                }
              });
      isWriting.await();
      shared.close();
      writer.join();

      assertThat(end.get()).isInstanceOf(IOException.class);
      directory.delete("shared");
    }
  }

  @Test
  void othersReadAndForceMeanwhile() throws Exception {
    int records = 30_000;
    var published = new AtomicLong();
    var isDone = new AtomicBoolean();
    var failure = new AtomicReference<Throwable>();
    file.allocate(64);
    Thread reader = start(failure, () -> readUpTo(records, published));
    Thread forcer =
        start(
            failure,
            () -> {
              while (!isDone.get()) {
                file.force();
                file.size();
              }
            });

    byte[] record = new byte[64];
    MemorySegment segment = MemorySegment.ofArray(record);
    for (int i = 0; i < records; i++) {
      if (i % 1000 == 0) {
        file.allocate((i + 1000L) * 64);
      }
      segment.set(ValueLayout.JAVA_LONG_UNALIGNED, 56, i + 1L);
      file.writeMapped(i * 64L, record, 0, 64);
      published.setRelease(i + 1L);
    }
    reader.join();
    isDone.set(true);
    forcer.join();

    assertThat(failure.get()).isNull();
  }

  private void readUpTo(int records, AtomicLong published) throws IOException {
    ReadMapping mapping = file.map(64);
    byte[] record = new byte[64];
    for (long i = 0; i < records; i++) {
      while (published.getAcquire() <= i) {
        Thread.onSpinWait();
      }
      long end = (i + 1) * 64;
      if (mapping.size() < end) {
        mapping.close();
        mapping = file.map(file.size());
      }
      long inPlace = mapping.memory().get(ValueLayout.JAVA_LONG_UNALIGNED, end - 8);
      PageFaults.raise();
      mapping.read(end - 64, record, 0, 64);
      long copied = MemorySegment.ofArray(record).get(ValueLayout.JAVA_LONG_UNALIGNED, 56);
      assertThat(inPlace).isEqualTo(i + 1);
      assertThat(copied).isEqualTo(i + 1);
      if (i % 500 == 0) {
        file.read(end - 8, record, 0, 8);
        copied = MemorySegment.ofArray(record).get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
        assertThat(copied).isEqualTo(i + 1);
      }
    }
    mapping.close();
  }

  private interface Task {
    void run() throws Exception;
  }

  private static Thread start(AtomicReference<Throwable> failure, Task task) {
    return Thread.ofPlatform()
        .start(() -> {
          try {
            task.run();
          } catch (Throwable t) {
            failure.set(t);
          }
        });
  }

  /// Where forcing the file is not enough, the mapping is forced first.
  @Test
  void mappingCanBeForced() throws IOException {
    file.allocate(10_000);
    try (Arena arena = Arena.ofShared()) {
      var mapping = NioWriteMapping.open(path.resolve("file"), "file", 10_000, arena);
      mapping.write(5_000, bytes("abc"), 0, 3);
      mapping.force();
    }
    assertThat(content()).contains('a', 'b', 'c');
  }

  @Test
  void whatWasWrittenSurvivesAKill() throws IOException {
    try (var child = ChildJvm.start(List.of(), Writer.class, path.toString())) {
      assertThat(child.line()).isEqualTo("written");
      child.kill();
    }

    byte[] content = Files.readAllBytes(path.resolve("of the child"));
    assertThat(content).hasSize(Writer.STEPS * Writer.STEP_BYTES).containsOnly(7);
  }

  /// Fills a file through mappings, and waits to be killed.
  static final class Writer {
    private static final int STEPS = 3;
    private static final int STEP_BYTES = 100_000;

    private Writer() {}

    public static void main(String[] arguments) throws Exception {
      DataFile file = NioStoreDirectory.of(Path.of(arguments[0])).createFile("of the child");
      byte[] sevens = new byte[100];
      Arrays.fill(sevens, (byte) 7);
      for (int step = 0; step < STEPS; step++) {
        file.allocate((step + 1L) * STEP_BYTES);
        for (int i = 0; i < STEP_BYTES; i += sevens.length) {
          file.writeMapped((long) step * STEP_BYTES + i, sevens, 0, sevens.length);
        }
      }
      System.out.println("written");
      new CountDownLatch(1).await();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
