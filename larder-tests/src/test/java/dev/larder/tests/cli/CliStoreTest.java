package dev.larder.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The commands about the store as a whole, and stores that cannot be used: exit code 3.
class CliStoreTest {
  @TempDir private Path folder;
  private Cli cli;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder.resolve("store"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "read k",
        "get k",
        "remove k",
        "delete k",
        "update k 1",
        "ttl k",
        "expire k 5s",
        "persist k",
        "list",
        "count",
        "export",
        "stats",
        "verify",
        "compact",
        "purge-expired"
      })
  void whereThereIsNoStoreCommandsSaySoAndCreateNone(String line) {
    cli.run(line.split(" "))
        .fails(3, "no store at " + cli.store() + "; the first write creates it");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFileIsNoStore() throws IOException {
    Files.writeString(cli.store(), "precious");

    for (String line : List.of("put k 1", "get k", "verify", "stats")) {
      cli.run(line.split(" ")).failsWith(3, cli.store().toString());
    }
    assertThat(cli.store()).hasContent("precious");
  }

  @Test
  void aFolderWithOtherThingsIsNoStore() throws IOException {
    Files.createDirectory(cli.store());
    Path precious = Files.writeString(cli.store().resolve("letter.txt"), "precious");

    for (String line : List.of("put k 1", "get k", "verify", "stats")) {
      cli.run(line.split(" ")).failsWith(3, cli.store().toString());
    }
    assertThat(precious).hasContent("precious");
    assertThat(cli.store()).isDirectoryContaining(precious::equals);
    try (Stream<Path> files = Files.list(cli.store())) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void aFolderThatMayNotBeWrittenIsNamed() {
    // Even the administrator may not create folders there.
    var closed = new Cli(Path.of("/proc/larder"));

    closed.run("put", "k", "1").failsWith(3, "/proc/larder");
  }

  @Test
  void damageIsFoundAndNotReturned() throws IOException {
    String value = "\"" + "precious ".repeat(100) + "\"";
    cli.run("put", "k", value).isQuiet();
    cli.run("verify").done();
    damage("precious precious");

    cli.run("get", "k").failsWith(3, "damaged");
    Cli.Result result = cli.run("verify");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).startsWith("larder: ").contains("damaged");
    assertThat(result.out()).containsPattern("\\.segment at position \\d+: ");
  }

  /// Changes a byte in the middle of a text that the store's files hold.
  private void damage(String text) throws IOException {
    try (Stream<Path> files = Files.list(cli.store())) {
      for (Path file : files.toList()) {
        byte[] bytes = Files.readAllBytes(file);
        int position = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
        if (position >= 0) {
          bytes[position + text.length() / 2] ^= 1;
          Files.write(file, bytes);
          return;
        }
      }
    }
    throw new AssertionError("no file holds the text");
  }

  @Test
  void aSoundStoreIsCalledSo() {
    cli.run("put", "a", "1").isQuiet();
    cli.run("put", "b", "1").isQuiet();

    assertThat(cli.run("verify").done())
        .contains("sound: ", " files, ", " bytes", "2 commits, 2 entries");
  }

  @Test
  void figuresAreForPeopleAndPrograms() {
    cli.run("put", "a", "1").isQuiet();

    assertThat(cli.run("stats").done())
        .contains("store              " + cli.store() + "\n")
        .contains("backend            log\n")
        .contains("entries            1\n")
        .contains("limit              1.0 GiB (1,073,741,824 bytes)\n")
        .containsPattern("\nlive +[0-9]+ +[0-9.]+%  #+\n")
        .containsPattern("\nsuperseded +0 +0\\.0%\n")
        .containsPattern("\ndirectory +[0-9,]+\n")
        .containsPattern("\nindex +.* bytes for each of 2 keys\n");
    assertThat(cli.run("stats", "--json").done())
        .startsWith("{\"store\":\"" + cli.store() + "\",\"backend\":\"log\",\"entries\":1,")
        .contains("\"durableVersion\":1,")
        .contains("\"space\":{\"live\":")
        .endsWith("}}\n");
  }

  @Test
  void compactionSaysWhatItGaveBack() {
    cli.run("put", "a", "1").isQuiet();

    assertThat(cli.run("compact").done()).startsWith("gave back ").contains("; the store takes ");
    cli.run("get", "a").prints("1");
  }
}
