package dev.larder.internal.index;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Where the writer of an [OrderIndex] is: a leaf, the branches above it by their levels, and in
/// each the slot of the child that leads there.
///
/// **Threads.** For the writer.
final class OrderPath {
  private final Pages pages;
  private final OrderEdit edit;
  private int[] pageNumbers = new int[8];
  private int[] slots = new int[8];
  private int rootLevel;

  OrderPath(Pages pages, OrderEdit edit) {
    this.pages = pages;
    this.edit = edit;
  }

  /// {@return the page of a level}
  int page(int level) {
    return pageNumbers[level];
  }

  /// {@return in the branch of a level, the slot of the child below}
  int slot(int level) {
    return slots[level];
  }

  int rootLevel() {
    return rootLevel;
  }

  /// Goes from the root to the leaf that a key belongs to.
  ///
  /// @return the leaf
  int descend(byte[] key) {
    rootLevel = edit.rootLevel();
    if (rootLevel >= pageNumbers.length) {
      pageNumbers = Arrays.copyOf(pageNumbers, rootLevel + 4);
      slots = Arrays.copyOf(slots, rootLevel + 4);
    }
    return descend(edit.root(), rootLevel, key);
  }

  private int descend(int from, int fromLevel, byte[] key) {
    int page = from;
    for (int level = fromLevel; level > 0; level--) {
      MemorySegment chunk = pages.chunk(page);
      long base = Pages.offset(page);
      int slot = OrderBranch.childSlot(pages, chunk, base, key, false, OrderPage.Guard.NONE);
      pageNumbers[level] = page;
      slots[level] = slot;
      page = OrderBranch.child(chunk, base, slot);
    }
    pageNumbers[0] = page;
    return page;
  }

  /// Has the processor load the leaf of a key, if it hangs on the same branch as the present one.
  ///
  /// @return something that depends on it, so that no compiler leaves it out
  long prefetch(byte[] key) {
    if (rootLevel == 0) {
      return 0;
    }
    MemorySegment chunk = pages.chunk(pageNumbers[1]);
    long base = Pages.offset(pageNumbers[1]);
    int slot = OrderBranch.childSlot(pages, chunk, base, key, false, OrderPage.Guard.NONE);
    int leaf = OrderBranch.child(chunk, base, slot);
    return leaf == pageNumbers[0] ? 0 : OrderLeaf.prefetch(pages.chunk(leaf), Pages.offset(leaf));
  }

  /// Goes on to the leaf of a key that is greater than the one before, provided that no page but
  /// leaves was changed since, and of these only their entries.
  ///
  /// @return the leaf
  int advance(byte[] key) {
    int start = 0;
    for (int level = 1; level <= rootLevel; level++) {
      MemorySegment chunk = pages.chunk(pageNumbers[level]);
      long base = Pages.offset(pageNumbers[level]);
      int next = slots[level] + 1;
      if (next < OrderBranch.count(chunk, base)) {
        if (OrderBranch.isBefore(pages, chunk, base, key, next)) {
          break;
        }
        start = level;
      }
    }
    return start == 0 ? pageNumbers[0] : descend(pageNumbers[start], start, key);
  }
}
