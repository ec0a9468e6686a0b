package dev.larder.internal.index;

import static dev.larder.internal.index.OrderPage.INT;
import static dev.larder.internal.index.OrderPage.LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A change of several pages of an [OrderIndex], which readers see as a whole or not at all. It has
/// two parts. First it is planned: that may fail, and is then rolled back. Then the pages are
/// locked, all before the first is changed, and changed, which cannot fail; and unlocked, all after
/// the last was changed.
///
/// It also knows the page from which all others are reached. The first 16 bytes of that are as in
/// [OrderPage]; it has the level -1.
///
/// | Offset | Bytes | What |
/// |---|---|---|
/// | 16 | 4 | the root |
/// | 20 | 4 | its level |
/// | 24 | 8 | how many keys there are |
/// | 32 | 8 | how many pages there are, this one too |
/// | 40 | 8 | [#MAGIC] |
///
/// **Threads.** For the writer, except [#freeings()], and what is static.
final class OrderEdit {
  /// What a page holds that is the first of an index.
  static final long MAGIC = 0x3178646e49647230L; // "0rdIndx1"

  private static final int ROOT_AT = 16;
  private static final int ROOT_LEVEL_AT = 20;
  private static final int SIZE_AT = 24;
  private static final int PAGE_COUNT_AT = 32;
  private static final int MAGIC_AT = 40;
  private static final int META_LEVEL = -1;

  private static final VarHandle SIZE = LONG.varHandle();
  private static final byte[] NO_BYTES = {};

  /// A whole page that is to be written.
  private record Rewrite(MemorySegment chunk, long base, MemorySegment image) {}

  private final Pages pages;
  private final int metaPage;
  private final MemorySegment metaChunk;
  private final long metaBase;

  /// Counts the changes that freed pages. It is set before any of these pages can be used again, so
  /// whoever sees it unchanged has followed no page number to where something else is now.
  private volatile long freeings;

  private int lockCount;
  private int[] locks = new int[16];
  private MemorySegment[] lockChunks = new MemorySegment[16];

  /// Runs of pages, as first page and length.
  private int allocatedCount;

  private int[] allocated = new int[16];
  private int freedCount;
  private int[] freed = new int[16];

  private final List<Rewrite> rewrites = new ArrayList<>();

  private int newRoot;
  private int newRootLevel;
  private int insertPage;
  private int insertSlot;
  private int insertChild;
  private int insertRun;
  private byte[] insertSeparator = NO_BYTES;

  OrderEdit(Pages pages, int metaPage) {
    this.pages = pages;
    this.metaPage = metaPage;
    this.metaChunk = pages.chunk(metaPage);
    this.metaBase = Pages.offset(metaPage);
  }

  /// Makes the pages of an index without keys.
  ///
  /// @return the page from which they are reached
  static int create(Pages pages) {
    int meta = pages.allocate(1);
    int root;
    try {
      root = pages.allocate(1);
    } catch (OutOfMemoryError e) {
      pages.free(meta, 1);
      throw e;
    }
    MemorySegment chunk = pages.chunk(meta);
    long base = Pages.offset(meta);
    chunk.set(OrderPage.SHORT, base + OrderPage.LEVEL_AT, (short) META_LEVEL);
    chunk.set(INT, base + ROOT_AT, root);
    chunk.set(LONG, base + PAGE_COUNT_AT, 2);
    chunk.set(LONG, base + MAGIC_AT, MAGIC);
    return meta;
  }

  /// Checks that a page is one from which an index is reached.
  ///
  /// @throws DamagedImageException if it is not
  static void checkMeta(MemorySegment chunk, long base) {
    if (chunk.get(LONG, base + MAGIC_AT) != MAGIC) {
      throw new DamagedImageException("no index begins with that page");
    }
  }

  static int root(MemorySegment chunk, long base) {
    return chunk.get(INT, base + ROOT_AT);
  }

  static int rootLevel(MemorySegment chunk, long base) {
    return chunk.get(INT, base + ROOT_LEVEL_AT);
  }

  MemorySegment metaChunk() {
    return metaChunk;
  }

  long metaBase() {
    return metaBase;
  }

  int root() {
    return root(metaChunk, metaBase);
  }

  int rootLevel() {
    return rootLevel(metaChunk, metaBase);
  }

  /// {@return how many keys there are}. For any thread.
  long size() {
    return (long) SIZE.getOpaque(metaChunk, metaBase + SIZE_AT);
  }

  /// {@return how many pages there are}
  long pageCount() {
    return metaChunk.get(LONG, metaBase + PAGE_COUNT_AT);
  }

  /// {@return how often pages were freed}. For any thread.
  long freeings() {
    return freeings;
  }

  /// Changes how many keys there are. To be called between locking and unlocking pages.
  void addSize(int count) {
    long size = metaChunk.get(LONG, metaBase + SIZE_AT) + count;
    SIZE.setOpaque(metaChunk, metaBase + SIZE_AT, size);
  }

  /// To be called before a single page is locked without an edit.
  void touch(int page) {
    pages.touch(metaPage);
    pages.touch(page);
  }

  // Planning.

