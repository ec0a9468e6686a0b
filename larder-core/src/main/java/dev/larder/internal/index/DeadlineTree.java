package dev.larder.internal.index;

import com.google.errorprone.annotations.FormatMethod;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// The pages of a [DeadlineIndex]: a B+-tree whose leaves hold [elements][DeadlineElement] without
/// an order.
///
/// Most methods work at the *leaf in hand*, to which [#descend] goes; a change of the tree's shape
/// lets go of it.
///
/// **Threads.** For one thread at a time.
final class DeadlineTree {
  /*
   * Elements are ordered by bound and then by address, and the leaf of an element is found by both.
   * So a leaf full of elements of one millisecond can be split like any other. Nobody looks for an
   * element, though: a leaf need not be sorted, and an element is added by writing it behind the
   * others.
   *
   * Invariants:
   *   (1) The elements of child i of a node are at or above entry i of the node and below entry
   *       i + 1. Entry 0 is not looked at: what it stands for is in the node above, or it is the
   *       beginning of time.
   *   (2) The entries of a node from entry 1 on ascend.
   *   (3) The bound of an element is at or above the base of its leaf, and the base is at or above
   *       what the leaf begins with. So rounding a bound down to what an element can express does not
   *       take the element out of its leaf.
   *   (4) No leaf and no node is empty, other than the leaf in hand for a moment.
   *
   * A leaf that is full shares with a neighbour that has room before it is split, which keeps leaves
   * at about 80 % when deadlines come in no order. When they come in order, full leaves stay behind.
   */

  /// How many elements a leaf has room for.
  static final int LEAF_SIZE = (Pages.PAGE_SIZE - 16) / Long.BYTES;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private static final int MAGIC = 0x4c44_4c31;
  private static final long MAGIC_AT = 0;
  private static final long ROOT_AT = 4;
  private static final long HEIGHT_AT = 8;
  private static final long SIZE_AT = 16;
  private static final long NEXT_AT = 24;

  private static final long BASE_AT = 0;
  private static final long COUNT_AT = 8; // in leaves and in nodes
  private static final long ELEMENTS_AT = 16;

  private static final int NODE_SIZE = (Pages.PAGE_SIZE - 16) / (2 * Long.BYTES + Integer.BYTES);
  private static final long TIMES_AT = 16;
  private static final long ADDRESSES_AT = TIMES_AT + (long) NODE_SIZE * Long.BYTES;
  private static final long CHILDREN_AT = ADDRESSES_AT + (long) NODE_SIZE * Long.BYTES;

  /// A neighbour that has at most so many elements is shared with.
  private static final int SHARE_MAX = LEAF_SIZE * 3 / 4;

  /// Merging fills a leaf, or a node, so far, if at least so many elements can be moved.
  private static final int MERGED_LEAF_MAX = LEAF_SIZE * 7 / 8;

  private static final int MERGED_NODE_MAX = NODE_SIZE * 3 / 4;
  private static final int MERGE_MIN = LEAF_SIZE / 8;

  /// Elements come in order if so many that were added last are in the upper half of a leaf. It
  /// then keeps so many at least.
  private static final int RECENT_COUNT = 16;

  private static final int IN_ORDER_KEPT = LEAF_SIZE * 7 / 8;

  private static final int HEIGHT_MAX = 12;

  private final Pages pages;
  private final int metaPage;

  /// For the elements of two leaves, and the one that is added.
  private final long[] scratch = new long[2 * LEAF_SIZE + 1];

  /// The way to the leaf in hand: the nodes from the root down, and which child was taken of each.
  private final int[] nodes = new int[HEIGHT_MAX];

  private final int[] slots = new int[HEIGHT_MAX];
  private int depth;
  private int leaf;

  /// What the leaf in hand begins with, and what the one after it begins with, if there is one.
  private long lowMillis;

  private boolean isLast;
  private long highMillis;
  private long highAddress;

