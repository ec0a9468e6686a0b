package dev.larder.internal.index;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One version of an ordered map from keys to [IndexEntry]. It never changes; a new version is made
/// with an [Editor] and shares with this one whatever both have in common.
///
/// Keys are ordered as unsigned bytes. Key arrays are kept as they are given and given out as they
/// are kept: nobody may change one that an index has seen.
///
/// **Threads.** Safe for any number of threads, however the reference was passed between them.
///
/// **Invariants.**
///
/// 1. All leaves are equally deep, and no node is empty, except the root of an empty index.
/// 2. A root that is a branch has at least two children.
/// 3. `size` is the number of entries in the leaves.
/// 4. No node that can be reached from here has an owner that may still change it.
public final class Index {
  /*
   * A B+tree whose nodes are copied when they are changed. Entries are in the leaves; branches hold
   * separators, which are the shortest byte strings that tell the keys on both sides apart. A long
   * key thus costs the upper levels little, and what stays of it in a branch after it was removed is
   * no more than that.
   *
   * Ownership. Each node names its owner, a token of an editor. An editor changes nodes that bear
   * its present token in place and copies the others, so a batch of changes copies each node at most
   * once. To build an index the editor takes a new token: from then on no editor owns the nodes.
   * The token is not the editor itself, because nodes outlive the editor and would keep it, and
   * with it the version that it began with, from being collected.
   *
   * Publication. The root is a final field that is set after the last write to any node below it,
   * so a thread that sees the index sees its nodes, even if the reference came through a data race.
   *
   * Splits. A full node that is inserted into at an edge is not halved: the new item alone goes into
   * a new node. So keys that ascend or descend leave full nodes behind. Where such a run of keys
   * goes on in the middle of a node, because another range of keys begins there, the node is split
   * at the run, which is then at an edge. Keys that arrive in random order look like a run too
   * rarely to matter.
   *
   * Merges. Removal does not keep nodes half full. An empty node is dropped, and a small one is
   * merged with a neighbour when both together leave room for a few more insertions; that is enough
   * for the tree to become small again, and a node is not split right after a merge.
   */

  /// The index without entries.
  public static final Index EMPTY = new Index(new Node(new Node.Token(), 0), 0);

  final Node root;
  private final long size;

  private Index(Node root, long size) {
    this.root = root;
    this.size = size;
  }

  /// {@return how many entries there are, those remembered as expired included}
  public long size() {
    return size;
  }

  /// {@return the entry of a key, if there is one}
  public @Nullable IndexEntry get(byte[] key) {
    return get(root, key);
  }

  /// Opens a cursor over the entries of a range, which stands before the first of them.
  ///
  /// @param from the least key of the range, if it is bounded below
  /// @param to the least key beyond the range, if it is bounded above; where it is not greater than
  ///   `from` the range is empty
  /// @param isReversed whether to walk over the same keys downwards
  public IndexCursor cursor(byte @Nullable [] from, byte @Nullable [] to, boolean isReversed) {
    return new IndexCursor(root, from, to, isReversed);
  }

  /// {@return an editor that begins with the entries of this version}
  public Editor edit() {
    return new Editor(this);
  }

  private static @Nullable IndexEntry get(Node root, byte[] key) {
    Node node = root;
    while (node.level > 0) {
      node = node.child(node.childSlot(key));
    }
    int slot = node.find(key);
    return slot < 0 ? null : node.entry(slot);
  }

  /// {@return how many levels the tree has}
  int depth() {
    return root.level + 1;
  }

  /// Walks over the whole tree and checks every invariant that can be seen.
  ///
  /// @throws AssertionError if one is false
  void checkInvariants() {
    long entryCount = root.check(null, null);
    if (entryCount != size) {
      throw new AssertionError("%d entries, but a size of %d".formatted(entryCount, size));
    }
    if (root.level > 0 && root.count < 2) {
      throw new AssertionError("a root of level %d with an only child".formatted(root.level));
    }
  }

  /// Makes new versions of an index.
  ///
  /// **Threads.** For one thread at a time.
  ///
  /// **Invariants.** Between calls the tree under the editor's root obeys the first three
  /// invariants of [Index]; nodes that bear the present token can be reached from no built index.
  public static final class Editor {
    /// A node with more items than this is not worth looking for a neighbour to merge with.
    private static final int MERGE_MAX = Node.CAPACITY / 4;

    /// How many items a merged node has at most.
    private static final int MERGED_MAX = Node.CAPACITY - MERGE_MAX;

    /// The nodes from the leaf to the root that the last descent came through, by level, and in
    /// each branch the slot that it took.
    private Node[] path;

    private int[] slots;

    private Index built;
    private Node root;
    private long size;
    private Node.Token token = new Node.Token();

    private Editor(Index index) {
      built = index;
      root = index.root;
      size = index.size;
      path = new Node[index.depth()];
      slots = new int[index.depth()];
    }

