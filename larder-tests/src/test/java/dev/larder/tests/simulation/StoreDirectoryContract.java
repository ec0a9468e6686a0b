package dev.larder.tests.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.internal.file.DataFile;
import dev.larder.internal.file.DirectoryLock;
import dev.larder.internal.file.MappingClosedException;
import dev.larder.internal.file.ReadMapping;
import dev.larder.internal.file.SharedWords;
import dev.larder.internal.file.StoreDirectory;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every [StoreDirectory] does, whatever is behind it.
abstract class StoreDirectoryContract {
  private StoreDirectory directory;

  /// {@return a directory that does not exist yet}
  abstract StoreDirectory missing() throws IOException;

  @BeforeEach
  void createDirectory() throws IOException {
    directory = missing();
    assertThat(directory.exists()).isFalse();
    assertThatThrownBy(() -> directory.createFile("x")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> directory.list()).isInstanceOf(IOException.class);
    directory.create();
  }

  @Test
  void createdDirectoryIsEmpty() throws IOException {
    directory.create();
    assertThat(directory.exists()).isTrue();
    assertThat(directory.list()).isEmpty();
    assertThat(directory.freeBytes()).isPositive();
    assertThat(directory.fileSystemType()).isNotNull();
    assertThat(directory.identity()).isEqualTo(directory.identity());
  }

  @Test
  void filesComeAndGo() throws IOException {
    directory.createFile("a").close();
    directory.createFile("b").close();
    assertThat(directory.list()).containsExactlyInAnyOrder("a", "b");

    directory.rename("a", "b");
    directory.force();
    assertThat(directory.list()).containsExactly("b");
    assertThat(directory.size("a")).isEqualTo(-1);
    assertThat(directory.size("b")).isZero();

    directory.delete("b");
    assertThat(directory.list()).isEmpty();
  }