  /// Pages that were allocated for a change and are not used yet.
  private final int[] spares = new int[HEIGHT_MAX + 1];

  private int spareCount;

  private DeadlineTree(Pages pages, int metaPage) {
    this.pages = pages;
    this.metaPage = metaPage;
  }

  static DeadlineTree create(Pages pages) {
    var tree = new DeadlineTree(pages, pages.allocate(1));
    MemorySegment chunk = pages.chunk(tree.metaPage);
    chunk.set(INT, Pages.offset(tree.metaPage) + MAGIC_AT, MAGIC);
    tree.setNextMillis(Long.MAX_VALUE);
    return tree;
  }

  static DeadlineTree open(Pages pages, int metaPage) {
    if (pages.chunk(metaPage).get(INT, Pages.offset(metaPage) + MAGIC_AT) != MAGIC) {
      throw new DamagedImageException("page %d has no deadlines".formatted(metaPage));
    }
    return new DeadlineTree(pages, metaPage);
  }

  int metaPage() {
    return metaPage;
  }

  // What the meta page says.

  private int root() {
    return pages.chunk(metaPage).get(INT, Pages.offset(metaPage) + ROOT_AT);
  }

  private int height() {
    return pages.chunk(metaPage).get(INT, Pages.offset(metaPage) + HEIGHT_AT);
  }

  private void setRoot(int root, int height) {
    pages.touch(metaPage);
    MemorySegment chunk = pages.chunk(metaPage);
    chunk.set(INT, Pages.offset(metaPage) + ROOT_AT, root);
    chunk.set(INT, Pages.offset(metaPage) + HEIGHT_AT, height);
  }

  long size() {
    return pages.chunk(metaPage).get(LONG, Pages.offset(metaPage) + SIZE_AT);
  }

  void addToSize(long change) {
    if (change != 0) {
      pages.touch(metaPage);
      pages.chunk(metaPage).set(LONG, Pages.offset(metaPage) + SIZE_AT, size() + change);
    }
  }

  /// {@return what was set last as a lower bound of all live deadlines; kept here for the owner}
  long nextMillis() {
    return pages.chunk(metaPage).get(LONG, Pages.offset(metaPage) + NEXT_AT);
  }

  void setNextMillis(long millis) {
    pages.touch(metaPage);
    pages.chunk(metaPage).set(LONG, Pages.offset(metaPage) + NEXT_AT, millis);
  }

  // The leaf in hand.

  /// Goes to the leaf that an element belongs to.
  ///
  /// @return whether there is one; false only if the tree is empty
  boolean descend(long millis, long address) {
    int page = root();
    depth = height();
    lowMillis = Long.MIN_VALUE;
    isLast = true;
    for (int level = 0; level < depth; level++) {
      page = descend(page, level, millis, address);
    }
    leaf = page;
    return page != Pages.NO_PAGE;
  }

