package dev.larder.benchmarks.report;

import dev.larder.benchmarks.results.Curve;
import dev.larder.benchmarks.results.PeerText;
import dev.larder.benchmarks.results.Results;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How long the slowest part of operations takes: the fraction that is faster from left to right,
/// the time from bottom to top, both logarithmic.
final class CurvePlot {
  private static final double PANEL = 460;
  private static final double HEIGHT = 320;
  private static final double LEFT = 56;
  private static final double TOP = 56;
  private static final double BOTTOM = 36;
  private static final double GAP = 64;

  /// The greatest of all is drawn where one in ten million would be.
  private static final double NINES_MAX = 6;

  private static final List<Double> TICKS = List.of(0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999);

  private CurvePlot() {}

  /// {@return the plot, if there is anything to show}
  static Optional<String> draw(Results results, Results.Size size) {
    List<Curve> curves =
        results.curves().stream()
            .filter(c -> c.keys() == size.keys() && c.valueSize() == size.valueSize())
            .toList();
    if (curves.isEmpty()) {
      return Optional.empty();
    }
    double most = 1;
    for (Curve curve : curves) {
      most = Math.max(most, curve.medians().getLast().micros());
    }
    double legend = 20 * ((results.peers().size() + 4) / 5);
    var svg = new Svg(2 * PANEL + 2 * LEFT + GAP, TOP + HEIGHT + BOTTOM + legend + 24);
    String title =
        "Latency, two threads, half get and half put: %s keys, values of %d bytes"
            .formatted(Figures.keys(size.keys()), size.valueSize());
    svg.bold(16, 26, 15, Svg.INK, title);
    int decades = (int) Math.ceil(Math.log10(most)) + 1;
    panel(svg, results, curves, LEFT, decades, "get");
    panel(svg, results, curves, LEFT + PANEL + GAP, decades, "put");
    legend(svg, results, curves);
    return Optional.of(svg.toString());
  }

  private static void panel(
      Svg svg, Results results, List<Curve> curves, double left, int decades, String name) {
    svg.text(left, TOP - 10, 13, Svg.INK, Svg.Anchor.START, name + ", microseconds");
    for (int decade = 0; decade <= decades; decade++) {
      double micros = Math.pow(10, decade - 1);
      double y = y(micros, decades);
      svg.line(left, y, left + PANEL, y, Svg.GRID);
      svg.text(left - 6, y + 4, 11, Svg.PALE, Svg.Anchor.END, micros(micros));
    }
    for (double tick : TICKS) {
      double x = x(tick, left);
      svg.line(x, TOP, x, TOP + HEIGHT, Svg.GRID);
      String label = percent(tick);
      svg.text(x, TOP + HEIGHT + 16, 11, Svg.PALE, Svg.Anchor.MIDDLE, label);
    }
    svg.text(left + PANEL, TOP + HEIGHT + 16, 11, Svg.PALE, Svg.Anchor.MIDDLE, "max");
    List<PeerText> peers = results.peers();
    for (int i = peers.size() - 1; i >= 0; i--) {
      String id = peers.get(i).id();
      for (Curve curve : curves) {
        if (curve.peer().equals(id) && curve.name().equals(name)) {
          draw(svg, curve, left, decades, peers.get(i), i);
        }
      }
    }
  }

  private static void draw(
      Svg svg, Curve curve, double left, int decades, PeerText peer, int index) {
    var points = new ArrayList<String>();
    for (Curve.Point point : curve.medians()) {
      double x = x(point.fraction(), left);
      double y = y(point.micros(), decades);
      points.add(String.format(Locale.ROOT, "%.1f,%.1f", x, y));
    }
    boolean isLarder = peer.id().equals(Results.LARDER);
    svg.path(
        String.join(" ", points),
        Palette.line(peer.id(), index),
        isLarder ? 3 : 1.6,
        dashes(peer, index));
  }

  private static String dashes(PeerText peer, int index) {
    if (!peer.isPersistent()) {
      return "2 3";
    }
    return index % 2 == 0 ? "none" : "7 3";
  }

  private static void legend(Svg svg, Results results, List<Curve> curves) {
    int shown = 0;
    List<PeerText> peers = results.peers();
    for (int i = 0; i < peers.size(); i++) {
      PeerText peer = peers.get(i);
      if (curves.stream().noneMatch(curve -> curve.peer().equals(peer.id()))) {
        continue;
      }
      double x = LEFT + shown % 5 * 200;
      double y = TOP + HEIGHT + BOTTOM + 12 + Math.floorDiv(shown, 5) * 20;
      String line = String.format(Locale.ROOT, "%.1f,%.1f %.1f,%.1f", x, y - 4, x + 28, y - 4);
      boolean isLarder = peer.id().equals(Results.LARDER);
      svg.path(line, Palette.line(peer.id(), i), isLarder ? 3 : 1.6, dashes(peer, i));
      String name = peer.title().replaceAll(" \\(.*", "");
      svg.text(x + 34, y, 11, Svg.INK, Svg.Anchor.START, name);
      shown++;
    }
  }

  private static double x(double fraction, double left) {
    double nines = fraction >= 1 ? NINES_MAX : -Math.log10(1 - fraction);
    return left + PANEL * Math.min(nines, NINES_MAX) / NINES_MAX;
  }

  private static double y(double micros, int decades) {
    double decade = Math.log10(Math.max(0.1, micros)) + 1;
    return TOP + HEIGHT * (1 - decade / decades);
  }

  private static String percent(double fraction) {
    return BigDecimal.valueOf(fraction).movePointRight(2).stripTrailingZeros().toPlainString()
        + "%";
  }

  private static String micros(double micros) {
    return micros >= 1e6
        ? "%.0f s".formatted(micros / 1e6)
        : micros >= 1e3 ? "%.0f ms".formatted(micros / 1e3) : Figures.brief(micros);
  }
}
