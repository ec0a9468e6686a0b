package dev.larder.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.benchmarks.alone.Measure;
import dev.larder.benchmarks.report.Report;
import dev.larder.benchmarks.results.Cell;
import dev.larder.benchmarks.results.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole command on a few keys: processes, results, report.
class BenchTest {
  private static final Results.Size SIZE = new Results.Size(2_000, 100);

  @TempDir private Path directory;

  @Test
  void smallStoresAreMeasuredAndReported() throws Exception {
    Results results =
        runPeers("larder,mvstore,heap", "load-random,disk-loaded,read,durable-put-1,open-killed");

    assertThat(results.cells()).as("no failure").allMatch(cell -> cell.failures().isEmpty());
    for (String peer : List.of("larder", "mvstore", "heap")) {
      assertThat(figure(results, peer, "read-hit-1")).as(peer).hasValueSatisfying(this::positive);
    }
    assertThat(figure(results, "heap", "scan-forward")).isEmpty();
    assertThat(figure(results, "larder", "killed-lost")).hasValue(0.0);
    assertThat(figure(results, Results.FLOOR, "force-preallocated"))
        .hasValueSatisfying(this::positive);

    Path documents = directory.resolve("docs");
    results.write(documents.resolve("results.json"));
    Results read = Results.read(documents.resolve("results.json"));
    assertThat(read).isEqualTo(results);
    List<Path> files = Report.write(read, documents);
    assertThat(Files.readString(documents.resolve("PERFORMANCE.md")))
        .contains("| read hit, 1 thread | /s |", "## Modes", "### What a kill left")
        .doesNotContain(directory.toString());
    assertThat(files)
        .as("plots")
        .anyMatch(file -> file.endsWith("reads-2k-100.svg"))
        .allMatch(Files::exists);
    assertThat(leftBehind()).isEmpty();
  }

  @Test
  void aPeerThatFailsHasAReasonAndNoFigure() throws Exception {
    Results results = runPeers("dev.larder.benchmarks.BenchTest$Broken", "read-hit-1");
    Cell cell = results.find(Cell.COMPARISON, SIZE, "broken", "read-hit-1").orElseThrow();
    assertThat(cell.hasFigure()).isFalse();
    assertThat(cell.failures()).singleElement().asString().contains("a wrong value, or none");
  }

  @Test
  void laterResultsReplaceTheirRowsAndKeepTheOthers() throws Exception {
    Results first = runPeers("heap", "read-hit-1,read-miss");
    Results second = runPeers("heap", "read-miss");
    Results merged = second.mergedOver(first);
    assertThat(figure(merged, "heap", "read-hit-1")).isEqualTo(figure(first, "heap", "read-hit-1"));
    assertThat(figure(merged, "heap", "read-miss")).isEqualTo(figure(second, "heap", "read-miss"));
    assertThat(merged.peers()).hasSize(1);
  }

  @Test
  void whatCanOnlyBeAskedOfLarderHasASectionOfItsOwnAndLeavesTheOthersAlone() throws Exception {
    Results alone = run("--larder-only", "all");

    assertThat(alone.cells())
        .allSatisfy(cell -> {
          assertThat(cell.section()).isEqualTo(Cell.ALONE);
          assertThat(cell.failures()).isEmpty();
        });
    for (Measure measure : List.of(Measure.EXPIRY_10, Measure.EXPIRY_30, Measure.EXPIRY_60)) {
      assertThat(alone(alone, measure, "expired")).hasValue(2_000.0);
      assertThat(alone(alone, measure, "during")).hasValueSatisfying(this::positive);
    }
    assertThat(alone(alone, Measure.COMPACTION, "without-puts")).hasValueSatisfying(this::positive);
    assertThat(leftBehind()).isEmpty();

    Results before = run("--peers", "heap", "--rows", "read-hit-1");
    Results merged = alone.mergedOver(before);
    assertThat(merged.settings()).isEqualTo(before.settings());
    assertThat(merged.date()).isEqualTo(before.date());
    assertThat(merged.cells()).containsAll(before.cells()).containsAll(alone.cells());
    Path documents = directory.resolve("docs");
    Report.write(merged, documents);
    assertThat(Files.readString(documents.resolve("PERFORMANCE.md")))
        .contains(
            "## 2k keys, values of 100 bytes",
            "## Larder alone, 2k keys, values of 100 bytes",
            "\n| in a store without | ",
            "\n| 0.5 s | ",
            "\nMeasured ")
        .doesNotContain("Failed");
  }

  private static Optional<Double> alone(Results results, Measure measure, String figure) {
    return results.find(Cell.ALONE, SIZE, Results.LARDER, measure.row(figure)).map(Cell::median);
  }

  @Test
  void optionsThatAreNoneAreRefused() {
    for (String[] words :
        List.of(
            new String[] {"--rows", "nothing"},
            new String[] {"--keys", "0"},
            new String[] {"--keys"},
            new String[] {"--unknown", "1"},
            new String[] {"--larder-only", "nothing"},
            new String[] {"dance"})) {
      assertThatThrownBy(() -> Options.parse(words)).isInstanceOf(IllegalArgumentException.class);
    }
    Options options = Options.parse("--keys", "100k,2M", "--value-sizes", "100,1000");
    assertThat(options.keyCounts()).containsExactly(100_000L, 2_000_000L);
    assertThat(options.valueSizes()).containsExactly(100, 1000);
    assertThat(options.alone()).isEmpty();
    assertThat(Options.parse("--larder-only", "compaction,expiry-3,expiry-30").alone())
        .containsExactly(Measure.COMPACTION, Measure.EXPIRY_30);
  }

  private void positive(double value) {
    assertThat(value).isPositive();
  }

  private static Optional<Double> figure(Results results, String peer, String row) {
    return results.find(Cell.COMPARISON, SIZE, peer, row).filter(Cell::hasFigure).map(Cell::median);
  }

  private Results runPeers(String peers, String rows) throws Exception {
    return run("--peers", peers, "--rows", rows);
  }

  private Results run(String... what) throws Exception {
    var words = new ArrayList<>(List.of(what));
    words.addAll(List.of("--keys", "2k"));
    words.addAll(List.of("--seconds", "0.05", "--warm-seconds", "0.02", "--whole-seconds", "5"));
    words.addAll(List.of("--opens", "1", "--heap", "256m"));
    words.addAll(List.of("--directory", directory.resolve("data").toString()));
    return Bench.run(Options.parse(words.toArray(new String[0])), _ -> {});
  }

  private List<Path> leftBehind() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("data"))) {
      return files.toList();
    }
  }

  /// A peer as a user would name it: by its class.
  public static final class Broken extends LyingPeer {
    public Broken() {
      super(Lie.LOSS);
    }

    @Override
    public String id() {
      return "broken";
    }
  }
}
