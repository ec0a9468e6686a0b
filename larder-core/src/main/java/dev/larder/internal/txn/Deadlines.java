package dev.larder.internal.txn;

import dev.larder.Expiry;
import dev.larder.internal.index.DeadlineIndex;
import dev.larder.internal.index.DeltaBuffer;
import dev.larder.internal.index.Index;
import dev.larder.internal.index.IndexDeltas;
import dev.larder.internal.index.Pages;
import dev.larder.internal.txn.Records.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// Which entries have a deadline, and which expired keys are remembered, both about in the order of
/// their deadlines: what is due is found at a cost in proportion to what is due.
///
/// Nothing needs to be taken out: what the index no longer points to is passed over and dropped.
///
/// **Threads.** Guarded by the commit lock.
public final class Deadlines {
  /// How many elements are looked at when there are too many that were superseded, so that renewing
  /// entries over and over takes no more memory than there are entries.
  private static final int SWEEP_STEP = 8;

  /// So many pending deadlines are taken over at once.
  private static final int MERGE_STEP = 1 << 11;

  private final Index index;
  private final Records records;
  private final DeadlineIndex ahead;
  private final DeadlineIndex remembered;

  /// What was written down behind the image and is not among the deadlines yet; null once there is
  /// nothing.
  private @Nullable IndexDeltas pending;

  private int pendingPart = -1;
  private long[] pendingPairs = {};
  private int pendingNext;

  private LongPredicate isDropped = _ -> false;
  private long aheadCount;
  private long rememberedCount;

  /// An entry that is due.
  ///
  /// @param indexKey its key
  /// @param hash the hash of the key
  /// @param entry what the index points to
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Due(byte[] indexKey, long hash, Entry entry) {}

  /// Where the deadlines of a store are in its pages, and how many are live.
  ///
  /// @param aheadPage the page of those ahead; [Pages#NO_PAGE] to begin
  /// @param rememberedPage the page of those that are remembered
  /// @param aheadCount how many entries have a deadline
  /// @param rememberedCount how many expired keys are remembered
  public record Roots(int aheadPage, int rememberedPage, long aheadCount, long rememberedCount) {
    /// What a store begins with.
    public static final Roots NONE = new Roots(Pages.NO_PAGE, Pages.NO_PAGE, 0, 0);
  }

  /// Keeps the deadlines of a store.
  ///
  /// @param index its index
  /// @param records its records
  /// @param roots where they are
  public Deadlines(Index index, Records records, Roots roots) {
    this.index = index;
    this.records = records;
    Pages pages = index.pages();
    if (roots.aheadPage() == Pages.NO_PAGE) {
      ahead = DeadlineIndex.create(pages, this::aheadMillis);
      remembered = DeadlineIndex.create(pages, this::rememberedMillis);
    } else {
      ahead = DeadlineIndex.open(pages, this::aheadMillis, roots.aheadPage());
      remembered = DeadlineIndex.open(pages, this::rememberedMillis, roots.rememberedPage());
    }
    aheadCount = roots.aheadCount();
    rememberedCount = roots.rememberedCount();
  }

  /// Says which records are not remembered any more, though the index still points to them.
  void dropped(LongPredicate predicate) {
    isDropped = predicate;
  }

  /// Takes over deadlines that were added after the image, by and by: see [#nextMillis()].
  public void pend(IndexDeltas deltas) {
    pending = deltas;
  }

  /// Takes over some of the deadlines that are pending.
  ///
  /// @return whether there may be more
  private boolean mergeSome() {
    IndexDeltas from = pending;
    if (from == null) {
      return false;
    }
    if (pendingNext == pendingPairs.length) {
      if (pendingPart + 1 == from.count()) {
        pending = null;
        pendingPairs = new long[0];
        return false;
      }
      pendingPairs = from.deadlines(pendingPart + 1);
      pendingPart++;
      pendingNext = 0;
    }
    int end = Math.min(pendingPairs.length, pendingNext + DeltaBuffer.PAIR * MERGE_STEP);
    while (pendingNext < end) {
      long address = pendingPairs[pendingNext];
      insert(address >>> 1, (address & 1) != 0, pendingPairs[pendingNext + 1]);
      pendingNext += DeltaBuffer.PAIR;
    }
    return true;
  }

  /// Takes over all deadlines that are pending.
  void mergeAll() {
    while (mergeSome()) {
      // a step at a time
    }
  }

  /// {@return where they are now}
  public Roots roots() {
    return new Roots(ahead.metaPage(), remembered.metaPage(), aheadCount, rememberedCount);
  }

