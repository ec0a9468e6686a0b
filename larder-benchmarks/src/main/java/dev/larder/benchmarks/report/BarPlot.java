package dev.larder.benchmarks.report;

import dev.larder.benchmarks.results.Cell;
import dev.larder.benchmarks.results.PeerText;
import dev.larder.benchmarks.results.Results;
import dev.larder.benchmarks.rows.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A panel for each row, a bar for each peer, all bars of a panel on one scale that begins at zero.
/// What keeps nothing is left out, for it would make all others look alike.
final class BarPlot {
  private static final int COLUMNS = 3;
  private static final double PANEL_WIDTH = 320;
  private static final double NAME_WIDTH = 108;
  private static final double FIGURE_WIDTH = 52;
  private static final double BAR = 13;
  private static final double STEP = 17;
  private static final double HEAD = 34;
  private static final double MARGIN = 16;

  /// Rows that are shown together.
  enum Theme {
    WRITES(
        "Writing, not forced",
        Row.LOAD_SEQUENTIAL,
        Row.LOAD_RANDOM,
        Row.OVERWRITE,
        Row.DELETE,
        Row.WRITE_WHILE_READING,
        Row.READ_WHILE_WRITING),
    READS(
        "Reading",
        Row.READ_HIT_1,
        Row.READ_HIT_2,
        Row.READ_MISS,
        Row.SCAN_FORWARD,
        Row.SCAN_REVERSE,
        Row.RANGE_100),
    MIXED(
        "Mixed, two threads",
        Row.YCSB_A,
        Row.YCSB_B,
        Row.YCSB_C,
        Row.YCSB_F,
        Row.GET_P999,
        Row.PUT_P999),
    DURABLE("Writing, forced", Row.DURABLE_PUT_1, Row.DURABLE_PUT_8, Row.DURABLE_BATCH),
    STANDING(
        "Opening, disk and memory",
        Row.OPEN_WARM,
        Row.OPEN_FRESH,
        Row.OPEN_KILLED,
        Row.DISK_LOADED,
        Row.DISK_COMPACTED,
        Row.MEMORY_PEAK);

    private final String title;

    @SuppressWarnings("ImmutableEnumChecker") // nobody changes it
    private final List<Row> rows;

    Theme(String title, Row... rows) {
      this.title = title;
      this.rows = List.of(rows);
    }

    String title() {
      return title;
    }

    String fileName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private record Bar(PeerText peer, double value) {}

  private BarPlot() {}

  /// {@return the plot, if there is anything to show}
  static Optional<String> draw(Results results, Results.Size size, Theme theme) {
    var panels = new ArrayList<List<Bar>>();
    var rows = new ArrayList<Row>();
    int most = 0;
    for (Row row : theme.rows) {
      List<Bar> bars = bars(results, size, row);
      if (!bars.isEmpty()) {
        panels.add(bars);
        rows.add(row);
        most = Math.max(most, bars.size());
      }
    }
    if (panels.isEmpty()) {
      return Optional.empty();
    }
    int lines = (panels.size() + COLUMNS - 1) / COLUMNS;
    double panelHeight = HEAD + most * STEP + MARGIN;
    var svg = new Svg(COLUMNS * PANEL_WIDTH + 2 * MARGIN, lines * panelHeight + 2 * MARGIN + 24);
    String title =
        "%s: %s keys, values of %d bytes"
            .formatted(theme.title, Figures.keys(size.keys()), size.valueSize());
    svg.bold(MARGIN, MARGIN + 10, 15, Svg.INK, title);
    for (int i = 0; i < panels.size(); i++) {
      double x = MARGIN + i % COLUMNS * PANEL_WIDTH;
      double y = MARGIN + 24 + Math.floorDiv(i, COLUMNS) * panelHeight;
      panel(svg, x, y, rows.get(i), panels.get(i));
    }
    return Optional.of(svg.toString());
  }

  private static List<Bar> bars(Results results, Results.Size size, Row row) {
    var bars = new ArrayList<Bar>();
    for (PeerText peer : results.peers()) {
      results
          .find(Cell.COMPARISON, size, peer.id(), row.id())
          .filter(cell -> cell.hasFigure() && peer.isPersistent())
          .ifPresent(cell -> bars.add(new Bar(peer, cell.median())));
    }
    return bars;
  }

  private static void panel(Svg svg, double x, double y, Row row, List<Bar> bars) {
    Row.Unit unit = row.unit();
    String better = unit.isMoreBetter() ? "more is better" : "less is better";
    svg.text(x, y + 14, 13, Svg.INK, Svg.Anchor.START, row.title().replace("`", ""));
    svg.text(
        x + PANEL_WIDTH - MARGIN,
        y + 14,
        10,
        Svg.PALE,
        Svg.Anchor.END,
        unit.text() + ", " + better);
    double most = bars.stream().mapToDouble(Bar::value).max().orElse(1);
    double room = PANEL_WIDTH - NAME_WIDTH - FIGURE_WIDTH - MARGIN;
    double from = x + NAME_WIDTH;
    double top = y + HEAD - 10;
    svg.line(from, top, from, top + bars.size() * STEP, Svg.PALE);
    for (int i = 0; i < bars.size(); i++) {
      Bar bar = bars.get(i);
      boolean isLarder = bar.peer.id().equals(Results.LARDER);
      double at = top + i * STEP + 2;
      double length = Math.max(1, most == 0 ? 0 : room * bar.value / most);
      String name = bar.peer.title().replaceAll(" \\(.*", "");
      String ink = isLarder ? Palette.LARDER : Svg.INK;
      svg.text(from - 6, at + BAR - 3, 11, ink, Svg.Anchor.END, name);
      svg.rectangle(from, at, length, BAR, isLarder ? Palette.LARDER : Palette.OTHER);
      svg.text(
          from + length + 5, at + BAR - 3, 11, ink, Svg.Anchor.START, Figures.brief(bar.value));
    }
  }
}
