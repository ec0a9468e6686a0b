package dev.larder.benchmarks.rows;

import dev.larder.benchmarks.workload.Keys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// How much of what is measured, the same for all peers of a run. It goes to the measuring
/// processes as words.
///
/// @param keys how many keys a store is loaded with
/// @param valueSize how many bytes each value has
/// @param shape what keys look like
/// @param isCompressible whether half of each value is blank
/// @param seconds how long a rate is measured
/// @param warmSeconds how long the same runs before that
/// @param wholeSeconds how long what is done once for each key may take; what takes longer is a
///   sample
/// @param opens how often opening is measured
public record Setting(
    long keys,
    int valueSize,
    Keys.Shape shape,
    boolean isCompressible,
    double seconds,
    double warmSeconds,
    double wholeSeconds,
    int opens) {
  /// {@return these settings as words for a process's command line}
  public List<String> words() {
    var words = new ArrayList<String>();
    words.add("keys=" + keys);
    words.add("valueSize=" + valueSize);
    words.add("shape=" + shape);
    words.add("isCompressible=" + isCompressible);
    words.add("seconds=" + seconds);
    words.add("warmSeconds=" + warmSeconds);
    words.add("wholeSeconds=" + wholeSeconds);
    words.add("opens=" + opens);
    return words;
  }

  /// {@return the settings that words say}
  public static Setting parse(List<String> words) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("not a setting: " + word);
      }
      values.put(word.substring(0, equals), word.substring(equals + 1));
    }
    return new Setting(
        Long.parseLong(value(values, "keys")),
        Integer.parseInt(value(values, "valueSize")),
        Keys.Shape.valueOf(value(values, "shape").toUpperCase(Locale.ROOT)),
        Boolean.parseBoolean(value(values, "isCompressible")),
        Double.parseDouble(value(values, "seconds")),
        Double.parseDouble(value(values, "warmSeconds")),
        Double.parseDouble(value(values, "wholeSeconds")),
        Integer.parseInt(value(values, "opens")));
  }

  private static String value(Map<String, String> values, String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the setting " + name + " is missing");
    }
    return value;
  }
}
