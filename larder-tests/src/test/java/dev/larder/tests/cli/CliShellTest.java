package dev.larder.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The shell with a pipe for input: the same commands, one a line, on one open store.
class CliShellTest {
  @TempDir private Path folder;
  private Cli cli;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder.resolve("store"));
  }

  private Cli.Result shell(String... lines) {
    return cli.runOn(List.of(lines), "shell");
  }

  @Test
  void linesAreCommands() {
    shell(
            "# a comment",
            "",
            "create a {\"n\": [1, 2], \"t\": \"x y\"}",
            "put 'b c' '\"text\"' --ttl 1h",
            "get a",
            "list",
            "count")
        .prints("{\"n\":[1,2],\"t\":\"x y\"}", "a", "b c", "2");
    cli.run("count").prints("2");
  }

  @Test
  void documentsMayGoOverLines() {
    shell("put a {", "  \"n\": 1", "}", "get a").prints("{\"n\":1}");
  }

  @Test
  void itGoesOnAfterAFailureAndRemembersTheFirst() {
    Cli.Result result = shell("put a 1", "read b", "frobnicate", "get a", "exit", "get a");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).isEqualTo("1\n");
    assertThat(result.err())
        .isEqualTo(
            """
            larder: "b" does not exist
            larder: no such command: "frobnicate"; try 'larder --help'
            """);
  }

  @Test
  void itsInputIsItsOwn() {
    Cli.Result result = shell("put a -", "import -", "put a 1");

    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err())
        .isEqualTo(
            "larder: cannot read standard input: the shell reads it; give a file\n".repeat(2));
    cli.run("get", "a").prints("1");
  }

  @Test
  void itsStoreIsTheOneItWasStartedWith() {
    Cli.Result result = shell("--store other put a 1", "put a 1 --durability os", "get a");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).isEqualTo("1\n");
    assertThat(result.err())
        .isEqualTo("larder: the shell has its store open; --store goes before 'shell'\n");
    shell("shell").fails(2, "this is the shell");
  }

  @Test
  void verifyClosesTheStoreForAMoment() {
    Cli.Result result = shell("put a 1", "verify", "put b 2", "count", "quit");

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).startsWith("sound: ").endsWith("\n2\n");
  }

  @Test
  void anOpenQuoteIsNoticed() {
    shell("put a 'open").fails(2, "a quote or a bracket is not closed");
  }
}
