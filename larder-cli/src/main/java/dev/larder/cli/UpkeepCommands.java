package dev.larder.cli;

import dev.larder.Larder;
import dev.larder.Statistics;
import dev.larder.Store;
import dev.larder.VerifyReport;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// The commands about the store as a whole.
final class UpkeepCommands {
  private UpkeepCommands() {}

  /// {@return a size for people and the exact one: `1.5 MiB (1,572,864 bytes)`}
  static String size(long bytes) {
    if (bytes == Long.MAX_VALUE) {
      return "unlimited";
    }
    String exact = String.format(Locale.ROOT, "%,d bytes", bytes);
    if (bytes < 1024) {
      return exact;
    }
    double scaled = bytes;
    int unit = -1;
    while (scaled >= 1024 && unit < 4) {
      scaled /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %ciB (%s)", scaled, "KMGTP".charAt(unit), exact);
  }

  /// `stats`
  static final class Stats extends StoreCommand {
    private final Argument<Boolean> wantsJson =
        flag("--json", "Print one line of JSON; sizes in bytes.");

    Stats(RootCommand root) {
      super(
          root,
          CommandText.of("stats", "Print figures of the store.", "larder stats [--json]")
              .describedAs("The parts of the space add up to what the directory takes.")
              .withExamples("  larder stats", "  larder stats --json"));
    }

    @Override
    int run() {
      Store store = root().store();
      Statistics statistics = store.statistics();
      if (wantsJson.orElse(false)) {
        print(json(statistics));
        return Exit.DONE;
      }
      print(row("store", root().location().toAbsolutePath().toString()));
      print(row("backend", statistics.backend()));
      figures(statistics).forEach((name, value) -> print(row(name, count(value))));
      print("");
      sizes(statistics.space()).forEach((name, value) -> print(row(name, size(value))));
      if (!statistics.counters().isEmpty()) {
        print("");
        new TreeMap<>(statistics.counters())
            .forEach((name, value) -> print(row(name, count(value))));
      }
      return Exit.DONE;
    }

    private static String row(String name, String value) {
      return String.format(Locale.ROOT, "%-18s %s", name, value);
    }

    private static String count(long value) {
      return String.format(Locale.ROOT, "%,d", value);
    }

    private static Map<String, Long> figures(Statistics statistics) {
      var figures = new LinkedHashMap<String, Long>();
      figures.put("entries", statistics.entries());
      figures.put("expired remembered", statistics.expiredRemembered());
      figures.put("version", statistics.version());
      figures.put("durable version", statistics.durableVersion());
      figures.put("open snapshots", (long) statistics.openSnapshots());
      figures.put("segments", (long) statistics.space().segmentCount());
      return figures;
    }

    private static Map<String, Long> sizes(Statistics.Space space) {
      var sizes = new LinkedHashMap<String, Long>();
      sizes.put("live", space.liveBytes());
      sizes.put("dead", space.deadBytes());
      sizes.put("pinned", space.pinnedBytes());
      sizes.put("free", space.freeBytes());
      sizes.put("checkpoint", space.checkpointBytes());
      sizes.put("reserve", space.reserveBytes());
      sizes.put("other", space.otherBytes());
      sizes.put("directory", space.directoryBytes());
      sizes.put("limit", space.limitBytes());
      sizes.put("usable", space.usableBytes());
      return sizes;
    }

    private String json(Statistics statistics) {
      var json = new StringBuilder("{\"store\":");
      json.append(JsonStrings.quote(root().location().toAbsolutePath().toString()));
      json.append(",\"backend\":").append(JsonStrings.quote(statistics.backend()));
      figures(statistics).forEach((name, value) -> member(json, name, value));
      json.append(",\"space\":{");
      int start = json.length();
      sizes(statistics.space()).forEach((name, value) -> member(json, name, value));
      json.deleteCharAt(start).append("},\"counters\":{");
      start = json.length();
      new TreeMap<>(statistics.counters()).forEach((name, value) -> member(json, name, value));
      if (json.length() > start) {
        json.deleteCharAt(start);
      }
      return json.append("}}").toString();
    }

    /// Adds `,"camelCase":value`.
    private static void member(StringBuilder json, String name, long value) {
      var camel = new StringBuilder();
      for (String word : name.split(" ", -1)) {
        camel.append(
            camel.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
      }
      json.append(',').append(JsonStrings.quote(camel.toString())).append(':').append(value);
    }
  }

  /// `compact`
  static final class Compact extends StoreCommand {
    Compact(RootCommand root) {
      super(
          root,
          CommandText.of(
                  "compact",
                  "Give back the space of what is superseded, removed or expired.",
                  "larder compact")
              .describedAs(
                  "The store does this by itself; this waits until there is nothing to gain.")
              .withExamples("  larder compact"));
    }

    @Override
    int run() {
      Store store = root().store();
      long before = store.statistics().space().directoryBytes();
      store.compact();
      long after = store.statistics().space().directoryBytes();
      print(
          "gave back %s; the store takes %s"
              .formatted(size(Math.max(0, before - after)), size(after)));
      return Exit.DONE;
    }
  }

  /// `verify`
  static final class Verify extends StoreCommand {
    Verify(RootCommand root) {
      super(
          root,
          CommandText.of(
                  "verify",
                  "Read the whole store and check everything; change nothing.",
                  "larder verify")
              .describedAs(
                  "Where something is wrong, each finding is a line, and the exit code is 3.")
              .withExamples("  larder verify"));
    }

    @Override
    int run() {
      root().session().release(); // a store is verified closed; the shell opens it again
      VerifyReport report = Larder.verify(root().location());
      for (String remark : report.remarks()) {
        print("remark: " + Failures.oneLine(remark));
      }
      for (VerifyReport.Finding finding : report.findings()) {
        print(
            Failures.oneLine(
                "%s at position %d: %s"
                    .formatted(finding.file(), finding.position(), finding.reason())));
      }
      String read =
          String.format(
              Locale.ROOT,
              "%,d files, %s, %,d commits, %,d entries",
              report.files(),
              size(report.bytes()),
              report.commits(),
              report.entries());
      if (!report.isSound()) {
        int count = report.findings().size();
        throw CommandException.unable(
            "%s is damaged: %,d %s; read %s"
                .formatted(root().location(), count, count == 1 ? "finding" : "findings", read),
            null);
      }
      print("sound: " + read);
      return Exit.DONE;
    }
  }
}
