package dev.larder.internal.txn;

import dev.larder.Statistics.Holder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The states that are held. They are taken in the order of commits, so a list in the order of
/// taking has the oldest commit first.
///
/// **Threads.** Guarded by the lock of the [Pipeline].
public final class Holds {
  private @Nullable Hold oldest;
  private @Nullable Hold newest;

  /// How many there are, those of compaction left out.
  private int readerCount;

  /// Holds of one kind on one commit.
  ///
  /// @param kind their kind
  /// @param sequence the commit
  /// @param count how many they are
  /// @param sinceNanos when the oldest of them was taken, on the monotonic clock
  public record Group(Holder.Kind kind, long sequence, int count, long sinceNanos) {
    private Group with(Hold other) {
      // An instant of the monotonic clock may be below 0 and overflow: only differences say which
      // of two is earlier.
      boolean isEarlier = other.sinceNanos() - sinceNanos < 0;
      return new Group(kind, sequence, count + 1, isEarlier ? other.sinceNanos() : sinceNanos);
    }
  }

  /// Who holds which state.
  ///
  /// @param readerCount how many there are, those of compaction left out
  /// @param groups who they are, the oldest commit first, if not too many
  public record Summary(int readerCount, List<Group> groups) {
    /// Copies the list.
    public Summary {
      groups = List.copyOf(groups);
    }
  }

  Holds() {}

  /// Adds one.
  ///
  /// @param hold a hold on the same commit as the newest or a later one
  void add(Hold hold) {
    Hold last = newest;
    if (last == null) {
      oldest = hold;
    } else {
      last.newer = hold;
      hold.older = last;
    }
    newest = hold;
    readerCount += hold.kind() == Holder.Kind.COMPACTION ? 0 : 1;
  }

  /// Takes one out.
  void remove(Hold hold) {
    if (hold.isReleased) {
      throw new AssertionError("a state is released twice");
    }
    hold.isReleased = true;
    Hold before = hold.older;
    Hold after = hold.newer;
    if (before == null) {
      oldest = after;
    } else {
      before.newer = after;
    }
    if (after == null) {
      newest = before;
    } else {
      after.older = before;
    }
    hold.older = null;
    hold.newer = null;
    readerCount -= hold.kind() == Holder.Kind.COMPACTION ? 0 : 1;
  }

  /// {@return the oldest commit that is held, or one given if none is or that is older}
  long oldestOr(long sequence) {
    Hold first = oldest;
    return first == null ? sequence : Math.min(sequence, first.sequence());
  }

  /// {@return who holds which state}
  ///
  /// @param countMax how many groups at most
  Summary summary(int countMax) {
    var groups = new ArrayList<Group>();
    int first = 0; // where the groups of the present commit begin
    for (Hold hold = oldest; hold != null; hold = hold.newer) {
      if (first < groups.size() && groups.get(first).sequence() != hold.sequence()) {
        first = groups.size();
      }
      int at = first;
      while (at < groups.size() && groups.get(at).kind() != hold.kind()) {
        at++;
      }
      if (at < groups.size()) {
        groups.set(at, groups.get(at).with(hold));
      } else if (at < countMax) {
        groups.add(new Group(hold.kind(), hold.sequence(), 1, hold.sinceNanos()));
      } else {
        break;
      }
    }
    return new Summary(readerCount, groups);
  }
}
