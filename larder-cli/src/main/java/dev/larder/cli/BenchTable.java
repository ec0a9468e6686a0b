package dev.larder.cli;

import com.google.errorprone.annotations.FormatMethod;
import dev.larder.cli.BenchResult.Figure;
import dev.larder.cli.BenchResult.Measure;
import dev.larder.cli.BenchResult.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What `bench` prints for people.
final class BenchTable {
  private final List<String> lines = new ArrayList<>();

  private BenchTable() {}

  /// {@return the lines}
  static List<String> of(BenchResult result) {
    var table = new BenchTable();
    table.place(result.place());
    table.row("keys", keys(result));
    table.lines.add("");
    table.lines.add(
        format(
            "%-24s %21s %9s %9s %9s %9s %10s",
            "", "rate", "p50", "p99", "p99.9", "max", "of device"));
    for (Figure figure : result.figures()) {
      table.lines.add(line(result, figure));
    }
    return table.lines;
  }

  private void place(Place place) {
    row("larder", place.larder());
    row("directory", place.directory());
    row(
        "disk",
        format(
            "%s on %s, %s free",
            place.fileSystem(), place.device(), UpkeepCommands.size(place.freeBytes())));
    row("system", place.system());
    row("jvm", place.jvm());
    row("processors", format("%,d", place.processors()));
  }

  private static String keys(BenchResult result) {
    String loaded =
        result.loadedKeys() == result.keys()
            ? ""
            : format(", %,d of which there was time to load", result.loadedKeys());
    return format(
        "%,d of %d bytes with values of %,d bytes%s",
        result.keys(), BenchData.KEY_SIZE, result.valueSize(), loaded);
  }

  private static String line(BenchResult result, Figure figure) {
    Measure measure = figure.measure();
    var line = new StringBuilder(format("%-24s %21s", measure.title(), rate(figure)));
    Latencies latencies = figure.latencies();
    if (latencies != null) {
      line.append(
          format(
              " %9s %9s %9s %9s",
              time(latencies.nanosAt(0.5)),
              time(latencies.nanosAt(0.99)),
              time(latencies.nanosAt(0.999)),
              time(latencies.maxNanos())));
    }
    if (BenchResult.isHeldAgainstDevice(measure)) {
      line.append(format(" %10.2f", result.ofDevice(figure)));
    }
    return line.toString();
  }

  private void row(String name, String value) {
    lines.add(format("%-18s %s", name, value));
  }

  private static String rate(Figure figure) {
    if (figure.measure() == Measure.DEVICE_WRITE) {
      return number(figure.rate() / (1 << 20)) + " MiB/s";
    }
    return number(figure.rate()) + " " + figure.measure().unit() + "/s";
  }

  private static String number(double number) {
    return number < 100 ? format("%.1f", number) : format("%,.0f", number);
  }

  /// {@return a time with three digits or more: `3.21 ms`}
  static String time(long nanos) {
    if (nanos < 1_000) {
      return nanos + " ns";
    }
    double scaled = nanos / 1e3;
    String unit = "us";
    if (scaled >= 999.5) {
      scaled /= 1e3;
      unit = "ms";
    }
    if (scaled >= 999.5) {
      scaled /= 1e3;
      unit = "s";
    }
    String pattern = scaled < 9.995 ? "%.2f %s" : scaled < 99.95 ? "%.1f %s" : "%,.0f %s";
    return String.format(Locale.ROOT, pattern, scaled, unit);
  }

  @FormatMethod
  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
