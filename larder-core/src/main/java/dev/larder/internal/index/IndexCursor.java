package dev.larder.internal.index;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Walks over the entries of a range of one [Index], upwards or downwards. It stands before the
/// first of them until [#next()] is called.
///
/// **Threads.** For one thread at a time.
///
/// **Invariants.**
///
/// 1. The nodes in `path` are those from the leaf to the root, and those in `slots` the ways taken.
/// 2. Going from `slot` by steps to `limit`, every slot before `limit` lies in the range.
public final class IndexCursor {
  /*
   * The bounds are looked at once per leaf: where the walk leaves the leaf, or the range inside it,
   * is the limit, and a step is an addition and a comparison. Nothing is allocated after the
   * constructor, and a node that is replaced in a newer version does not matter to the walk.
   */

  private final Node[] path;
  private final int[] slots;
  private final byte @Nullable [] from;
  private final byte @Nullable [] to;
  private final boolean isReversed;
  private final int step;

  private Node leaf;
  private int slot;

  /// The slot, next in the direction of the walk, that is not in the leaf or not in the range.
  private int limit;

  /// Whether the range ends at the limit, so that no other leaf needs to be looked at.
  private boolean isLastLeaf;

  private boolean isAtEntry;

  IndexCursor(Node root, byte @Nullable [] from, byte @Nullable [] to, boolean isReversed) {
    path = new Node[root.level + 1];
    slots = new int[root.level + 1];
    this.from = from;
    this.to = to;
    this.isReversed = isReversed;
    step = isReversed ? -1 : 1;

    path[root.level] = root;
    byte[] start = isReversed ? to : from;
    for (int level = root.level; level > 0; level--) {
      slots[level] = start == null ? edge(path[level]) : path[level].childSlot(start);
      path[level - 1] = path[level].child(slots[level]);
    }
    leaf = path[0];
    setLimit();
    int first = edge(leaf);
    if (start != null) {
      first = isReversed ? leaf.lowerBound(start) - 1 : leaf.lowerBound(start);
    }
    slot = first - step;
    if (from != null && to != null && Arrays.compareUnsigned(from, to) >= 0) {
      limit = first;
      isLastLeaf = true;
    }
  }

  /// Moves to the next entry.
  ///
  /// @return whether there is one; once there is none the answer stays the same
  public boolean next() {
    int next = slot + step;
    while (next == limit) {
      if (isLastLeaf || !moveToNextLeaf()) {
        slot = limit - step;
        isAtEntry = false;
        return false;
      }
      next = edge(leaf);
    }
    slot = next;
    isAtEntry = true;
    return true;
  }

  /// {@return the key of the present entry: the index's own array, which must not be changed}
  ///
  /// @throws IllegalStateException if the cursor stands before the first or behind the last entry
  public byte[] key() {
    requireEntry();
    return leaf.keys[slot];
  }

  /// {@return the present entry}
  ///
  /// @throws IllegalStateException if the cursor stands before the first or behind the last entry
  public IndexEntry entry() {
    requireEntry();
    return leaf.entry(slot);
  }

  private void requireEntry() {
    if (!isAtEntry) {
      throw new IllegalStateException("the cursor is not at an entry");
    }
  }

  /// Moves to the first slot of the next leaf, or leaves everything as it is if there is none.
  private boolean moveToNextLeaf() {
    int level = 1;
    while (level < path.length && slots[level] == lastEdge(path[level])) {
      level++;
    }
    if (level == path.length) {
      return false;
    }
    slots[level] += step;
    for (; level > 0; level--) {
      path[level - 1] = path[level].child(slots[level]);
      slots[level - 1] = edge(path[level - 1]);
    }
    leaf = path[0];
    setLimit();
    return true;
  }

  /// {@return the slot of a node that the walk comes to first}
  private int edge(Node node) {
    return isReversed ? node.count - 1 : 0;
  }

  /// {@return the slot of a node that the walk comes to last}
  private int lastEdge(Node node) {
    return isReversed ? 0 : node.count - 1;
  }

  private void setLimit() {
    int end = lastEdge(leaf) + step;
    limit = end;
    if (isReversed && from != null) {
      limit = leaf.lowerBound(from) - 1;
    } else if (!isReversed && to != null) {
      limit = leaf.lowerBound(to);
    }
    isLastLeaf = limit != end;
  }
}
