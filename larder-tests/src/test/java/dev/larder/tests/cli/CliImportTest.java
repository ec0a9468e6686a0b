package dev.larder.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Import stores batch by batch and says how far it came; export gives back what was imported.
class CliImportTest {
  @TempDir private Path folder;
  private Cli cli;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder.resolve("store"));
  }

  private static String line(int number) {
    return "{\"key\":\"k%05d\",\"value\":%d}".formatted(number, number);
  }

  private static List<String> lines(int count) {
    var lines = new ArrayList<String>();
    for (int i = 1; i <= count; i++) {
      lines.add(line(i));
    }
    return lines;
  }

  @Test
  void everyLineIsStored() {
    cli.runOn(lines(1_234), "import", "-").prints("stored 1234");
    cli.run("count").prints("1234");
    cli.run("get", "k01234").prints("1234");
  }

  @Test
  void plainProgressSaysWhatIsDurable() {
    cli.runOn(lines(25), "import", "-", "--batch", "10", "--progress", "plain")
        .prints("stored 10", "stored 20", "stored 25");
    assertThat(cli.run("get", "k00025", "--entry").done()).contains("\"version\":3");
  }

  @Test
  void importsOfWholeBatchesEndToo() {
    cli.runOn(lines(20), "import", "-", "--batch", "10", "--progress", "plain")
        .prints("stored 10", "stored 20");
    cli.runOn(new byte[0], "import", "-").prints("stored 0");
  }

  @Test
  void aConflictStopsAtItsBatch() {
    cli.run("put", "k00015", "0").isQuiet();

    cli.runOn(lines(25), "import", "-", "--batch", "10")
        .fails(1, "\"k00015\" (line 15) exists already; stored 10, up to line 10");
    cli.run("count").prints("11");
    cli.run("get", "k00015").prints("0");
  }

  @Test
  void aConflictInTheFirstBatchStoresNothing() {
    cli.runOn(List.of(line(1), line(2), line(1)), "import", "-")
        .fails(1, "\"k00001\" (lines 1, 3) is given more than once; nothing is stored");
    assertThat(cli.store()).doesNotExist();
  }

  @Test
  void skippingLeavesEntriesAlone() {
    cli.run("put", "k00002", "0").isQuiet();

    cli.runOn(
            List.of(line(1), line(2), line(3), "{\"key\":\"k00003\",\"value\":\"again\"}"),
            "import",
            "-",
            "--on-conflict",
            "skip")
        .prints("stored 2, skipped 2");
    cli.run("get", "k00002").prints("0");
    cli.run("get", "k00003").prints("3");
    cli.runOn(lines(3), "import", "-", "--on-conflict=skip").prints("stored 0, skipped 3");
  }

  @Test
  void replacingTakesTheLastLine() {
    cli.run("put", "k00002", "0", "--ttl", "1h").isQuiet();

    cli.runOn(
            List.of(line(1), line(2), line(3), "{\"key\":\"k00003\",\"value\":\"again\"}"),
            "import",
            "-",
            "--on-conflict",
            "replace")
        .prints("stored 4");
    cli.run("get", "k00002").prints("2");
    cli.run("ttl", "k00002").prints("none");
    cli.run("get", "k00003").prints("\"again\"");
  }

  @Test
  void linesThatHaveExpiredAreCounted() {
    cli.runOn(
            List.of(line(1), "{\"key\":\"x\",\"value\":1,\"expiresAt\":\"2001-01-01T00:00:00Z\"}"),
            "import",
            "-")
        .prints("stored 1, expired 1");
    cli.run("list").prints("k00001");
  }

  @Test
  void anImportThatFailsSaysWhereAndHowMuchIsStored() {
    List<String> lines = lines(25);
    lines.set(21, "{\"key\":\"k00022\",\"value\":}");

    cli.runOn(lines, "import", "-", "--batch", "10")
        .failsWith(
            1,
            "line 22: no JSON: unexpected character '}' at column 25;",
            "; stored 20, up to line 20");
    cli.run("count").prints("20");

    lines.set(21, line(22));
    cli.runOn(lines, "import", "-", "--on-conflict", "skip").prints("stored 5, skipped 20");
    cli.run("count").prints("25");
  }

  @Test
  void aPackedFileThatIsCutShortIsNoticed() throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      for (String line : lines(10_000)) {
        gzip.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
    byte[] whole = packed.toByteArray();

    cli.runOn(Arrays.copyOf(whole, whole.length / 2), "import", "-")
        .failsWith(1, ": the compressed file is cut short; stored ", ", up to line ");
    cli.runOn(whole, "import", "-", "--on-conflict", "replace").prints("stored 10000");
  }

  @Test
  void whatIsExportedIsWhatWasImported() throws IOException {
    String key = "\u00fcber\\\\ \\\"\ud83d\ude00\\u0001";
    List<String> lines =
        List.of(
            "{\"key\":\"a\",\"value\":{\"b\":1.50,\"a\":[1e5,-0,\"\\u00e9\\/\"]}}",
            "{\"key\":\"b\",\"value\":null,\"expiresAt\":\"2090-01-01T00:00:00Z\"}",
            "{\"key\":\"c d\",\"value\":\"\u2028 \u00fc\"}",
            "{\"key\":\"" + key + "\",\"value\":false,\"expiresAt\":\"2090-01-01T00:00:00.001Z\"}");
    cli.runOn(lines, "import", "-").prints("stored 4");

    cli.run("export").prints(lines.toArray(String[]::new));
    cli.run("export", "-").prints(lines.toArray(String[]::new));
    Path file = folder.resolve("out.jsonl");
    cli.run("export", file.toString()).isQuiet();
    assertThat(file).hasContent(String.join("\n", lines) + "\n");
    Path packed = folder.resolve("out.jsonl.gz");
    cli.run("export", packed.toString()).isQuiet();
    try (var unpacked = new GZIPInputStream(Files.newInputStream(packed))) {
      assertThat(unpacked.readAllBytes()).isEqualTo(Files.readAllBytes(file));
    }

    var copy = new Cli(folder.resolve("copy"));
    copy.run("import", packed.toString()).prints("stored 4");
    copy.run("export").prints(lines.toArray(String[]::new));
  }

  @Test
  void anExportWithoutAStoreMakesNoFile() {
    Path file = folder.resolve("out.jsonl");

    cli.run("export", file.toString())
        .fails(3, "no store at " + cli.store() + "; the first write creates it");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void anInterruptedImportSaysHowMuchIsStored() {
    Thread.currentThread().interrupt();
    try {
      Cli.Result result = cli.runOn(lines(1_000), "import", "-", "--batch", "10");

      result.failsWith(130, "interrupted; ");
    } finally {
      Thread.interrupted();
    }
  }
}
