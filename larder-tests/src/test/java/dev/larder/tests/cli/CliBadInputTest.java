package dev.larder.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What breaks a rule is refused with one line that says what, which key and what is allowed;
/// nothing changes.
class CliBadInputTest {
  private static final String SMILE = "\ud83d\ude00"; // one character, two UTF-16 units, four bytes

  @TempDir private Path folder;
  private Cli cli;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder.resolve("store"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"create", "update", "put"})
  void anEmptyKeyIsRefusedByWrites(String verb) {
    cli.run(verb, "", "1").fails(1, "a key must not be empty");
    assertThat(cli.store()).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"read", "get", "delete", "remove", "ttl", "persist"})
  void anEmptyKeyIsRefusedByTheRest(String verb) {
    cli.run("put", "a", "1").isQuiet();

    cli.run(verb, "").fails(1, "a key must not be empty");
  }

  @Test
  void keysHaveAtMost32Characters() {
    cli.run("create", "x".repeat(32), "1").isQuiet();
    cli.run("create", "y".repeat(33), "1")
        .fails(1, "key \"%s\" has 33 characters, at most 32 are allowed".formatted("y".repeat(33)));
    cli.run("create", SMILE.repeat(32), "1").isQuiet();
    cli.run("create", SMILE.repeat(33), "1")
        .failsWith(1, "has 33 characters, at most 32 are allowed");
    cli.run("read", SMILE.repeat(33)).failsWith(1, "has 33 characters, at most 32 are allowed");

    cli.run("count").prints("2");
    cli.run("get", SMILE.repeat(32)).prints("1");
  }

  @Test
  void valuesHaveAtMost16KibiBytes() {
    String largest = "\"" + "x".repeat(16_382) + "\"";
    String tooLarge = "\"" + "x".repeat(16_383) + "\"";
    String tooLargeInBytesOnly = "\"" + "\u00fc".repeat(8_192) + "\"";

    cli.run("create", "a", largest).isQuiet();
    cli.run("get", "a").prints(largest);
    cli.run("create", "b", tooLarge)
        .fails(1, "the value of \"b\" takes 16,385 bytes, at most 16,384 are allowed");
    cli.run("update", "a", tooLarge).failsWith(1, "\"a\" takes 16,385 bytes");
    cli.run("put", "b", tooLargeInBytesOnly).failsWith(1, "\"b\" takes 16,386 bytes");
    cli.runOn(List.of("  " + tooLarge), "put", "b", "-").failsWith(1, "16,385 bytes");

    cli.run("count").prints("1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{\"a\":}",
        "{'a':1}",
        "[1,]",
        "nope",
        "NaN",
        "01",
        "1 2",
        "\"\t\"",
        "// x",
        "{\"a\":1,\"a\":2}",
        "\"open"
      })
  void textThatIsNoJsonIsRefusedWithThePlace(String json) {
    cli.run("create", "a", json).failsWith(1, "no JSON: ", " at line 1, column ");
    assertThat(cli.store()).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0s", "-1", "-5s", "0.9ms", "PT0S", "-PT1S"})
  void aTtlOfNothingIsAUsageError(String ttl) {
    cli.run("create", "a", "1", "--ttl", ttl)
        .fails(
            2, "--ttl: a ttl is at least 1ms, not %s; try 'larder create --help'".formatted(ttl));
    cli.run("expire", "a", ttl).failsWith(2, "T: a ttl is at least 1ms");
    assertThat(cli.store()).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"99999999999d", "9223372036854775807", "P99999999999D", "1000000000000h"})
  void anOverflowingTtlIsAUsageError(String ttl) {
    cli.run("put", "a", "1", "--ttl", ttl).failsWith(2, "--ttl: a ttl is at most 36525000d");
    cli.run("expire", "a", ttl).failsWith(2, "T: a ttl is at most 36525000d");
    assertThat(cli.store()).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "5x", "1h30m", "5 s"})
  void whatIsNoDurationIsAUsageError(String ttl) {
    cli.run("update", "a", "1", "--ttl", ttl).failsWith(2, "is no duration; write 500ms, 10s, 5m");
    assertThat(cli.store()).doesNotExist();
  }

  @Test
  void keysInMessagesCannotTouchTheTerminal() {
    cli.run("put", "a", "1").isQuiet();

    cli.run("read", "x\n\u001b[31my").fails(1, "\"x\\n\\u{1b}[31my\" does not exist");
  }
}
