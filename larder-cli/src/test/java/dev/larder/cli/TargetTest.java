package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetTest {
  @TempDir private Path folder;

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theFileIsThereOnlyWhenItIsComplete() throws IOException {
    Path file = folder.resolve("out");
    try (Target target = Target.open(file.toString())) {
      target.output().line("a");
      assertThat(file).doesNotExist();
      target.complete();
    }

    assertThat(file).hasContent("a\n");
    assertThat(names()).containsExactly("out");
  }

  @Test
  void anAbandonedFileLeavesTheOldOneAlone() throws IOException {
    Path file = Files.writeString(folder.resolve("out"), "old");
    try (Target target = Target.open(file.toString())) {
      target.output().line("half");
    }

    assertThat(file).hasContent("old");
    assertThat(names()).containsExactly("out");
  }

  @Test
  void theEndingDecidesOnCompression() throws IOException {
    Path file = folder.resolve("out.GZ");
    try (Target target = Target.open(file.toString())) {
      target.output().line("packed");
      target.complete();
    }

    try (var unpacked = new GZIPInputStream(Files.newInputStream(file))) {
      assertThat(new String(unpacked.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
          .isEqualTo("packed\n");
    }
  }

  @Test
  void aLinkStaysALink() throws IOException {
    Path real = Files.writeString(folder.resolve("real"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    try (Target target = Target.open(link.toString())) {
      target.output().line("new");
      target.complete();
    }

    assertThat(link).isSymbolicLink().hasContent("new\n");
    assertThat(real).hasContent("new\n");
  }

  @Test
  void whatIsNoFileIsWrittenToAndNotReplaced() {
    try (Target target = Target.open("/dev/null")) {
      target.output().line("gone");
      target.complete();
    }

    assertThat(Path.of("/dev/null")).exists();
    assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
  }

  @Test
  void whatCannotBeWrittenIsNamed() {
    assertThatThrownBy(() -> Target.open(folder.toString()))
        .hasMessage("cannot write %s: it is a directory", folder);
    String below = folder.resolve("missing").resolve("out").toString();
    assertThatThrownBy(() -> Target.open(below)).hasMessage("cannot write %s: no such file", below);
  }
}
