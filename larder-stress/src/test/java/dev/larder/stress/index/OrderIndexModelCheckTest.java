package dev.larder.stress.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Readers of the tree beside its writer, switched at every step in turn.
class OrderIndexModelCheckTest {
  private static Template template(IntFunction<byte[]> key, int[] all) {
    return template(key, all, new int[0]);
  }

  private static Template template(IntFunction<byte[]> key, int[] inserted, int[] removed) {
    return new Template(pages -> {
      OrderIndex index = OrderIndex.create(pages, handle -> key.apply((int) handle));
      IntStream.of(inserted).forEach(handle -> index.insert(key.apply(handle), handle));
      IntStream.of(removed).forEach(handle -> index.remove(key.apply(handle), handle));
      index.checkInvariants();
      return index.metaPage();
    });
  }

  private static int[] range(int from, int to) {
    return IntStream.rangeClosed(from, to).toArray();
  }

  /// {@return a key that differs from others in its first bytes}
  private static byte[] plain(int handle) {
    return new byte[] {0, 0, 0, 1, (byte) (handle >> Byte.SIZE), (byte) handle, 5};
  }

  /// {@return a key of one of two families, whose members differ after so many bytes that they have
  /// to be read}
  private static byte[] similar(int handle) {
    byte[] key = new byte[16];
    key[3] = (byte) (handle < 10 ? 1 : 2);
    key[15] = (byte) handle;
    return key;
  }

  /// One leaf with some keys.
  public static final class Leaf extends OrderCase {
    private static final int[] ALL = range(1, 19);
    private static final Template TEMPLATE = template(OrderIndexModelCheckTest::plain, ALL);

    public Leaf() {
      super(TEMPLATE, ALL, 1, 12, 20, 2, 19, 11);
    }

    @Override
    byte[] bytes(int handle) {
      return plain(handle);
    }
  }

  @Test
  void keysOfALeafAreMetWhileOthersComeAndGo() {
    ModelCheck.check(
        60,
        Leaf.class,
        "remove 0 | contains 3",
        "remove 1, insert 2 | walkUp",
        "remove 0 | walkDown | contains 0",
        "insert 2 | contains 2, size");
  }

  /// One leaf where keys must be read to tell them apart.
  public static final class SimilarKeys extends OrderCase {
    private static final int[] ALL = range(1, 19);
    private static final Template TEMPLATE = template(OrderIndexModelCheckTest::similar, ALL);

    public SimilarKeys() {
      super(TEMPLATE, ALL, 1, 12, 20, 2, 19, 11);
    }

    @Override
    byte[] bytes(int handle) {
      return similar(handle);
    }
  }

  @Test
  void similarKeysAreMetWhileOthersComeAndGo() {
    ModelCheck.check(60, SimilarKeys.class, "remove 0, insert 2 | contains 3", "remove 1 | walkUp");
  }

  /// One leaf, which is full.
  public static final class FullLeaf extends OrderCase {
    // in no order, so that the leaf will be split in the middle
    private static final int[] ALL =
        IntStream.rangeClosed(1, OrderLeaf.CAPACITY)
            .map(i -> 2 * (89 * i % (OrderLeaf.CAPACITY + 1)))
            .toArray();

    private static final Template TEMPLATE = template(OrderIndexModelCheckTest::plain, ALL);

    public FullLeaf() {
      super(TEMPLATE, ALL, 100, 400, 255, 450, 8, 256);
    }

    @Override
    byte[] bytes(int handle) {
      return plain(handle);
    }
  }

  @Test
  void keysAreMetWhileTheirLeafIsSplit() {
    ModelCheck.check(
        40,
        FullLeaf.class,
        "insert 2 | contains 3",
        "insert 2 | walkUp",
        "insert 2, remove 1 | walkDown",
        "insert 2 | contains 2, size");
  }

  /// Two leaves, which will be merged when a key is removed. The root goes away then.
  public static final class SparseLeaves extends OrderCase {
    private static final int[] ALL = range(189, 300);
    private static final Template TEMPLATE =
        template(OrderIndexModelCheckTest::plain, range(1, 300), range(1, 188));

    public SparseLeaves() {
      super(TEMPLATE, ALL, 189, 190, 188, 191, 252, 280);
    }

    @Override
    byte[] bytes(int handle) {
      return plain(handle);
    }
  }

  @Test
  void keysAreMetWhileTheirLeavesAreMerged() {
    ModelCheck.check(
        40,
        SparseLeaves.class,
        "remove 0 | contains 5",
        "remove 0, insert 2 | walkUp",
        "remove 0 | walkDown");
  }

  /// A full leaf, and one with a single key. When that is removed, leaf and root are freed, and
  /// used again for other purposes by the next insertion.
  public static final class LeafOfOne extends OrderCase {
    private static final int[] ALL = range(1, OrderLeaf.CAPACITY + 1);
    private static final Template TEMPLATE = template(OrderIndexModelCheckTest::plain, ALL);

    public LeafOfOne() {
      super(TEMPLATE, ALL, 253, 252, 254, 251, 1, 60);
    }

    @Override
    byte[] bytes(int handle) {
      return plain(handle);
    }
  }

  @Test
  void keysAreMetWhilePagesAreFreedAndUsedAgain() {
    ModelCheck.check(
        50,
        LeafOfOne.class,
        "remove 0, insert 2 | contains 3",
        "remove 0, insert 2 | walkUp",
        "remove 0, insert 0 | walkDown");
  }

  @Test
  void casesChangePages() {
    var full = new FullLeaf();
    assertThat(pageCount(full)).isEqualTo(2);
    full.insert(2);
    assertThat(pageCount(full)).isEqualTo(4);

    var sparse = new SparseLeaves();
    assertThat(pageCount(sparse)).isEqualTo(4);
    sparse.remove(0);
    assertThat(pageCount(sparse)).isEqualTo(2);

    var one = new LeafOfOne();
    assertThat(pageCount(one)).isEqualTo(4);
    one.remove(0);
    assertThat(pageCount(one)).isEqualTo(2);
    one.insert(2);
    assertThat(pageCount(one)).isEqualTo(4);
  }

  private static long pageCount(OrderCase each) {
    each.index().checkInvariants();
    return each.index().usedBytes() / Pages.PAGE_SIZE;
  }
}
