package dev.larder.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The verbs on one key, as commands: what each prints, refuses and answers.
class CliKeyCommandsTest {
  @TempDir private Path folder;
  private Cli cli;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder.resolve("store"));
  }

  @Test
  void createStoresWhatIsNotThere() {
    cli.run("create", "a", "{\"n\": 1}").isQuiet();
    cli.run("read", "a").prints("{\"n\":1}");

    cli.run("create", "a", "2").fails(1, "\"a\" exists already");
    cli.run("read", "a").prints("{\"n\":1}");
  }

  @Test
  void valuesKeepTheirSpelling() {
    cli.run("put", "k", " [1.50, -0, 1e2, \"\\u00e9\\/\", \"\u00fc\ud83d\ude00\", {}] ").isQuiet();

    cli.run("get", "k").prints("[1.50,-0,1e2,\"\\u00e9\\/\",\"\u00fc\ud83d\ude00\",{}]");
  }

  @Test
  void valuesThatLookLikeOptionsAreValues() {
    cli.run("put", "k", "-5").isQuiet();
    cli.run("get", "k").prints("-5");
    cli.run("put", "k", "--ttl", "1h", "-1.5e3").isQuiet();
    cli.run("get", "k").prints("-1.5e3");
    cli.run("put", "--", "-key", "1").isQuiet();
    cli.run("get", "--", "-key").prints("1");
  }

  @Test
  void readSaysWhyAndGetIsSilent() {
    cli.run("put", "a", "1").isQuiet();

    cli.run("read", "missing").fails(1, "\"missing\" does not exist");
    cli.run("get", "missing").isSilentNo();
    cli.run("get", "a").prints("1");
  }

  @Test
  void entriesShowVersionAndDeadline() {
    cli.run("create", "a", "[true]").isQuiet();
    cli.run("read", "a", "--entry")
        .prints("{\"key\":\"a\",\"value\":[true],\"version\":1,\"expiresAt\":null}");
    cli.run("update", "a", "false", "--ttl", "1h").isQuiet();

    assertThat(cli.run("get", "--entry", "a").done())
        .matches(
            "\\{\"key\":\"a\",\"value\":false,\"version\":2,"
                + "\"expiresAt\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z\"}\n");
  }

  @Test
  void updateWantsAnEntryAndKeepsItsDeadline() {
    cli.run("put", "other", "0").isQuiet();
    cli.run("update", "a", "1").fails(1, "\"a\" does not exist");
    cli.run("create", "a", "1", "--ttl", "1h").isQuiet();
    cli.run("update", "a", "2").isQuiet();

    cli.run("read", "a").prints("2");
    assertThat(cli.run("ttl", "a").done()).matches("(3600\\.000|35\\d\\d\\.\\d{3})\n");
  }

  @Test
  void putReplacesValueAndDeadline() {
    cli.run("put", "a", "1", "--ttl", "1h").isQuiet();
    cli.run("put", "a", "2").isQuiet();

    cli.run("read", "a").prints("2");
    cli.run("ttl", "a").prints("none");
  }

  @Test
  void deleteWantsAnEntryAndRemoveDoesNot() {
    cli.run("put", "a", "1").isQuiet();
    cli.run("put", "b", "1").isQuiet();

    cli.run("delete", "a").isQuiet();
    cli.run("delete", "a").fails(1, "\"a\" does not exist");
    cli.run("remove", "b").isQuiet();
    cli.run("remove", "b").isSilentNo();
    cli.run("count").prints("0");
  }

  @Test
  void versionsGuardPutUpdateAndDelete() {
    cli.run("create", "a", "1", "--ttl", "1h").isQuiet();

    cli.run("update", "a", "2", "--if-version", "9").fails(1, "\"a\" has version 1, not version 9");
    cli.run("update", "a", "2", "--if-version", "1").isQuiet();
    assertThat(cli.run("ttl", "a").done()).isNotEqualTo("none\n");
    cli.run("put", "a", "3", "--if-version", "1").fails(1, "\"a\" has version 2, not version 1");
    cli.run("put", "a", "3", "--if-version", "2").isQuiet();
    cli.run("ttl", "a").prints("none");
    cli.run("delete", "a", "--if-version", "2").fails(1, "\"a\" has version 3, not version 2");
    cli.run("delete", "a", "--if-version", "3").isQuiet();
    cli.run("put", "a", "4", "--if-version", "3").fails(1, "\"a\" has no entry, not version 3");
  }

  @Test
  void jsonComesFromAFileOrStandardInput() throws IOException {
    Path file = Files.writeString(folder.resolve("doc.json"), "{\n  \"from\": \"file\"\n}\n");

    cli.run("create", "a", "@" + file).isQuiet();
    cli.run("read", "a").prints("{\"from\":\"file\"}");
    cli.runOn(List.of("[", "  \"from input\"", "]"), "put", "a", "-").isQuiet();
    cli.run("read", "a").prints("[\"from input\"]");
  }

  @Test
  void jsonFromAFileIsHeldToTheSameRules() throws IOException {
    Path file = Files.write(folder.resolve("doc.json"), new byte[] {'"', (byte) 0xff, '"'});
    Path missing = folder.resolve("missing.json");

    cli.run("create", "a", "@" + file).failsWith(1, file + ": ", "UTF-8");
    cli.runOn(new byte[] {'"', (byte) 0xc3, '"'}, "create", "a", "-")
        .failsWith(1, "standard input: ", "UTF-8");
    cli.runOn("{\"a\":}".getBytes(StandardCharsets.UTF_8), "create", "a", "-")
        .failsWith(1, "standard input: no JSON: unexpected character '}' at line 1, column 6");
    cli.run("create", "a", "@" + missing).fails(3, "cannot read " + missing + ": no such file");
    assertThat(cli.store()).doesNotExist();
  }

  @Test
  void theStoreComesFromTheOptionBeforeTheEnvironment() {
    Path other = folder.resolve("\u00fcber blank");
    cli.run("--store", other.toString(), "put", "a", "1").isQuiet();
    cli.run("put", "a", "2").isQuiet();

    cli.run("--store=" + other, "get", "a").prints("1");
    cli.run("get", "a", "--store", other.toString()).prints("1");
    cli.run("get", "a").prints("2");
  }

  @Test
  void everyDurabilityStores() {
    int version = 0;
    for (String level : List.of("sync", "os", "none", "batched:3,10s", "batched(3,10s)")) {
      cli.run("--durability", level, "put", "k", Integer.toString(version)).isQuiet();
      cli.run("get", "k").prints(Integer.toString(version));
      version++;
    }
  }
}
