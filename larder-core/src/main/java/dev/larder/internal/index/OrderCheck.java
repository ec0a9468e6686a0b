package dev.larder.internal.index;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks the invariants of an [OrderIndex], for tests.
final class OrderCheck {
  private final Pages pages;
  private final OrderIndex.Keys keys;
  private final OrderEdit edit;
  private final Set<Integer> reached = new HashSet<>();
  private final Set<Long> handles = new HashSet<>();

  OrderCheck(Pages pages, OrderIndex.Keys keys, OrderEdit edit) {
    this.pages = pages;
    this.keys = keys;
    this.edit = edit;
  }

  void check() {
    expect((OrderPage.version(edit.metaChunk(), edit.metaBase()) & 1) == 0, "locked meta page");
    int level = edit.rootLevel();
    long size = checkPage(edit.root(), level, null, null);
    expect(size == edit.size(), "%d keys, but a size of %d".formatted(size, edit.size()));
    long pageCount = 1L + reached.size();
    expect(
        pageCount == edit.pageCount(),
        "%d pages reached of %d".formatted(pageCount, edit.pageCount()));
    int[] free = pages.freeRuns();
    for (int i = 0; i < free.length; i += 2) {
      for (int page = free[i]; page < free[i] + free[i + 1]; page++) {
        expect(!reached.contains(page), "freed page %d is reached".formatted(page));
      }
    }
  }

  private static void expect(boolean isTrue, String message) {
    if (!isTrue) {
      throw new AssertionError(message);
    }
  }

  private void reach(int first, int count) {
    for (int page = first; page < first + count; page++) {
      expect(page > 0 && page < pages.pageCount(), "no such page: %d".formatted(page));
      expect(reached.add(page), "page %d is reached twice".formatted(page));
    }
  }

  private long checkPage(int page, int level, byte @Nullable [] lower, byte @Nullable [] upper) {
    reach(page, 1);
    MemorySegment chunk = pages.chunk(page);
    long base = Pages.offset(page);
    expect((OrderPage.version(chunk, base) & 1) == 0, "page %d is locked".formatted(page));
    expect(OrderPage.level(chunk, base) == level, "page %d: wrong level".formatted(page));
    return level == 0
        ? checkLeaf(chunk, base, lower, upper)
        : checkBranch(chunk, base, level, lower, upper);
  }

  private static void checkRange(byte[] key, byte @Nullable [] lower, byte @Nullable [] upper) {
    expect(lower == null || Arrays.compareUnsigned(lower, key) <= 0, "less than its page");
    expect(upper == null || Arrays.compareUnsigned(key, upper) < 0, "greater than its page");
  }

  private long checkLeaf(
      MemorySegment chunk, long base, byte @Nullable [] lower, byte @Nullable [] upper) {
    int count = OrderLeaf.count(chunk, base);
    expect(count > 0 || edit.rootLevel() == 0, "empty leaf");
    byte[] prefix = count == 0 ? new byte[0] : OrderLeaf.prefix(chunk, base, keys);
    byte[] previous = null;
    for (int slot = 0; slot < count; slot++) {
      long handle = OrderLeaf.handle(chunk, base, slot);
      expect(handles.add(handle), "handle %x is there twice".formatted(handle));
      byte[] key = keys.key(handle);
      checkRange(key, lower, upper);
      expect(previous == null || Arrays.compareUnsigned(previous, key) < 0, "wrong order");
      expect(OrderPage.commonLength(prefix, key) == prefix.length, "wrong prefix");
      long head = OrderPage.head(key, prefix.length);
      expect(OrderLeaf.head(chunk, base, slot) == head, "wrong head");
      expect(OrderPage.comparePrefix(chunk, base, prefix.length, key) == 0, "other prefix");
      previous = key;
    }
    return count;
  }

  private long checkBranch(
      MemorySegment chunk, long base, int level, byte @Nullable [] lower, byte @Nullable [] upper) {
    int count = OrderBranch.count(chunk, base);
    expect(count > (level == edit.rootLevel() ? 1 : 0), "%d children".formatted(count));
    checkRuns(chunk, base, count);
    long size = 0;
    byte[] left = lower;
    for (int slot = 0; slot < count; slot++) {
      byte[] right = upper;
      if (slot + 1 < count) {
        right = OrderBranch.separator(pages, chunk, base, slot + 1, OrderPage.Guard.NONE);
        checkRange(right, left, upper);
        expect(left == null || !Arrays.equals(left, right), "equal separators");
      }
      size += checkPage(OrderBranch.child(chunk, base, slot), level - 1, left, right);
      left = right;
    }
    return size;
  }

  private void checkRuns(MemorySegment chunk, long base, int count) {
    int prefixPage = OrderBranch.prefixPage(chunk, base);
    int prefixLength = OrderPage.prefixLength(chunk, base);
    expect((prefixPage != 0) == (prefixLength > OrderPage.PREFIX_INLINE), "wrong prefix page");
    if (prefixPage != 0) {
      reach(prefixPage, OrderBranch.pageCount(prefixLength));
    }
    int tailsSize = 0;
    for (int slot = 1; slot < count; slot++) {
      int page = OrderBranch.overflowPage(chunk, base, slot);
      if (page != 0) {
        reach(page, OrderBranch.pageCount(OrderBranch.overflowSize(chunk, base, slot)));
      }
      byte[] separator = OrderBranch.separator(pages, chunk, base, slot, OrderPage.Guard.NONE);
      tailsSize += OrderBranch.tailSize(separator.length - prefixLength);
    }
    int said = OrderBranch.tailsSize(chunk, base);
    expect(tailsSize == said, "%d bytes of tails, not %d".formatted(tailsSize, said));
    int slotsEnd = OrderPage.BODY_AT + count * OrderBranch.SLOT_SIZE;
    int tailsAt = OrderBranch.tailsAt(chunk, base);
    expect(slotsEnd <= tailsAt && tailsAt + tailsSize <= Pages.PAGE_SIZE, "overlapping tails");
  }
}
