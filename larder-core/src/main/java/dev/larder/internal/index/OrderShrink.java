package dev.larder.internal.index;

import java.lang.foreign.MemorySegment;

/// What removals from an [OrderIndex] do to more than the entries of one leaf: an empty leaf is
/// freed, and with it the branches that led only there; small neighbours with one parent are merged
/// if both leave room for some insertions.
///
/// **Threads.** For the writer.
final class OrderShrink {
  /// A leaf with more entries is not worth looking for one to merge with.
  private static final int MERGE_MAX = OrderLeaf.CAPACITY / 4;

  /// How many entries a merged leaf has at most.
  private static final int MERGED_MAX = OrderLeaf.CAPACITY - MERGE_MAX;

  /// A branch with more bytes is not worth looking for one to merge with.
  private static final int MERGE_SIZE_MAX = Pages.PAGE_SIZE / 4;

  /// How many bytes a merged branch has at most.
  private static final int MERGED_SIZE_MAX = Pages.PAGE_SIZE - MERGE_SIZE_MAX;

  private final Pages pages;
  private final OrderEdit edit;
  private final OrderPath path;
  private final OrderLeafDraft leftDraft;
  private final OrderLeafDraft rightDraft;

  OrderShrink(Pages pages, OrderIndex.Keys keys, OrderEdit edit, OrderPath path) {
    this.pages = pages;
    this.edit = edit;
    this.path = path;
    leftDraft = new OrderLeafDraft(keys);
    rightDraft = new OrderLeafDraft(keys);
  }

  /// Does what is to be done after an entry was removed from the leaf of the path.
  void afterRemoval(int count) {
    if (count > MERGE_MAX || path.rootLevel() == 0) {
      return;
    }
    if (count == 0) {
      removeEmpty();
    } else {
      mergeLeaf();
    }
  }

  /// Frees the leaf of the path and the branches that have no other child.
  private void removeEmpty() {
    edit.begin();
    int level = 1;
    willFreePage(0);
    while (branchCount(path.page(level)) == 1) {
      willFreePage(level);
      level++;
    }
    int page = path.page(level);
    int slot = path.slot(level);
    MemorySegment chunk = pages.chunk(page);
    long base = Pages.offset(page);
    edit.willChange(page);
    OrderBranchDraft.willFreeRun(chunk, base, Math.max(1, slot), edit);
    edit.lock();
    OrderBranch.remove(chunk, base, slot);
    edit.finish();
    shrinkBranches(level);
  }

  private void willFreePage(int level) {
    int page = path.page(level);
    edit.willChange(page);
    edit.willFree(page, 1);
    if (level > 0) {
      OrderBranchDraft.willFreeRuns(pages, page, edit);
    }
  }

  private int branchCount(int page) {
    return OrderBranch.count(pages.chunk(page), Pages.offset(page));
  }

  private void mergeLeaf() {
    int parent = path.page(1);
    int slot = path.slot(1);
    if (mergeLeaves(parent, slot - 1) || mergeLeaves(parent, slot)) {
      shrinkBranches(1);
    }
  }

  /// Merges the leaves of a slot and the next, if there are both and they fit.
  private boolean mergeLeaves(int parent, int slot) {
    MemorySegment chunk = pages.chunk(parent);
    long base = Pages.offset(parent);
    if (slot < 0 || slot + 1 >= OrderBranch.count(chunk, base)) {
      return false;
    }
    int left = OrderBranch.child(chunk, base, slot);
    int right = OrderBranch.child(chunk, base, slot + 1);
    MemorySegment leftChunk = pages.chunk(left);
    long leftBase = Pages.offset(left);
    MemorySegment rightChunk = pages.chunk(right);
    long rightBase = Pages.offset(right);
    int count = OrderLeaf.count(leftChunk, leftBase) + OrderLeaf.count(rightChunk, rightBase);
    if (count > MERGED_MAX) {
      return false;
    }
    leftDraft.read(leftChunk, leftBase);
    rightDraft.read(rightChunk, rightBase);
    leftDraft.append(rightDraft);
    edit.begin();
    edit.willChange(parent);
    edit.willChange(left);
    willFreeRight(chunk, base, slot + 1, right);
    edit.lock();
    leftDraft.write(leftChunk, leftBase, 0, count);
    OrderLeaf.setRun(leftChunk, leftBase, OrderLeaf.NO_SLOT, 0);
    OrderBranch.remove(chunk, base, slot + 1);
    edit.finish();
    return true;
  }

  private void willFreeRight(MemorySegment parentChunk, long parentBase, int slot, int right) {
    edit.willChange(right);
    edit.willFree(right, 1);
    OrderBranchDraft.willFreeRun(parentChunk, parentBase, slot, edit);
  }

  /// Merges the branches of the path that have become small, from a level upwards, as far as there
  /// is anything to do.
  private void shrinkBranches(int from) {
    int level = from;
    while (level < path.rootLevel()) {
      int page = path.page(level);
      if (OrderBranch.usedSize(pages.chunk(page), Pages.offset(page)) > MERGE_SIZE_MAX) {
        return;
      }
      int slot = path.slot(level + 1);
      if (!mergeBranches(level, slot - 1) && !mergeBranches(level, slot)) {
        return;
      }
      level++;
    }
    dropRoots();
  }

  /// Merges the branches of a slot above a level and the next, if there are both and they fit.
  private boolean mergeBranches(int level, int slot) {
    int parent = path.page(level + 1);
    MemorySegment chunk = pages.chunk(parent);
    long base = Pages.offset(parent);
    if (slot < 0 || slot + 1 >= OrderBranch.count(chunk, base)) {
      return false;
    }
    int left = OrderBranch.child(chunk, base, slot);
    int right = OrderBranch.child(chunk, base, slot + 1);
    if (size(left) + size(right) > MERGED_SIZE_MAX) {
      return false;
    }
    OrderBranchDraft draft = OrderBranchDraft.of(pages, left, level);
    byte[] separator = OrderBranch.separator(pages, chunk, base, slot + 1, OrderPage.Guard.NONE);
    draft.append(separator, OrderBranchDraft.of(pages, right, level));
    if (draft.size(0, draft.count()) > MERGED_SIZE_MAX) {
      return false;
    }
    edit.begin();
    try {
      edit.willRewrite(left, draft.image(0, draft.count(), edit), false);
    } catch (OutOfMemoryError _) {
      // The merger would have saved memory, but needs some first. Nothing depends on it.
      edit.rollBack();
      return false;
    }
    edit.willChange(parent);
    OrderBranchDraft.willFreeRuns(pages, left, edit);
    OrderBranchDraft.willFreeRuns(pages, right, edit);
    willFreeRight(chunk, base, slot + 1, right);
    edit.lock();
    OrderBranch.remove(chunk, base, slot + 1);
    edit.finish();
    return true;
  }

  private int size(int page) {
    return OrderBranch.usedSize(pages.chunk(page), Pages.offset(page));
  }

  /// Frees roots that have an only child.
  private void dropRoots() {
    int root = edit.root();
    int level = edit.rootLevel();
    while (level > 0 && branchCount(root) == 1) {
      edit.begin();
      edit.willChange(root);
      edit.willFree(root, 1);
      OrderBranchDraft.willFreeRuns(pages, root, edit);
      int child = OrderBranch.child(pages.chunk(root), Pages.offset(root), 0);
      level--;
      edit.willRoot(child, level);
      edit.lock();
      edit.finish();
      root = child;
    }
  }
}
