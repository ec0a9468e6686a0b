package dev.larder.internal.index;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What insertions into an [OrderIndex] do to more than the entries of one leaf.
///
/// A leaf is split in the middle, unless the insertions came side by side: then it is split where
/// they go on, so that keys that ascend or descend leave full leaves behind. A key that lacks the
/// prefix of the others goes to a leaf of its own.
///
/// **Threads.** For the writer.
final class OrderGrowth {
  /// How many insertions side by side are taken for more than chance.
  private static final int RUN_MIN = 3;

  private static final int CAPACITY = OrderLeaf.CAPACITY;

  private final Pages pages;
  private final OrderEdit edit;
  private final OrderPath path;
  private final OrderLeafDraft draft;

  OrderGrowth(Pages pages, OrderIndex.Keys keys, OrderEdit edit, OrderPath path) {
    this.pages = pages;
    this.edit = edit;
    this.path = path;
    this.draft = new OrderLeafDraft(keys);
  }

  /// Inserts the first key into the leaf of the path, or one that lacks its prefix.
  void insertUnlike(int slot, byte[] key, long handle) {
    int page = path.page(0);
    MemorySegment chunk = pages.chunk(page);
    long base = Pages.offset(page);
    draft.read(chunk, base);
    edit.touch(page);
    OrderPage.lock(chunk, base);
    if (draft.count() == 0) {
      OrderLeaf.setSingle(chunk, base, key, handle);
      OrderLeaf.setRun(chunk, base, 0, 0);
    } else {
      draft.shorten(OrderPage.commonLength(draft.prefix(), key));
      draft.write(chunk, base, 0, draft.count());
      OrderLeaf.insert(chunk, base, slot, OrderPage.head(key, draft.prefix().length), handle);
    }
    edit.addSize(1);
    OrderPage.unlock(chunk, base);
  }

  /// Gives the leaf of the path a longer prefix if keys must be read too often there. Keys are read
  /// for that, so it is tried again only when the leaf has doubled or was split.
  ///
  /// @return whether anything changed
  boolean relieve() {
    int page = path.page(0);
    MemorySegment chunk = pages.chunk(page);
    long base = Pages.offset(page);
    int count = OrderLeaf.count(chunk, base);
    if (count < 2 * OrderLeaf.relievedCount(chunk, base)) {
      return false;
    }
    draft.read(chunk, base);
    boolean isLonger = draft.lengthen();
    edit.touch(page);
    OrderPage.lock(chunk, base);
    if (isLonger) {
      draft.write(chunk, base, 0, count);
    }
    OrderLeaf.setRelievedCount(chunk, base, count);
    OrderPage.unlock(chunk, base);
    return isLonger;
  }

  /// Splits the leaf of the path, which is full, and inserts an entry into one of the halves.
  void split(int slot, byte[] key, long handle) {
    int page = path.page(0);
    MemorySegment chunk = pages.chunk(page);
    long base = Pages.offset(page);
    int run = OrderLeaf.runAfter(chunk, base, slot);
    draft.read(chunk, base);
    int common = OrderPage.commonLength(draft.prefix(), key);
    boolean isUnlike = common < draft.prefix().length;
    int cut = isUnlike ? edgeCut(slot) : cut(slot, run);
    byte[] separator;
    if (isUnlike) {
      separator = Arrays.copyOf(slot == 0 ? draft.prefix() : key, common + 1);
    } else {
      draft.insert(slot, key, handle);
      separator = draft.separator(cut, slot, key);
    }
    int right = plan(page, separator, slot, cut);
    edit.lock();
    writeHalf(right, cut, CAPACITY + 1, slot, run, key, handle);
    writeHalf(page, 0, cut, slot, run, key, handle);
    edit.addSize(1);
    edit.finish();
  }

  private static int edgeCut(int slot) {
    return slot == 0 ? 1 : CAPACITY;
  }

  /// {@return how many of the entries, the new one included, stay in the left leaf}
  private static int cut(int slot, int run) {
    if (run >= RUN_MIN) {
      return Math.min(slot + 1, CAPACITY);
    }
    if (run <= -RUN_MIN) {
      return Math.max(slot, 1);
    }
    return (CAPACITY + 1) / 2;
  }

