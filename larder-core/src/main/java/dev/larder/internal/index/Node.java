package dev.larder.internal.index;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A node of the tree of an [Index]: a leaf, whose items are entries, or a branch, whose items are
/// nodes.
///
/// **Threads.** While its owner edits, for the owner's thread only. Once the owner has given it up
/// nothing writes to it, and any number of threads may read it.
///
/// **Invariants.**
///
/// 1. Keys `0` to `count - 1` ascend, without doubles; slots from `count` on are null.
/// 2. Items of a leaf are [IndexEntry], items of a branch are nodes whose level is one less.
/// 3. In a branch each key from slot 1 on is a separator: greater than every key in the items
///    before it, and no greater than any key in the items from its own slot on. Slot 0 holds
///    [#NO_KEY].
final class Node {
  /*
   * One class serves for both kinds of node, because they are searched, split, merged and copied
   * alike. That is also why a branch has as many keys as items, one more than it needs: a slice of
   * slots is a slice of both arrays. The key in slot 0 is not looked at; the subtree in slot 0 takes
   * whatever is less than the first separator.
   */

  /// How many items a node holds at most. A commit copies one node per level, a lookup misses the
  /// cache about as often whatever the width: wider nodes make copies dearer, narrower ones make
  /// the tree deeper.
  static final int CAPACITY = 64;

  /// A key less than every other; what slot 0 of a branch holds.
  static final byte[] NO_KEY = {};

  /// Who may change the node: the editor whose present token this is.
  final Token owner;

  /// 0 for a leaf; for a branch, one more than that of its items.
  final int level;

  final byte[][] keys = new byte[CAPACITY][];
  int count;

  /// The slot that was last inserted into, as a guess at where the next insertion goes. Removals
  /// and merges leave it as it is.
  private int lastInsertedSlot;

  private final Object[] items = new Object[CAPACITY];

  /// Stands for an editor between two builds. Only its identity counts.
  static final class Token {}

  /// Makes a node without items.
  Node(Token owner, int level) {
    this.owner = owner;
    this.level = level;
  }

  /// {@return the node itself if it has this owner, or a copy that has}
  Node ownedBy(Token wanted) {
    if (owner == wanted) {
      return this;
    }
    var copy = new Node(wanted, level);
    copy.count = count;
    copy.lastInsertedSlot = lastInsertedSlot;
    System.arraycopy(keys, 0, copy.keys, 0, count);
    System.arraycopy(items, 0, copy.items, 0, count);
    return copy;
  }

  boolean isFull() {
    return count == CAPACITY;
  }

  /// {@return the entry in a slot of a leaf}
  IndexEntry entry(int slot) {
    return (IndexEntry) items[slot];
  }

  /// {@return the node in a slot of a branch}
  Node child(int slot) {
    return (Node) items[slot];
  }

  /// Searches a leaf.
  ///
  /// @return the slot of the key, or `-1 - slot` where `slot` is the one it would be inserted at
  int find(byte[] key) {
    return search(key, 0);
  }

  /// Searches a leaf.
  ///
  /// @return the first slot whose key is not less than this one, or `count`
  int lowerBound(byte[] key) {
    int found = search(key, 0);
    return found < 0 ? -1 - found : found;
  }

  /// Searches a branch.
  ///
  /// @return the slot of the only item that may have the key somewhere below it
  int childSlot(byte[] key) {
    int found = search(key, 1);
    return found < 0 ? -2 - found : found;
  }

  private int search(byte[] key, int firstSlot) {
    int low = firstSlot;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = Arrays.compareUnsigned(keys[middle], key);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return -1 - low;
  }

  /// Puts another item into a slot, for the key that is there.
  void replace(int slot, Object item) {
    items[slot] = item;
  }

  /// Makes room at a slot and puts a key and its item there. The node must not be full.
  void insert(int slot, byte[] key, Object item) {
    System.arraycopy(keys, slot, keys, slot + 1, count - slot);
    System.arraycopy(items, slot, items, slot + 1, count - slot);
    keys[slot] = key;
    items[slot] = item;
    count++;
    lastInsertedSlot = slot;
  }

  /// Takes out a slot.
  void remove(int slot) {
    System.arraycopy(keys, slot + 1, keys, slot, count - slot - 1);
    System.arraycopy(items, slot + 1, items, slot, count - slot - 1);
    truncate(count - 1);
    if (slot == 0 && level > 0 && count > 0) {
      keys[0] = NO_KEY;
    }
  }

  /// {@return where to split the node, which is full, before an insertion at a slot}
  int splitSlot(int slot) {
    boolean isAtEdge = slot == 0 || slot == count;
    boolean isRun = slot == lastInsertedSlot || slot == lastInsertedSlot + 1;
    return isAtEdge || isRun ? slot : count / 2;
  }

  /// Moves the slots from one on into a new node. Slot 0 of a new branch still holds its separator,
  /// for the caller to take.
  Node splitAt(int slot) {
    var right = new Node(owner, level);
    right.count = count - slot;
    System.arraycopy(keys, slot, right.keys, 0, right.count);
    System.arraycopy(items, slot, right.items, 0, right.count);
    truncate(slot);
    return right;
  }

  /// Appends all slots of the right neighbour, which the caller then drops.
  ///
  /// @param separator what stood between the two in their parent
  void append(Node right, byte[] separator) {
    System.arraycopy(right.keys, 0, keys, count, right.count);
    System.arraycopy(right.items, 0, items, count, right.count);
    if (level > 0) {
      keys[count] = separator;
    }
    count += right.count;
  }

  /// Clears what is beyond the new count, so that removed keys and items can be collected.
  private void truncate(int newCount) {
    Arrays.fill(keys, newCount, count, null);
    Arrays.fill(items, newCount, count, null);
    count = newCount;
  }

  /// Checks the invariants of the node and of all below it.
  ///
  /// @param low what no key below may be less than, if anything
  /// @param high what every key below must be less than, if anything
  /// @return how many entries there are below
  /// @throws AssertionError if an invariant is false
  long check(byte @Nullable [] low, byte @Nullable [] high) {
    for (int slot = 0; slot < CAPACITY; slot++) {
      require((keys[slot] != null) == (slot < count), "a key where none belongs, or none");
      require((items[slot] != null) == (slot < count), "an item where none belongs, or none");
    }
    int firstKey = level == 0 ? 0 : 1;
    for (int slot = firstKey; slot < count; slot++) {
      byte[] key = keys[slot];
      require(slot == firstKey || isLess(keys[slot - 1], key), "keys out of order");
      require(low == null || !isLess(key, low), "a key less than the separator before it");
      require(high == null || isLess(key, high), "a key not less than the separator after it");
    }
    if (level == 0) {
      return count;
    }
    require(keys[0].length == 0, "a key in slot 0 of a branch");
    long entryCount = 0;
    for (int slot = 0; slot < count; slot++) {
      Node child = child(slot);
      require(child.level == level - 1, "a child of the wrong level");
      require(child.count > 0, "an empty child");
      entryCount +=
          child.check(slot == 0 ? low : keys[slot], slot + 1 == count ? high : keys[slot + 1]);
    }
    return entryCount;
  }

  private static boolean isLess(byte[] left, byte[] right) {
    return Arrays.compareUnsigned(left, right) < 0;
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError("%s, in a node of level %d".formatted(otherwise, level));
    }
  }
}
