package dev.larder.stress;

import dev.larder.internal.index.OrderIndex;
import dev.larder.internal.index.Pages;
import java.util.Arrays;
import java.util.function.Consumer;

/// An [OrderIndex] of one test, with keys by numbers, which are their handles. All are in the same
/// pages, so that what one frees becomes a part of another.
///
/// **Threads.** One may change a tree; any number may look.
final class Tree {
  /// How many keys a leaf has at most.
  static final int LEAF = 252;

  private static final int HANDLES_MAX = 1000;
  private static final Pages PAGES = Pages.offHeap();
  private static final byte[][] KEYS = new byte[HANDLES_MAX][];

  static {
    for (int handle = 0; handle < HANDLES_MAX; handle++) {
      KEYS[handle] = new byte[] {0, 0, 0, 1, (byte) (handle >> Byte.SIZE), (byte) handle, 5};
    }
  }

  private final OrderIndex index = OrderIndex.create(PAGES, handle -> KEYS[(int) handle]);
  private final Consumer<Tree> filler;

  private Tree(Consumer<Tree> filler) {
    this.filler = filler;
    filler.accept(this);
  }

  /// {@return trees that are alike}
  ///
  /// @param filler inserts the first keys
  static Supply<Tree> supply(Consumer<Tree> filler) {
    return new Supply<>(() -> new Tree(filler));
  }

  /// Makes the tree what it was at first.
  void reset() {
    for (int handle = 1; handle < HANDLES_MAX; handle++) {
      index.remove(KEYS[handle], handle);
    }
    filler.accept(this);
  }

  void insert(int handle) {
    index.insert(KEYS[handle], handle);
  }

  void insert(int from, int to) {
    for (int handle = from; handle <= to; handle++) {
      insert(handle);
    }
  }

  void remove(int handle) {
    index.remove(KEYS[handle], handle);
  }

  void remove(int from, int to) {
    for (int handle = from; handle <= to; handle++) {
      remove(handle);
    }
  }

  /// {@return 1 if a key is there, otherwise 0}
  int count(int handle) {
    byte[] key = KEYS[handle];
    return index.walk(key, Arrays.copyOf(key, key.length + 1), false).next(new long[1]);
  }

  /// {@return how many keys a walk meets; -1 if they do not ascend}
  int count() {
    OrderIndex.Walk walk = index.walk(null, null, false);
    long[] batch = new long[LEAF];
    long last = 0;
    int count = 0;
    for (int more = walk.next(batch); more > 0; more = walk.next(batch)) {
      for (int i = 0; i < more; i++) {
        if (batch[i] <= last) {
          return -1;
        }
        last = batch[i];
        count++;
      }
    }
    return count;
  }
}
