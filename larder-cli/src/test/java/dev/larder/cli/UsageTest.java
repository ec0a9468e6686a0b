package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/// What the program says before any store is involved.
class UsageTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... words) {
    return Main.run(
        words, InputStream.nullInputStream(), out, err, Map.of("LARDER_STORE", "no-store-here"));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  static Iterable<String> commands() {
    return CommandTable.NAMES;
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandExplainsItselfWithExamples(String name) {
    assertThat(run(name, "--help")).isZero();

    assertThat(out())
        .contains("Usage: larder " + name)
        .containsPattern("Examples:\n  (\\S.*)?larder");
    assertThat(err()).isEmpty();
    int lengthMax = out().lines().mapToInt(String::length).max().orElse(0);
    assertThat(lengthMax).isLessThanOrEqualTo(100);

    String byOption = out();
    out.reset();
    assertThat(run("help", name)).isZero();
    assertThat(out()).isEqualTo(byOption);
  }

  @Test
  void helpListsEveryCommand() {
    assertThat(run("--help")).isZero();
    String byOption = out();
    out.reset();
    assertThat(run("help")).isZero();

    assertThat(out()).isEqualTo(byOption).contains("Examples:").contains("Exit codes:");
    for (String name : CommandTable.NAMES) {
      assertThat(out()).containsPattern("\n  " + name + " +\\S");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "'' | no command given; try 'larder --help'",
        "xyzzy | no such command: \"xyzzy\"; try 'larder --help'",
        "lisst | no such command: \"lisst\" (did you mean list?); try 'larder --help'",
        "create | missing required parameters: 'KEY', 'JSON'; try 'larder create --help'",
        "create k | missing required parameter: 'JSON'; try 'larder create --help'",
        "create k 1 2 | unexpected word \"2\"; try 'larder create --help'",
        "get k --fast | unknown option \"--fast\"; try 'larder get --help'",
        "list --prefxi p | unknown option \"--prefxi\" (did you mean --prefix?); try 'larder list"
            + " --help'",
        "create k 1 --ttl | missing required parameter for option '--ttl' (T); try 'larder create"
            + " --help'",
        "create k 1 --ttl 0 | --ttl: a ttl is at least 1ms, not 0; try 'larder create --help'",
        "put k 1 --ttl=-5s | --ttl: a ttl is at least 1ms, not -5s; try 'larder put --help'",
        "put k 1 --ttl -5s | --ttl: a ttl is at least 1ms, not -5s; try 'larder put --help'",
        "expire k -5 | T: a ttl is at least 1ms, not -5; try 'larder expire --help'",
        "expire k 99999999999d | T: a ttl is at most 36525000d, not 99999999999d; try 'larder"
            + " expire --help'",
        "put k 1 --if-version 0 | --if-version: a version is a whole number from 1, not \"0\"; try"
            + " 'larder put --help'",
        "delete k --if-version x | --if-version: a version is a whole number from 1, not \"x\"; try"
            + " 'larder delete --help'",
        "list --limit -1 | --limit: a limit is a whole number from 0, not \"-1\"; try 'larder list"
            + " --help'",
        "import f --batch 0 | --batch: a batch is a whole number from 1, not \"0\"; try 'larder"
            + " import --help'",
        "import f --on-conflict ask | --on-conflict: one of fail, skip, replace, not \"ask\"; try"
            + " 'larder import --help'",
        "import f --progress much | --progress: one of auto, plain, none, not \"much\"; try 'larder"
            + " import --help'",
        "export f --progress plain | --progress of export is auto or none, not 'plain'",
        "bench --seconds 0 | --seconds: a number of seconds is a whole number from 1, not \"0\";"
            + " try 'larder bench --help'",
        "bench --keys 1000000001 | --keys: a number of keys is at most 1,000,000,000, not"
            + " 1,000,000,001; try 'larder bench --help'",
        "bench --value-size big | --value-size: a value's size is a whole number from 0, not"
            + " \"big\"; try 'larder bench --help'",
        "bench --progress plain | --progress of bench is auto or none, not 'plain'",
        "help bake | no such command: \"bake\"; try 'larder help'",
        "--durability fast count | a durability is sync, os, none or batched:N,T such as"
            + " batched:3,10s, not \"fast\"",
        "--store= count | --store needs a directory",
      })
  void whatIsNotUnderstoodIsOneLineAndCode2(String line, String message) {
    String[] words = line.isEmpty() ? new String[0] : line.split(" ");

    assertThat(run(words)).isEqualTo(2);
    assertThat(err()).isEqualTo("larder: " + message + "\n");
    assertThat(out()).isEmpty();
  }

  @Test
  void theVersionIsThatOfTheBuild() throws IOException {
    Path pom = Path.of("pom.xml").toAbsolutePath();

    assertThat(run("--version")).isZero();
    assertThat(out()).isEqualTo("larder " + Main.VERSION + "\n");
    assertThat(Files.readString(pom)).contains("<version>" + Main.VERSION + "</version>");
  }

  @Test
  void theCompletionScriptKnowsEveryCommand() {
    assertThat(run("completion")).isZero();
    assertThat(out()).startsWith("#!").contains("complete -F _complete_larder");
    for (String name : CommandTable.NAMES) {
      assertThat(out()).contains(name);
    }
  }

  @Test
  void commandsAreKnownByTheirNames() {
    CommandLine whole =
        CommandTable.whole(
            new RootCommand(
                new Session(Console.over(InputStream.nullInputStream(), out, err, Map.of()), false),
                null));

    assertThat(whole.getSubcommands()).containsOnlyKeys(CommandTable.NAMES);
    whole
        .getSubcommands()
        .forEach((name, line) -> assertThat(line.getCommandSpec().name()).isEqualTo(name));
  }

  @Test
  void theCommandIsFoundBehindOptions() {
    assertThat(CommandTable.commandOf(new String[] {"--store", "get", "put", "k"}))
        .isEqualTo("put");
    assertThat(CommandTable.commandOf(new String[] {"--store=x", "--debug", "list"}))
        .isEqualTo("list");
    assertThat(CommandTable.commandOf(new String[] {"--help"})).isNull();
  }
}
