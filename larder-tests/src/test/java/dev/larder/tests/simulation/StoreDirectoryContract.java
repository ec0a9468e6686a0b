package dev.larder.tests.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.internal.file.DataFile;
import dev.larder.internal.file.DirectoryLock;
import dev.larder.internal.file.MappingClosedException;
import dev.larder.internal.file.PageFaults;
import dev.larder.internal.file.ReadMapping;
import dev.larder.internal.file.SharedWords;
import dev.larder.internal.file.StoreDirectory;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.atomic.AtomicReference;
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
  void mappedWriteIsAWrite() throws IOException {
    try (DataFile file = directory.createFile("a")) {
      file.allocate(10_000);
      try (ReadMapping mapping = file.map(10_000)) {
        file.writeMapped(4_090, bytes("xxhello worldxx"), 2, 11);
        file.write(4_096, bytes("Larde"), 0, 5);
        file.writeMapped(4_090, bytes("H"), 0, 1);
        file.force();

        assertThat(read(file, 4_089, 13)).isEqualTo("\0Hello Larde\0");
        assertThat(read(mapping, 4_089, 13)).isEqualTo("\0Hello Larde\0");
      }
      file.allocate(20_000);
      file.writeMapped(19_999, bytes("!"), 0, 1);
      assertThat(read(file, 19_998, 2)).isEqualTo("\0!");
      assertThat(file.size()).isEqualTo(20_000);
    }
  }

  @Test
  void mappedWriteStaysInsideTheFile() throws IOException {
    try (DataFile file = directory.createFile("a")) {
      file.allocate(10);
      for (int round = 0; round < 2; round++) {
        assertThatThrownBy(() -> file.writeMapped(9, new byte[2], 0, 2))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> file.writeMapped(-1, new byte[2], 0, 2))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> file.writeMapped(11, new byte[2], 0, 0))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> file.writeMapped(0, new byte[2], 1, 2))
            .isInstanceOf(IndexOutOfBoundsException.class);
        file.writeMapped(10, new byte[2], 2, 0);
        file.writeMapped(8, new byte[2], 0, 2);
      }
      file.truncate(9);
      assertThatThrownBy(() -> file.writeMapped(9, new byte[1], 0, 1))
          .isInstanceOf(IllegalArgumentException.class);
      file.writeMapped(8, new byte[1], 0, 1);
      assertThat(file.size()).isEqualTo(9);
    }
  }

  @Test
  void mappedWriteIntoAFileCutByOthersFails() throws IOException {
    try (DataFile file = directory.createFile("a");
        DataFile other = directory.openFile("a", true)) {
      file.allocate(100_000);
      other.truncate(50_000);
      assertThatThrownBy(() -> file.writeMapped(90_000, new byte[10], 0, 10))
          .isInstanceOf(IOException.class);
      other.allocate(100_000);
      file.writeMapped(90_000, new byte[10], 0, 10);
      other.truncate(50_000);
      assertThatThrownBy(() -> file.writeMapped(90_000, new byte[10], 0, 10))
          .isInstanceOf(IOException.class);
      file.writeMapped(40_000, bytes("x"), 0, 1);
      assertThat(file.size()).isEqualTo(50_000);
      assertThat(read(other, 40_000, 1)).isEqualTo("x");
    }
  }

  @Test
  void mappedWriteGoesThroughTheNameOnce() throws IOException {
    try (DataFile file = directory.createFile("a");
        DataFile unmapped = directory.openFile("a", true)) {
      file.allocate(10);
      file.writeMapped(0, bytes("a"), 0, 1);
      directory.delete("a");
      directory.createFile("a").close();

      file.writeMapped(1, bytes("b"), 0, 1);
      assertThat(read(unmapped, 0, 3)).isEqualTo("ab\0");
      assertThatThrownBy(() -> unmapped.writeMapped(2, bytes("c"), 0, 1))
          .isInstanceOf(IOException.class);
      file.allocate(20);
      assertThatThrownBy(() -> file.writeMapped(11, bytes("d"), 0, 1))
          .isInstanceOf(IOException.class);
      assertThat(directory.size("a")).isZero();
    }
  }

  @Test
  void readingFileIsOnlyRead() throws IOException {
    directory.createFile("a").close();
    try (DataFile file = directory.openFile("a", false)) {
      assertThatThrownBy(() -> file.write(0, new byte[1], 0, 1))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> file.writeMapped(0, new byte[1], 0, 0))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> file.allocate(1)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> file.truncate(0)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(file::force).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void closedFileRefusesEverything() throws IOException {
    DataFile file = directory.createFile("a");
    file.allocate(10);
    file.writeMapped(0, new byte[1], 0, 1);
    file.close();
    file.close();

    assertThatThrownBy(() -> file.writeMapped(0, new byte[1], 0, 1))
        .isInstanceOf(IOException.class);
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
  void memoryShowsLaterChangesAndEndsWithTheMapping() throws IOException {
    DataFile file = directory.createFile("a");
    file.write(0, bytes("abc"), 0, 3);
    file.allocate(10_000);
    ReadMapping mapping = file.map(9_000);
    MemorySegment memory = mapping.memory();
    assertThat(read(memory, 0, 4)).isEqualTo("abc\0");
    assertThat(memory.byteSize()).isEqualTo(9_000);
    assertThat(memory.address() % 4096).isZero();
    assertThat(memory.isReadOnly()).isTrue();
    assertThat(mapping.memory()).isSameAs(memory);

    file.write(2, bytes("xyz"), 0, 3);
    file.writeMapped(8_999, bytes("12"), 0, 2);
    assertThat(read(memory, 0, 6)).isEqualTo("abxyz\0");
    assertThat(read(memory, 8_998, 2)).isEqualTo("\0" + "1");
    file.truncate(3);
    file.allocate(9_000);
    assertThat(read(memory, 0, 6)).isEqualTo("abx\0\0\0");
    file.close();
    directory.delete("a");
    assertThat(read(memory, 0, 2)).isEqualTo("ab");

    mapping.close();
    assertThatThrownBy(() -> read(memory, 0, 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> read(mapping.memory(), 0, 1))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void memoryMayBeAskedForWhenTheMappingIsClosed() throws IOException {
    try (DataFile file = directory.createFile("a")) {
      file.allocate(10);
      ReadMapping mapping = file.map(10);
      mapping.close();
      assertThatThrownBy(() -> read(mapping.memory(), 0, 1))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void memoryIsReadByAllThreads() throws Exception {
    try (DataFile file = directory.createFile("a")) {
      file.allocate(100);
      try (ReadMapping mapping = file.map(100)) {
        var seen = new AtomicReference<String>();
        Thread.ofPlatform().start(() -> seen.set(read(mapping.memory(), 10, 1))).join();
        assertThat(seen.get()).isEqualTo("\0");
        file.writeMapped(10, bytes("x"), 0, 1);
        Thread.ofPlatform().start(() -> seen.set(read(mapping.memory(), 10, 1))).join();
        assertThat(seen.get()).isEqualTo("x");
      }
    }
  }

  @Test
  void privateMappingIsOnesOwn() throws IOException {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment memory;
      try (DataFile file = directory.createFile("a")) {
        file.allocate(10_000);
        file.write(5_000, bytes("hello"), 0, 5);
        assertThatThrownBy(() -> file.mapPrivate(5_000, 5_001, arena))
            .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> file.mapPrivate(-1, 1, arena))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> file.mapPrivate(Long.MAX_VALUE, 1, arena))
            .isInstanceOf(IllegalArgumentException.class);
        assertThat(file.mapPrivate(10_000, 0, arena).byteSize()).isZero();

        memory = file.mapPrivate(4_999, 5_001, arena);
        assertThat(memory.byteSize()).isEqualTo(5_001);
        assertThat(memory.address() % 4096).isEqualTo(4_999 % 4096);
        memory.set(ValueLayout.JAVA_BYTE, 1, (byte) 'H');
        assertThat(read(file, 4_999, 7)).isEqualTo("\0hello\0");
      }
      directory.delete("a");
      assertThat(read(memory, 0, 7)).isEqualTo("\0Hello\0");
    }
  }

  @Test
  void privateMappingIsMadeThroughTheName() throws IOException {
    try (DataFile file = directory.createFile("a");
        Arena arena = Arena.ofShared()) {
      file.allocate(10);
      directory.delete("a");
      assertThatThrownBy(() -> file.mapPrivate(0, 10, arena)).isInstanceOf(IOException.class);
      directory.createFile("a").close();
      assertThatThrownBy(() -> file.mapPrivate(0, 0, arena)).isInstanceOf(IOException.class);
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

  private static String read(MemorySegment memory, long position, int count) {
    byte[] target = memory.asSlice(position, count).toArray(ValueLayout.JAVA_BYTE);
    PageFaults.raise();
    return new String(target, StandardCharsets.ISO_8859_1);
  }

  private static String read(ReadMapping mapping, long position, int count) throws IOException {
    byte[] target = new byte[count];
    mapping.read(position, target, 0, count);
    return new String(target, StandardCharsets.ISO_8859_1);
  }
}
