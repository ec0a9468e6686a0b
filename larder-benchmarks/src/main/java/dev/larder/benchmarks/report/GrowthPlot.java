package dev.larder.benchmarks.report;

import dev.larder.benchmarks.results.Cell;
import dev.larder.benchmarks.results.Results;
import dev.larder.benchmarks.rows.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A panel for each row: what an operation costs against the number of keys, which is logarithmic.
final class GrowthPlot {
  private static final int COLUMNS = 3;
  private static final double PANEL_WIDTH = 320;
  private static final double PANEL_HEIGHT = 210;
  private static final double LEFT = 52;
  private static final double RIGHT = 24;
  private static final double HEAD = 30;
  private static final double FOOT = 34;
  private static final double MARGIN = 16;

  private record Point(double keys, double cost) {}

  private GrowthPlot() {}

  /// {@return the plot, if there is anything to show}
  static Optional<String> draw(Results results) {
    var panels = new ArrayList<List<Point>>();
    var rows = new ArrayList<Row>();
    for (Row row : Row.values()) {
      List<Point> points = points(results, row);
      if (!points.isEmpty()) {
        panels.add(points);
        rows.add(row);
      }
    }
    if (panels.isEmpty()) {
      return Optional.empty();
    }
    int lines = (panels.size() + COLUMNS - 1) / COLUMNS;
    var svg = new Svg(COLUMNS * PANEL_WIDTH + 2 * MARGIN, lines * PANEL_HEIGHT + 2 * MARGIN + 24);
    svg.bold(MARGIN, MARGIN + 10, 15, Svg.INK, "Cost of an operation against the number of keys");
    for (int i = 0; i < panels.size(); i++) {
      double x = MARGIN + i % COLUMNS * PANEL_WIDTH;
      double y = MARGIN + 24 + Math.floorDiv(i, COLUMNS) * PANEL_HEIGHT;
      panel(svg, x, y, rows.get(i), panels.get(i));
    }
    return Optional.of(svg.toString());
  }

  private static List<Point> points(Results results, Row row) {
    var points = new ArrayList<Point>();
    for (Results.Size size : results.sizes(Cell.GROWTH)) {
      GrowthTable.cell(results, size, row)
          .ifPresent(cell -> points.add(new Point(size.keys(), GrowthTable.cost(row, cell))));
    }
    return points;
  }

  private static void panel(Svg svg, double x, double y, Row row, List<Point> points) {
    svg.text(x, y + 14, 13, Svg.INK, Svg.Anchor.START, row.title().replace("`", ""));
    double right = x + PANEL_WIDTH - RIGHT;
    svg.text(right, y + 14, 10, Svg.PALE, Svg.Anchor.END, GrowthTable.unit(row));
    double top = y + HEAD;
    double bottom = y + PANEL_HEIGHT - FOOT;
    double left = x + LEFT;
    double most = 1.1 * points.stream().mapToDouble(Point::cost).max().orElse(1);
    for (int tick = 0; tick <= 4; tick++) {
      double at = bottom - (bottom - top) * tick / 4;
      svg.line(left, at, right, at, Svg.GRID);
      svg.text(left - 6, at + 4, 10, Svg.PALE, Svg.Anchor.END, Figures.brief(most * tick / 4));
    }
    double least = Math.log(points.getFirst().keys);
    double span = Math.max(1e-9, Math.log(points.getLast().keys) - least);
    var line = new ArrayList<String>();
    for (Point point : points) {
      double px = left + (right - left) * (Math.log(point.keys) - least) / span;
      double py = bottom - (bottom - top) * (most == 0 ? 0 : point.cost / most);
      line.add(String.format(Locale.ROOT, "%.1f,%.1f", px, py));
      svg.dot(px, py, Palette.LARDER);
      svg.text(px, bottom + 15, 10, Svg.PALE, Svg.Anchor.MIDDLE, Figures.keys((long) point.keys));
      svg.text(px, py - 7, 10, Svg.INK, Svg.Anchor.MIDDLE, Figures.brief(point.cost));
    }
    svg.path(String.join(" ", line), Palette.LARDER, 2, "none");
  }
}
