package dev.larder.benchmarks.results;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// How long operations took, as points of their distribution, for each repetition.
///
/// @param keys how many keys the store had
/// @param valueSize how many bytes each value had
/// @param peer the peer's short name
/// @param name what was done
/// @param points for each repetition pairs of a fraction of the operations and the microseconds
///   that they took at most: `0.5:1.2,0.9:3.4`
public record Curve(long keys, int valueSize, String peer, String name, List<String> points) {
  private static final Pattern COMMA = Pattern.compile(",");

  /// A place on the curve.
  public record Point(double fraction, double micros) {}

  /// {@return the curve, at each fraction the middle of the repetitions}
  public List<Point> medians() {
    var repetitions = new ArrayList<List<Point>>();
    for (String text : points) {
      repetitions.add(COMMA.splitAsStream(text).map(Curve::point).toList());
    }
    var medians = new ArrayList<Point>();
    for (int i = 0; i < repetitions.getFirst().size(); i++) {
      var micros = new ArrayList<Double>();
      for (List<Point> repetition : repetitions) {
        micros.add(repetition.get(i).micros);
      }
      micros.sort(null);
      double fraction = repetitions.getFirst().get(i).fraction;
      medians.add(new Point(fraction, micros.get(micros.size() / 2)));
    }
    return medians;
  }

  private static Point point(String text) {
    int colon = text.indexOf(':');
    return new Point(
        Double.parseDouble(text.substring(0, colon)),
        Double.parseDouble(text.substring(colon + 1)));
  }
}
