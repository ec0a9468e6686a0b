package dev.larder.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.larder.benchmarks.rows.Groups;
import dev.larder.benchmarks.rows.Row;
import dev.larder.benchmarks.rows.Setting;
import dev.larder.benchmarks.rows.Sink;
import dev.larder.benchmarks.rows.Task;
import dev.larder.benchmarks.rows.WrongAnswerException;
import dev.larder.benchmarks.workload.Keys;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A store that returns something else than what was put into it gets no figure.
class VerificationTest {
  private static final Setting SMALL =
      new Setting(20_000, 100, Keys.Shape.HEX, false, 0.05, 0.02, 20, 1);

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "LOAD_RANDOM, BIT",
    "LOAD_RANDOM, LOSS",
    "LOAD_SEQUENTIAL, BIT",
    "READ, BIT",
    "READ, LOSS",
    "READ, INVENTION",
    "READ, GAP",
    "READ, ORDER",
    "MEMORY, BIT",
    "YCSB, LOSS",
    "LATENCY, BIT",
    "WRITE, STALE",
    "DELETE, REVIVAL"
  })
  void aLieIsFound(Row.Group group, LyingPeer.Lie lie) {
    assertThatThrownBy(() -> run(group, lie)).isInstanceOf(WrongAnswerException.class);
  }

  @ParameterizedTest
  @CsvSource({"LOAD_RANDOM", "LOAD_SEQUENTIAL", "READ", "MEMORY", "YCSB", "LATENCY", "DELETE"})
  void theSamePeerPassesWhenItTellsTheTruth(Row.Group group) {
    assertThatCode(() -> run(group, LyingPeer.Lie.NONE)).doesNotThrowAnyException();
  }

  @Test
  void whatAPeerCannotDoIsLeftOut() throws Exception {
    assertThat(run(Row.Group.DURABLE, LyingPeer.Lie.NONE)).isEmpty();
    assertThat(run(Row.Group.READ, LyingPeer.Lie.NONE))
        .containsOnlyKeys(
            "read-hit-1", "read-hit-2", "read-miss", "scan-forward", "scan-reverse", "range-100");
  }

  @Test
  void aCurveEndsWithTheGreatestLatency() throws Exception {
    Map<String, Double> figures = run(Row.Group.LATENCY, LyingPeer.Lie.NONE);
    for (String name : List.of("get", "put")) {
      double greatest = figures.getOrDefault(name + "-max", 0.0);
      assertThat(greatest).isPositive();
      assertThat(figures.getOrDefault("curve-" + name, 0.0))
          .isCloseTo(greatest, withinPercentage(1));
    }
  }

  private Map<String, Double> run(Row.Group group, LyingPeer.Lie lie) throws Exception {
    var figures = new TreeMap<String, Double>();
    var sink =
        new Sink() {
          @Override
          public void figure(String row, double value, String note) {
            figures.put(row, value);
          }

          @Override
          public void curve(String name, String points) {
            String last = points.substring(points.lastIndexOf(':') + 1);
            figures.put("curve-" + name, Double.valueOf(last));
          }
        };
    var task =
        new Task(
            new LyingPeer(lie), directory.resolve("store"), SMALL, EnumSet.allOf(Row.class), sink);
    Groups.run(group, task);
    return figures;
  }
}
