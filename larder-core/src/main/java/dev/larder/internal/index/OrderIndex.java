package dev.larder.internal.index;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An ordered set of keys outside the heap. Of each key it holds a *handle* and eight bytes; the
/// whole keys are elsewhere, and are read through [Keys] where eight bytes do not tell two of them
/// apart. That takes some 24 bytes for each key if they arrive in random order, and 17 if sorted.
///
/// Keys are ordered as unsigned bytes, and have up to [#KEY_MAX] of them. A handle is any number
/// but 0 that stands for one key: two keys never have the same one, and [Keys] knows the key of a
/// handle before it is inserted and until it has been removed.
///
/// **Threads.** One thread at a time may change an index, which the caller sees to. Any number of
/// others may walk over it meanwhile, without a lock, and ask for its size.
///
/// **Failures.** If memory or the reading of keys fails, the exception is thrown and the index is
/// valid. It is as it was, except that a removal may have happened, and some of many insertions.
///
/// **Invariants.**
///
/// 1. All leaves are equally deep, and none is empty, except the root of an empty index.
/// 2. A root that is a branch has at least two children.
/// 3. In every leaf the keys ascend, and lie between the separators on both sides of it.
public final class OrderIndex {
  /*
   * A B+tree. See OrderPage, OrderLeaf and OrderBranch for the pages, OrderReader for how a reader
   * gets on without a lock, OrderGrowth and OrderShrink for what becomes of full and of empty pages,
   * and OrderEdit for how a change of several pages is made one.
   */

  /// How many bytes a key has at most.
  public static final int KEY_MAX = OrderPage.KEY_MAX;

  private final Pages pages;
  private final Keys keys;
  private final int metaPage;
  private final OrderEdit edit;
  private final OrderPath path;
  private final OrderGrowth growth;
  private final OrderShrink shrink;

  /// Takes what would otherwise be computed for nothing.
  long prefetched;

  /// Reads whole keys.
  ///
  /// **Threads.** Safe for any number of threads.
  public interface Keys {
    /// {@return the key of a handle}
    ///
    /// @throws KeyReader.RetryException if there is none any more, which happens only to readers
    ///   without a lock: they start over
    byte[] key(long handle);
  }

  private OrderIndex(Pages pages, Keys keys, int metaPage) {
    this.pages = pages;
    this.keys = keys;
    this.metaPage = metaPage;
    edit = new OrderEdit(pages, metaPage);
    path = new OrderPath(pages, edit);
    growth = new OrderGrowth(pages, keys, edit, path);
    shrink = new OrderShrink(pages, keys, edit, path);
  }

  /// {@return a new index without keys}
  ///
  /// @param pages where it is to live
  /// @param keys what reads its keys
  /// @throws OutOfMemoryError if there is no memory
  public static OrderIndex create(Pages pages, Keys keys) {
    return new OrderIndex(pages, keys, OrderEdit.create(pages));
  }

  /// Opens an index that pages hold. Looks at one of them.
  ///
  /// @param pages where it lives
  /// @param keys what reads its keys
  /// @param metaPage what [#metaPage()] said
  /// @throws DamagedImageException if there is no index
  public static OrderIndex open(Pages pages, Keys keys, int metaPage) {
    OrderEdit.checkMeta(pages.chunk(metaPage), Pages.offset(metaPage));
    return new OrderIndex(pages, keys, metaPage);
  }

  /// {@return the number of the page from which all others of the index are reached}
  public int metaPage() {
    return metaPage;
  }

  /// {@return how many keys there are}
  public long size() {
    return edit.size();
  }

  /// {@return how many bytes of memory the index takes}. For the thread that changes it.
  public long usedBytes() {
    return edit.pageCount() << Pages.PAGE_SHIFT;
  }

