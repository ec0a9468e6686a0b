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
  private final StringBuilder json = new StringBuilder();

  private StatsJson() {}

  /// {@return the line}
  ///
  /// @param location where the store is
  /// @param statistics its figures
  static String of(String location, Statistics statistics) {
    var line = new StatsJson();
    line.open('{');
    line.member("store", JsonStrings.quote(location));
    line.member("backend", JsonStrings.quote(statistics.backend()));
    line.member("entries", statistics.entries());
    line.member("expiredRemembered", statistics.expiredRemembered());
    line.member("version", statistics.version());
    line.member("durableVersion", statistics.durableVersion());
    line.member("openSnapshots", statistics.openSnapshots());
    line.member("segments", statistics.space().segmentCount());
    line.space(statistics.space());
    line.name("holders");
    line.open('[');
    statistics.holders().forEach(line::holder);
    line.close(']');
    line.index(statistics.index());
    line.name("counters");
    line.open('{');
    new TreeMap<>(statistics.counters()).forEach(line::member);
    line.close('}');
    line.close('}');
    return line.json.toString();
  }

  /// {@return what a part is called}
  static String name(Part part) {
    return part.name().toLowerCase(Locale.ROOT);
  }

  private void space(Space space) {
    name("space");
    open('{');
    for (Part part : Part.values()) {
      member(name(part), space.bytes(part));
    }
    member("directory", space.directoryBytes());
    member("heldForCheckpoint", space.heldForCheckpointBytes());
    member("limit", space.limitBytes());
    member("usable", space.usableBytes());
    close('}');
  }

  private void holder(Holder holder) {
    separate();
    open('{');
    String kind =
        switch (holder.kind()) {
          case SNAPSHOT -> "snapshot";
          case LOAN -> "loan";
          case GET_ALL -> "getAll";
          case COMPACTION -> "compaction";
        };
    member("kind", JsonStrings.quote(kind));
    member("version", holder.version());
    member("count", holder.count());
    member("ageMillis", holder.age().toMillis());
    member("keptBytes", holder.keptBytes());
    close('}');
  }

  private void index(IndexMemory index) {
    name("index");
    open('{');
    member("keys", index.keys());
    member("table", index.tableBytes());
    member("tree", index.treeBytes());
    member("deadlines", index.deadlineBytes());
    member("used", index.usedBytes());
    member("free", index.freeBytes());
    member("bytesPerKey", String.format(Locale.ROOT, "%.1f", index.bytesPerKey()));
    close('}');
  }

  private void member(String name, long value) {
    member(name, Long.toString(value));
  }

  private void member(String name, String value) {
    name(name);
    json.append(value);
  }

  private void name(String name) {
    separate();
    json.append(JsonStrings.quote(name)).append(':');
  }

  private void separate() {
    char last = json.charAt(json.length() - 1);
    if (last != '{' && last != '[') {
      json.append(',');
    }
  }

  private void open(char bracket) {
    json.append(bracket);
  }

  private void close(char bracket) {
    json.append(bracket);
  }
}
