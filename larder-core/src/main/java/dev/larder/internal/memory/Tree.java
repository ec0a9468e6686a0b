package dev.larder.internal.memory;

import dev.larder.Bytes;
import org.jspecify.annotations.Nullable;

/// An unchanging sorted map (an AVL tree): a change makes another map, which shares all but one
/// path with this one. That makes a snapshot of the whole store as cheap as keeping a reference.
///
/// **Threads.** Safe for any number of threads.
///
/// @param <V> the type of values
final class Tree<V> {
  /*
   * Invariants:
   *   (1) keys to the left of a node are lower than its own, keys to the right higher;
   *   (2) the heights of a node's two sides differ by at most one.
   */

  private static final Tree<?> EMPTY = new Tree<>(null);

  private final @Nullable Node<V> root;

  private Tree(@Nullable Node<V> root) {
    this.root = root;
  }

  /// {@return the map without keys}
  @SuppressWarnings("unchecked") // nothing of the type is in it
  static <V> Tree<V> empty() {
    return (Tree<V>) EMPTY;
  }

  @Nullable V get(Bytes key) {
    Node<V> node = root;
    while (node != null) {
      int order = key.compareTo(node.key);
      if (order == 0) {
        return node.value;
      }
      node = order < 0 ? node.left : node.right;
    }
    return null;
  }

  /// {@return this map with a value for a key}
  Tree<V> with(Bytes key, V value) {
    return new Tree<>(put(root, key, value));
  }

  /// {@return this map without a key}
  Tree<V> without(Bytes key) {
    Node<V> rest = remove(root, key);
    return rest == root ? this : new Tree<>(rest);
  }

  /// {@return the lowest node at or above a key, or above it alone}
  @Nullable Node<V> above(Bytes key, boolean isInclusive) {
    Node<V> found = null;
    Node<V> node = root;
    while (node != null) {
      int order = key.compareTo(node.key);
      if (order < 0 || (order == 0 && isInclusive)) {
        found = node;
        node = node.left;
      } else {
        node = node.right;
      }
    }
    return found;
  }

  /// {@return the highest node below a key}
  @Nullable Node<V> below(Bytes key) {
    Node<V> found = null;
    Node<V> node = root;
    while (node != null) {
      if (key.compareTo(node.key) > 0) {
        found = node;
        node = node.right;
      } else {
        node = node.left;
      }
    }
    return found;
  }

  /// {@return the lowest node}
  @Nullable Node<V> first() {
    return root == null ? null : first(root);
  }

  /// {@return the highest node}
  @Nullable Node<V> last() {
    Node<V> node = root;
    while (node != null && node.right != null) {
      node = node.right;
    }
    return node;
  }

  /// {@return how many nodes there are on the longest path}
  int height() {
    return height(root);
  }

  private static <V> Node<V> first(Node<V> node) {
    Node<V> first = node;
    while (first.left != null) {
      first = first.left;
    }
    return first;
  }

  private static <V> Node<V> put(@Nullable Node<V> node, Bytes key, V value) {
    if (node == null) {
      return new Node<>(key, value, null, null);
    }
    int order = key.compareTo(node.key);
    if (order == 0) {
      return new Node<>(node.key, value, node.left, node.right);
    }
    return order < 0
        ? balanced(node, put(node.left, key, value), node.right)
        : balanced(node, node.left, put(node.right, key, value));
  }

  private static <V> @Nullable Node<V> remove(@Nullable Node<V> node, Bytes key) {
    if (node == null) {
      return null;
    }
    int order = key.compareTo(node.key);
    if (order < 0) {
      Node<V> left = remove(node.left, key);
      return left == node.left ? node : balanced(node, left, node.right);
    }
    if (order > 0) {
      Node<V> right = remove(node.right, key);
      return right == node.right ? node : balanced(node, node.left, right);
    }
    if (node.left == null || node.right == null) {
      return node.left == null ? node.right : node.left;
    }
    Node<V> next = first(node.right);
    return balanced(next, node.left, remove(node.right, next.key));
  }

  /// The key and value of a node between two sides whose heights differ by at most two.
  private static <V> Node<V> balanced(
      Node<V> middle, @Nullable Node<V> left, @Nullable Node<V> right) {
    int lean = height(left) - height(right);
    if (lean > 1 && left != null) {
      Node<V> inner = left.right;
      return inner == null || height(left.left) >= inner.height
          ? left.with(left.left, middle.with(inner, right))
          : inner.with(left.with(left.left, inner.left), middle.with(inner.right, right));
    }
    if (lean < -1 && right != null) {
      Node<V> inner = right.left;
      return inner == null || height(right.right) >= inner.height
          ? right.with(middle.with(left, inner), right.right)
          : inner.with(middle.with(left, inner.left), right.with(inner.right, right.right));
    }
    return middle.with(left, right);
  }

  private static int height(@Nullable Node<?> node) {
    return node == null ? 0 : node.height;
  }

  /// A key, its value, and what lies to both sides.
  static final class Node<V> {
    final Bytes key;
    final V value;
    private final @Nullable Node<V> left;
    private final @Nullable Node<V> right;
    private final int height;

    private Node(Bytes key, V value, @Nullable Node<V> left, @Nullable Node<V> right) {
      this.key = key;
      this.value = value;
      this.left = left;
      this.right = right;
      this.height = 1 + Math.max(height(left), height(right));
    }

    private Node<V> with(@Nullable Node<V> otherLeft, @Nullable Node<V> otherRight) {
      return new Node<>(key, value, otherLeft, otherRight);
    }
  }
}
