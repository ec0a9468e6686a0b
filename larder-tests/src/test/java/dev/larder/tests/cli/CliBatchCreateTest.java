package dev.larder.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A batch is stored whole or not at all, and the one line that refuses it names every offender.
class CliBatchCreateTest {
  @TempDir private Path folder;
  private Cli cli;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder.resolve("store"));
  }

  private Cli.Result batch(String... lines) {
    return cli.runOn(List.of(lines), "batch-create", "-");
  }

  @Test
  void aBatchIsStoredInOneCommit() {
    batch(
            "{\"key\":\"b\",\"value\":[1, 2]}",
            "",
            "  ",
            "{\"value\":\"x\",\"key\":\"a\",\"ttl\":60}")
        .isQuiet();

    cli.run("list").prints("a", "b");
    assertThat(cli.run("read", "a", "--entry").done()).contains("\"version\":1,\"expiresAt\":\"20");
    assertThat(cli.run("read", "b", "--entry").done()).contains("[1,2],\"version\":1");
  }

  @Test
  void filesMayBePacked() throws IOException {
    Path plain = Files.writeString(folder.resolve("plain"), "{\"key\":\"a\",\"value\":1}\n");
    Path packed = folder.resolve("packed");
    try (var gzip = new GZIPOutputStream(Files.newOutputStream(packed))) {
      gzip.write("{\"key\":\"b\",\"value\":2}".getBytes(StandardCharsets.UTF_8));
    }

    cli.run("batch-create", plain.toString()).isQuiet();
    cli.run("batch-create", packed.toString()).isQuiet();
    cli.run("list", "--values")
        .prints("{\"key\":\"a\",\"value\":1}", "{\"key\":\"b\",\"value\":2}");
  }

  @Test
  void everyOffenderIsNamedAndNothingIsStored() {
    batch("{\"key\":\"a\",\"value\":1}", "{\"key\":\"b\",\"value\":1}").isQuiet();

    batch(
            "{\"key\":\"new\",\"value\":2}",
            "{\"key\":\"b\",\"value\":2}",
            "{\"key\":\"twice\",\"value\":2}",
            "{\"key\":\"a\",\"value\":2}",
            "{\"key\":\"twice\",\"value\":2}",
            "{\"key\":\"thrice\",\"value\":2}",
            "{\"key\":\"thrice\",\"value\":2}",
            "{\"key\":\"thrice\",\"value\":2}")
        .fails(
            1,
            "\"b\" (line 2), \"a\" (line 4) exist already; \"twice\" (lines 3, 5),"
                + " \"thrice\" (lines 6, 7, 8) are given more than once; nothing is stored");
    cli.run("list", "--values")
        .prints("{\"key\":\"a\",\"value\":1}", "{\"key\":\"b\",\"value\":1}");
  }

  @Test
  void moreThanTenOffendersAreAllNamed() {
    var lines = new ArrayList<String>();
    for (int i = 10; i < 40; i++) {
      lines.add("{\"key\":\"k" + i + "\",\"value\":1}");
    }
    cli.runOn(lines, "batch-create", "-").isQuiet();

    Cli.Result result = cli.runOn(lines, "batch-create", "-");
    result.failsWith(1, "\"k10\" (line 1), ", ", \"k39\" (line 30) exist already");
    for (int i = 10; i < 40; i++) {
      assertThat(result.err()).contains("\"k" + i + "\" (line ");
    }
  }

  @Test
  void aDuplicateInAStoreThatDoesNotExistYetCreatesNone() {
    batch("{\"key\":\"a\",\"value\":1}", "{\"key\":\"a\",\"value\":2}")
        .fails(1, "\"a\" (lines 1, 2) is given more than once; nothing is stored");
    assertThat(cli.store()).doesNotExist();
  }

  @Test
  void aWrongLineIsNamedAndNothingIsStored() {
    String good = "{\"key\":\"good\",\"value\":1}";

    batch(good, "{\"key\":\"\",\"value\":1}").fails(1, "line 2: a key must not be empty");
    batch(good, "", "{\"key\":\"a\",\"value\":}").failsWith(1, "line 3: no JSON: unexpected");
    batch(good, "{\"key\":\"a\",\"value\":1,\"ttl\":0}")
        .fails(1, "line 2: a ttl is at least 1ms, not 0");
    batch(good, "{\"key\":\"a\",\"value\":1,\"ttl\":\"-5s\"}")
        .fails(1, "line 2: a ttl is at least 1ms, not -5s");
    batch(good, "{\"key\":\"a\",\"value\":1,\"ttl\":1e99}")
        .failsWith(1, "line 2: a ttl is at most");
    batch(good, "{\"key\":\"a\",\"value\":1,\"extra\":1}")
        .failsWith(1, "line 2: unknown member \"extra\"");
    batch(good, "{\"key\":\"" + "k".repeat(33) + "\",\"value\":1}")
        .failsWith(1, "line 2: key \"kkk", "33 characters, at most 32");
    batch(good, "{\"key\":\"a\",\"value\":\"" + "v".repeat(16_383) + "\"}")
        .failsWith(1, "line 2: the value of \"a\" takes 16,385 bytes, at most 16,384");
    batch(good, "{\"key\":\"a\",\"value\":1,\"expiresAt\":\"2001-01-01T00:00:00Z\"}")
        .fails(1, "line 2: \"a\" would have expired already; import skips such lines");

    assertThat(cli.store()).doesNotExist();
  }

  @Test
  void invalidUtf8IsNamedWithItsLine() throws IOException {
    var bytes = new ByteArrayOutputStream();
    bytes.write(
        "{\"key\":\"a\",\"value\":1}\n{\"key\":\"b\",\"value\":\""
            .getBytes(StandardCharsets.UTF_8));
    bytes.write(0xff);
    bytes.write("\"}\n".getBytes(StandardCharsets.UTF_8));

    cli.runOn(bytes.toByteArray(), "batch-create", "-")
        .fails(1, "line 2: invalid UTF-8 at byte 21");
    assertThat(cli.store()).doesNotExist();
  }

  @Test
  void aMissingFileIsNamed() {
    Path missing = folder.resolve("missing");

    cli.run("batch-create", missing.toString())
        .fails(3, "cannot read " + missing + ": no such file");
  }

  @Test
  void anEmptyFileStoresNothing() {
    cli.run("put", "a", "1").isQuiet();

    cli.runOn(new byte[0], "batch-create", "-").isQuiet();
    cli.run("count").prints("1");
  }
}
