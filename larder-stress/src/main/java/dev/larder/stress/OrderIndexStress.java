package dev.larder.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/// Readers of the tree beside its writer.
public final class OrderIndexStress {
  private OrderIndexStress() {}

  /// All entries of a leaf move while one is looked for and all are counted.
  @JCStressTest
  @Outcome(id = "1, 50", expect = ACCEPTABLE, desc = "found; before the insertion")
  @Outcome(id = "1, 51", expect = ACCEPTABLE, desc = "found; after the insertion")
  @Outcome(expect = FORBIDDEN, desc = "missed, or torn")
  @State
  public static class WalkBesideInsert {
    private static final Supply<Tree> SUPPLY = Tree.supply(tree -> tree.insert(11, 60));

    private final Tree tree = SUPPLY.take();

    @Actor
    public void write() {
      tree.insert(1);
    }

    @Actor
    public void read(II_Result r) {
      r.r1 = tree.count(30);
      r.r2 = tree.count();
    }

    @Arbiter
    public void reset(II_Result r) {
      tree.remove(1);
      SUPPLY.giveBack(tree);
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
    private static final Supply<Tree> SUPPLY = Tree.supply(tree -> tree.insert(11, 60));

    private final Tree tree = SUPPLY.take();

    @Actor
    public void write() {
      tree.insert(1);
      tree.insert(70);
    }

    @Actor
    public void read(II_Result r) {
      r.r1 = tree.count(70);
      r.r2 = tree.count(1);
    }

    @Arbiter
    public void reset(II_Result r) {
      tree.remove(1);
      tree.remove(70);
      SUPPLY.giveBack(tree);
    }
  }

  /// A leaf is split, and gets a root above it.
  @JCStressTest
  @Outcome(id = "1, 252", expect = ACCEPTABLE, desc = "found; before the insertion")
  @Outcome(id = "1, 253", expect = ACCEPTABLE, desc = "found; after the insertion")
  @Outcome(expect = FORBIDDEN, desc = "missed, or torn")
  @State
  public static class WalkBesideSplit {
    private static final Supply<Tree> SUPPLY =
        Tree.supply(tree -> {
          // in no order, so that the leaf is split in the middle
          for (int i = 1; i <= Tree.LEAF; i++) {
            tree.insert(2 * (89 * i % (Tree.LEAF + 1)));
          }
        });

    private final Tree tree = SUPPLY.take();

    @Actor
    public void write() {
      tree.insert(255);
    }

    @Actor
    public void read(II_Result r) {
      r.r1 = tree.count(450);
      r.r2 = tree.count();
    }

    @Arbiter
    public void reset(II_Result r) {
      tree.reset();
      SUPPLY.giveBack(tree);
    }
  }

  /// Two leaves become one, and the root above them goes away.
  @JCStressTest
  @Outcome(id = "1, 112", expect = ACCEPTABLE, desc = "found; before the removal")
  @Outcome(id = "1, 111", expect = ACCEPTABLE, desc = "found; after the removal")
  @Outcome(expect = FORBIDDEN, desc = "missed, or torn")
  @State
  public static class WalkBesideMerger {
    private static final Supply<Tree> SUPPLY =
        Tree.supply(tree -> {
          tree.insert(1, 300);
          tree.remove(1, 188);
        });

    private final Tree tree = SUPPLY.take();

    @Actor
    public void write() {
      tree.remove(189);
    }

    @Actor
    public void read(II_Result r) {
      r.r1 = tree.count(280);
      r.r2 = tree.count();
    }

    @Arbiter
    public void reset(II_Result r) {
      tree.reset();
      SUPPLY.giveBack(tree);
    }
  }

  /// A leaf and the root are freed, and used again at once as other pages of the tree.
  @JCStressTest
  @Outcome(id = "1, 253", expect = ACCEPTABLE, desc = "found; before or after both changes")
  @Outcome(id = "1, 252", expect = ACCEPTABLE, desc = "found; between")
  @Outcome(expect = FORBIDDEN, desc = "missed, or torn")
  @State
  public static class WalkBesideReuse {
    private static final Supply<Tree> SUPPLY = Tree.supply(tree -> tree.insert(1, 253));

    private final Tree tree = SUPPLY.take();

    @Actor
    public void write() {
      tree.remove(253);
      tree.insert(254);
    }

    @Actor
    public void read(II_Result r) {
      r.r1 = tree.count(251);
      r.r2 = tree.count();
    }

    @Arbiter
    public void reset(II_Result r) {
      tree.remove(254);
      tree.insert(253);
      SUPPLY.giveBack(tree);
    }
  }
}