  @Test
  void missingAndTakenNamesAreRefused() throws IOException {
    directory.createFile("a").close();

    assertThatExceptionOfType(FileAlreadyExistsException.class)
        .isThrownBy(() -> directory.createFile("a"));
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> directory.openFile("b", false));
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> directory.rename("b", "c"));
    assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> directory.delete("b"));
    for (String name : new String[] {"", ".", "..", "a/b", "/a", "a/", "\0"}) {
      assertThatThrownBy(() -> directory.createFile(name))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> directory.size(name)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void bytesAreWrittenAndRead() throws IOException {
    try (DataFile file = directory.createFile("a")) {
      file.write(0, bytes("hello world"), 0, 11);
      file.write(6, bytes("xxLardexx"), 2, 5);
      file.force();
      assertThat(read(file, 0, 11)).isEqualTo("hello Larde");
      assertThat(file.size()).isEqualTo(11);
      assertThat(file.name()).isEqualTo("a");
      assertThatExceptionOfType(EOFException.class).isThrownBy(() -> read(file, 5, 7));
    }
    assertThat(directory.size("a")).isEqualTo(11);
  }

  @Test
  void allocationIsZerosAndCutIsFinal() throws IOException {
    try (DataFile file = directory.createFile("a")) {
      file.write(0, bytes("abc"), 0, 3);
      file.allocate(10_000);
      file.allocate(10_000);
      assertThat(file.size()).isEqualTo(10_000);
      assertThat(read(file, 1, 4)).isEqualTo("bc\0\0");
      assertThat(read(file, 9_998, 2)).isEqualTo("\0\0");

      file.truncate(2);
      file.allocate(5_000);
      assertThat(read(file, 0, 4)).isEqualTo("ab\0\0");
      assertThatThrownBy(() -> file.truncate(5_001)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void readingFileIsOnlyRead() throws IOException {
    directory.createFile("a").close();
    try (DataFile file = directory.openFile("a", false)) {
      assertThatThrownBy(() -> file.write(0, new byte[1], 0, 1))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> file.allocate(1)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> file.truncate(0)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(file::force).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void closedFileRefusesEverything() throws IOException {
    DataFile file = directory.createFile("a");
    file.close();
    file.close();

    assertThatThrownBy(() -> file.write(0, new byte[1], 0, 1)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> file.read(0, new byte[1], 0, 1)).isInstanceOf(IOException.class);
    assertThatThrownBy(file::force).isInstanceOf(IOException.class);
    assertThatThrownBy(file::size).isInstanceOf(IOException.class);
  }

  @Test
  void openFileSurvivesTheLossOfItsName() throws IOException {
    try (DataFile file = directory.createFile("a")) {
      file.write(0, bytes("abc"), 0, 3);
      directory.delete("a");
      directory.force();
      directory.createFile("a").close();

      file.write(3, bytes("d"), 0, 1);
      assertThat(read(file, 0, 4)).isEqualTo("abcd");
      assertThat(directory.size("a")).isZero();
    }
  }

  @Test
  void mappingShowsLaterWritesAndOutlivesFileAndName() throws IOException {
    DataFile file = directory.createFile("a");
    file.allocate(10);
    try (ReadMapping mapping = file.map(8)) {
      file.write(3, bytes("x"), 0, 1);
      assertThat(read(mapping, 2, 3)).isEqualTo("\0x\0");
      file.close();
      directory.delete("a");
      assertThat(read(mapping, 3, 1)).isEqualTo("x");
      assertThat(mapping.size()).isEqualTo(8);
      assertThatThrownBy(() -> read(mapping, 3, 6)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void mappingIsMadeThroughTheName() throws IOException {
    try (DataFile file = directory.createFile("a")) {
      file.allocate(10);
      assertThatThrownBy(() -> file.map(11)).isInstanceOf(IOException.class);
      directory.rename("a", "b");
      assertThatThrownBy(() -> file.map(10)).isInstanceOf(IOException.class);
      directory.createFile("a").close();
      assertThatThrownBy(() -> file.map(0)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void closedMappingSaysSo() throws IOException {
    try (DataFile file = directory.createFile("a")) {
      file.allocate(10);
      ReadMapping mapping = file.map(10);
      mapping.close();
      mapping.close();
      assertThatExceptionOfType(MappingClosedException.class).isThrownBy(() -> read(mapping, 0, 1));
    }
  }

  @Test
  void mappingOfACutFileFails() throws IOException {
    try (DataFile file = directory.createFile("a")) {
      file.allocate(100_000);
      try (ReadMapping mapping = file.map(100_000)) {
        file.truncate(0);
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> read(mapping, 90_000, 10));
      }
    }
  }

  @Test
  void lockIsTakenOnceAndGivenBack() throws IOException {
    DirectoryLock lock = directory.tryLock("LOCK");
    assertThat(lock).isNotNull();
    assertThat(lock.isHeld()).isTrue();
    assertThat(directory.tryLock("LOCK")).isNull();
    assertThat(directory.list()).containsExactly("LOCK");

    lock.close();
    lock.close();
    assertThat(lock.isHeld()).isFalse();
    try (DirectoryLock next = directory.tryLock("LOCK")) {
      lock.close();
      assertThat(next.isHeld()).isTrue();
      directory.delete("LOCK");
      assertThat(next.isHeld()).isFalse();
    }
  }

  @Test
  void wordsAreShared() throws IOException {
    SharedWords words = directory.mapWords("words", 4);
    try (SharedWords more = directory.mapWords("words", 1000)) {
      assertThat(directory.size("words")).isEqualTo(8000);
      assertThat(words.get(3)).isZero();
      words.set(3, 7);
      assertThat(more.compareAndSet(3, 6, 8)).isFalse();
      assertThat(more.compareAndSet(3, 7, 8)).isTrue();
      assertThat(words.get(3)).isEqualTo(8);
      assertThat(more.get(999)).isZero();
      assertThatThrownBy(() -> words.get(4)).isInstanceOf(IndexOutOfBoundsException.class);
    }
    words.close();
    words.close();
    assertThatThrownBy(() -> words.get(0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> words.set(0, 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> words.compareAndSet(0, 0, 1))
        .isInstanceOf(IllegalStateException.class);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String read(DataFile file, long position, int count) throws IOException {
    byte[] target = new byte[count];
    file.read(position, target, 0, count);
    return new String(target, StandardCharsets.ISO_8859_1);
  }

  private static String read(ReadMapping mapping, long position, int count) throws IOException {
    byte[] target = new byte[count];
    mapping.read(position, target, 0, count);
    return new String(target, StandardCharsets.ISO_8859_1);
  }
}
