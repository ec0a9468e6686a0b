package dev.larder.benchmarks.results;

import java.util.List;

/// All figures of one row for one peer and one size of store.
///
/// @param section the part of the run: the comparison, the growth, or Larder alone
/// @param keys how many keys the store had
/// @param valueSize how many bytes each value had
/// @param peer the peer's short name
/// @param row the row's name
/// @param values the figures, one or more for each repetition
/// @param notes what has to be known of them, without repetitions
/// @param failures why there is no figure, for each time that there is none
public record Cell(
    String section,
    long keys,
    int valueSize,
    String peer,
    String row,
    List<Double> values,
    List<String> notes,
    List<String> failures) {
  /// The section of the comparison.
  public static final String COMPARISON = "comparison";

  /// The section in which stores grow.
  public static final String GROWTH = "growth";

  /// The section of what is measured of Larder alone.
  public static final String ALONE = "alone";

  /// {@return whether there is a figure}
  public boolean hasFigure() {
    return !values.isEmpty();
  }

  /// {@return the figure in the middle}
  public double median() {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /// {@return how far the figures lie from their middle at most, as a fraction of it}
  public double spread() {
    double median = median();
    return median == 0
        ? 0
        : values.stream().mapToDouble(v -> Math.abs(v - median)).max().orElse(0) / median;
  }
}
