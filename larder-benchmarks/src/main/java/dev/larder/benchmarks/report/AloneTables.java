package dev.larder.benchmarks.report;

import com.google.errorprone.annotations.FormatMethod;
import dev.larder.benchmarks.alone.Measure;
import dev.larder.benchmarks.results.Cell;
import dev.larder.benchmarks.results.Results;
import java.util.LinkedHashSet;
import java.util.Optional;

/// What was measured of Larder alone, for one size of store.
final class AloneTables {
  private static final String NOTHING = "-";

  private final Results results;
  private final Results.Size size;
  private final StringBuilder text = new StringBuilder();

  AloneTables(Results results, Results.Size size) {
    this.results = results;
    this.size = size;
  }

  void write(StringBuilder page) {
    line(
        "## Larder alone, %s keys, values of %d bytes",
        Figures.keys(size.keys()), size.valueSize());
    line("");
    compaction();
    expiry();
    page.append(text);
  }

  @FormatMethod
  private void line(String format, Object... arguments) {
    text.append(format.formatted(arguments)).append('\n');
  }

  private Optional<Cell> cell(Measure measure, String figure) {
    return results
        .find(Cell.ALONE, size, Results.LARDER, measure.row(figure))
        .filter(Cell::hasFigure);
  }

  private Optional<Double> figure(Measure measure, String figure) {
    return cell(measure, figure).map(Cell::median);
  }

  private String brief(Measure measure, String figure) {
    return figure(measure, figure).map(Figures::brief).orElse(NOTHING);
  }

  private String whole(Measure measure, String figure) {
    return figure(measure, figure).map("%,.0f"::formatted).orElse(NOTHING);
  }

  private String seconds(Measure measure) {
    return figure(measure, "seconds").map("%.1f s"::formatted).orElse(NOTHING);
  }

  private static String ratio(Optional<Double> one, Optional<Double> other) {
    return one.isPresent() && other.isPresent() && other.get() > 0
        ? Figures.ratio(one.get() / other.get())
        : NOTHING;
  }

  /// When and how measures were made; why they failed, if they did.
  private void when(Measure... measures) {
    var notes = new LinkedHashSet<String>();
    var failures = new LinkedHashSet<String>();
    for (Measure measure : measures) {
      cell(measure, Measure.RUN).ifPresent(cell -> notes.addAll(cell.notes()));
      results
          .find(Cell.ALONE, size, Results.LARDER, measure.id())
          .ifPresent(cell -> failures.addAll(cell.failures()));
    }
    line("Measured %s.", String.join("; ", notes));
    line("");
    for (String failure : failures) {
      line("Failed: `%s`", failure.replace('`', '\''));
      line("");
    }
  }

  private void compaction() {
    Measure measure = Measure.COMPACTION;
    if (cell(measure, Measure.RUN).isEmpty()) {
      return;
    }
    line("### Puts while a compaction runs");
    line("");
    line(
        "One thread overwrites at random as fast as it can, without forcing. How long single puts"
            + " take, in microseconds: while a compaction runs, between two of them, and in a store"
            + " that may hold so much garbage that none is due. Compactions are those that the"
            + " JVM's recorder saw. The last column says how many times the p99.9 is the one while"
            + " a compaction runs.");
    line("");
    when(measure);
    line("| | puts | p50 | p99 | p99.9 | max | p99.9 to this |");
    line("|---|---:|---:|---:|---:|---:|---:|");
    latencies("while a compaction runs", "during");
    latencies("between compactions", "between");
    latencies("in a store without", "without");
    line("");
    Optional<Double> share = figure(measure, "share");
    if (share.isPresent()) {
      line(
          "Compactions ran in %.0f%% of the time, %s of them; in the store without there were %s.",
          100 * share.get(), whole(measure, "runs"), whole(measure, "without-runs"));
      line("");
    }
    Optional<Double> appended = figure(measure, "appended");
    Optional<Double> compacted = figure(measure, "compacted");
    Optional<Double> checkpointed = figure(measure, "checkpointed");
    if (appended.isPresent() && compacted.isPresent() && checkpointed.isPresent()) {
      double all = appended.get() + compacted.get() + checkpointed.get();
      line(
          "Of the bytes that were written meanwhile, commits took %.0f%%, compaction %.0f%%, and"
              + " checkpoints, with the deltas behind them, %.0f%%.",
          100 * appended.get() / all, 100 * compacted.get() / all, 100 * checkpointed.get() / all);
      line("");
    }
  }

  private void latencies(String title, String name) {
    Measure measure = Measure.COMPACTION;
    line(
        "| %s | %s | %s | %s | %s | %s | %s |",
        title,
        brief(measure, name + "-puts"),
        brief(measure, name + "-p50"),
        brief(measure, name + "-p99"),
        brief(measure, name + "-p999"),
        brief(measure, name + "-max"),
        ratio(figure(measure, "during-p999"), figure(measure, name + "-p999")));
  }

  private void expiry() {
    boolean isFirst = true;
    for (Measure measure : Measure.values()) {
      if (measure.spread() == 0 || cell(measure, Measure.RUN).isEmpty()) {
        continue;
      }
      if (isFirst) {
        line("### Puts while other entries expire");
        line("");
        line(
            "One thread overwrites the %s entries at random as fast as it can, without forcing;"
                + " they have no deadlines. As many other entries are there from the beginning and"
                + " expire meanwhile, their deadlines spread evenly over some time. Afterwards"
                + " there are half as many entries, so half as much garbage is allowed while as"
                + " much is made: compaction has more to do for each put, which is most of the"
                + " difference to the rate before; and what expired is forgotten for another"
                + " minute. *Late* is the longest time from a deadline until its entry was removed,"
                + " as far as it was seen in so many looks at the statistics; readers see nothing"
                + " past its deadline, which is checked beside it.",
            Figures.keys(size.keys()));
        line("");
        line(
            "| deadlines over | puts/s before | puts/s meanwhile | puts/s"
                + " after | meanwhile to before | expired | late, ms | looks |");
        line("|---:|---:|---:|---:|---:|---:|---:|---:|");
        isFirst = false;
      }
      line(
          "| %s | %s | %s | %s | %s | %s | %s | %s |",
          seconds(measure),
          brief(measure, "before"),
          brief(measure, "during"),
          brief(measure, "after"),
          ratio(figure(measure, "during"), figure(measure, "before")),
          whole(measure, "expired"),
          whole(measure, "late"),
          whole(measure, "looks"));
    }
    if (!isFirst) {
      line("");
      when(Measure.EXPIRY_10, Measure.EXPIRY_30, Measure.EXPIRY_60);
    }
  }
}
