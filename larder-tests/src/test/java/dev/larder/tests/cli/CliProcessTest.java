package dev.larder.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole processes: killed, stopped, with readers that go away, in a locale that knows no UTF-8.
class CliProcessTest {
  private static final int LINE_COUNT = 20_000;

  @TempDir private Path folder;
  private Cli cli;
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void setUp() {
    cli = new Cli(folder.resolve("store"));
  }

  @AfterEach
  void tearDown() {
    started.forEach(Process::destroyForcibly);
  }

  private ProcessBuilder larder(String... words) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.larder.cli.Main"));
    command.addAll(List.of(words));
    var builder = new ProcessBuilder(command);
    builder.environment().put("LARDER_STORE", cli.store().toString());
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    return builder;
  }

  private Process start(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private static int exitCode(Process process) throws InterruptedException {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private static BufferedReader output(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private static String errors(Process process) throws IOException {
    return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private Path lines() throws IOException {
    Path file = folder.resolve("lines.gz");
    try (Writer writer =
        new OutputStreamWriter(
            new GZIPOutputStream(Files.newOutputStream(file)), StandardCharsets.UTF_8)) {
      for (int i = 0; i < LINE_COUNT; i++) {
        writer.write("{\"key\":\"k%06d\",\"value\":{\"n\":%d}}\n".formatted(i, i));
      }
    }
    return file;
  }

  private Process startImport() throws IOException {
    return start(larder("import", lines().toString(), "--batch", "10", "--progress", "plain"));
  }

  /// Reads progress until enough is stored.
  private static void awaitStored(BufferedReader output, int least) throws IOException {
    int stored = 0;
    while (stored < least) {
      stored = stored(output.readLine());
    }
  }

  private static int stored(String line) {
    return Integer.parseInt(line.substring("stored ".length()));
  }

  private static int lastStored(BufferedReader output) throws IOException {
    int stored = 0;
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      stored = stored(line);
    }
    return stored;
  }

  private void requireStoreHolds(int least) {
    cli.run("verify").done();
    int count = Integer.parseInt(cli.run("count").done().strip());
    assertThat(count).isGreaterThanOrEqualTo(least).isLessThan(LINE_COUNT);
    assertThat(count % 10).isZero();
    List<String> keys = cli.run("list").done().lines().toList();
    for (int i = 0; i < count; i++) {
      assertThat(keys.get(i)).isEqualTo("k%06d".formatted(i));
    }
  }

  @Test
  void whatAKilledImportReportedIsThere() throws Exception {
    Process process = startImport();
    int reported;
    try (BufferedReader output = output(process)) {
      awaitStored(output, 100);
      process.toHandle().destroyForcibly(); // the process itself would close its streams
      reported = Math.max(100, lastStored(output));
    }
    assertThat(exitCode(process)).isEqualTo(137);

    requireStoreHolds(reported);
    cli.run("import", folder.resolve("lines.gz").toString(), "--on-conflict", "skip").done();
    cli.run("count").prints(Integer.toString(LINE_COUNT));
  }

  @Test
  void aStoppedImportSaysHowFarItCameAndClosesTheStore() throws Exception {
    Process process = startImport();
    int reported;
    try (BufferedReader output = output(process)) {
      awaitStored(output, 100);
      process.toHandle().destroy(); // SIGTERM; the process itself would close its streams
      reported = lastStored(output);
    }
    String errors = errors(process);
    assertThat(exitCode(process)).isEqualTo(143);

    assertThat(errors)
        .isEqualTo("larder: interrupted; stored %d, up to line %d\n".formatted(reported, reported));
    requireStoreHolds(reported);
    assertThat(cli.run("verify").done()).doesNotContain("not closed cleanly");
  }

  @Test
  void aMeasurementThatIsStoppedLeavesNothing() throws Exception {
    Path place = Files.createDirectory(folder.resolve("place"));
    Process process = start(larder("bench", place.toString()));
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> holds(place, "glob:**/durablePut1"));
    process.toHandle().destroy(); // SIGTERM; Ctrl-C goes the same way

    assertThat(errors(process)).isEqualTo("larder: interrupted\n");
    assertThat(exitCode(process)).isEqualTo(143);
    assertThat(place).isEmptyDirectory();
  }

  private static boolean holds(Path directory, String pattern) throws IOException {
    PathMatcher matcher = directory.getFileSystem().getPathMatcher(pattern);
    try (Stream<Path> paths = Files.walk(directory, 2)) {
      return paths.anyMatch(matcher::matches);
    } catch (UncheckedIOException _) {
      return false; // something was deleted while it was looked at
    }
  }

  @Test
  void aShellThatIsStoppedClosesTheStore() throws Exception {
    Process process = start(larder("shell"));
    try (Writer input =
            new BufferedWriter(
                new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        BufferedReader output = output(process)) {
      input.write("put a 1 --durability none\nget a\n");
      input.flush();
      assertThat(output.readLine()).isEqualTo("1");
      process.toHandle().destroy();
      assertThat(exitCode(process)).isEqualTo(143);
    }

    cli.run("get", "a").prints("1");
    assertThat(cli.run("verify").done()).doesNotContain("not closed cleanly");
  }

  @Test
  void aStoreThatAnotherProcessHasOpenIsSaidToBe() throws Exception {
    Process process = start(larder("shell"));
    try (Writer input =
            new BufferedWriter(
                new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        BufferedReader output = output(process)) {
      input.write("put a 1\nget a\n");
      input.flush();
      assertThat(output.readLine()).isEqualTo("1");

      cli.run("get", "a").failsWith(3, Long.toString(process.pid()));
      cli.run("verify").failsWith(3, Long.toString(process.pid()));
      Thread.currentThread().interrupt();
      Cli.Result interrupted = cli.run("get", "a");
      assertThat(Thread.interrupted()).isTrue();
      interrupted.failsWith(130, "larder: ");
      input.write("exit\n");
    }
    assertThat(exitCode(process)).isZero();
    cli.run("get", "a").prints("1");
  }

  @Test
  void aReaderThatGoesAwayEndsAListQuietly() throws Exception {
    cli.run("import", lines().toString()).done();

    Process process = start(larder("list", "--values"));
    try (BufferedReader output = output(process)) {
      assertThat(output.readLine()).isEqualTo("{\"key\":\"k000000\",\"value\":{\"n\":0}}");
    }
    assertThat(errors(process)).isEmpty();
    assertThat(exitCode(process)).isZero();
  }

  @Test
  void outputThatCannotBeWrittenIsAnError() throws Exception {
    cli.run("put", "a", "1").isQuiet();

    Process process =
        start(larder("export").redirectOutput(Redirect.to(Path.of("/dev/full").toFile())));
    assertThat(errors(process))
        .isEqualTo("larder: cannot write to standard output: No space left on device\n");
    assertThat(exitCode(process)).isEqualTo(3);
  }

  @Test
  void argumentsAndOutputAreUtf8InAnyLocale() throws Exception {
    // The words go through a script, since a JVM would encode them by its own locale.
    String text = "\"\u00fc \ud83d\ude00\"";
    ProcessBuilder builder = larder("put", "KEY", "VALUE");
    Path script = folder.resolve("script");
    var words = new StringBuilder();
    for (String word : builder.command()) {
      String real = word.equals("KEY") ? "\u00e9" : word.equals("VALUE") ? text : word;
      words.append('\'').append(real).append("' ");
    }
    Files.writeString(
        script,
        words
            + "\n"
            + words.toString().replace("'put'", "'get'").replace("'" + text + "'", "")
            + "\n");
    builder.command("sh", script.toString());
    builder.environment().put("LC_ALL", "C");

    Process process = start(builder);
    try (BufferedReader output = output(process)) {
      assertThat(output.readLine()).isEqualTo(text);
    }
    assertThat(errors(process)).isEmpty();
    assertThat(exitCode(process)).isZero();
    cli.run("get", "\u00e9").prints(text);
  }

  @Test
  void theStoresOwnReportsDoNotDisturb() throws Exception {
    Process process = start(larder("put", "a", "1"));
    assertThat(errors(process)).isEmpty();
    assertThat(exitCode(process)).isZero();

    Process debugging = start(larder("--debug", "read", "b"));
    String errors = errors(debugging);
    assertThat(errors).contains("larder: \"b\" does not exist\n", "\tat dev.larder.");
    assertThat(exitCode(debugging)).isEqualTo(1);
  }
}
