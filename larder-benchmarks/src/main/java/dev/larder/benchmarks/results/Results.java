package dev.larder.benchmarks.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Everything that a run measured, and what has to be known of it.
///
/// @param date the day of the run
/// @param revision the commit of Larder that ran, with a `+` if there were changes; empty if
///   unknown
/// @param settings the settings that rates were measured with, in words
/// @param machine where it ran
/// @param peers who took part, in the order of the report
/// @param cells the figures; the floors are those of the peer named `floor`
/// @param curves the distributions of latencies
public record Results(
    String date,
    String revision,
    String settings,
    Machine machine,
    List<PeerText> peers,
    List<Cell> cells,
    List<Curve> curves) {
  /// The name under which floors are kept.
  public static final String FLOOR = "floor";

  /// The peer that the others are compared with.
  public static final String LARDER = "larder";

  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /// A size of store.
  public record Size(long keys, int valueSize) {}

  /// {@return results that were saved}
  public static Results read(Path file) throws IOException {
    return MAPPER.readValue(Files.readString(file), Results.class);
  }

  /// Saves these results.
  public void write(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, MAPPER.writeValueAsString(this) + "\n");
  }

  /// {@return these results, and of others what these have nothing of}
  ///
  /// @param earlier other results, of the same machine
  public Results mergedOver(Results earlier) {
    var allPeers = new ArrayList<>(earlier.peers);
    for (PeerText peer : peers) {
      int at = indexOf(allPeers, known -> known.id().equals(peer.id()));
      if (at < 0) {
        allPeers.add(peer);
      } else {
        allPeers.set(at, peer);
      }
    }
    var allCells = new ArrayList<Cell>();
    for (Cell cell : earlier.cells) {
      if (find(cell.section(), new Size(cell.keys(), cell.valueSize()), cell.peer(), cell.row())
          .isEmpty()) {
        allCells.add(cell);
      }
    }
    allCells.addAll(cells);
    var allCurves = new ArrayList<Curve>();
    for (Curve curve : earlier.curves) {
      if (indexOf(curves, other -> isSame(curve, other)) < 0) {
        allCurves.add(curve);
      }
    }
    allCurves.addAll(curves);
    // The head is the comparison's; what was measured of Larder alone says itself how.
    boolean isAlone = cells.stream().allMatch(cell -> cell.section().equals(Cell.ALONE));
    Results head = isAlone ? earlier : this;
    return new Results(
        head.date, head.revision, head.settings, head.machine, allPeers, allCells, allCurves);
  }

  private static boolean isSame(Curve one, Curve other) {
    return one.keys() == other.keys()
        && one.valueSize() == other.valueSize()
        && one.peer().equals(other.peer())
        && one.name().equals(other.name());
  }

  private static <T> int indexOf(List<T> list, Predicate<T> wanted) {
    for (int i = 0; i < list.size(); i++) {
      if (wanted.test(list.get(i))) {
        return i;
      }
    }
    return -1;
  }

  /// {@return the cell of a row}
  public Optional<Cell> find(String section, Size size, String peer, String row) {
    return cells.stream()
        .filter(cell ->
            cell.section().equals(section)
                && cell.keys() == size.keys
                && cell.valueSize() == size.valueSize
                && cell.peer().equals(peer)
                && cell.row().equals(row))
        .findFirst();
  }

  /// {@return the middle of a floor's figures over all sizes, if it was measured}
  public Optional<Double> floor(String row) {
    List<Double> values =
        cells.stream()
            .filter(cell -> cell.peer().equals(FLOOR) && cell.row().equals(row))
            .filter(Cell::hasFigure)
            .map(Cell::median)
            .sorted()
            .toList();
    return values.isEmpty() ? Optional.empty() : Optional.of(values.get(values.size() / 2));
  }

  /// {@return the sizes of stores in a section, small ones first}
  public List<Size> sizes(String section) {
    return cells.stream()
        .filter(cell -> cell.section().equals(section) && !cell.peer().equals(FLOOR))
        .map(cell -> new Size(cell.keys(), cell.valueSize()))
        .distinct()
        .sorted(Comparator.comparingLong(Size::keys).thenComparingInt(Size::valueSize))
        .toList();
  }
}