  private int descend(int node, int level, long millis, long address) {
    MemorySegment chunk = pages.chunk(node);
    long at = Pages.offset(node);
    int low = 0;
    int high = chunk.get(INT, at + COUNT_AT);
    int count = high;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      long entryMillis = chunk.get(LONG, at + TIMES_AT + (long) middle * Long.BYTES);
      boolean isAbove =
          entryMillis == millis
              ? chunk.get(LONG, at + ADDRESSES_AT + (long) middle * Long.BYTES) > address
              : entryMillis > millis;
      if (isAbove) {
        high = middle;
      } else {
        low = middle;
      }
    }
    if (low > 0) {
      lowMillis = chunk.get(LONG, at + TIMES_AT + (long) low * Long.BYTES);
    }
    if (high < count) {
      isLast = false;
      highMillis = chunk.get(LONG, at + TIMES_AT + (long) high * Long.BYTES);
      highAddress = chunk.get(LONG, at + ADDRESSES_AT + (long) high * Long.BYTES);
    }
    nodes[level] = node;
    slots[level] = low;
    return chunk.get(INT, at + CHILDREN_AT + (long) low * Integer.BYTES);
  }

  /// Goes to the leaf with the lowest bounds.
  boolean descendToFirst() {
    return descend(Long.MIN_VALUE, 0);
  }

  long baseMillis() {
    return pages.chunk(leaf).get(LONG, Pages.offset(leaf) + BASE_AT);
  }

  /// {@return whether no leaf comes after the one in hand}
  boolean isLast() {
    return isLast;
  }

  /// {@return the lowest bound that the leaf after the one in hand may have, if there is one}
  long highMillis() {
    return highMillis;
  }

  /// {@return from which address on the lowest bound belongs to the leaf after the one in hand}
  long highAddress() {
    return highAddress;
  }

  /// {@return whether an element belongs to the leaf in hand or one before it}
  boolean isBelowHigh(long millis, long address) {
    return isLast || millis < highMillis || (millis == highMillis && address < highAddress);
  }

  /// {@return how many elements of the leaf in hand were copied to the beginning of an array}
  int load(long[] elements) {
    return load(leaf, elements, 0);
  }

  private int load(int page, long[] elements, int index) {
    int count = count(page);
    MemorySegment.copy(
        pages.chunk(page), LONG, Pages.offset(page) + ELEMENTS_AT, elements, index, count);
    return count;
  }

  /// Gives the leaf in hand other elements. The size is left to the caller.
  void store(long baseMillis, long[] elements, int count) {
    store(leaf, baseMillis, elements, 0, count);
  }

  private void store(int page, long baseMillis, long[] elements, int index, int count) {
    pages.touch(page);
    MemorySegment chunk = pages.chunk(page);
    long at = Pages.offset(page);
    chunk.set(LONG, at + BASE_AT, baseMillis);
    chunk.set(INT, at + COUNT_AT, count);
    MemorySegment.copy(elements, index, chunk, LONG, at + ELEMENTS_AT, count);
  }

  private int count(int page) {
    return pages.chunk(page).get(INT, Pages.offset(page) + COUNT_AT);
  }

  // Adding.

  /// Adds an element; the size is left to the caller. Lets go of the leaf in hand.
  ///
  /// @param mayShare false to leave alone all leaves but the one that it belongs to
  /// @throws OutOfMemoryError if there is no memory; nothing has changed then
  void insert(long millis, long address, boolean mayShare) {
    if (!descend(millis, address)) {
      plant(millis);
    }
    MemorySegment chunk = pages.chunk(leaf);
    long at = Pages.offset(leaf);
    int count = chunk.get(INT, at + COUNT_AT);
    long base = chunk.get(LONG, at + BASE_AT);
    if (count == LEAF_SIZE || millis < base) {
      insertSlowly(millis, address, mayShare);
      return;
    }
    pages.touch(leaf);
    chunk.set(
        LONG,
        at + ELEMENTS_AT + (long) count * Long.BYTES,
        DeadlineElement.of(millis, base, address));
    chunk.set(INT, at + COUNT_AT, count + 1);
  }

  /// Gives an element another address, if it is in the leaf where one with its deadline would be
  /// put and would be put there with the new address too.
  ///
  /// @return whether it did; nothing has changed otherwise
  boolean move(long millis, long from, long to) {
    if (!descend(millis, from) || !isInHand(millis, to)) {
      return false;
    }
    MemorySegment chunk = pages.chunk(leaf);
    long at = Pages.offset(leaf) + ELEMENTS_AT;
    long base = baseMillis();
    int count = count(leaf);
    for (int i = 0; i < count && millis >= base; i++) {
      long place = at + (long) i * Long.BYTES;
      if (DeadlineElement.address(chunk.get(LONG, place)) == from) {
        pages.touch(leaf);
        chunk.set(LONG, place, DeadlineElement.of(millis, base, to));
        return true;
      }
    }
    return false;
  }

  /// {@return whether an element belongs to the leaf in hand} To be on the safe side none with the
  /// very deadline that the leaf begins with does.
  private boolean isInHand(long millis, long address) {
    return millis > lowMillis && isBelowHigh(millis, address);
  }

  /// Makes an empty leaf the root.
  private void plant(long millis) {
    leaf = pages.allocate(1);
    store(leaf, DeadlineElement.baseMillis(millis), scratch, 0, 0);
    setRoot(leaf, 0);
  }

  private void insertSlowly(long millis, long address, boolean mayShare) {
    int count = load(scratch);
    long base = baseMillis();
    if (millis < base) {
      long lower = Math.max(DeadlineElement.baseMillis(millis), lowMillis);
      DeadlineElement.rebase(scratch, 0, count, base, lower);
      base = lower;
    }
    scratch[count] = DeadlineElement.of(millis, base, address);
    if (count == LEAF_SIZE) {
      overflow(base, mayShare);
    } else {
      store(base, scratch, count + 1);
    }
  }

  /// Finds a place for the elements in `scratch`, which are those of the leaf in hand and one more.
  private void overflow(long base, boolean mayShare) {
    if (isHighest(scratch[LEAF_SIZE])) {
      split(base, LEAF_SIZE, LEAF_SIZE + 1);
      return;
    }
    long recent =
        Arrays.stream(scratch, LEAF_SIZE + 1 - RECENT_COUNT, LEAF_SIZE + 1).min().orElseThrow();
    Arrays.sort(scratch, 0, LEAF_SIZE + 1);
    int count = distinct(LEAF_SIZE + 1);
    if (count <= LEAF_SIZE) {
      store(base, scratch, count);
      addToSize(count - (LEAF_SIZE + 1));
      return;
    }
    int rank = Arrays.binarySearch(scratch, 0, count, recent);
    // Where the last ones came in order, about, few will come below them: room there would be
    // wasted.
    int keptMin = rank > count / 2 ? Math.max(rank, IN_ORDER_KEPT) : 0;
    if (!mayShare || !share(base, count, keptMin)) {
      split(base, Math.max(count / 2, keptMin), count);
    }
  }

  private boolean isHighest(long added) {
    for (int i = 0; i < LEAF_SIZE; i++) {
      if (scratch[i] >= added) {
        return false;
      }
    }
    return true;
  }

  /// Takes elements out of `scratch`, which is sorted, that are there twice.
  private int distinct(int count) {
    int kept = 1;
    for (int i = 1; i < count; i++) {
      if (scratch[i] != scratch[i - 1]) {
        scratch[kept++] = scratch[i];
      }
    }
    return kept;
  }

  /// Moves elements of the leaf in hand to a neighbour, if one has room.
  private boolean share(long base, int count, int keptMin) {
    if (depth == 0) {
      return false;
    }
    int node = nodes[depth - 1];
    int slot = slots[depth - 1];
    if (slot + 1 < count(node)) {
      int right = child(node, slot + 1);
      if (count(right) <= SHARE_MAX) {
        shareRight(base, count, right, keptMin);
        return true;
      }
    }
    if (slot > 0 && keptMin == 0) {
      int left = child(node, slot - 1);
      if (count(left) <= SHARE_MAX) {
        shareLeft(base, count, left, (count - count(left)) / 2);
        return true;
      }
    }
    return false;
  }

  private void shareRight(long base, int count, int right, int keptMin) {
    long rightBase = pages.chunk(right).get(LONG, Pages.offset(right) + BASE_AT);
    int total = count + load(right, scratch, count);
    int kept = Math.max(total / 2, keptMin);
    long firstAddress = DeadlineElement.address(scratch[kept]);
    long firstMillis = DeadlineElement.boundMillis(scratch[kept], base);
    DeadlineElement.rebase(scratch, kept, count, base, firstMillis);
    DeadlineElement.rebase(scratch, count, total, rightBase, firstMillis);
    store(right, firstMillis, scratch, kept, total - kept);
    store(base, scratch, kept);
    setEntry(nodes[depth - 1], slots[depth - 1] + 1, firstMillis, firstAddress, right);
  }

  private void shareLeft(long base, int count, int left, int moved) {
    long firstAddress = DeadlineElement.address(scratch[moved]);
    long firstMillis = DeadlineElement.boundMillis(scratch[moved], base);
    append(left, base, moved);
    DeadlineElement.rebase(scratch, moved, count, base, firstMillis);
    store(leaf, firstMillis, scratch, moved, count - moved);
    setEntry(nodes[depth - 1], slots[depth - 1], firstMillis, firstAddress, leaf);
  }

  /// Writes the first elements of `scratch` behind those that another leaf has.
  private void append(int page, long base, int count) {
    pages.touch(page);
    MemorySegment chunk = pages.chunk(page);
    long at = Pages.offset(page);
    int present = chunk.get(INT, at + COUNT_AT);
    DeadlineElement.rebase(scratch, 0, count, base, chunk.get(LONG, at + BASE_AT));
    long end = at + ELEMENTS_AT + (long) present * Long.BYTES;
    MemorySegment.copy(scratch, 0, chunk, LONG, end, count);
    chunk.set(INT, at + COUNT_AT, present + count);
  }

  /// Gives the leaf in hand the first elements of `scratch`, and a new leaf after it the others.
  private void split(long base, int kept, int count) {
    reserve();
    long firstAddress = DeadlineElement.address(scratch[kept]);
    long firstMillis = DeadlineElement.boundMillis(scratch[kept], base);
    int right = spares[--spareCount];
    store(base, scratch, kept);
    DeadlineElement.rebase(scratch, kept, count, base, firstMillis);
    store(right, firstMillis, scratch, kept, count - kept);
    addChild(firstMillis, firstAddress, right);
  }

  /// Allocates all pages that a split of the leaf in hand may need, so that it cannot fail half
  /// way.
  private void reserve() {
    int needed = 2;
    for (int level = depth - 1; level >= 0; level--) {
      if (count(nodes[level]) < NODE_SIZE) {
        needed--;
        break;
      }
      needed++;
    }
    try {
      while (spareCount < needed) {
        spares[spareCount] = pages.allocate(1);
        spareCount++;
      }
    } catch (OutOfMemoryError | RuntimeException e) {
      while (spareCount > 0) {
        pages.free(spares[--spareCount], 1);
      }
      throw e;
    }
  }

  // Nodes.

  private int child(int node, int slot) {
    return pages
        .chunk(node)
        .get(INT, Pages.offset(node) + CHILDREN_AT + (long) slot * Integer.BYTES);
  }

  private long entryMillis(int node, int slot) {
    return pages.chunk(node).get(LONG, Pages.offset(node) + TIMES_AT + (long) slot * Long.BYTES);
  }

  private long entryAddress(int node, int slot) {
    return pages
        .chunk(node)
        .get(LONG, Pages.offset(node) + ADDRESSES_AT + (long) slot * Long.BYTES);
  }

  private void setEntry(int node, int slot, long millis, long address, int child) {
    pages.touch(node);
    MemorySegment chunk = pages.chunk(node);
    long at = Pages.offset(node);
    chunk.set(LONG, at + TIMES_AT + (long) slot * Long.BYTES, millis);
    chunk.set(LONG, at + ADDRESSES_AT + (long) slot * Long.BYTES, address);
    chunk.set(INT, at + CHILDREN_AT + (long) slot * Integer.BYTES, child);
  }

  private void setCount(int node, int count) {
    pages.touch(node);
    pages.chunk(node).set(INT, Pages.offset(node) + COUNT_AT, count);
  }

  /// Copies entries, within a node or from one to another.
  private void copyEntries(int from, int fromSlot, int to, int toSlot, int count) {
    pages.touch(to);
    copyColumn(from, fromSlot, to, toSlot, count, TIMES_AT, Long.BYTES);
    copyColumn(from, fromSlot, to, toSlot, count, ADDRESSES_AT, Long.BYTES);
    copyColumn(from, fromSlot, to, toSlot, count, CHILDREN_AT, Integer.BYTES);
  }

  private void copyColumn(
      int from, int fromSlot, int to, int toSlot, int count, long columnAt, int width) {
    MemorySegment.copy(
        pages.chunk(from),
        Pages.offset(from) + columnAt + (long) fromSlot * width,
        pages.chunk(to),
        Pages.offset(to) + columnAt + (long) toSlot * width,
        (long) count * width);
  }

  private void insertEntry(int node, int slot, long millis, long address, int child) {
    int count = count(node);
    copyEntries(node, slot, node, slot + 1, count - slot);
    setEntry(node, slot, millis, address, child);
    setCount(node, count + 1);
  }

  /// Adds a leaf after the one in hand, with pages from `spares` where nodes are split.
  private void addChild(long millis, long address, int child) {
    for (int level = depth - 1; level >= 0; level--) {
      int node = nodes[level];
      int slot = slots[level] + 1;
      if (count(node) < NODE_SIZE) {
        insertEntry(node, slot, millis, address, child);
        return;
      }
      int half = NODE_SIZE / 2;
      int right = spares[--spareCount];
      copyEntries(node, half, right, 0, NODE_SIZE - half);
      setCount(node, half);
      setCount(right, NODE_SIZE - half);
      if (slot <= half) {
        insertEntry(node, slot, millis, address, child);
      } else {
        insertEntry(right, slot - half, millis, address, child);
      }
      millis = entryMillis(right, 0);
      address = entryAddress(right, 0);
      child = right;
    }
    int root = spares[--spareCount];
    setEntry(root, 0, Long.MIN_VALUE, 0, root());
    setEntry(root, 1, millis, address, child);
    setCount(root, 2);
    setRoot(root, height() + 1);
  }

  // Removing.

  /// Takes the leaf in hand, whose elements are not needed any more, out of the tree. Lets go of
  /// it.
  void removeLeaf() {
    pages.free(leaf, 1);
    removeChild(depth - 1);
  }

  /// Moves elements of the leaf in hand to the leaf before it, if that has room and both are
  /// children of one node; all of them, if they fit. Lets go of the leaf in hand.
  void mergeLeaf() {
    if (depth == 0 || slots[depth - 1] == 0) {
      return;
    }
    int left = child(nodes[depth - 1], slots[depth - 1] - 1);
    int room = MERGED_LEAF_MAX - count(left);
    if (count(leaf) <= room) {
      int count = load(scratch);
      append(left, baseMillis(), count);
      removeLeaf();
    } else if (room >= MERGE_MIN) {
      int count = load(scratch);
      Arrays.sort(scratch, 0, count);
      int distinct = distinct(count);
      addToSize(distinct - count);
      if (distinct > room) {
        shareLeft(baseMillis(), distinct, left, room);
      } else {
        store(baseMillis(), scratch, distinct);
      }
    }
  }

  private void removeChild(int level) {
    if (level < 0) {
      setRoot(Pages.NO_PAGE, 0);
      return;
    }
    int node = nodes[level];
    int slot = slots[level];
    int count = count(node);
    if (count == 1) {
      pages.free(node, 1);
      removeChild(level - 1);
      return;
    }
    copyEntries(node, slot + 1, node, slot, count - slot - 1);
    setCount(node, count - 1);
    if (level > 0) {
      mergeNode(level);
    } else {
      lowerRoot();
    }
  }

  /// Adds the entries of a node on the way to those of the node before it, if they fit well.
  private void mergeNode(int level) {
    int parent = nodes[level - 1];
    int slot = slots[level - 1];
    if (slot == 0) {
      return;
    }
    int node = nodes[level];
    int left = child(parent, slot - 1);
    int count = count(node);
    int leftCount = count(left);
    if (leftCount + count <= MERGED_NODE_MAX) {
      copyEntries(node, 0, left, leftCount, count);
      // Entry 0 becomes one that is looked at.
      setEntry(
          left, leftCount, entryMillis(parent, slot), entryAddress(parent, slot), child(node, 0));
      setCount(left, leftCount + count);
      pages.free(node, 1);
      removeChild(level - 1);
    }
  }

  private void lowerRoot() {
    while (height() > 0 && count(root()) == 1) {
      int root = root();
      setRoot(child(root, 0), height() - 1);
      pages.free(root, 1);
    }
  }

  // Checking.

  /// {@return how many pages the tree has, the meta page among them}
  ///
  /// @throws IllegalStateException if an invariant does not hold
  long checkInvariants() {
    long[] totals = new long[2];
    if (root() != Pages.NO_PAGE) {
      check(root(), height(), new Limits(Long.MIN_VALUE, 0, Long.MAX_VALUE, 0), totals);
    }
    require(totals[0] == size(), "the size is %d, not %d", totals[0], size());
    require(size() > 0 || root() == Pages.NO_PAGE, "an empty tree has page %d", root());
    require(spareCount == 0, "%d pages are left over", spareCount);
    return totals[1] + 1;
  }

  /// What an element must be at or above, and what it must be below.
  private record Limits(long lowMillis, long lowAddress, long highMillis, long highAddress) {
    boolean contain(long millis, long address) {
      return (millis > lowMillis || (millis == lowMillis && address >= lowAddress))
          && (millis < highMillis || (millis == highMillis && address < highAddress));
    }
  }

  private void check(int page, int height, Limits limits, long[] totals) {
    totals[1]++;
    int count = count(page);
    require(count > 0, "page %d is empty", page);
    if (height == 0) {
      totals[0] += count;
      checkLeaf(page, count, limits);
      return;
    }
    require(count <= NODE_SIZE, "node %d has %d entries", page, count);
    for (int slot = 0; slot < count; slot++) {
      if (slot > 0) {
        require(
            limits.contain(entryMillis(page, slot), entryAddress(page, slot)),
            "entry %d of node %d is out of order",
            slot,
            page);
      }
      check(child(page, slot), height - 1, childLimits(page, slot, count, limits), totals);
    }
  }

  private Limits childLimits(int node, int slot, int count, Limits limits) {
    boolean isFirst = slot == 0;
    boolean isLast = slot == count - 1;
    return new Limits(
        isFirst ? limits.lowMillis : entryMillis(node, slot),
        isFirst ? limits.lowAddress : entryAddress(node, slot),
        isLast ? limits.highMillis : entryMillis(node, slot + 1),
        isLast ? limits.highAddress : entryAddress(node, slot + 1));
  }

  private void checkLeaf(int page, int count, Limits limits) {
    require(count <= LEAF_SIZE, "leaf %d has %d elements", page, count);
    long base = pages.chunk(page).get(LONG, Pages.offset(page) + BASE_AT);
    require(base >= limits.lowMillis, "the base of leaf %d is too low", page);
    load(page, scratch, 0);
    for (int i = 0; i < count; i++) {
      long bound = DeadlineElement.boundMillis(scratch[i], base);
      require(
          bound >= base && limits.contain(bound, DeadlineElement.address(scratch[i])),
          "element %d of leaf %d is in the wrong place",
          i,
          page);
    }
  }

  @FormatMethod
  private static void require(boolean condition, String reason, Object... arguments) {
    if (!condition) {
      throw new IllegalStateException(reason.formatted(arguments));
    }
  }
}