  private long aheadMillis(long address) {
    Entry entry = present(address);
    return entry == null || entry.isRemembered() || entry.isGone()
        ? Expiry.NO_DEADLINE
        : entry.deadlineMillis();
  }

  private long rememberedMillis(long address) {
    Entry entry = present(address);
    return entry == null || !entry.isRemembered() || isDropped.test(address)
        ? Expiry.NO_DEADLINE
        : entry.deadlineMillis();
  }

  /// {@return what stands at an address, if the index still points to it}
  private @Nullable Entry present(long address) {
    long hash = records.hashOrNone(address);
    return hash != 0 && index.pointsTo(hash, address) ? records.entry(address) : null;
  }

  /// Takes note that the index points to a record.
  public void add(Entry entry) {
    add(entry.address(), entry.isRemembered(), entry.deadlineMillis());
    count(entry, 1);
  }

  /// Takes note that the index points to a record no longer.
  public void removed(Entry entry) {
    count(entry, -1);
  }

  /// Takes note that a record has another address.
  public void moved(Entry entry, long address) {
    long deadlineMillis = entry.deadlineMillis();
    if (deadlineMillis != Expiry.NO_DEADLINE) {
      boolean isRemembered = entry.isRemembered();
      index.changes().deadline(address, isRemembered, deadlineMillis);
      DeadlineIndex deadlines = isRemembered ? remembered : ahead;
      if (!deadlines.move(deadlineMillis, entry.address(), address)) {
        sweep(isRemembered);
      }
    }
  }

  private void add(long address, boolean isRemembered, long deadlineMillis) {
    if (deadlineMillis != Expiry.NO_DEADLINE) {
      index.changes().deadline(address, isRemembered, deadlineMillis);
      insert(address, isRemembered, deadlineMillis);
      sweep(isRemembered);
    }
  }

  private void sweep(boolean isRemembered) {
    if (isRemembered) {
      remembered.sweep(rememberedCount, SWEEP_STEP);
    } else {
      ahead.sweep(aheadCount, SWEEP_STEP);
    }
  }

  private void insert(long address, boolean isRemembered, long deadlineMillis) {
    if (isRemembered) {
      remembered.add(deadlineMillis, address);
    } else {
      ahead.add(deadlineMillis, address);
    }
  }

  private void count(Entry entry, int change) {
    if (entry.isRemembered()) {
      rememberedCount += change;
    } else if (entry.deadlineMillis() != Expiry.NO_DEADLINE) {
      aheadCount += change;
    }
  }

  /// {@return when the earliest deadline of a live entry may be, or [Expiry#NO_DEADLINE]}; at once
  /// as long as deadlines are pending, some of which each call takes over
  long nextMillis() {
    return pending != null && mergeSome() ? 0 : ahead.nextMillis();
  }

  /// {@return when the earliest deadline of a remembered key may be, or [Expiry#NO_DEADLINE]}
  long nextRememberedMillis() {
    return remembered.nextMillis();
  }

  /// {@return how many expired keys are remembered}
  long rememberedCount() {
    return rememberedCount;
  }

  /// {@return how many entries have a deadline}
  long aheadCount() {
    return aheadCount;
  }

  /// {@return entries whose deadline has come, about the earliest first}
  List<Due> due(long presentMillis, int countMax) {
    return first(ahead, presentMillis, countMax);
  }

  /// {@return remembered keys whose deadline lies at or before an instant, about the earliest
  /// first}
  List<Due> remembered(long untilMillis, int countMax) {
    return first(remembered, untilMillis, countMax);
  }

  /// {@return the bytes of records of entries whose deadline has come}
  ///
  /// @param presentMillis the store's present
  /// @param countMax how many are looked at
  public long overdueBytes(long presentMillis, int countMax) {
    mergeAll();
    long[] addresses = new long[countMax];
    int count = ahead.due(presentMillis, addresses);
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      bytes += records.entry(addresses[i]).size();
    }
    return bytes;
  }

  private List<Due> first(DeadlineIndex wheel, long untilMillis, int countMax) {
    long[] addresses = new long[countMax];
    int count = wheel.due(untilMillis, addresses);
    var due = new ArrayList<Due>(count);
    for (int i = 0; i < count; i++) {
      byte[] key = records.key(addresses[i]);
      long hash = index.keyHash().of(key);
      due.add(new Due(key, hash, records.entry(addresses[i])));
    }
    return due;
  }
}