  /// Inserts a key.
  ///
  /// @param handle its handle, not 0
  /// @return false if it is there already; nothing changes then
  /// @throws OutOfMemoryError if there is no memory
  public boolean insert(byte[] key, long handle) {
    checkKey(key, handle);
    return insertInto(path.descend(key), key, handle);
  }

  /// Inserts many keys. That is faster than one by one if some of them are neighbours.
  ///
  /// @param sorted has the keys, which ascend and differ; those that are there already are skipped
  /// @param handles has the handle of each key, not 0
  /// @param from the first of them
  /// @param to one more than the last
  /// @throws OutOfMemoryError if there is no memory; some of the first keys are inserted then
  public void insertSorted(byte[][] sorted, long[] handles, int from, int to) {
    boolean isNear = false;
    for (int i = from; i < to; i++) {
      byte[] key = sorted[i];
      checkKey(key, handles[i]);
      int leaf = isNear ? path.advance(key) : path.descend(key);
      isNear = OrderLeaf.count(pages.chunk(leaf), Pages.offset(leaf)) < OrderLeaf.CAPACITY;
      if (i + 1 < to) {
        prefetched = path.prefetch(sorted[i + 1]);
      }
      insertInto(leaf, key, handles[i]);
    }
  }

  private static void checkKey(byte[] key, long handle) {
    if (handle == 0 || key.length > KEY_MAX) {
      throw new IllegalArgumentException(
          "a key of %d bytes with the handle %d".formatted(key.length, handle));
    }
  }

  /// Inserts a key into the leaf of the path.
  private boolean insertInto(int leaf, byte[] key, long handle) {
    MemorySegment chunk = pages.chunk(leaf);
    long base = Pages.offset(leaf);
    int found = OrderLeaf.find(chunk, base, key, handle, keys, OrderPage.Guard.NONE);
    if (found >= 0) {
      return false;
    }
    int slot = -1 - found;
    int count = OrderLeaf.count(chunk, base);
    int prefixLength = OrderPage.prefixLength(chunk, base);
    long head = OrderPage.head(key, prefixLength);
    if (OrderLeaf.isTied(chunk, base, slot, head) && growth.relieve()) {
      return insertInto(leaf, key, handle);
    }
    if (count == OrderLeaf.CAPACITY) {
      growth.split(slot, key, handle);
    } else if (isUnlike(chunk, base, slot, count, prefixLength, key)) {
      growth.insertUnlike(slot, key, handle);
    } else {
      edit.touch(leaf);
      OrderPage.lock(chunk, base);
      OrderLeaf.insert(chunk, base, slot, head, handle);
      edit.addSize(1);
      OrderPage.unlock(chunk, base);
    }
    return true;
  }

  /// {@return whether a key that belongs into a slot lacks the prefix of the leaf}
  private boolean isUnlike(
      MemorySegment chunk, long base, int slot, int count, int prefixLength, byte[] key) {
    if (count == 0) {
      return true;
    }
    // Only before the first and after the last key can there be one that lacks their prefix.
    return (slot == 0 || slot == count)
        && OrderLeaf.comparePrefix(chunk, base, prefixLength, key, keys, OrderPage.Guard.NONE) != 0;
  }

  /// Removes a key. It must still be there for [Keys].
  ///
  /// @return false if it is not in the index
  public boolean remove(byte[] key) {
    int leaf = path.descend(key);
    MemorySegment chunk = pages.chunk(leaf);
    long base = Pages.offset(leaf);
    return removeFrom(leaf, OrderLeaf.find(chunk, base, key, 0, keys, OrderPage.Guard.NONE));
  }

  /// Removes a key whose handle is known. No keys are read to find it.
  ///
  /// @return false if it is not in the index
  public boolean remove(byte[] key, long handle) {
    int leaf = path.descend(key);
    return removeFrom(
        leaf, OrderLeaf.findHandle(pages.chunk(leaf), Pages.offset(leaf), key, handle));
  }

