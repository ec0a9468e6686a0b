package dev.larder.benchmarks.alone;

import dev.larder.benchmarks.rows.Task;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What is measured of Larder alone; each in a process of its own.
public enum Measure {
  /// How long single puts take while a compaction runs, and while none does.
  COMPACTION(0),

  /// What becomes of the rate of puts while other entries expire; for how many times the time of a
  /// rate.
  EXPIRY_10(10),
  EXPIRY_30(30),
  EXPIRY_60(60);

  /// The figure that stands for a run; its note says when and how it was.
  public static final String RUN = "run";

  private final int spread;

  Measure(int spread) {
    this.spread = spread;
  }

  /// {@return the measure that a process was told, if it is one}
  public static Optional<Measure> of(String name) {
    return Arrays.stream(values()).filter(measure -> measure.name().equals(name)).findFirst();
  }

  /// {@return the measures that a word of the `--larder-only` option means: all of them, or those
  /// whose names begin with it}
  public static Set<Measure> meantBy(String word) {
    var meant = EnumSet.noneOf(Measure.class);
    for (Measure measure : values()) {
      if (word.equals("all") || measure.id().startsWith(word)) {
        meant.add(measure);
      }
    }
    return meant;
  }

  /// {@return its name in options and results}
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// {@return over how many times the time of a rate deadlines are spread; 0 where there are none}
  public int spread() {
    return spread;
  }

  /// {@return the name of one of its figures in results}
  public String row(String figure) {
    return id() + "-" + figure;
  }

  /// {@return for how many times the time of a rate it keeps its process busy}
  public int times() {
    return this == COMPACTION ? 2 * Compacting.TIMES : spread + 4 * Expiring.TIMES;
  }

  /// Measures it.
  public void run(Task task) throws Exception {
    if (this == COMPACTION) {
      new Compacting(task).run();
    } else {
      new Expiring(task, this).run();
    }
  }
}
