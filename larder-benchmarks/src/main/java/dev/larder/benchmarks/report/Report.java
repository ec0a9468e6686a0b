package dev.larder.benchmarks.report;

import com.google.errorprone.annotations.FormatMethod;
import dev.larder.benchmarks.results.Cell;
import dev.larder.benchmarks.results.Machine;
import dev.larder.benchmarks.results.PeerText;
import dev.larder.benchmarks.results.Results;
import dev.larder.benchmarks.rows.Row;
import dev.larder.benchmarks.rows.Task;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/// Writes `PERFORMANCE.md` and the plots it shows.
///
/// **Threads.** For one thread.
public final class Report {
  private static final String PLOTS = "performance";
  private static final double SPREAD_SHOWN_MIN = 0.1;

  private final Results results;
  private final Properties reasons;
  private final StringBuilder text = new StringBuilder();
  private final Map<String, String> plots = new LinkedHashMap<>();

  private Report(Results results, Properties reasons) {
    this.results = results;
    this.reasons = reasons;
  }

  /// Writes the report.
  ///
  /// @param documents the folder of the documents
  /// @return the files that were written
  public static List<Path> write(Results results, Path documents) throws IOException {
    var report = new Report(results, reasons());
    report.compose();
    var written = new ArrayList<Path>();
    Path folder = documents.resolve(PLOTS);
    Files.createDirectories(folder);
    for (Map.Entry<String, String> plot : report.plots.entrySet()) {
      Path file = folder.resolve(plot.getKey());
      Files.writeString(file, plot.getValue());
      written.add(file);
    }
    Path page = documents.resolve("PERFORMANCE.md");
    Files.writeString(page, report.text);
    written.add(page);
    return written;
  }

