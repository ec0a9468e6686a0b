package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchPlaceTest {
  @TempDir private Path folder;

  @Test
  void theDirectoryIsForItsOwnerAloneAndGoesWithAllThatIsInIt() throws IOException {
    Path made;
    try (BenchPlace place = BenchPlace.create(folder.toString(), 1)) {
      made = place.directory();
      assertThat(made.getParent()).isEqualTo(folder.toRealPath());
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
          .isEqualTo("rwx------");
      Files.createDirectories(made.resolve("a/b"));
      Files.writeString(made.resolve("a/b/c"), "c");
      assertThat(place.freeBytes()).isPositive();
      assertThat(place.fileSystem()).isNotEmpty();
      assertThat(place.device()).isNotEmpty();
    }

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aDirectoryThatHasGoneMeanwhileIsNoFailure() throws IOException {
    try (BenchPlace place = BenchPlace.create(folder.toString(), 1)) {
      Files.delete(place.directory());
    }

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void nothingIsPutIntoAStore() throws IOException {
    Path store = Files.createDirectory(folder.resolve("store"));
    Files.writeString(store.resolve("MANIFEST"), "precious");

    try (BenchPlace place = BenchPlace.create(store.toString(), 1)) {
      assertThat(place.directory().getParent()).isEqualTo(folder.toRealPath());
    }
    assertThat(store).isDirectoryContaining("glob:**/MANIFEST");
    assertThat(folder).isDirectoryNotContaining("glob:**/" + BenchPlace.PREFIX + "*");
  }

  @Test
  void whereThereIsTooLittleRoomNothingIsMade() {
    assertThatThrownBy(() -> BenchPlace.create(folder.toString(), Long.MAX_VALUE - 1))
        .isInstanceOf(CommandException.class)
        .hasMessageStartingWith("cannot measure in " + folder + ": it takes 8192.0 PiB ")
        .hasMessageEndingWith(" are free; fewer --keys or a smaller --value-size take less");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void theNearestDirectoryIsTheStoreOrAboveIt() {
    assertThat(BenchPlace.nearest(folder)).isEqualTo(folder);
    assertThat(BenchPlace.nearest(folder.resolve("documents/larder"))).isEqualTo(folder);
  }
}