  /// Removes many keys whose handles are known, those that are in the index.
  ///
  /// @param removed has the keys
  /// @param handles has the handle of each
  /// @param order the places of the keys, in the order of the keys
  void removeAll(byte[][] removed, long[] handles, int[] order) {
    for (int i = 0; i < order.length; i++) {
      byte[] key = removed[order[i]];
      int leaf = path.descend(key);
      if (i + 1 < order.length) {
        prefetched = path.prefetch(removed[order[i + 1]]);
      }
      MemorySegment chunk = pages.chunk(leaf);
      long base = Pages.offset(leaf);
      removeFrom(leaf, OrderLeaf.findHandle(chunk, base, key, handles[order[i]]));
    }
  }

  private boolean removeFrom(int leaf, int slot) {
    if (slot < 0) {
      return false;
    }
    MemorySegment chunk = pages.chunk(leaf);
    long base = Pages.offset(leaf);
    edit.touch(leaf);
    OrderPage.lock(chunk, base);
    OrderLeaf.remove(chunk, base, slot);
    edit.addSize(-1);
    OrderPage.unlock(chunk, base);
    shrink.afterRemoval(OrderLeaf.count(chunk, base));
    return true;
  }

  /// Begins a walk over the handles of a range of keys.
  ///
  /// @param from the least key of the range, null if there is no bound
  /// @param to the least key beyond the range, null if there is no bound; a range whose ends are
  ///   not in that order is empty
  /// @param isReversed whether to begin with the greatest key
  public Walk walk(byte @Nullable [] from, byte @Nullable [] to, boolean isReversed) {
    return new Walk(new OrderReader(pages, keys, edit, isReversed), from, to, isReversed);
  }

  /// Checks everything that can be seen from within, by reading all keys.
  ///
  /// @throws AssertionError if an invariant is false
  void checkInvariants() {
    new OrderCheck(pages, keys, edit).check();
  }

  /// A walk over the handles of a range of keys, in their order. Every key of the range that is
  /// there from beginning to end is met exactly once; one that is inserted or removed meanwhile may
  /// or may not be met.
  ///
  /// **Threads.** For one thread at a time, and without a lock.
  public static final class Walk {
    private final OrderReader reader;
    private final boolean isReversed;
    private byte @Nullable [] from;
    private byte @Nullable [] to;
    private boolean isAtEnd;

    /// What was read of a leaf and not given out yet: from `low` to `high`.
    private final long[] buffer = new long[OrderLeaf.CAPACITY];

    private int low;
    private int high;

    private Walk(
        OrderReader reader, byte @Nullable [] from, byte @Nullable [] to, boolean isReversed) {
      this.reader = reader;
      this.from = from;
      this.to = to;
      this.isReversed = isReversed;
      isAtEnd = isEmpty();
    }

    /// Goes on.
    ///
    /// @param handles is filled with the next handles, as far as there are so many
    /// @return how many there were; 0 at the end
    public int next(long[] handles) {
      int count = 0;
      while (count < handles.length && (low < high || fill())) {
        int taken = Math.min(handles.length - count, high - low);
        if (isReversed) {
          for (int i = 0; i < taken; i++) {
            handles[count++] = buffer[--high];
          }
        } else {
          System.arraycopy(buffer, low, handles, count, taken);
          low += taken;
          count += taken;
        }
      }
      return count;
    }

    /// Reads leaves until one has a key of the range.
    private boolean fill() {
      low = 0;
      high = 0;
      while (high == 0 && !isAtEnd) {
        high = reader.read(from, to, buffer);
        byte[] fence = reader.fence();
        if (isReversed) {
          to = fence;
        } else {
          from = fence;
        }
        isAtEnd = fence == null || isEmpty();
      }
      return high > 0;
    }

    private boolean isEmpty() {
      byte[] least = from;
      byte[] end = to;
      return least != null && end != null && Arrays.compareUnsigned(least, end) >= 0;
    }
  }
}
