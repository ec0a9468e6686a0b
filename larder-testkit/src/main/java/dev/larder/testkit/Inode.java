package dev.larder.testkit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A file without its name.
///
/// **Threads.** Guarded by the lock of its disk.
final class Inode {
  /*
   * Invariant: `live` is `durable` with all of `pending` applied in order.
   */
  final int id;
  final List<Pending> pending = new ArrayList<>();

  /// What everybody sees.
  Pages live;

  /// What a power failure cannot take away.
  Pages durable;

  /// How many of this process's objects still reach it.
  int openCount;

  /// What follows its bytes.
  private final List<MemoryCopy> memories = new ArrayList<>(0);

  /// The words that are mapped over it, once it has been mapped so.
  @Nullable WordTable words;

  Inode(int id) {
    this(id, new Pages(), new Pages());
  }

  private Inode(int id, Pages live, Pages durable) {
    this.id = id;
    this.live = live;
    this.durable = durable;
  }

  /// {@return a file with bytes that are durable}
  static Inode durable(int id, Pages content) {
    return new Inode(id, content.copy(), content);
  }

  /// {@return the same file on another disk; no memory follows it}
  Inode copy() {
    var copy = new Inode(id, live.copy(), durable.copy());
    for (Pending one : pending) {
      copy.pending.add(one.copy());
    }
    if (words != null) {
      copy.words = words.copy();
    }
    return copy;
  }

  /// Applies a change that may be lost until it is forced.
  void change(Operation operation, long time) {
    apply(operation, live, operation.from(), operation.to());
    pending.add(new Pending(operation, time));
    boolean isCut = operation.kind() == Operation.Kind.TRUNCATE;
    show(operation.from(), isCut ? Long.MAX_VALUE : operation.to());
  }

  void follow(MemoryCopy memory) {
    memories.add(memory);
  }

  /// Shows a change of `live` to what follows it, and forgets what has been closed.
  void show(long from, long to) {
    if (!memories.isEmpty()) {
      memories.removeIf(memory -> !memory.show(live, from, to));
    }
  }

  void force(long coveredTime, boolean isFailed) {
    int durableCount = Pending.force(pending, coveredTime, isFailed);
    if (durableCount == pending.size()) {
      if (durableCount > 0) {
        durable = live.copy();
      }
      pending.clear();
      return;
    }
    List<Pending> done = pending.subList(0, durableCount);
    for (Pending one : done) {
      apply(one.operation, durable, one.operation.from(), one.operation.to());
    }
    done.clear();
  }

  /// Applies a part of a write or an allocation, or a cut, to some bytes.
  static void apply(Operation operation, Pages target, long from, long to) {
    byte[] bytes = operation.bytes;
    if (operation.kind() == Operation.Kind.TRUNCATE) {
      target.cut(to);
    } else if (bytes == null) {
      target.zero(from, to);
    } else {
      target.write(from, bytes, (int) (from - operation.from()), (int) (to - from));
    }
  }
}
