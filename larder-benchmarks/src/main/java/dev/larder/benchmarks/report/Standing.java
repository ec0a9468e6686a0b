package dev.larder.benchmarks.report;

import dev.larder.benchmarks.results.Cell;
import dev.larder.benchmarks.results.PeerText;
import dev.larder.benchmarks.results.Results;
import dev.larder.benchmarks.rows.Row;
import java.util.Optional;

/// Where Larder stands in a row: the best of the peers, and how many times better or worse it is.
/// Peers that keep nothing do not count.
///
/// @param row the row
/// @param larder Larder's figure, if there is one
/// @param bestOrdered the best figure of a peer whose keys have an order
/// @param best the best figure of all peers
record Standing(Row row, Optional<Cell> larder, Optional<Cell> bestOrdered, Optional<Cell> best) {
  static Standing of(Results results, Results.Size size, Row row) {
    Optional<Cell> larder = Optional.empty();
    Optional<Cell> bestOrdered = Optional.empty();
    Optional<Cell> best = Optional.empty();
    for (PeerText peer : results.peers()) {
      Optional<Cell> cell =
          results.find(Cell.COMPARISON, size, peer.id(), row.id()).filter(Cell::hasFigure);
      if (peer.id().equals(Results.LARDER)) {
        larder = cell;
      } else if (cell.isPresent() && peer.isPersistent()) {
        best = better(row, best, cell);
        bestOrdered = peer.isOrdered() ? better(row, bestOrdered, cell) : bestOrdered;
      }
    }
    return new Standing(row, larder, bestOrdered, best);
  }

  private static Optional<Cell> better(Row row, Optional<Cell> one, Optional<Cell> other) {
    return one.isEmpty() || ratio(row, other.orElseThrow(), one.get()) > 1 ? other : one;
  }

  /// {@return how many times better one is than another; more than 1 is better, whatever the unit}
  static double ratio(Row row, Cell one, Cell other) {
    return row.unit().isMoreBetter()
        ? one.median() / other.median()
        : other.median() / one.median();
  }

  /// {@return how many times better Larder is than the best of all, if both have a figure}
  Optional<Double> ratioToBest() {
    return ratioTo(best);
  }

  /// {@return how many times better Larder is than the best ordered one, if both have a figure}
  Optional<Double> ratioToBestOrdered() {
    return ratioTo(bestOrdered);
  }

  private Optional<Double> ratioTo(Optional<Cell> peer) {
    // A ratio to nothing at all says nothing.
    return peer.isPresent() && larder.isPresent()
        ? Optional.of(ratio(row, larder.get(), peer.get())).filter(Double::isFinite)
        : Optional.empty();
  }

  /// {@return the best figure, Larder's if nobody is ahead of it}
  Optional<Cell> winner() {
    return larder.isPresent() && !isBehind() ? larder : best;
  }

  /// {@return whether Larder is behind any peer}
  boolean isBehind() {
    return ratioToBest().filter(ratio -> ratio < 1).isPresent();
  }
}
