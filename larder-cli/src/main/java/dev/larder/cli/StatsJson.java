package dev.larder.cli;

import dev.larder.Statistics;
import dev.larder.Statistics.Holder;
import dev.larder.Statistics.IndexMemory;
import dev.larder.Statistics.Part;
import dev.larder.Statistics.Space;
import java.util.Locale;
import java.util.TreeMap;

/// What `stats` prints for programs: one line of JSON.
final class StatsJson {
  private final JsonLine json = new JsonLine();

  private StatsJson() {}

  /// {@return the line}
  ///
  /// @param location where the store is
  /// @param statistics its figures
  static String of(String location, Statistics statistics) {
    var line = new StatsJson();
    JsonLine json = line.json;
    json.open('{');
    json.member("store", location);
    json.member("backend", statistics.backend());
    json.member("entries", statistics.entries());
    json.member("expiredRemembered", statistics.expiredRemembered());
    json.member("version", statistics.version());
    json.member("durableVersion", statistics.durableVersion());
    json.member("openSnapshots", statistics.openSnapshots());
    json.member("segments", statistics.space().segmentCount());
    line.space(statistics.space());
    json.open("holders", '[');
    statistics.holders().forEach(line::holder);
    json.close(']');
    line.index(statistics.index());
    json.open("counters", '{');
    new TreeMap<>(statistics.counters()).forEach(json::member);
    json.close('}');
    json.close('}');
    return json.toString();
  }

  /// {@return what a part is called}
  static String name(Part part) {
    return part.name().toLowerCase(Locale.ROOT);
  }

  private void space(Space space) {
    json.open("space", '{');
    for (Part part : Part.values()) {
      json.member(name(part), space.bytes(part));
    }
    json.member("directory", space.directoryBytes());
    json.member("heldForCheckpoint", space.heldForCheckpointBytes());
    json.member("limit", space.limitBytes());
    json.member("usable", space.usableBytes());
    json.close('}');
  }

  private void holder(Holder holder) {
    json.open('{');
    String kind =
        switch (holder.kind()) {
          case SNAPSHOT -> "snapshot";
          case LOAN -> "loan";
          case GET_ALL -> "getAll";
          case COMPACTION -> "compaction";
        };
    json.member("kind", kind);
    json.member("version", holder.version());
    json.member("count", holder.count());
    json.member("ageMillis", holder.age().toMillis());
    json.member("keptBytes", holder.keptBytes());
    json.close('}');
  }

  private void index(IndexMemory index) {
    json.open("index", '{');
    json.member("keys", index.keys());
    json.member("table", index.tableBytes());
    json.member("tree", index.treeBytes());
    json.member("deadlines", index.deadlineBytes());
    json.member("used", index.usedBytes());
    json.member("free", index.freeBytes());
    json.raw("bytesPerKey", String.format(Locale.ROOT, "%.1f", index.bytesPerKey()));
    json.close('}');
  }
}
