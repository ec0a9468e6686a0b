package dev.larder.internal.index;

import dev.larder.internal.index.KeyReader.RetryException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Keys that came to the tree and went from it behind its image, as they were written down, and
/// that are not part of it yet. Before anything else is done to the tree it lets go of the keys
/// that went; those that came follow in batches.
///
/// What counts for either is whether the table has the key now, so their order does not matter.
///
/// **Threads.** With the order lock; [#departing(long)] for any thread.
final class PendingOrder {
  private static final long[] NOTHING = {};

  private final IndexDeltas deltas;
  private final HashIndex table;
  private boolean isRemovalDone;
  private int part = -1;
  private long[] pairs = NOTHING;
  private int next;

  /// Keys that the tree still has and the table has not.
  private volatile Map<Long, byte[]> departing = Map.of();

  PendingOrder(IndexDeltas deltas, HashIndex table) {
    this.deltas = deltas;
    this.table = table;
  }

  /// {@return the key with a hash, if it is on its way out of the tree; else null}
  byte @Nullable [] departing(long hash) {
    return departing.get(hash);
  }

  /// Has the tree let go of the keys that went.
  void remove(OrderIndex tree) {
    if (isRemovalDone) {
      return;
    }
    var gone = new HashMap<Long, byte[]>();
    for (int i = 0; i < deltas.count(); i++) {
      deltas.departed(
          i,
          (hash, key) -> {
            if (!isInTable(hash)) {
              gone.put(hash, key);
            }
          });
    }
    // The tree compares keys with each other, those included that go next.
    departing = gone;
    removeAll(tree, gone);
    departing = Map.of();
    isRemovalDone = true;
  }

  static void removeAll(OrderIndex tree, Map<Long, byte[]> gone) {
    byte[][] keys = new byte[gone.size()][];
    long[] hashes = new long[gone.size()];
    int count = 0;
    for (Map.Entry<Long, byte[]> each : gone.entrySet()) {
      hashes[count] = each.getKey();
      keys[count++] = each.getValue();
    }
    tree.removeAll(keys, hashes, KeySort.order(keys, count));
  }

  private boolean isInTable(long hash) {
    while (true) {
      try {
        return table.findByHash(hash) != 0;
      } catch (RetryException _) {
        Thread.onSpinWait(); // the record is being moved
      }
    }
  }

  /// Has the tree take some of the keys that came.
  ///
  /// @param countMax how many at most
  /// @return whether there are more
  boolean step(OrderIntake intake, int countMax) {
    while (2 * next == pairs.length) {
      if (part + 1 == deltas.count()) {
        return false;
      }
      pairs = deltas.newKeys(part + 1);
      part++;
      next = 0;
    }
    int count = Math.min(countMax, pairs.length / DeltaBuffer.PAIR - next);
    intake.take(pairs, next, count);
    next += count;
    return true;
  }
}
