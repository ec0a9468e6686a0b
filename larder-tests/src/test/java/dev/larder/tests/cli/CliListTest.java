package dev.larder.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Listing, counting and exporting.
class CliListTest {
  @TempDir private Path folder;
  private Cli cli;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder.resolve("store"));
    cli.runOn(
            List.of(
                "{\"key\":\"DE.2\",\"value\":2}",
                "{\"key\":\"FR.1\",\"value\":{\"a\":1.0}}",
                "{\"key\":\"DE.1\",\"value\":1}",
                "{\"key\":\"GB.1\",\"value\":\"x\",\"expiresAt\":\"2090-01-02T03:04:05.678Z\"}",
                "{\"key\":\"FR.2\",\"value\":null}"),
            "batch-create",
            "-")
        .isQuiet();
  }

  @Test
  void keysComeInOrder() {
    cli.run("list").prints("DE.1", "DE.2", "FR.1", "FR.2", "GB.1");
    cli.run("list", "--reverse").prints("GB.1", "FR.2", "FR.1", "DE.2", "DE.1");
    cli.run("list", "--limit", "2").prints("DE.1", "DE.2");
    cli.run("list", "--reverse", "--limit", "1").prints("GB.1");
    cli.run("list", "--limit", "0").isQuiet();
  }

  @Test
  void fromIsInclusiveAndToExclusive() {
    cli.run("list", "--from", "DE.2", "--to", "FR.2").prints("DE.2", "FR.1");
    cli.run("list", "--from", "DE.2", "--to", "FR.2", "--reverse").prints("FR.1", "DE.2");
    cli.run("list", "--from", "E").prints("FR.1", "FR.2", "GB.1");
    cli.run("list", "--to", "DE.2").prints("DE.1");
    cli.run("list", "--from", "Z").isQuiet();
    cli.run("list", "--from", "F", "--to", "E").isQuiet();
  }

  @Test
  void prefixesJoinWithRanges() {
    cli.run("list", "--prefix", "FR.").prints("FR.1", "FR.2");
    cli.run("list", "--prefix", "FR.", "--from", "FR.2").prints("FR.2");
    cli.run("list", "--prefix", "FR.", "--reverse").prints("FR.2", "FR.1");
    cli.run("list", "--prefix", "").prints("DE.1", "DE.2", "FR.1", "FR.2", "GB.1");
    cli.run("list", "--prefix", "XX").isQuiet();
  }

  @Test
  void entriesAreJsonLines() {
    cli.run("list", "--values", "--from", "FR")
        .prints(
            "{\"key\":\"FR.1\",\"value\":{\"a\":1.0}}",
            "{\"key\":\"FR.2\",\"value\":null}",
            "{\"key\":\"GB.1\",\"value\":\"x\",\"expiresAt\":\"2090-01-02T03:04:05.678Z\"}");
  }

  @Test
  void whatListPrintsBatchCreateAndImportTakeBack() {
    String lines = cli.run("list", "--values").done();

    var created = new Cli(folder.resolve("created"));
    created.runOn(lines.lines().toList(), "batch-create", "-").isQuiet();
    assertThat(created.run("list", "--values").done()).isEqualTo(lines);

    var imported = new Cli(folder.resolve("imported"));
    imported.runOn(lines.lines().toList(), "import", "-").prints("stored 5");
    assertThat(imported.run("export").done()).isEqualTo(lines);
  }

  @Test
  void countsAreNumbers() {
    cli.run("count").prints("5");
    cli.run("count", "--prefix", "FR.").prints("2");
    cli.run("count", "--prefix", "XX").prints("0");
  }

  @Test
  void oddKeysAreJsonStrings() {
    cli.run("put", "\"quoted\"", "1").isQuiet();
    cli.run("put", "a\nb", "1").isQuiet();
    cli.run("put", "in \"the\" middle", "1").isQuiet();

    cli.run("list", "--to", "D").prints("\"\\\"quoted\\\"\"");
    cli.run("list", "--from", "a").prints("\"a\\nb\"", "in \"the\" middle");
    cli.run("list", "--from", "a", "--to", "b", "--values")
        .prints("{\"key\":\"a\\nb\",\"value\":1}");
  }

  @Test
  void orderIsThatOfCharacters() {
    cli.run("put", "\uffee", "1").isQuiet();
    cli.run("put", "\ud83d\ude00", "1").isQuiet(); // above U+FFEE, although its UTF-16 is below

    cli.run("list", "--from", "\u00fc").prints("\uffee", "\ud83d\ude00");
  }
}
