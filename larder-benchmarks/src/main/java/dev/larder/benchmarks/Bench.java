package dev.larder.benchmarks;

import dev.larder.benchmarks.alone.Measure;
import dev.larder.benchmarks.peer.Peer;
import dev.larder.benchmarks.peer.Peers;
import dev.larder.benchmarks.report.Report;
import dev.larder.benchmarks.results.Cell;
import dev.larder.benchmarks.results.Collector;
import dev.larder.benchmarks.results.Machine;
import dev.larder.benchmarks.results.PeerText;
import dev.larder.benchmarks.results.Results;
import dev.larder.benchmarks.rows.Disk;
import dev.larder.benchmarks.rows.Row;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// The command: measures Larder beside its peers, saves what was measured, and writes the report.
public final class Bench {
  private static final String RESULTS = "performance/results.json";

  /// What is looked at while a store grows.
  private static final Set<Row> GROWTH_ROWS =
      EnumSet.of(
          Row.LOAD_RANDOM,
          Row.OPEN_FRESH,
          Row.MEMORY_HEAP,
          Row.MEMORY_NATIVE,
          Row.READ_HIT_1,
          Row.READ_MISS,
          Row.SCAN_FORWARD,
          Row.RANGE_100,
          Row.OVERWRITE,
          Row.DELETE);

  private Bench() {}

  /// Does what the words ask for; `--help` tells what that may be.
  public static void main(String[] words) throws Exception {
    Options options;
    try {
      options = Options.parse(words);
    } catch (IllegalArgumentException e) {
      IO.println("bench: " + e.getMessage());
      IO.print(Options.USAGE);
      Runtime.getRuntime().halt(2);
      return;
    }
    switch (options.command()) {
      case HELP -> IO.print(Options.USAGE);
      case JMH -> org.openjdk.jmh.Main.main(options.rest().toArray(new String[0]));
      case REPORT -> report(options, Results.read(options.documents().resolve(RESULTS)));
      case RUN -> {
        Results results = run(options, line -> IO.println(line));
        Path file = options.documents().resolve(RESULTS);
        boolean isMerged = options.isMerged() && Files.exists(file);
        results = isMerged ? results.mergedOver(Results.read(file)) : results;
        results.write(file);
        report(options, results);
      }
    }
  }

  private static void report(Options options, Results results) throws IOException {
    List<Path> files = Report.write(results, options.documents());
    for (Path file : files) {
      IO.println("wrote " + file);
    }
  }

  static Results run(Options options, Consumer<String> progress)
      throws IOException, InterruptedException {
    Files.createDirectories(options.directory());
    Path directory = Files.createTempDirectory(options.directory(), "larder-bench");
    // An interrupted run leaves no gigabytes behind.
    var cleaning = new Thread(() -> deleteQuietly(directory), "clean-up");
    Runtime.getRuntime().addShutdownHook(cleaning);
    try {
      return run(options, progress, directory);
    } finally {
      Disk.delete(directory);
      Runtime.getRuntime().removeShutdownHook(cleaning);
    }
  }

  private static Results run(Options options, Consumer<String> progress, Path directory)
      throws IOException, InterruptedException {
    var collector = new Collector();
    boolean isAlone = !options.alone().isEmpty();
    List<Peer> peers = Peers.named(isAlone ? List.of(Results.LARDER) : options.peers());
    String section = options.isGrowth() ? Cell.GROWTH : Cell.COMPARISON;
    if (isAlone) {
      section = Cell.ALONE;
    } else if (options.isGrowth()) {
      peers = peers.subList(0, 1);
      options.keepRows(GROWTH_ROWS);
    }
    var comparison = new Comparison(directory, options, section, collector, progress);
    if (isAlone) {
      comparison.runAlone(peers.getFirst(), options.alone());
      sayWhen(options, collector);
    } else {
      comparison.run(peers);
    }
    var texts = new ArrayList<PeerText>();
    for (Peer peer : peers) {
      texts.add(PeerText.of(peer, comparison.version(peer)));
    }
    return new Results(
        LocalDate.now(ZoneOffset.UTC).toString(),
        revision(),
        options.inWords(),
        Machine.here(directory),
        texts,
        collector.cells(),
        collector.curves());
  }

  /// Notes beside each measure of Larder alone when and how it was made: a comparison that it is
  /// merged with was made at another time.
  private static void sayWhen(Options options, Collector collector) throws InterruptedException {
    String revision = revision();
    String when =
        "%s, %s: %s"
            .formatted(
                LocalDate.now(ZoneOffset.UTC),
                revision.isEmpty() ? "unknown commit" : "commit " + revision,
                options.inWords());
    for (long keys : options.keyCounts()) {
      for (int valueSize : options.valueSizes()) {
        for (Measure measure : options.alone()) {
          var cell =
              new Cell(
                  Cell.ALONE,
                  keys,
                  valueSize,
                  Results.LARDER,
                  measure.row(Measure.RUN),
                  List.of(),
                  List.of(),
                  List.of());
          collector.figure(cell, options.repetitions(), when);
        }
      }
    }
  }

  private static void deleteQuietly(Path directory) {
    try {
      Disk.delete(directory);
    } catch (IOException _) {
      // A process that is being ended may still write; the system's own cleaning is left.
    }
  }

  private static String revision() throws InterruptedException {
    String commit = git("rev-parse", "--short", "HEAD");
    return commit.isEmpty() || git("status", "--porcelain").isEmpty() ? commit : commit + "+";
  }

  private static String git(String... words) throws InterruptedException {
    var command = new ArrayList<String>();
    command.add("git");
    command.addAll(List.of(words));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? answer.strip() : "";
    } catch (IOException _) {
      return ""; // no such program here
    }
  }
}