  private static Properties reasons() {
    try (InputStream stream = Report.class.getResourceAsStream("reasons.properties")) {
      if (stream == null) {
        throw new AssertionError("reasons.properties is missing");
      }
      var reasons = new Properties();
      reasons.load(new InputStreamReader(stream, StandardCharsets.UTF_8));
      return reasons;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void compose() {
    head();
    for (Results.Size size : results.sizes(Cell.COMPARISON)) {
      comparison(size);
    }
    growth();
    for (Results.Size size : results.sizes(Cell.ALONE)) {
      new AloneTables(results, size).write(text);
    }
    rows();
    modes();
    Prose.caveats(text);
  }

  @FormatMethod
  private void line(String format, Object... arguments) {
    text.append(format.formatted(arguments)).append('\n');
  }

  private void head() {
    Prose.head(text);
    Machine machine = results.machine();
    line("| | |");
    line("|---|---|");
    line(
        "| Machine | %s, %d processors, %s GiB of memory |",
        machine.processor(), machine.processors(), machine.memoryGigabytes());
    line("| System | %s, %s |", machine.system(), machine.fileSystem());
    line("| JVM | %s |", machine.jvm());
    String revision = results.revision();
    line("| Larder | %s |", revision.isEmpty() ? "unknown commit" : "commit " + revision);
    line("| Last run, maybe of some rows alone | %s: %s |", results.date(), results.settings());
    line("");
  }

  /// {@return how many repetitions there were, as far as the loading of Larder tells}
  private String repetitions(Results.Size size) {
    int count =
        results
            .find(Cell.COMPARISON, size, Results.LARDER, Row.LOAD_RANDOM.id())
            .map(cell -> cell.values().size())
            .orElse(0);
    return count > 1 ? "Medians of %d repetitions".formatted(count) : "One repetition";
  }

  private void comparison(Results.Size size) {
    line("## %s keys, values of %d bytes", Figures.keys(size.keys()), size.valueSize());
    line("");
    double payload = size.keys() * (16.0 + size.valueSize()) / 1e6;
    line(
        "%s MB of keys and values. %s; `\u00b1` is the greatest distance of a measurement from"
            + " the median where it is 10%% or more. Ratios say how many times better Larder is"
            + " than the best peer: above 1 it is ahead, whatever the unit.",
        Figures.brief(payload), repetitions(size));
    line("");
    summary(size);
    table(size);
    notes(size);
    behind(size);
    new FloorTable(results, size).write(text);
    kills(size);
    String suffix = "-%s-%d.svg".formatted(Figures.keys(size.keys()), size.valueSize());
    bars(size, suffix);
    curves(size, suffix);
  }

  private void summary(Results.Size size) {
    int compared = 0;
    int ahead = 0;
    int aheadOfOrdered = 0;
    for (Row row : Row.values()) {
      Standing standing = Standing.of(results, size, row);
      if (standing.ratioToBest().isPresent()) {
        compared++;
        ahead += standing.isBehind() ? 0 : 1;
        aheadOfOrdered += standing.ratioToBestOrdered().filter(r -> r < 1).isPresent() ? 0 : 1;
      }
    }
    if (compared > 0) {
      line(
          "**Larder is ahead of every ordered store in %d of %d rows, and of every store in %d.**",
          aheadOfOrdered, compared, ahead);
      line("");
    }
  }

  private void table(Results.Size size) {
    text.append("| row | unit | ");
    for (PeerText peer : results.peers()) {
      text.append(peer.title()).append(" | ");
    }
    line("to the best ordered | to the best of all |");
    line("|---|---|%s---:|---:|", "---:|".repeat(results.peers().size()));
    for (Row row : Row.values()) {
      if (isMeasured(size, row)) {
        row(size, row);
      }
    }
    line("");
  }

  private boolean isMeasured(Results.Size size, Row row) {
    return results.cells().stream()
        .anyMatch(cell ->
            cell.section().equals(Cell.COMPARISON)
                && cell.row().equals(row.id())
                && cell.keys() == size.keys()
                && cell.valueSize() == size.valueSize());
  }

  private void row(Results.Size size, Row row) {
    Standing standing = Standing.of(results, size, row);
    text.append("| %s | %s | ".formatted(row.title(), row.unit().text()));
    for (PeerText peer : results.peers()) {
      Optional<Cell> cell = results.find(Cell.COMPARISON, size, peer.id(), row.id());
      String shown = cell.map(Report::shown).orElse("-");
      boolean isBest = isSame(cell, standing.winner());
      text.append(isBest ? "**" + shown + "**" : shown).append(" | ");
    }
    line(
        "%s | %s |",
        ratio(standing.ratioToBestOrdered(), standing.bestOrdered()),
        ratio(standing.ratioToBest(), standing.best()));
  }

  private static boolean isSame(Optional<Cell> one, Optional<Cell> other) {
    return one.isPresent() && one.equals(other);
  }

  private String ratio(Optional<Double> ratio, Optional<Cell> peer) {
    if (ratio.isEmpty() || peer.isEmpty()) {
      return "";
    }
    return "%s (%s)".formatted(Figures.ratio(ratio.get()), title(peer.get().peer()));
  }

  private String title(String peer) {
    return results.peers().stream()
        .filter(text -> text.id().equals(peer))
        .map(PeerText::title)
        .findFirst()
        .orElse(peer);
  }

  private static String shown(Cell cell) {
    if (!cell.hasFigure()) {
      return cell.failures().isEmpty() ? "-" : "failed";
    }
    boolean isSampled = cell.notes().stream().anyMatch(note -> note.startsWith(Task.SAMPLED));
    String spread =
        cell.spread() >= SPREAD_SHOWN_MIN
            ? " \u00b1%s%%".formatted(Math.round(100 * cell.spread()))
            : "";
    return Figures.brief(cell.median()) + spread + (isSampled ? " (s)" : "");
  }

  /// What marks in the table mean, and why figures are missing.
  private void notes(Results.Size size) {
    var notes = new LinkedHashMap<String, List<String>>();
    for (Cell cell : results.cells()) {
      boolean isHere = cell.keys() == size.keys() && cell.valueSize() == size.valueSize();
      if (!isHere || !cell.section().equals(Cell.COMPARISON)) {
        continue;
      }
      String title = title(cell.peer());
      for (String note : cell.notes()) {
        if (note.startsWith(Task.SAMPLED)) {
          String share = "%s (%s)".formatted(cell.row(), note.substring(Task.SAMPLED.length()));
          notes.computeIfAbsent("(s) " + title + ", sampled", _ -> new ArrayList<>()).add(share);
        }
      }
      for (String failure : cell.failures()) {
        String reason = "%s failed, `%s`".formatted(title, failure.replace('`', '\''));
        List<String> rows = notes.computeIfAbsent(reason, _ -> new ArrayList<>());
        if (!rows.contains(cell.row())) {
          rows.add(cell.row());
        }
      }
    }
    List<String> weaker =
        results.peers().stream()
            .filter(peer -> peer.isPersistent() && !peer.survivesKill())
            .map(PeerText::title)
            .toList();
    if (!weaker.isEmpty()) {
      line(
          "- Writes that are not forced promise less in %s than in the others: see the modes.",
          String.join(" and ", weaker));
    }
    notes.forEach((note, rows) -> line("- %s: %s", note, String.join(", ", rows)));
    if (!notes.isEmpty() || !weaker.isEmpty()) {
      line("");
    }
  }

  private void behind(Results.Size size) {
    var lines = new ArrayList<String>();
    for (Row row : Row.values()) {
      Standing standing = Standing.of(results, size, row);
      if (standing.isBehind()) {
        lines.add(
            "| %s | %s | %s |"
                .formatted(
                    row.title(),
                    ratio(standing.ratioToBest(), standing.best()),
                    reasons.getProperty(row.id(), "not explained yet")));
      }
    }
    if (!lines.isEmpty()) {
      line("### Where Larder is behind");
      line("");
      line("| row | ratio | reason |");
      line("|---|---|---|");
      lines.forEach(line -> line("%s", line));
      line("");
    }
  }

  private void kills(Results.Size size) {
    var lines = new ArrayList<String>();
    for (PeerText peer : results.peers()) {
      Optional<Cell> lost = results.find(Cell.COMPARISON, size, peer.id(), "killed-lost");
      Optional<Cell> opened = results.find(Cell.COMPARISON, size, peer.id(), Row.OPEN_KILLED.id());
      if (opened.isEmpty()) {
        continue;
      }
      String found =
          lost.filter(Cell::hasFigure)
              .map(cell -> "%s: %s".formatted(String.join(", ", cell.notes()), lost(cell)))
              .orElse("failed");
      boolean isBroken =
          peer.survivesKill() && lost.filter(cell -> cell.hasFigure() && max(cell) > 0).isPresent();
      lines.add(
          "| %s | %s | %s%s |"
              .formatted(
                  peer.title(),
                  peer.survivesKill() ? "nothing is lost" : "writes may be lost",
                  found,
                  isBroken ? " **(it claims more)**" : ""));
    }
    if (!lines.isEmpty()) {
      line("### What a kill left");
      line("");
      line(
          "A process overwrote at random, without forcing, and was killed (`kill -9`); the next one"
              + " held what it found against the writes that had returned.");
      line("");
      line("| store | claim | returned writes, and how many of them were lost |");
      line("|---|---|---|");
      lines.forEach(line -> line("%s", line));
      line("");
    }
  }

  private static String lost(Cell cell) {
    return max(cell) == 0 ? "none" : "up to %.0f".formatted(max(cell));
  }

  private static double max(Cell cell) {
    return cell.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }

  private void bars(Results.Size size, String suffix) {
    for (BarPlot.Theme theme : BarPlot.Theme.values()) {
      Optional<String> plot = BarPlot.draw(results, size, theme);
      if (plot.isPresent()) {
        String name = theme.fileName() + suffix;
        plots.put(name, plot.get());
        line("![%s](%s/%s)", theme.title(), PLOTS, name);
        line("");
      }
    }
  }

  private void curves(Results.Size size, String suffix) {
    Optional<String> plot = CurvePlot.draw(results, size);
    if (plot.isPresent()) {
      String name = "latency" + suffix;
      plots.put(name, plot.get());
      line("![How long single operations take](%s/%s)", PLOTS, name);
      line("");
      line(
          "Two threads get and put at random as fast as they can, half and half. The load is"
              + " closed: a stall counts once, and shows in the greatest latency.");
      line("");
    }
  }

  private void growth() {
    Optional<String> plot = GrowthPlot.draw(results);
    if (plot.isPresent()) {
      plots.put("growth.svg", plot.get());
      line("## As a store grows");
      line("");
      line("![Cost of an operation as the store grows](%s/growth.svg)", PLOTS);
      line("");
      new GrowthTable(results).write(text);
    }
  }

  private void rows() {
    line("## Rows");
    line("");
    line("| row | name for `--rows` | what is measured |");
    line("|---|---|---|");
    for (Row row : Row.values()) {
      line("| %s | %s | %s |", row.title(), row.id(), row.detail());
    }
    line("");
  }

  private void modes() {
    line("## Modes");
    line("");
    line(
        "How each store was set up, after its own documentation for this use. Rows whose name"
            + " begins with *durable* ran in the second mode, all others in the first.");
    line("");
    line("| store | version | not forced | forced |");
    line("|---|---|---|---|");
    for (PeerText peer : results.peers()) {
      line(
          "| %s | %s | %s | %s |",
          peer.title(), peer.version(), peer.processMode(), peer.deviceMode());
    }
    line("");
    line("Options that JVMs needed besides the size of the heap, which is the same for all:");
    line("");
    for (PeerText peer : results.peers()) {
      if (!peer.jvmOptions().isEmpty()) {
        line("- %s: `%s`", peer.title(), String.join(" ", peer.jvmOptions()));
      }
    }
    line("");
  }
}
