package dev.larder.benchmarks.results;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Gathers what processes report, repetition after repetition.
///
/// **Threads.** For one thread.
public final class Collector {
  private final Map<List<Object>, Cell> cells = new LinkedHashMap<>();
  private final Map<List<Object>, Curve> curves = new LinkedHashMap<>();

  /// Takes a figure.
  ///
  /// @param where a cell without figures
  public void figure(Cell where, double value, String note) {
    Cell cell = cell(where);
    cell.values().add(value);
    if (!note.isEmpty() && !cell.notes().contains(note)) {
      cell.notes().add(note);
    }
  }

  /// Takes the reason why there is no figure.
  ///
  /// @param where a cell without figures
  public void failure(Cell where, String reason) {
    cell(where).failures().add(reason);
  }

  /// Takes a distribution.
  ///
  /// @param where a curve without points
  public void curve(Curve where, String points) {
    curves
        .computeIfAbsent(
            List.of(where.keys(), where.valueSize(), where.peer(), where.name()),
            _ ->
                new Curve(
                    where.keys(), where.valueSize(), where.peer(), where.name(), new ArrayList<>()))
        .points()
        .add(points);
  }

  private Cell cell(Cell where) {
    return cells.computeIfAbsent(
        List.of(where.section(), where.keys(), where.valueSize(), where.peer(), where.row()),
        _ ->
            new Cell(
                where.section(),
                where.keys(),
                where.valueSize(),
                where.peer(),
                where.row(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>()));
  }

  /// {@return the figures so far}
  public List<Cell> cells() {
    return List.copyOf(cells.values());
  }

  /// {@return the distributions so far}
  public List<Curve> curves() {
    return List.copyOf(curves.values());
  }
}
