package dev.larder.internal.index;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// The children of a branch and their separators on the heap, for changes that concern all of them.
///
/// **Threads.** For one thread at a time.
final class OrderBranchDraft {
  private static final byte[] NO_BYTES = {};

  /// A child, and the separator before it, which means nothing if it is the first.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Child(byte[] separator, int page) {
    Child {
      assert page != Pages.NO_PAGE;
    }
  }

  private final int level;
  private final List<Child> children = new ArrayList<>();

  private OrderBranchDraft(int level) {
    this.level = level;
  }

  /// {@return a draft with an only child}
  static OrderBranchDraft above(int page, int level) {
    var draft = new OrderBranchDraft(level);
    draft.children.add(new Child(NO_BYTES, page));
    return draft;
  }

  /// {@return the children of a branch}
  static OrderBranchDraft of(Pages pages, int page, int level) {
    var draft = new OrderBranchDraft(level);
    MemorySegment chunk = pages.chunk(page);
    long base = Pages.offset(page);
    int count = OrderBranch.count(chunk, base);
    for (int slot = 0; slot < count; slot++) {
      byte[] separator =
          slot == 0
              ? NO_BYTES
              : OrderBranch.separator(pages, chunk, base, slot, OrderPage.Guard.NONE);
      draft.children.add(new Child(separator, OrderBranch.child(chunk, base, slot)));
    }
    return draft;
  }

  /// Says that the pages will be freed that belong to a branch, but not the branch.
  static void willFreeRuns(Pages pages, int page, OrderEdit edit) {
    MemorySegment chunk = pages.chunk(page);
    long base = Pages.offset(page);
    int prefixPage = OrderBranch.prefixPage(chunk, base);
    if (prefixPage != Pages.NO_PAGE) {
      edit.willFree(prefixPage, OrderBranch.pageCount(OrderPage.prefixLength(chunk, base)));
    }
    for (int slot = 1; slot < OrderBranch.count(chunk, base); slot++) {
      willFreeRun(chunk, base, slot, edit);
    }
  }

  /// Says that the pages will be freed that hold a separator, if there are any.
  static void willFreeRun(MemorySegment chunk, long base, int slot, OrderEdit edit) {
    int page = OrderBranch.overflowPage(chunk, base, slot);
    if (page != Pages.NO_PAGE) {
      edit.willFree(page, OrderBranch.pageCount(OrderBranch.overflowSize(chunk, base, slot)));
    }
  }

  int count() {
    return children.size();
  }

  Child child(int slot) {
    return children.get(slot);
  }

  /// Inserts children before that of a slot.
  void insert(int slot, List<Child> added) {
    children.addAll(slot, added);
  }

  /// Takes the children of the next branch too.
  ///
  /// @param separator what is between the branches
  void append(byte[] separator, OrderBranchDraft next) {
    children.add(new Child(separator, next.children.getFirst().page));
    children.addAll(next.children.subList(1, next.children.size()));
  }

  private int prefixLength(int from, int to) {
    return to - from < 2
        ? 0
        : OrderPage.commonLength(children.get(from + 1).separator, children.get(to - 1).separator);
  }

  /// {@return how many bytes a branch takes that has some of the children}
  int size(int from, int to) {
    int prefixLength = prefixLength(from, to);
    int size = OrderPage.BODY_AT + (to - from) * OrderBranch.SLOT_SIZE;
    for (int slot = from + 1; slot < to; slot++) {
      size += OrderBranch.tailSize(children.get(slot).separator.length - prefixLength);
    }
    return size;
  }

  /// {@return where each of the branches begins that are needed for all children, and where the
  /// last ends}
  ///
  /// @param cut where the first is to end if not all fit into one; 0 for about the middle
  List<Integer> parts(int cut) {
    List<Integer> parts = new ArrayList<>();
    if (cut > 0 && size(0, count()) > Pages.PAGE_SIZE) {
      addParts(0, cut, parts);
      addParts(cut, count(), parts);
    } else {
      addParts(0, count(), parts);
    }
    parts.add(count());
    return parts;
  }

  /// Adds where each of the branches begins that are needed for some children.
  private void addParts(int from, int to, List<Integer> parts) {
    if (to - from <= 2 || size(from, to) <= Pages.PAGE_SIZE) {
      parts.add(from);
      return;
    }
    int middle = middle(from, to);
    addParts(from, middle, parts);
    addParts(middle, to, parts);
  }

  /// {@return the slot before which about half of the bytes of some children are}
  private int middle(int from, int to) {
    int prefixLength = prefixLength(from, to);
    int left = (size(from, to) - OrderPage.BODY_AT) / 2;
    int slot = from;
    while (left > 0 && slot < to - 1) {
      slot++;
      left -= OrderBranch.SLOT_SIZE;
      left -= OrderBranch.tailSize(children.get(slot).separator.length - prefixLength);
    }
    return Math.max(slot, from + 1);
  }

  /// {@return the image of a branch that has some of the children}
  ///
  /// @param edit where pages are allocated for what is too long for the branch
  MemorySegment image(int from, int to, OrderEdit edit) {
    MemorySegment image = MemorySegment.ofArray(new long[Pages.PAGE_SIZE / Long.BYTES]);
    OrderBranch.clear(image, 0, level);
    OrderBranch.insertFirst(image, 0, children.get(from).page);
    if (to - from > 1) {
      int length = prefixLength(from, to);
      byte[] prefix = children.get(from + 1).separator;
      int page =
          length <= OrderPage.PREFIX_INLINE ? Pages.NO_PAGE : edit.allocate(prefix, 0, length);
      OrderBranch.setPrefix(image, 0, prefix, length, page);
      for (int slot = from + 1; slot < to; slot++) {
        Child child = children.get(slot);
        int run = overflow(child.separator, length, edit);
        OrderBranch.insert(image, 0, slot - from, child.separator, child.page, run);
      }
    }
    return image;
  }

  /// {@return the first of new pages for the rest of a separator; 0 if it needs none}
  static int overflow(byte[] separator, int prefixLength, OrderEdit edit) {
    return separator.length - prefixLength <= OrderBranch.REST_MAX
        ? Pages.NO_PAGE
        : edit.allocate(separator, prefixLength, separator.length);
  }
}
