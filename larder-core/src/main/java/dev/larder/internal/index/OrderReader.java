package dev.larder.internal.index;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Finds and copies handles of one leaf after the other, without a lock, while a writer changes the
/// tree.
///
/// **Threads.** For one thread at a time, next to the writer.
final class OrderReader implements OrderPage.Guard {
  /*
   * A reader believes what it read of a page once it has seen that the page's version is the same
   * as before. On the way down it reads the version of the child, and only then makes sure of the
   * parent: so at that moment the child was the parent's, had that version, and lay between the
   * separators that were read in the parent. Who makes the range of keys smaller that belong to a
   * page changes its version.
   *
   * A page that is freed may become anything, also something with the same version. But pages are
   * only used again after the count of freeings has changed, so a reader that sees the same count as
   * at the root was in pages of the tree all the way. Nor did the range of one of them grow
   * meanwhile: that only happens where a neighbour is freed.
   *
   * What was read and is not yet believed is used for nothing that could do harm. A number in a page
   * that makes no sense is damage if the page has not changed, and otherwise means to look again.
   */

  /// After so many vain attempts a leaf is copied before it is searched. That may take long if keys
  /// must be read, so that a writer who is busy there would always come in between.
  private static final int ATTEMPTS_MAX = 2;

  /// After so many vain attempts others get the processor.
  private static final int SPINS_MAX = 32;

  private static final long PARK_NANOS = 20_000;

  private final Pages pages;
  private final OrderIndex.Keys keys;
  private final OrderEdit edit;
  private final boolean isReversed;

  // The page that is looked at.
  private MemorySegment chunk;
  private long base;
  private long version;
  private long freeings;

  /// A copy of a leaf, if one was needed.
  private @Nullable MemorySegment copy;

  private boolean isInCopy;

  /// Between the leaf and the next in the direction of the walk; null if there is none.
  private byte @Nullable [] fence;

  private int low;
  private int high;

  OrderReader(Pages pages, OrderIndex.Keys keys, OrderEdit edit, boolean isReversed) {
    this.pages = pages;
    this.keys = keys;
    this.edit = edit;
    this.isReversed = isReversed;
    this.chunk = edit.metaChunk();
    this.base = edit.metaBase();
  }

  /// {@return what is between the leaf that was read and the next; null if that was the last}
  byte @Nullable [] fence() {
    return fence;
  }

  /// Copies the handles of the keys of one leaf that lie in a range, in ascending order. The leaf
  /// is the one where the range begins, or ends if the walk is reversed.
  ///
  /// @param from the least key of the range, null if there is no bound
  /// @param to the least key beyond the range, null if there is no bound
  /// @param target at least as long as a leaf has entries
  /// @return how many were copied; 0 does not mean that there are no more
  int read(byte @Nullable [] from, byte @Nullable [] to, long[] target) {
    for (int attempt = 0; ; attempt++) {
      try {
        isInCopy = false;
        descend(isReversed ? to : from);
        if (attempt >= ATTEMPTS_MAX) {
          copyLeaf();
        }
        search(from, to);
        int count = high - low;
        OrderLeaf.copyHandles(chunk, base, low, target, 0, count);
        check();
        return count;
      } catch (KeyReader.RetryException _) {
        pause(attempt);
      } catch (DamagedImageException e) {
        if (isTrue()) {
          throw e;
        }
        pause(attempt);
      }
    }
  }

  private static void pause(int attempt) {
    if (attempt % SPINS_MAX == SPINS_MAX - 1) {
      LockSupport.parkNanos(PARK_NANOS);
    } else {
      Thread.onSpinWait();
    }
  }

  /// {@return whether everything is true that was read of the page}
  private boolean isTrue() {
    return isInCopy || (OrderPage.isUnchanged(chunk, base, version) && edit.freeings() == freeings);
  }

  @Override
  public void check() {
    if (!isTrue()) {
      throw KeyReader.RetryException.INSTANCE;
    }
  }

  /// Looks at another page, to which the present one leads.
  private void enter(int page) {
    check();
    MemorySegment nextChunk = pages.chunk(page);
    long nextBase = Pages.offset(page);
    long nextVersion = OrderPage.version(nextChunk, nextBase);
    check();
    if ((nextVersion & 1) != 0) {
      throw KeyReader.RetryException.INSTANCE;
    }
    chunk = nextChunk;
    base = nextBase;
    version = nextVersion;
  }

  /// Goes from the root to the leaf where a key is, or the greatest key less than it if reversed.
  ///
  /// @param bound the key; null to go to the first or the last leaf
  private void descend(byte @Nullable [] bound) {
    chunk = edit.metaChunk();
    base = edit.metaBase();
    freeings = edit.freeings();
    version = OrderPage.version(chunk, base);
    if ((version & 1) != 0) {
      throw KeyReader.RetryException.INSTANCE;
    }
    fence = null;
    int page = OrderEdit.root(chunk, base);
    int level = OrderEdit.rootLevel(chunk, base);
    enter(page);
    checkLevel(level);
    while (level > 0) {
      int slot = childSlot(bound);
      readFence(slot);
      enter(OrderBranch.child(chunk, base, slot));
      level--;
      checkLevel(level);
    }
  }

  private void checkLevel(int expected) {
    int level = OrderPage.level(chunk, base);
    if (level != expected) {
      throw new DamagedImageException("level %d instead of %d".formatted(level, expected));
    }
  }

  private int childSlot(byte @Nullable [] bound) {
    if (bound != null) {
      return OrderBranch.childSlot(pages, chunk, base, bound, isReversed, this);
    }
    return isReversed ? Math.max(0, OrderBranch.count(chunk, base) - 1) : 0;
  }

  private void readFence(int slot) {
    if (isReversed) {
      if (slot > 0) {
        fence = OrderBranch.separator(pages, chunk, base, slot, this);
      }
    } else if (slot + 1 < OrderBranch.count(chunk, base)) {
      fence = OrderBranch.separator(pages, chunk, base, slot + 1, this);
    }
  }

  private void copyLeaf() {
    MemorySegment target = copy;
    if (target == null) {
      target = MemorySegment.ofArray(new long[Pages.PAGE_SIZE / Long.BYTES]);
      copy = target;
    }
    MemorySegment.copy(chunk, base, target, 0, Pages.PAGE_SIZE);
    check();
    chunk = target;
    base = 0;
    isInCopy = true;
  }

  /// Finds the slots of the leaf that are in a range.
  private void search(byte @Nullable [] from, byte @Nullable [] to) {
    byte[] end = fence;
    low = from == null || (end != null && isReversed && isWithin(from, end)) ? 0 : slot(from);
    high =
        to == null || (end != null && !isReversed && isWithin(end, to))
            ? OrderLeaf.count(chunk, base)
            : slot(to);
    high = Math.max(low, high);
  }

  private static boolean isWithin(byte[] lesser, byte @Nullable [] greater) {
    return Arrays.compareUnsigned(lesser, greater) <= 0;
  }

  /// {@return the first slot whose key is not less than a key}
  private int slot(byte[] key) {
    int found = OrderLeaf.find(chunk, base, key, 0, keys, this);
    return found < 0 ? -1 - found : found;
  }
}
