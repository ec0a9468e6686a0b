package dev.larder.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NioStoreDirectoryTest {
  @TempDir Path parent;

  private Path path;
  private NioStoreDirectory directory;

  @BeforeEach
  void createDirectory() throws IOException {
    path = parent.resolve("store");
    directory = NioStoreDirectory.of(path);
    directory.create();
  }

  @Test
  void missingDirectoryDoesNotExist() throws IOException {
    assertThat(NioStoreDirectory.of(parent.resolve("none")).exists()).isFalse();
    assertThat(directory.exists()).isTrue();
  }

  @Test
  void fileInPlaceOfTheDirectoryIsRefused() throws IOException {
    Path file = Files.createFile(parent.resolve("file"));

    assertThatExceptionOfType(NotDirectoryException.class)
        .isThrownBy(() -> NioStoreDirectory.of(file).exists());
    assertThatExceptionOfType(NotDirectoryException.class)
        .isThrownBy(() -> NioStoreDirectory.of(file).create());
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> NioStoreDirectory.of(file.resolve("below")).create());
  }

  @Test
  void createMakesMissingParentsForTheOwnerAlone() throws IOException {
    Path deep = parent.resolve("a/b/c");

    NioStoreDirectory.of(deep).create();

    assertThat(mode(parent.resolve("a"))).isEqualTo("rwx------");
    assertThat(mode(parent.resolve("a/b"))).isEqualTo("rwx------");
    assertThat(mode(deep)).isEqualTo("rwx------");
  }

  @Test
  void createIsDoneAgainWithoutHarm() throws IOException {
    directory.createFile("kept").close();

    directory.create();

    assertThat(directory.list()).containsExactly("kept");
  }

  @Test
  void pathIsAbsolute() {
    assertThat(NioStoreDirectory.of(Path.of("relative")).path()).isAbsolute();
  }

  @Test
  void linkToTheDirectoryIsFollowed() throws IOException {
    Path link = Files.createSymbolicLink(parent.resolve("link"), path);
    directory.createFile("file").close();

    assertThat(NioStoreDirectory.of(link).exists()).isTrue();
    assertThat(NioStoreDirectory.of(link).list()).containsExactly("file");
  }

  @Test
  void listNamesEverythingAndFollowsNothing() throws IOException {
    directory.createFile("file").close();
    Files.createDirectory(path.resolve("below"));
    Files.createSymbolicLink(path.resolve("dangling"), parent.resolve("none"));

    assertThat(directory.list()).containsExactlyInAnyOrder("file", "below", "dangling");
  }

  @Test
  void sizeIsMinusOneForAMissingFile() throws IOException {
    assertThat(directory.size("none")).isEqualTo(-1);
    Files.write(path.resolve("file"), new byte[1234]);
    assertThat(directory.size("file")).isEqualTo(1234);
  }

  @Test
  void filesAreMadeForTheOwnerAlone() throws IOException {
    directory.createFile("file").close();
    try (DirectoryLock lock = directory.tryLock("LOCK");
        SharedWords words = directory.mapWords("words", 1)) {
      assertThat(lock).isNotNull();
      assertThat(words.get(0)).isZero();
      assertThat(mode(path.resolve("file"))).isEqualTo("rw-------");
      assertThat(mode(path.resolve("LOCK"))).isEqualTo("rw-------");
      assertThat(mode(path.resolve("words"))).isEqualTo("rw-------");
    }
  }

  @Test
  void fileIsCreatedOnlyOnce() throws IOException {
    directory.createFile("file").close();

    assertThatExceptionOfType(FileAlreadyExistsException.class)
        .isThrownBy(() -> directory.createFile("file"));
  }

  @Test
  void missingFileCannotBeOpenedRenamedOrDeleted() {
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> directory.openFile("none", true));
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> directory.openFile("none", false));
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> directory.rename("none", "other"));
    assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> directory.delete("none"));
  }

  @Test
  void renameReplacesWhatHasTheName() throws IOException {
    Files.writeString(path.resolve("new"), "new");
    Files.writeString(path.resolve("old"), "old");

    directory.rename("new", "old");
    directory.force();

    assertThat(directory.list()).containsExactly("old");
    assertThat(path.resolve("old")).hasContent("new");
  }

  @Test
  void deleteRemovesTheName() throws IOException {
    directory.createFile("file").close();

    directory.delete("file");
    directory.force();

    assertThat(directory.list()).isEmpty();
  }

  @Test
  void linksAreNeverFollowed() throws IOException {
    Path outside = Files.writeString(parent.resolve("outside"), "untouched");
    Files.createSymbolicLink(path.resolve("link"), outside);
    Files.createSymbolicLink(path.resolve("dangling"), parent.resolve("none"));
    directory.createFile("file").close();

    for (String link : new String[] {"link", "dangling"}) {
      assertThatThrownBy(() -> directory.size(link)).isInstanceOf(FileSystemException.class);
      assertThatThrownBy(() -> directory.createFile(link)).isInstanceOf(FileSystemException.class);
      assertThatThrownBy(() -> directory.openFile(link, false))
          .isInstanceOf(FileSystemException.class);
      assertThatThrownBy(() -> directory.openFile(link, true))
          .isInstanceOf(FileSystemException.class);
      assertThatThrownBy(() -> directory.rename(link, "x")).isInstanceOf(FileSystemException.class);
      assertThatThrownBy(() -> directory.delete(link)).isInstanceOf(FileSystemException.class);
      assertThatThrownBy(() -> directory.tryLock(link)).isInstanceOf(FileSystemException.class);
      assertThatThrownBy(() -> directory.mapWords(link, 1)).isInstanceOf(FileSystemException.class);
    }
    directory.rename("file", "link"); // replaces the link, not what it leads to

    assertThat(outside).hasContent("untouched");
    assertThat(parent.resolve("none")).doesNotExist();
    assertThat(directory.size("link")).isZero();
  }

  @Test
  void whatIsNoRegularFileIsRefused() throws Exception {
    Files.createDirectory(path.resolve("below"));
    // Opening a named pipe waits for somebody at its other end, for ever.
    assertThat(new ProcessBuilder("mkfifo", path.resolve("pipe").toString()).start().waitFor())
        .isZero();

    for (String name : new String[] {"below", "pipe"}) {
      assertThatThrownBy(() -> directory.size(name)).isInstanceOf(FileSystemException.class);
      assertThatThrownBy(() -> directory.openFile(name, false))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining(name);
      assertThatThrownBy(() -> directory.openFile(name, true))
          .isInstanceOf(FileSystemException.class);
      assertThatThrownBy(() -> directory.delete(name)).isInstanceOf(FileSystemException.class);
      assertThatThrownBy(() -> directory.tryLock(name)).isInstanceOf(FileSystemException.class);
      assertThatThrownBy(() -> directory.mapWords(name, 1)).isInstanceOf(FileSystemException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "../store/a", "/etc/passwd", "a/", "nul\0"})
  void namesAreFlat(String name) {
    assertThatThrownBy(() -> directory.createFile(name))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> directory.openFile(name, false))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> directory.delete(name)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> directory.rename("a", name))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readingNeedsNoPermissionToWrite() throws IOException {
    Path file = Files.write(path.resolve("file"), new byte[] {7});
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));

    byte[] target = new byte[1];
    try (DataFile opened = directory.openFile("file", false)) {
      opened.read(0, target, 0, 1);
    }

    assertThat(target).containsExactly(7);
  }

  @Test
  void freeBytesAndTypeAreKnownBeforeTheDirectoryExists() throws IOException {
    var missing = NioStoreDirectory.of(parent.resolve("x/y/z"));
    String type = Files.getFileStore(parent).type().toLowerCase(Locale.ROOT);

    assertThat(missing.freeBytes()).isPositive();
    assertThat(missing.fileSystemType()).isEqualTo(type);
    assertThat(directory.fileSystemType()).isEqualTo(type);
  }

  @Test
  void identityIsTheSameOnEveryWay() throws IOException {
    Path link = Files.createSymbolicLink(parent.resolve("link"), path);
    Path other = Files.createDirectory(parent.resolve("other"));

    assertThat(NioStoreDirectory.of(link).identity()).isEqualTo(directory.identity());
    assertThat(NioStoreDirectory.of(path.resolve("../store")).identity())
        .isEqualTo(directory.identity())
        .hasSameHashCodeAs(directory.identity());
    assertThat(NioStoreDirectory.of(other).identity()).isNotEqualTo(directory.identity());
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
