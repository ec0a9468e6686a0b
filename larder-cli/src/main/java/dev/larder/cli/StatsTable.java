package dev.larder.cli;

import com.google.errorprone.annotations.FormatMethod;
import dev.larder.Statistics;
import dev.larder.Statistics.Holder;
import dev.larder.Statistics.IndexMemory;
import dev.larder.Statistics.Part;
import dev.larder.Statistics.Space;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/// What `stats` prints for people.
final class StatsTable {
  private static final int BAR_WIDTH = 30;

  private final List<String> lines = new ArrayList<>();

  private StatsTable() {}

  /// {@return the lines}
  ///
  /// @param location where the store is
  /// @param statistics its figures
  static List<String> of(String location, Statistics statistics) {
    var table = new StatsTable();
    table.row("store", location);
    table.row("backend", statistics.backend());
    table.row("entries", count(statistics.entries()));
    table.row("expired remembered", count(statistics.expiredRemembered()));
    table.row("version", count(statistics.version()));
    table.row("durable version", count(statistics.durableVersion()));
    table.row("open snapshots", count(statistics.openSnapshots()));
    table.row("segments", count(statistics.space().segmentCount()));
    table.space(statistics.space());
    table.holders(statistics);
    table.index(statistics.index());
    if (!statistics.counters().isEmpty()) {
      table.lines.add("");
      new TreeMap<>(statistics.counters()).forEach((name, value) -> table.row(name, count(value)));
    }
    return table.lines;
  }

  private void row(String name, String value) {
    lines.add(format("%-18s %s", name, value));
  }

  private void space(Space space) {
    long total = space.directoryBytes();
    lines.add("");
    for (Part part : Part.values()) {
      lines.add(part(StatsJson.name(part), space.bytes(part), total));
    }
    lines.add(format("%-18s %,20d", "directory", total));
    lines.add("");
    row("limit", UpkeepCommands.size(space.limitBytes()));
    row("usable", UpkeepCommands.size(space.usableBytes()));
    if (space.heldForCheckpointBytes() > 0) {
      row(
          "held",
          UpkeepCommands.size(space.heldForCheckpointBytes())
              + " of superseded and tombstones, until the next checkpoint");
    }
  }

  private static String part(String name, long bytes, long total) {
    double share = total == 0 ? 0 : (double) bytes / total;
    int length = (int) Math.round(share * BAR_WIDTH);
    String bar = "#".repeat(bytes > 0 ? Math.max(1, length) : 0);
    return format("%-18s %,20d %5.1f%%  %s", name, bytes, 100 * share, bar).stripTrailing();
  }

  private void holders(Statistics statistics) {
    if (statistics.holders().isEmpty()) {
      return;
    }
    lines.add("");
    for (Holder holder : statistics.holders()) {
      row(
          "held by",
          format(
              "%s as of commit %,d, for %s, %s",
              who(holder),
              holder.version(),
              age(holder.age()),
              holder.keptBytes() == 0
                  ? "pinning nothing"
                  : "pinning " + UpkeepCommands.size(holder.keptBytes())));
    }
    if (statistics.holders().size() == Statistics.HOLDERS_MAX) {
      row("held by", "others, on later commits");
    }
  }

  private static String who(Holder holder) {
    int count = holder.count();
    return switch (holder.kind()) {
      case SNAPSHOT -> format("%,d %s", count, count == 1 ? "snapshot" : "snapshots");
      case LOAN -> format("%,d lent %s", count, count == 1 ? "value" : "values");
      case GET_ALL -> format("%,d %s of many keys", count, count == 1 ? "read" : "reads");
      case COMPACTION -> "compaction";
    };
  }

  private void index(IndexMemory index) {
    if (index.usedBytes() == 0) {
      return;
    }
    lines.add("");
    row(
        "index",
        format(
            "%s, %.1f bytes for each of %,d keys",
            UpkeepCommands.size(index.usedBytes()), index.bytesPerKey(), index.keys()));
    row("  table", UpkeepCommands.size(index.tableBytes()));
    row("  tree", UpkeepCommands.size(index.treeBytes()));
    row("  deadlines", UpkeepCommands.size(index.deadlineBytes()));
    row("  free", UpkeepCommands.size(index.freeBytes()));
  }

  /// {@return a time in its two largest units: `3 d 4 h`}
  static String age(Duration age) {
    if (age.toDays() > 0) {
      return format("%,d d %d h", age.toDays(), age.toHoursPart());
    }
    if (age.toHours() > 0) {
      return format("%d h %d min", age.toHours(), age.toMinutesPart());
    }
    if (age.toMinutes() > 0) {
      return format("%d min %d s", age.toMinutes(), age.toSecondsPart());
    }
    return age.toSeconds() > 0 ? format("%d s", age.toSeconds()) : format("%d ms", age.toMillis());
  }

  private static String count(long value) {
    return format("%,d", value);
  }

  @FormatMethod
  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
