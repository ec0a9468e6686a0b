package dev.larder.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NioDataFileTest {
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

  @Test
  void newFileIsEmpty() throws IOException {
    assertThat(file.name()).isEqualTo("file");
    assertThat(file.size()).isZero();
  }

  @Test
  void whatWasWrittenIsRead() throws IOException {
    file.write(0, bytes("0123456789"), 0, 10);
    file.write(4, bytes("xxABxx"), 2, 2);
    file.force();

    byte[] target = bytes("..........");
    file.read(3, target, 1, 4);
    assertThat(target).isEqualTo(bytes(".3AB6....."));
    assertThat(path.resolve("file")).hasContent("0123AB6789");
  }

  @Test
  void readsAndWritesMayAlternate() throws IOException {
    byte[] target = new byte[3];
    for (int i = 0; i < 100; i++) {
      file.write(i * 3L, new byte[] {(byte) i, 1, 2}, 0, 3);
      file.read(i / 2 * 3L, target, 0, 3);
      assertThat(target).containsExactly(i / 2, 1, 2);
    }
    assertThat(file.size()).isEqualTo(300);
  }

  @Test
  void bigBatchesAreWrittenAndReadWhole() throws IOException {
    byte[] written = new byte[1_000_001];
    for (int i = 0; i < written.length; i++) {
      written[i] = (byte) (i * 31 + i / 997);
    }
    file.write(0, written, 0, written.length);

    byte[] read = new byte[written.length];
    file.read(0, read, 0, read.length);
    assertThat(Arrays.equals(read, written)).isTrue();
    assertThat(file.size()).isEqualTo(written.length);
  }

  @Test
  void readBehindTheEndIsRefused() throws IOException {
    file.write(0, bytes("abc"), 0, 3);
    byte[] target = new byte[10];

    assertThatExceptionOfType(EOFException.class)
        .isThrownBy(() -> file.read(2, target, 0, 2))
        .withMessage("file ends at 3, before 4");
    assertThatExceptionOfType(EOFException.class).isThrownBy(() -> file.read(100, target, 0, 1));
    file.read(3, target, 0, 0);
  }

  @Test
  void rangesOutsideTheArrayAreRefused() {
    assertThatThrownBy(() -> file.write(0, new byte[3], 2, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> file.read(0, new byte[3], -1, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void allocateFillsTheEndWithZeros() throws IOException {
    file.write(0, bytes("abc"), 0, 3);

    file.allocate(300_003);

    assertThat(file.size()).isEqualTo(300_003);
    byte[] content = Files.readAllBytes(path.resolve("file"));
    assertThat(Arrays.copyOf(content, 3)).isEqualTo(bytes("abc"));
    assertThat(Arrays.copyOfRange(content, 3, content.length)).containsOnly(0);
  }

  @Test
  void allocateTakesBlocks() throws Exception {
    file.allocate(1 << 20);
    file.force();

    var du = new ProcessBuilder("du", "-k", path.resolve("file").toString()).start();
    String kibibytes = du.inputReader().readLine().split("\t", -1)[0];
    assertThat(Integer.parseInt(kibibytes)).isGreaterThanOrEqualTo(1024);
  }

  @Test
  void allocateNeverShrinksAndNeverOverwrites() throws IOException {
    file.write(0, bytes("abcdef"), 0, 6);

    file.allocate(3);
    file.allocate(6);

    assertThat(path.resolve("file")).hasContent("abcdef");
  }

  @Test
  void truncateCuts() throws IOException {
    file.write(0, bytes("abcdef"), 0, 6);

    file.truncate(2);
    file.write(2, bytes("X"), 0, 1);

    assertThat(path.resolve("file")).hasContent("abX");
    assertThatThrownBy(() -> file.truncate(4)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void fileOpenedForReadingIsOnlyRead() throws IOException {
    file.write(0, bytes("abc"), 0, 3);
    try (DataFile reading = directory.openFile("file", false)) {
      assertThat(reading.size()).isEqualTo(3);
      assertThatThrownBy(() -> reading.write(0, new byte[1], 0, 1))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> reading.allocate(9)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> reading.truncate(0)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(reading::force).isInstanceOf(IllegalStateException.class);
    }
    assertThat(path.resolve("file")).hasContent("abc");
  }

  @Test
  void fileOpenedForWritingContinues() throws IOException {
    file.write(0, bytes("abc"), 0, 3);
    try (DataFile writing = directory.openFile("file", true)) {
      writing.write(3, bytes("d"), 0, 1);
      writing.force();
    }
    byte[] target = new byte[4];
    file.read(0, target, 0, 4);
    assertThat(target).isEqualTo(bytes("abcd"));
  }

  @Test
  void closedFileRefusesEverything() throws IOException {
    file.close();
    file.close();

    assertThatThrownBy(() -> file.read(0, new byte[1], 0, 1)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> file.write(0, new byte[1], 0, 1)).isInstanceOf(IOException.class);
    assertThatThrownBy(file::force).isInstanceOf(IOException.class);
    assertThatThrownBy(file::size).isInstanceOf(IOException.class);
  }

  @Test
  void errorsNameTheFile() throws IOException {
    file.close();

    assertThatThrownBy(() -> file.write(0, new byte[1], 0, 1)).hasMessageContaining("file");
    assertThatThrownBy(file::force).hasMessageContaining("forcing file");
  }

  @Test
  void threadsDoNotDisturbEachOther() throws InterruptedException, ExecutionException {
    int threads = 4;
    int rounds = 200;
    Callable<Void> work =
        () -> {
          long base = 10_000L * (Thread.currentThread().threadId() % 997);
          byte[] written = new byte[64];
          byte[] read = new byte[64];
          for (int round = 0; round < rounds; round++) {
            Arrays.fill(written, (byte) round);
            file.write(base + round % 10 * 64L, written, 0, 64);
            file.read(base + round % 10 * 64L, read, 0, 64);
            assertThat(read).isEqualTo(written);
          }
          return null;
        };
    try (var executor = Executors.newFixedThreadPool(threads)) {
      List<Future<Void>> all = executor.invokeAll(java.util.Collections.nCopies(threads, work));
      for (Future<Void> one : all) {
        one.get();
      }
    }
  }

  @Test
  void fileWithANewNameIsNotMappedByItsOldOne() throws IOException {
    file.write(0, bytes("abc"), 0, 3);
    directory.rename("file", "other");

    assertThatThrownBy(() -> file.map(3)).isInstanceOf(IOException.class);

    directory.createFile("file").close();
    assertThatThrownBy(() -> file.map(0))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("replaced");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }
}