    /// {@return the entry of a key as edited so far, if there is one}
    public @Nullable IndexEntry get(byte[] key) {
      return Index.get(root, key);
    }

    /// Sets the entry of a key. If the key is new, its array becomes the index's.
    ///
    /// @return the entry that it had, if any
    public @Nullable IndexEntry put(byte[] key, IndexEntry entry) {
      int found = descend(key);
      ownPath();
      Node leaf = path[0];
      if (found >= 0) {
        IndexEntry previous = leaf.entry(found);
        leaf.replace(found, entry);
        return previous;
      }
      insert(0, -1 - found, key, entry);
      size++;
      return null;
    }

    /// Removes the entry of a key.
    ///
    /// @return the entry that it had, if any
    public @Nullable IndexEntry remove(byte[] key) {
      int found = descend(key);
      if (found < 0) {
        return null;
      }
      ownPath();
      Node leaf = path[0];
      IndexEntry previous = leaf.entry(found);
      leaf.remove(found);
      size--;
      shrinkPath();
      return previous;
    }

    /// Freezes what was edited. The editor may be used on, and begins with what it has built.
    ///
    /// @return the new version; the one before if nothing was changed
    public Index build() {
      // An unchanged root is an unchanged tree: every change copies the path down from it.
      if (root != built.root) {
        built = size == 0 ? EMPTY : new Index(root, size);
        root = built.root;
        token = new Node.Token();
        // What the last change came through may be no part of the tree any more.
        Arrays.fill(path, null);
      }
      return built;
    }

    /// Walks down to the leaf where a key belongs and remembers the path.
    ///
    /// @return what [Node#find] says of the leaf
    private int descend(byte[] key) {
      Node node = root;
      while (node.level > 0) {
        int slot = node.childSlot(key);
        path[node.level] = node;
        slots[node.level] = slot;
        node = node.child(slot);
      }
      path[0] = node;
      return node.find(key);
    }

    /// Makes every node of the path one that may be changed.
    private void ownPath() {
      root = root.ownedBy(token);
      path[root.level] = root;
      for (int level = root.level; level > 0; level--) {
        path[level - 1] = ownChild(path[level], slots[level]);
      }
    }

    private Node ownChild(Node parent, int slot) {
      Node child = parent.child(slot);
      Node owned = child.ownedBy(token);
      if (owned != child) {
        parent.replace(slot, owned);
      }
      return owned;
    }

    /// Inserts into the node of the path at a level, and splits it first if it is full.
    private void insert(int level, int slot, byte[] key, Object item) {
      Node left = path[level];
      if (!left.isFull()) {
        left.insert(slot, key, item);
        return;
      }
      Node right = left.splitAt(left.splitSlot(slot));
      if (slot <= left.count && !left.isFull()) {
        left.insert(slot, key, item);
      } else {
        right.insert(slot - left.count, key, item);
      }
      byte[] separator;
      if (level == 0) {
        separator = separator(left.keys[left.count - 1], right.keys[0]);
      } else {
        separator = right.keys[0];
        right.keys[0] = Node.NO_KEY;
      }
      if (left == root) {
        growRoot(left, separator, right);
      } else {
        insert(level + 1, slots[level + 1] + 1, separator, right);
      }
    }

    private void growRoot(Node left, byte[] separator, Node right) {
      root = new Node(token, left.level + 1);
      root.insert(0, Node.NO_KEY, left);
      root.insert(1, separator, right);
      if (path.length == root.level) {
        path = Arrays.copyOf(path, root.level + 1);
        slots = Arrays.copyOf(slots, root.level + 1);
      }
    }

    /// {@return the shortest byte string greater than `left` and not greater than `right`}
    private static byte[] separator(byte[] left, byte[] right) {
      int length = Arrays.mismatch(left, right) + 1;
      return length == right.length ? right : Arrays.copyOf(right, length);
    }

    /// Drops or merges nodes of the path that a removal has made empty or small, from the leaf
    /// upwards, as far as there is anything to do.
    private void shrinkPath() {
      boolean isShrinking = true;
      for (int level = 0; isShrinking && level < root.level; level++) {
        Node parent = path[level + 1];
        int slot = slots[level + 1];
        if (path[level].count == 0) {
          parent.remove(slot);
        } else {
          isShrinking =
              path[level].count <= MERGE_MAX
                  && (mergeChildren(parent, slot - 1) || mergeChildren(parent, slot));
        }
      }
      while (root.level > 0 && root.count == 1) {
        root = root.child(0);
      }
    }

    /// Merges the children of a branch in a slot and the next, if there are both and both fit into
    /// one node with room to spare.
    private boolean mergeChildren(Node parent, int slot) {
      if (slot < 0 || slot + 1 >= parent.count) {
        return false;
      }
      Node right = parent.child(slot + 1);
      if (parent.child(slot).count + right.count > MERGED_MAX) {
        return false;
      }
      ownChild(parent, slot).append(right, parent.keys[slot + 1]);
      parent.remove(slot + 1);
      return true;
    }
  }
}