  /// Writes one of the leaves that a leaf and a new entry were split into.
  ///
  /// @param from the first of its entries, among all of them and the new one
  /// @param to where they end
  /// @param slot where the new one is
  private void writeHalf(int page, int from, int to, int slot, int run, byte[] key, long handle) {
    MemorySegment chunk = pages.chunk(page);
    long base = Pages.offset(page);
    boolean isNew = slot >= from && slot < to;
    if (isNew && to - from == 1) {
      OrderLeaf.setSingle(chunk, base, key, handle);
    } else if (draft.count() > CAPACITY) {
      draft.write(chunk, base, from, to);
    } else {
      // The new entry lacks the prefix, and is alone in the other leaf.
      draft.write(chunk, base, 0, CAPACITY);
    }
    OrderLeaf.setRun(chunk, base, isNew ? slot - from : OrderLeaf.NO_SLOT, isNew ? run : 0);
  }

  /// Plans the split of a leaf.
  ///
  /// @return the page for its right half
  private int plan(int page, byte[] separator, int slot, int cut) {
    edit.begin();
    boolean isPlanned = false;
    try {
      edit.willChange(page);
      int right = edit.allocate(1);
      planBranches(new OrderBranchDraft.Child(separator, right), slot == cut, cut == 1);
      isPlanned = true;
      return right;
    } finally {
      if (!isPlanned) {
        edit.rollBack();
      }
    }
  }

  /// Plans the insertion of a page into the branch above it, and what follows from that.
  ///
  /// @param isAscending whether keys seem to ascend, so that a full branch is not to be halved
  /// @param isDescending whether they seem to descend
  private void planBranches(
      OrderBranchDraft.Child child, boolean isAscending, boolean isDescending) {
    List<OrderBranchDraft.Child> added = List.of(child);
    int top = path.page(path.rootLevel());
    int topLevel = path.rootLevel();
    for (int level = 1; !added.isEmpty(); level++) {
      OrderBranchDraft branch;
      int page;
      int slot = 0;
      boolean isNew = level > topLevel;
      if (isNew) {
        branch = OrderBranchDraft.above(top, level);
        page = edit.allocate(1);
        top = page;
        topLevel = level;
      } else {
        page = path.page(level);
        slot = path.slot(level);
        if (added.size() == 1 && planInsertion(page, slot + 1, added.getFirst())) {
          break;
        }
        branch = OrderBranchDraft.of(pages, page, level);
        OrderBranchDraft.willFreeRuns(pages, page, edit);
      }
      branch.insert(slot + 1, added);
      int last = branch.count() - 1;
      int edge = isAscending && slot + 1 == last ? last : isDescending && slot == 0 ? 1 : 0;
      added = planBranch(branch, page, isNew, edge);
    }
    if (topLevel > path.rootLevel()) {
      edit.willRoot(top, topLevel);
    }
  }

  /// Plans an insertion into a branch as it is.
  ///
  /// @return whether it has room
  private boolean planInsertion(int page, int slot, OrderBranchDraft.Child child) {
    MemorySegment chunk = pages.chunk(page);
    long base = Pages.offset(page);
    if (!OrderBranch.hasRoom(pages, chunk, base, child.separator())) {
      return false;
    }
    int prefixLength = OrderPage.prefixLength(chunk, base);
    int run = OrderBranchDraft.overflow(child.separator(), prefixLength, edit);
    edit.willInsert(page, slot, child.separator(), child.page(), run);
    return true;
  }

  /// Plans the branches that are needed for a draft.
  ///
  /// @return what is to be inserted into the branch above
  private List<OrderBranchDraft.Child> planBranch(
      OrderBranchDraft branch, int page, boolean isNew, int cut) {
    List<Integer> parts = branch.parts(cut);
    List<OrderBranchDraft.Child> added = new ArrayList<>();
    for (int part = 0; part + 1 < parts.size(); part++) {
      int from = parts.get(part);
      int target = page;
      if (part > 0) {
        target = edit.allocate(1);
        added.add(new OrderBranchDraft.Child(branch.child(from).separator(), target));
      }
      MemorySegment image = branch.image(from, parts.get(part + 1), edit);
      edit.willRewrite(target, image, isNew || part > 0);
    }
    return added;
  }
}
