package dev.larder.cli;

import dev.larder.cli.BenchResult.Figure;
import dev.larder.cli.BenchResult.Measure;
import dev.larder.cli.BenchResult.Place;

/// What `bench` prints for programs: one line of JSON, with exact numbers.
final class BenchJson {
  private BenchJson() {}

  /// {@return the line}
  static String of(BenchResult result) {
    var json = new JsonLine();
    Place place = result.place();
    json.open('{');
    json.member("larder", place.larder());
    json.member("directory", place.directory());
    json.member("fileSystem", place.fileSystem());
    json.member("device", place.device());
    json.member("freeBytes", place.freeBytes());
    json.member("system", place.system());
    json.member("jvm", place.jvm());
    json.member("processors", place.processors());
    json.member("seconds", result.seconds());
    json.member("keys", result.keys());
    json.member("loadedKeys", result.loadedKeys());
    json.member("keySize", BenchData.KEY_SIZE);
    json.member("valueSize", result.valueSize());
    json.open("measures", '{');
    for (Figure figure : result.figures()) {
      measure(json, result, figure);
    }
    json.close('}');
    json.close('}');
    return json.toString();
  }

  private static void measure(JsonLine json, BenchResult result, Figure figure) {
    Measure measure = figure.measure();
    json.open(measure.id(), '{');
    json.member("unit", measure.unit());
    json.member("count", figure.count());
    json.member("nanos", figure.nanos());
    json.member("perSecond", figure.rate());
    Latencies latencies = figure.latencies();
    if (latencies != null) {
      json.member("operations", latencies.count());
      json.member("p50Nanos", latencies.nanosAt(0.5));
      json.member("p99Nanos", latencies.nanosAt(0.99));
      json.member("p999Nanos", latencies.nanosAt(0.999));
      json.member("maxNanos", latencies.maxNanos());
    }
    if (BenchResult.isHeldAgainstDevice(measure)) {
      json.member("ofDevice", result.ofDevice(figure));
    }
    json.close('}');
  }
}
