package dev.larder.internal.memory;

import dev.larder.Bytes;
import org.jspecify.annotations.Nullable;

/// Everything that was committed up to one version.
///
/// @param buckets the keys of each bucket, by the bucket's name in UTF-8, so that names come in the
///   order of code points
/// @param version the sequence number of the last commit, 0 if there was none
record State(Tree<Tree<Slot>> buckets, long version) {
  static final State EMPTY = new State(Tree.empty(), 0);

  Tree<Slot> slots(Bytes bucket) {
    Tree<Slot> slots = buckets.get(bucket);
    return slots == null ? Tree.empty() : slots;
  }

  /// {@return an equal name that is kept already, so that not every deadline keeps one of its own}
  Bytes shared(Bytes bucket) {
    Tree.Node<Tree<Slot>> kept = buckets.above(bucket, true);
    return kept != null && kept.key.equals(bucket) ? kept.key : bucket;
  }

  @Nullable Slot slot(Bytes bucket, Bytes key) {
    return slots(bucket).get(key);
  }
}
