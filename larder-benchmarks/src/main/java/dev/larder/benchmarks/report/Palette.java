package dev.larder.benchmarks.report;

import dev.larder.benchmarks.results.Results;
import java.util.List;

/// Colours of peers: Larder stands out, the others can be told apart by most eyes.
final class Palette {
  static final String LARDER = "#d9480f";
  static final String OTHER = "#9fb3c8";

  private static final List<String> LINES =
      List.of(
          "#0072b2", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9", "#6b4fbb", "#444444", "#0072b2",
          "#a0a000", "#999999");

  private Palette() {}

  /// {@return the colour of a peer's line}
  ///
  /// @param index the peer's place among all
  static String line(String peer, int index) {
    return peer.equals(Results.LARDER) ? LARDER : LINES.get(index % LINES.size());
  }
}
