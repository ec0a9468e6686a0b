package dev.larder.benchmarks.rows;

/// Takes what is measured.
public interface Sink {
  /// Takes the figure of a row.
  ///
  /// @param row the row's name
  /// @param value the figure, in the row's unit
  /// @param note what a reader has to know of it, or nothing
  void figure(String row, double value, String note);

  /// Takes a distribution of latencies.
  ///
  /// @param name what was done
  /// @param points fraction of the operations and the microseconds that they took at most, one pair
  ///   after the other: `0.5:1.2,0.9:3.4`
  void curve(String name, String points);
}
