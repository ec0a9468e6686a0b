package dev.larder.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.Arrays;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/// Readers of the hash table beside its writer.
public final class HashIndexStress {
  private static final int SLOTS_PER_LINE = 8;

  private HashIndexStress() {}

  /// A line with one key too many: 8 lies in the next one.
  private static final Supply<HashPlot> FULL_LINES =
      new Supply<>(() -> {
        HashPlot plot = HashPlot.create(new int[SLOTS_PER_LINE + 2]);
        plot.insert(0, SLOTS_PER_LINE + 1);
        return plot;
      });

  /// The record of a key moves while it is looked for.
  @JCStressTest
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "the old record")
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "the new record")
  @Outcome(expect = FORBIDDEN, desc = "none, or another")
  @State
  public static class FindBesideReplace {
    private final HashPlot plot = FULL_LINES.take();
    private final int version = plot.version(SLOTS_PER_LINE);

    @Actor
    public void write() {
      plot.replace(SLOTS_PER_LINE);
    }

    @Actor
    public void read(I_Result r) {
      r.r1 = plot.find(SLOTS_PER_LINE, version);
    }

    @Arbiter
    public void reset(I_Result r) {
      FULL_LINES.giveBack(plot);
    }
  }

  /// A key moves to its home, as another is removed there, while it is looked for.
  @JCStressTest
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "found")
  @Outcome(expect = FORBIDDEN, desc = "missed, or another")
  @State
  public static class FindBesideMoveHome {
    private final HashPlot plot = FULL_LINES.take();
    private final int version = plot.version(SLOTS_PER_LINE);

    @Actor
    public void write() {
      plot.remove(0);
    }

    @Actor
    public void read(I_Result r) {
      r.r1 = plot.find(SLOTS_PER_LINE, version);
    }

    /// Leaves the key in the second line again.
    @Arbiter
    public void reset(I_Result r) {
      plot.remove(SLOTS_PER_LINE);
      plot.insert(0);
      plot.insert(SLOTS_PER_LINE);
      FULL_LINES.giveBack(plot);
    }
  }

  /// A key is removed while it is looked for.
  @JCStressTest
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "found")
  @Outcome(id = "-1", expect = ACCEPTABLE, desc = "removed")
  @Outcome(expect = FORBIDDEN, desc = "another")
  @State
  public static class FindBesideRemove {
    private final HashPlot plot = FULL_LINES.take();
    private final int version = plot.version(SLOTS_PER_LINE);

    @Actor
    public void write() {
      plot.remove(SLOTS_PER_LINE);
    }

    @Actor
    public void read(I_Result r) {
      r.r1 = plot.find(SLOTS_PER_LINE, version);
    }

    @Arbiter
    public void reset(I_Result r) {
      plot.insert(SLOTS_PER_LINE);
      FULL_LINES.giveBack(plot);
    }
  }

  /// Two keys are inserted. Who has found the second finds the first.
  @JCStressTest
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "before both")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "between")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "after both")
  @Outcome(expect = FORBIDDEN, desc = "the second alone")
  @State
  public static class FindBesideTwoInsertions {
    private static final Supply<HashPlot> SUPPLY = new Supply<>(() -> HashPlot.create(0, 3));

    private final HashPlot plot = SUPPLY.take();

    @Actor
    public void write() {
      plot.insert(0);
      plot.insert(1);
    }

    @Actor
    public void read(II_Result r) {
      r.r1 = plot.find(1, 0) < 0 ? 0 : 1;
      r.r2 = plot.find(0, 0) < 0 ? 0 : 1;
    }

    @Arbiter
    public void reset(II_Result r) {
      plot.remove(0);
      plot.remove(1);
      SUPPLY.giveBack(plot);
    }
  }

  /// A key moves to a later line, to make place for one that is inserted, while it is looked for.
  @JCStressTest
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "found")
  @Outcome(expect = FORBIDDEN, desc = "missed, or another")
  @State
  public static class FindBesideMoveAway {
    /// Lines 0 and 1 are full of keys from 0, line 2 of keys from 1, the others up to 7 of their
    /// own.
    private static final int COUNT = 8 * SLOTS_PER_LINE;

    /// The first in line 2, which makes way.
    private static final int MOVED = 2 * SLOTS_PER_LINE;

    private static final Supply<HashPlot> SUPPLY =
        new Supply<>(() -> {
          int[] lines = new int[COUNT + 1];
          Arrays.setAll(
              lines,
              key -> {
                int line = key / SLOTS_PER_LINE % 8;
                return line == 1 ? 0 : line == 2 ? 1 : line;
              });
          HashPlot plot = HashPlot.create(lines);
          plot.insert(0, COUNT);
          return plot;
        });

    private final HashPlot plot = SUPPLY.take();
    private final int version = plot.version(MOVED);

    @Actor
    public void write() {
      plot.insert(COUNT);
    }

    @Actor
    public void read(I_Result r) {
      r.r1 = plot.find(MOVED, version);
    }

    /// Removing the new key lets the other move back.
    @Arbiter
    public void reset(I_Result r) {
      plot.remove(COUNT);
      SUPPLY.giveBack(plot);
    }
  }
}
