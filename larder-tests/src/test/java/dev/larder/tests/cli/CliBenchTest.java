package dev.larder.tests.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `bench`, with as little time as it takes.
class CliBenchTest {
  @TempDir private Path folder;
  private Cli cli;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder.resolve("store"));
  }

  private static Map<String, Integer> contents(Path directory) throws IOException {
    var contents = new TreeMap<String, Integer>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        contents.put(file.getFileName().toString(), Arrays.hashCode(Files.readAllBytes(file)));
      }
    }
    return contents;
  }

  @Test
  void peopleGetATableOfTheDeviceAndThenOfLarder() {
    String[] titles = {
      "device, 4 KiB forced",
      "device, sequential write",
      "durable put, 1 thread",
      "durable put, 8 threads",
      "durable batch of 100",
      "put at level OS",
      "load",
      "read, hit",
      "read, miss",
      "range of 100",
      "scan",
      "open after close"
    };

    String table = cli.run("bench", "--seconds", "1", "--keys", "300", folder.toString()).done();

    assertThat(table.lines().skip(9).map(line -> line.substring(0, 24).strip()))
        .containsExactly(titles);
    assertThat(table)
        .startsWith("larder ")
        .contains("\ndirectory          " + folder + "\n")
        .containsPattern("\nkeys +300 of 16 bytes with values of 100 bytes")
        .containsPattern(
            "\ndurable put, 1 thread +[0-9,.]+ puts/s( +[0-9.,]+ [num]?s){4} +[0-9.]+\n");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void programsGetOneObject() {
    String line =
        cli.run("bench", "--seconds=1", "--keys=300", "--value-size=1000", "--json").done();

    assertThat(line.lines()).hasSize(1);
    assertThat(line)
        .contains("\"directory\":\"" + folder + "\"", "\"keys\":300,", "\"valueSize\":1000,")
        .containsPattern(
            "\"durablePut1\":\\{\"unit\":\"puts\",\"count\":[1-9].*\"ofDevice\":[0-9.]+");
    assertThat(folder).isEmptyDirectory();
    cli.runOn(line.getBytes(US_ASCII), "put", "result", "-").isQuiet(); // refuses what is no JSON
  }

  @Test
  void aStoreThatExistsIsNeitherOpenedNorChanged() throws IOException {
    cli.run("put", "a", "1").isQuiet();
    Map<String, Integer> before = contents(cli.store());

    cli.run("bench", "--seconds", "1", "--keys", "100").done();
    String named = cli.store().toString();
    assertThat(cli.run("bench", "--seconds", "1", "--keys", "100", named).done())
        .contains("\ndirectory          " + folder + "\n");

    assertThat(contents(cli.store())).isEqualTo(before);
    assertThat(folder).isDirectoryContaining(cli.store()::equals);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void whereNothingCanBeMeasuredIsSaidAtOnce() throws IOException {
    Path file = Files.writeString(folder.resolve("letter.txt"), "precious");
    Path missing = folder.resolve("missing");

    cli.run("bench", missing.toString())
        .fails(3, "cannot measure in " + missing + ": no such directory");
    cli.run("bench", file.toString()).fails(3, "cannot measure in " + file + ": not a directory");
    // Even the administrator may not create folders there.
    cli.run("bench", "/proc").failsWith(3, "cannot measure in /proc: ");
    cli.run("bench", "--keys", "1000000000", "--value-size", "1048576", folder.toString())
        .failsWith(3, "cannot measure in " + folder + ": it takes ", " bytes) are free; ");
    assertThat(file).hasContent("precious");
    assertThat(missing).doesNotExist();
  }

  @Test
  void whoInterruptsItLeavesNothing() {
    Thread.currentThread().interrupt();
    Cli.Result interrupted = cli.run("bench", "--seconds", "60", folder.toString());
    assertThat(Thread.interrupted()).isTrue();

    interrupted.fails(130, "interrupted");
    assertThat(folder).isEmptyDirectory();
  }
}
