package dev.larder.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateMappingTest {
  @TempDir Path path;

  private NioStoreDirectory directory;
  private DataFile file;
  private byte[] content;

  @BeforeEach
  void createFile() throws IOException {
    directory = NioStoreDirectory.of(path);
    content = new byte[600_000];
    new SplittableRandom(1).nextBytes(content);
    file = directory.createFile("file");
    file.write(0, content, 0, content.length);
  }

  @AfterEach
  void closeFile() throws IOException {
    file.close();
  }

  private static byte[] bytes(MemorySegment memory) {
    return memory.toArray(ValueLayout.JAVA_BYTE);
  }

  @Test
  void writingTheMemoryLeavesTheFileAlone() throws IOException {
    try (Arena arena = Arena.ofShared();
        ReadMapping mapping = file.map(content.length)) {
      MemorySegment memory = file.mapPrivate(0, content.length, arena);
      assertThat(bytes(memory)).isEqualTo(content);

      memory.fill((byte) 7);

      assertThat(bytes(memory)).containsOnly(7);
      assertThat(bytes(mapping.memory())).isEqualTo(content);
      MemorySegment other = file.mapPrivate(0, content.length, arena);
      assertThat(bytes(other)).isEqualTo(content);
      file.force();
    }
    assertThat(Files.readAllBytes(path.resolve("file"))).isEqualTo(content);
  }

  @Test
  void memoryOutlivesTheFileAndItsName() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = file.mapPrivate(0, content.length, arena);
      file.close();
      directory.rename("file", "other");
      directory.delete("other");

      memory.set(ValueLayout.JAVA_BYTE, 0, (byte) (content[0] + 1));
      content[0]++;
      assertThat(bytes(memory)).isEqualTo(content);
    }
  }

  @Test
  void anyPartIsMapped() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      for (int offset : new int[] {1, 4095, 4096, 300_007}) {
        MemorySegment memory = file.mapPrivate(offset, 100_001, arena);
        assertThat(memory.byteSize()).isEqualTo(100_001);
        assertThat(memory.address() % 4096).isEqualTo(offset % 4096);
        assertThat(memory.mismatch(MemorySegment.ofArray(content).asSlice(offset, 100_001)))
            .isEqualTo(-1);
      }
      assertThat(file.mapPrivate(content.length, 0, arena).byteSize()).isZero();
    }
  }

  @Test
  void moreThanTheFileHasIsNotMapped() {
    try (Arena arena = Arena.ofConfined()) {
      assertThatThrownBy(() -> file.mapPrivate(599_990, 11, arena))
          .isInstanceOf(IOException.class)
          .hasMessage("cannot map bytes [599990, 600001) of file, which has 600000");
      assertThatThrownBy(() -> file.mapPrivate(-1, 11, arena))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> file.mapPrivate(1, -1, arena))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void anotherFileOfTheSameNameIsNotMapped() throws IOException {
    directory.rename("file", "old");
    try (Arena arena = Arena.ofConfined()) {
      assertThatThrownBy(() -> file.mapPrivate(0, 1, arena)).isInstanceOf(IOException.class);
      Files.write(path.resolve("file"), content);
      assertThatThrownBy(() -> file.mapPrivate(0, 1, arena))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("replaced");
    }
  }

  @Test
  void memoryEndsWithItsArena() throws IOException {
    MemorySegment memory;
    try (Arena arena = Arena.ofConfined()) {
      memory = file.mapPrivate(0, 100, arena);
    }
    assertThatThrownBy(() -> memory.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void fileThatMayOnlyBeReadIsMappedAsWell() throws IOException {
    if (Files.getFileStore(path).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(
          path.resolve("file"), PosixFilePermissions.fromString("r--------"));
    }
    try (DataFile reading = directory.openFile("file", false);
        Arena arena = Arena.ofConfined()) {
      MemorySegment memory = reading.mapPrivate(4_099, 555_555, arena);
      assertThat(memory.mismatch(MemorySegment.ofArray(content).asSlice(4_099, 555_555)))
          .isEqualTo(-1);
      assertThat(memory.address() % 4096).isEqualTo(3);
      memory.fill((byte) 0);
      assertThatThrownBy(() -> reading.mapPrivate(599_990, 11, arena))
          .isInstanceOf(IOException.class);
    }
    assertThat(Files.readAllBytes(path.resolve("file"))).isEqualTo(content);
  }
}