  /// Begins to plan.
  void begin() {
    lockCount = 0;
    allocatedCount = 0;
    freedCount = 0;
    rewrites.clear();
    newRoot = Pages.NO_PAGE;
    insertPage = Pages.NO_PAGE;
    pages.touch(metaPage);
  }

  /// Says that a page will be changed.
  void willChange(int page) {
    pages.touch(page);
    if (lockCount == locks.length) {
      locks = Arrays.copyOf(locks, 2 * lockCount);
      lockChunks = Arrays.copyOf(lockChunks, 2 * lockCount);
    }
    lockChunks[lockCount] = pages.chunk(page);
    locks[lockCount++] = page;
  }

  /// Says that a branch will get a child in a slot, for which it has room as it is.
  ///
  /// @param run the first of the pages that hold the separator's rest, if that is so long
  void willInsert(int page, int slot, byte[] separator, int child, int run) {
    willChange(page);
    insertPage = page;
    insertSlot = slot;
    insertSeparator = separator;
    insertChild = child;
    insertRun = run;
  }

  /// Says that a page will be as an image, except its version.
  ///
  /// @param isNew whether no reader can know the page yet
  void willRewrite(int page, MemorySegment image, boolean isNew) {
    if (!isNew) {
      willChange(page);
    }
    rewrites.add(new Rewrite(pages.chunk(page), Pages.offset(page), image));
  }

  /// Says that there will be another root.
  void willRoot(int page, int level) {
    willChange(metaPage);
    newRoot = page;
    newRootLevel = level;
  }

  /// Says that pages will be freed. Those that have a version must be said to change too; they stay
  /// locked for ever.
  void willFree(int first, int count) {
    freed = put(freed, freedCount, first, count);
    freedCount += 2;
  }

  /// Allocates pages.
  ///
  /// @return the first
  /// @throws OutOfMemoryError if there is no memory
  int allocate(int count) {
    int first = pages.allocate(count);
    allocated = put(allocated, allocatedCount, first, count);
    allocatedCount += 2;
    return first;
  }

  /// Allocates pages and fills them with a part of an array.
  ///
  /// @return the first
  /// @throws OutOfMemoryError if there is no memory
  int allocate(byte[] bytes, int from, int to) {
    int size = to - from;
    int first = allocate(OrderBranch.pageCount(size));
    MemorySegment chunk = pages.chunk(first);
    MemorySegment.copy(bytes, from, chunk, ValueLayout.JAVA_BYTE, Pages.offset(first), size);
    return first;
  }

  private static int[] put(int[] runs, int at, int first, int count) {
    int[] target = at < runs.length ? runs : Arrays.copyOf(runs, 2 * at);
    target[at] = first;
    target[at + 1] = count;
    return target;
  }

  /// Gives back what was allocated since [#begin()].
  void rollBack() {
    for (int i = 0; i < allocatedCount; i += 2) {
      pages.free(allocated[i], allocated[i + 1]);
    }
    allocatedCount = 0;
  }

  // Changing.

  /// Locks what was said to change.
  void lock() {
    for (int i = 0; i < lockCount; i++) {
      OrderPage.lock(lockChunks[i], Pages.offset(locks[i]));
    }
  }

  /// Does what was planned, as far as the edit knows of it; unlocks; and frees.
  void finish() {
    for (Rewrite rewrite : rewrites) {
      long size = Pages.PAGE_SIZE - OrderPage.LEVEL_AT;
      long to = rewrite.base + OrderPage.LEVEL_AT;
      MemorySegment.copy(rewrite.image, OrderPage.LEVEL_AT, rewrite.chunk, to, size);
    }
    if (insertPage != Pages.NO_PAGE) {
      MemorySegment chunk = pages.chunk(insertPage);
      long base = Pages.offset(insertPage);
      OrderBranch.insert(chunk, base, insertSlot, insertSeparator, insertChild, insertRun);
    }
    if (newRoot != Pages.NO_PAGE) {
      metaChunk.set(INT, metaBase + ROOT_AT, newRoot);
      metaChunk.set(INT, metaBase + ROOT_LEVEL_AT, newRootLevel);
    }
    countPages();
    unlock();
    if (freedCount > 0) {
      free();
    }
  }

  private void countPages() {
    long count = pageCount();
    for (int i = 0; i < allocatedCount; i += 2) {
      count += allocated[i + 1];
    }
    for (int i = 0; i < freedCount; i += 2) {
      count -= freed[i + 1];
    }
    metaChunk.set(LONG, metaBase + PAGE_COUNT_AT, count);
  }

  private void unlock() {
    for (int i = 0; i < lockCount; i++) {
      if (!isFreed(locks[i])) {
        OrderPage.unlock(lockChunks[i], Pages.offset(locks[i]));
      }
    }
  }

  private boolean isFreed(int page) {
    for (int i = 0; i < freedCount; i += 2) {
      if (freed[i] == page) {
        return true;
      }
    }
    return false;
  }

  private void free() {
    setFreeings(freeings + 1);
    // What is written to these pages from now on must not be seen before the new count: nothing
    // else keeps a plain write behind a volatile one.
    VarHandle.storeStoreFence();
    for (int i = 0; i < freedCount; i += 2) {
      pages.free(freed[i], freed[i + 1]);
    }
  }

  private void setFreeings(long count) {
    freeings = count;
  }
}
