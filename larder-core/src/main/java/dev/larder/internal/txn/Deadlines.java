package dev.larder.internal.txn;

import dev.larder.Expiry;
import dev.larder.internal.index.IndexEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Which entries have a deadline, and which expired keys are remembered, both in the order of their
/// deadlines: what is due is found at a cost in proportion to what is due.
///
/// **Threads.** Guarded by the commit lock.
final class Deadlines {
  private final TreeSet<Due> ahead = new TreeSet<>();
  private final TreeSet<Due> remembered = new TreeSet<>();

  /// A key and its deadline.
  @SuppressWarnings("ArrayRecordComponent") // compared by order, see equals
  record Due(long deadlineMillis, byte[] indexKey) implements Comparable<Due> {
    private static final Comparator<Due> ORDER =
        Comparator.comparingLong(Due::deadlineMillis)
            .thenComparing(Due::indexKey, Arrays::compareUnsigned);

    @Override
    public int compareTo(Due other) {
      return ORDER.compare(this, other);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Due that && compareTo(that) == 0;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(deadlineMillis) * 31 + Arrays.hashCode(indexKey);
    }
  }

  /// Takes note that the index's entry of a key changed.
  void changed(byte[] indexKey, @Nullable IndexEntry before, @Nullable IndexEntry after) {
    if (before != null && before.deadlineMillis() != Expiry.NO_DEADLINE) {
      setOf(before).remove(new Due(before.deadlineMillis(), indexKey));
    }
    if (after != null && after.deadlineMillis() != Expiry.NO_DEADLINE) {
      setOf(after).add(new Due(after.deadlineMillis(), indexKey));
    }
  }

  /// {@return the earliest deadline of a live entry, or [Expiry#NO_DEADLINE]}
  long nextMillis() {
    return ahead.isEmpty() ? Expiry.NO_DEADLINE : ahead.first().deadlineMillis();
  }

  /// {@return the earliest deadline of a remembered key, or [Expiry#NO_DEADLINE]}
  long nextRememberedMillis() {
    return remembered.isEmpty() ? Expiry.NO_DEADLINE : remembered.first().deadlineMillis();
  }

  /// {@return how many expired keys are remembered}
  int rememberedCount() {
    return remembered.size();
  }

  /// {@return entries whose deadline has come, the earliest first}
  List<Due> due(long presentMillis, int countMax) {
    return first(ahead, presentMillis, countMax);
  }

  /// {@return remembered keys whose deadline lies at or before an instant, the earliest first}
  List<Due> remembered(long untilMillis, int countMax) {
    return first(remembered, untilMillis, countMax);
  }

  private NavigableSet<Due> setOf(IndexEntry entry) {
    return entry.isExpired() ? remembered : ahead;
  }

  private static List<Due> first(NavigableSet<Due> set, long untilMillis, int countMax) {
    var due = new ArrayList<Due>();
    for (Due next : set) {
      if (next.deadlineMillis() > untilMillis || due.size() == countMax) {
        break;
      }
      due.add(next);
    }
    return due;
  }
}
