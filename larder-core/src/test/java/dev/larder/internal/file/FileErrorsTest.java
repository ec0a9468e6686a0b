package dev.larder.internal.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.internal.base.DiskFullException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileErrorsTest {
  @TempDir Path path;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "No space left on device",
        "Disk quota exceeded",
        "File too large",
        "There is not enough space on the disk"
      })
  void fullDiskIsToldFromItsText(String text) {
    assertThat(FileErrors.explain("writing file", new IOException(text)))
        .isInstanceOf(DiskFullException.class)
        .hasMessage("writing file: " + text);
    assertThat(FileErrors.explain("x", new FileSystemException("file", null, text)))
        .isInstanceOf(DiskFullException.class);
  }

  @Test
  void everythingElseIsAnErrorThatNamesTheFile() {
    assertThat(FileErrors.explain("forcing file", new IOException("Input/output error")))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("forcing file: Input/output error");
    assertThat(FileErrors.explain("forcing file", new IOException()))
        .hasMessage("forcing file: IOException");
  }

  @Test
  void typesOfErrorsAreKept() {
    var denied = new AccessDeniedException("file");
    assertThat(FileErrors.explain("x", denied)).isSameAs(denied);
  }

  /// The operating system's texts are in the user's language.
  @Test
  void fullDiskIsToldFromItsFreeSpaceWhereTheTextIsForeign() {
    var error = new IOException("Kein Speicherplatz mehr verf\u00fcgbar");

    assertThat(FileErrors.explainWrite("x", error, path, Long.MAX_VALUE - 1))
        .isInstanceOf(DiskFullException.class);
    assertThat(FileErrors.explainWrite("x", error, path, 1)).isExactlyInstanceOf(IOException.class);
  }

  @Test
  void limitOnFileSizesIsAFullDisk() throws IOException {
    List<String> command =
        ChildJvm.command(List.of("-XX:TieredStopAtLevel=1"), Allocate.class, path.toString());
    String limited = "ulimit -f 2048 && exec \"$@\""; // in blocks of 512 bytes or 1 KiB

    List<String> shell = new java.util.ArrayList<>(List.of("sh", "-c", limited, "sh"));
    shell.addAll(command);
    try (var child = ChildJvm.start(shell)) {
      assertThat(child.rest()).isEqualTo("writing file: File too large\n");
    }
  }

  /// Allocates more than it may.
  static final class Allocate {
    private Allocate() {}

    public static void main(String[] arguments) throws IOException {
      try (DataFile file = NioStoreDirectory.of(Path.of(arguments[0])).createFile("file")) {
        file.allocate(16 << 20);
      } catch (DiskFullException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
