package dev.larder.benchmarks.report;

import dev.larder.benchmarks.results.Cell;
import dev.larder.benchmarks.results.Results;
import dev.larder.benchmarks.rows.Row;
import java.util.List;
import java.util.Optional;

/// What an operation costs as the store grows.
final class GrowthTable {
  private final Results results;

  GrowthTable(Results results) {
    this.results = results;
  }

  void write(StringBuilder text) {
    List<Results.Size> sizes = results.sizes(Cell.GROWTH);
    text.append("| row | unit |");
    for (Results.Size size : sizes) {
      text.append(" %s keys |".formatted(Figures.keys(size.keys())));
    }
    text.append("\n|---|---|").append("---:|".repeat(sizes.size())).append('\n');
    for (Row row : Row.values()) {
      var line = new StringBuilder();
      boolean isAny = false;
      for (Results.Size size : sizes) {
        Optional<Cell> cell = cell(results, size, row);
        isAny |= cell.isPresent();
        line.append(cell.map(c -> " " + Figures.brief(cost(row, c)) + " |").orElse(" - |"));
      }
      if (isAny) {
        text.append("| %s | %s |%s%n".formatted(row.title(), unit(row), line));
      }
    }
    text.append('\n');
  }

  static Optional<Cell> cell(Results results, Results.Size size, Row row) {
    return results.cells().stream()
        .filter(cell ->
            cell.section().equals(Cell.GROWTH)
                && cell.keys() == size.keys()
                && cell.valueSize() == size.valueSize()
                && cell.row().equals(row.id())
                && cell.hasFigure())
        .findFirst();
  }

  /// A rate as what one operation takes; anything else as it is.
  static double cost(Row row, Cell cell) {
    return row.unit() == Row.Unit.PER_SECOND ? 1e9 / cell.median() : cell.median();
  }

  static String unit(Row row) {
    return row.unit() == Row.Unit.PER_SECOND ? "ns" : row.unit().text();
  }
}
