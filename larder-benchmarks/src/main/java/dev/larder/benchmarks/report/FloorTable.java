package dev.larder.benchmarks.report;

import dev.larder.benchmarks.results.Cell;
import dev.larder.benchmarks.results.Results;
import dev.larder.benchmarks.rows.Floors;
import dev.larder.benchmarks.rows.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the machine can do at best, and how far Larder is from it.
final class FloorTable {
  private static final double DISK_ALLOWANCE = 1.15;
  private static final double KEY_BYTES = 16;

  private record Floor(String row, String title, String unit) {}

  private static final List<Floor> FLOORS =
      List.of(
          new Floor(Floors.FORCE_PREALLOCATED, "4 KiB written and forced, pre-allocated", "us"),
          new Floor(Floors.FORCE_GROWING, "4 KiB written and forced, growing file", "us"),
          new Floor(Floors.WRITE_136, "`write` of 136 bytes", "us"),
          new Floor(Floors.LOAD_16M, "dependent load over 16 MB", "ns"),
          new Floor(Floors.LOAD_128M, "dependent load over 128 MB", "ns"),
          new Floor(Floors.LOAD_2G, "dependent load over 2 GB", "ns"),
          new Floor(Floors.BANDWIDTH, "memory read in order, 1 thread", "GB/s"),
          new Floor(Floors.MAP_OPEN, "a file of the payload's size mapped, its end read", "ms"));

  private final Results results;
  private final Results.Size size;

  FloorTable(Results results, Results.Size size) {
    this.results = results;
    this.size = size;
  }

  void write(StringBuilder text) {
    var floors = new ArrayList<String>();
    for (Floor floor : FLOORS) {
      Optional<Double> value =
          results
              .find(Cell.COMPARISON, size, Results.FLOOR, floor.row)
              .filter(Cell::hasFigure)
              .map(Cell::median);
      if (value.isPresent()) {
        floors.add("| %s | %s %s |".formatted(floor.title, Figures.brief(value.get()), floor.unit));
      }
    }
    if (floors.isEmpty()) {
      return;
    }
    text.append("### Held against the machine\n\n| floor | median |\n|---|---:|\n");
    floors.forEach(line -> text.append(line).append('\n'));
    text.append('\n');
    List<String> held = held();
    if (!held.isEmpty()) {
      text.append("| Larder | measured | floor | of the floor |\n|---|---:|---:|---:|\n");
      held.forEach(line -> text.append(line).append('\n'));
      text.append('\n');
    }
  }

  private List<String> held() {
    var lines = new ArrayList<String>();
    Optional<Double> force = floor(Floors.FORCE_PREALLOCATED);
    Optional<Double> put = larder(Row.DURABLE_PUT_1).map(rate -> 1e6 / rate);
    hold(lines, "durable put, 1 thread", "us", put, force);
    Optional<Double> map = floor(Floors.MAP_OPEN);
    hold(lines, Row.OPEN_WARM.title(), "ms", larder(Row.OPEN_WARM), map);
    hold(lines, Row.OPEN_FRESH.title(), "ms", larder(Row.OPEN_FRESH), map);
    double payload = size.keys() * (KEY_BYTES + size.valueSize()) / 1e6;
    Optional<Double> disk = Optional.of(payload * DISK_ALLOWANCE);
    String allowed = " (payload and 15%)";
    hold(lines, Row.DISK_LOADED.title() + allowed, "MB", larder(Row.DISK_LOADED), disk);
    hold(lines, Row.DISK_COMPACTED.title() + allowed, "MB", larder(Row.DISK_COMPACTED), disk);
    Optional<Double> read = larder(Row.READ_HIT_1).map(rate -> 1e9 / rate);
    hold(
        lines,
        "read hit, 1 thread, in dependent loads over 128 MB",
        "ns",
        read,
        floor(Floors.LOAD_128M));
    return lines;
  }

  private static void hold(
      List<String> lines,
      String title,
      String unit,
      Optional<Double> measured,
      Optional<Double> floor) {
    if (measured.isPresent() && floor.isPresent()) {
      lines.add(
          "| %s | %s %s | %s %s | %s |"
              .formatted(
                  title,
                  Figures.brief(measured.get()),
                  unit,
                  Figures.brief(floor.get()),
                  unit,
                  Figures.ratio(measured.get() / floor.get())));
    }
  }

  private Optional<Double> larder(Row row) {
    return results
        .find(Cell.COMPARISON, size, Results.LARDER, row.id())
        .filter(Cell::hasFigure)
        .map(Cell::median);
  }

  private Optional<Double> floor(String row) {
    return results
        .find(Cell.COMPARISON, size, Results.FLOOR, row)
        .filter(Cell::hasFigure)
        .map(Cell::median);
  }
}
