package dev.larder.internal.memory;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.larder.Backend;
import dev.larder.BackendSnapshot;
import dev.larder.Bytes;
import dev.larder.Commit;
import dev.larder.CommitResult;
import dev.larder.Expiry;
import dev.larder.Lookup;
import dev.larder.Mutation;
import dev.larder.Precondition;
import dev.larder.Statistics;
import dev.larder.StoreClosedException;
import dev.larder.StoreFullException;
import dev.larder.StoreOptions;
import dev.larder.internal.base.PresentClock;
import dev.larder.internal.base.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Storage in memory: the whole contract of a backend but durability.
///
/// The limit of the store bounds the bytes of keys and values and 128 bytes more for each key.
///
/// **Threads.** Safe for any number of threads. Reads take no lock.
final class MemoryBackend implements Backend {
  /*
   * Everything committed is one unchanging State, and a commit publishes the next. Beside it, under
   * the lock, stand the deadlines in order, so that removing what has expired costs in proportion to
   * it. An entry past its deadline loses its value first and is then remembered for a minute.
   *
   * Invariants, all under the lock:
   *   (1) storedBytes is the sum of Slot.bytes over all slots.
   *   (2) `deadlines` holds exactly the slots with a value and a deadline, and the slots without a
   *       value.
   *   (3) entryCount is the number of slots with a value.
   *   (4) storedBytes <= limitBytes.
   */

  static final String NAME = "memory";

  /// How much the worker does at a time, so that it never keeps a commit waiting for long.
  private static final int REMOVALS_PER_STEP_MAX = 512;

  /// How much a commit does for each of its mutations: more than it adds, so that even without the
  /// worker what has expired never piles up.
  private static final int REMOVALS_PER_MUTATION = 2;

  /// How many entries past their deadline are looked at for statistics.
  private static final int OVERDUE_MAX = 1000;

  private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

  /// The wall clock may leap, so it is looked at again after this time.
  private static final long WAIT_MILLIS_MAX = TimeUnit.SECONDS.toMillis(10);

  private final long limitBytes;
  private final PresentClock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<MemorySnapshot> openSnapshots = ConcurrentHashMap.newKeySet();
  private final Worker.Handle worker;

  /// Written under the lock, read without; null once the store is closed.
  private volatile @Nullable State state = State.EMPTY;

  @GuardedBy("lock")
  private final Deadlines deadlines = new Deadlines();

  @GuardedBy("lock")
  private long storedBytes;

  @GuardedBy("lock")
  private long entryCount;

  /// When the worker means to look again: earlier deadlines wake it.
  @GuardedBy("lock")
  private long plannedMillis = Expiry.NO_DEADLINE;

  @GuardedBy("lock")
  private long rejectedCount;

  @GuardedBy("lock")
  private long expiredCount;

  MemoryBackend(StoreOptions options, Worker.Starter workers) {
    this.limitBytes = options.limits().storeBytes();
    this.clock = new PresentClock(options.timeSource());
    this.worker = workers.start("larder-expiry", this::step);
  }

  @Override
  public CommitResult commit(Commit commit) {
    boolean isEarlier;
    long version;
    lock.lock();
    try {
      removeExpired(REMOVALS_PER_MUTATION * (long) commit.mutations().size());
      State before = openState();
      long presentMillis = clock.presentMillis();
      List<CommitResult.Conflict> conflicts = conflicts(before, commit, presentMillis);
      if (!conflicts.isEmpty()) {
        rejectedCount++;
        return new CommitResult.Rejected(conflicts);
      }
      if (commit.mutations().isEmpty()) {
        return new CommitResult.Committed(before.version());
      }
      version = before.version() + 1;
      List<Change> changes = changes(before, commit.mutations(), presentMillis, version);
      if (!hasRoomFor(changes)) {
        removeExpired(Long.MAX_VALUE);
        changes = changes(openState(), commit.mutations(), presentMillis, version);
      }
      if (!hasRoomFor(changes)) {
        forgetExpired();
        changes = changes(openState(), commit.mutations(), presentMillis, version);
        requireRoomFor(changes);
      }
      publish(changes, version);
      clock.committed(presentMillis);
      isEarlier = deadlines.nextMillis() < plannedMillis;
      plannedMillis = Math.min(plannedMillis, deadlines.nextMillis());
    } finally {
      lock.unlock();
    }
    if (isEarlier) {
      worker.wake();
    }
    return new CommitResult.Committed(version);
  }

  @Override
  public BackendSnapshot snapshot() {
    State present = openState();
    var snapshot = new MemorySnapshot(this, present, clock.monotonicNanos());
    openSnapshots.add(snapshot);
    return snapshot;
  }

  @Override
  public Lookup find(String bucket, Bytes key) {
    return Slot.lookup(openState().slot(Bytes.ofUtf8(bucket), key), clock.presentMillis());
  }

  @Override
  public long purgeExpired() {
    lock.lock();
    try {
      State before = openState();
      long presentMillis = clock.presentMillis();
      var changes = new ArrayList<Change>();
      deadlines.forEachExpired(presentMillis, place -> changes.add(place.removal(before)));
      expiredCount += changes.stream().filter(Change::takesValue).count();
      publish(changes, before.version());
      clock.committed(presentMillis);
      return changes.size();
    } finally {
      lock.unlock();
    }
  }

  /// Does nothing, like [#checkpoint()] and [#compact()]: there is nothing to be made durable.
  @Override
  public void force() {
    requireOpen();
  }

  @Override
  public void checkpoint() {
    requireOpen();
  }

  @Override
  public void compact() {
    requireOpen();
  }

  @Override
  public Statistics statistics() {
    lock.lock();
    try {
      long version = openState().version();
      long rememberedBytes = deadlines.rememberedBytes();
      long expiredBytes = overdueBytes();
      var parts =
          Map.of(
              Statistics.Part.LIVE, storedBytes - rememberedBytes - expiredBytes,
              Statistics.Part.EXPIRED, expiredBytes,
              Statistics.Part.REMEMBERED, rememberedBytes);
      return new Statistics(
          NAME,
          version,
          0, // nothing here survives a power failure
          entryCount,
          deadlines.rememberedCount(),
          openSnapshots.size(),
          holders(),
          new Statistics.Space(parts, 0, limitBytes, limitBytes, 0),
          new Statistics.IndexMemory(
              entryCount + deadlines.rememberedCount(), 0, 0, 0, 0), // all of it is on the heap
          Map.of("commits", version, "rejected", rejectedCount, "expired", expiredCount));
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private long overdueBytes() {
    State present = openState();
    long[] bytes = new long[1];
    deadlines.forEachOverdue(
        clock.presentMillis(),
        OVERDUE_MAX,
        place -> bytes[0] += Slot.bytes(place.key(), present.slot(place.bucket(), place.key())));
    return bytes[0];
  }

  private List<Statistics.Holder> holders() {
    long nowNanos = clock.monotonicNanos();
    var byVersion = new TreeMap<Long, Statistics.Holder>();
    for (MemorySnapshot snapshot : openSnapshots) {
      var age = Duration.ofNanos(Math.max(0, nowNanos - snapshot.sinceNanos()));
      byVersion.merge(
          snapshot.sequence(),
          new Statistics.Holder(Statistics.Holder.Kind.SNAPSHOT, snapshot.sequence(), 1, age, 0),
          MemoryBackend::together);
    }
    return byVersion.values().stream().limit(Statistics.HOLDERS_MAX).toList();
  }

  private static Statistics.Holder together(Statistics.Holder one, Statistics.Holder other) {
    Duration age = one.age().compareTo(other.age()) >= 0 ? one.age() : other.age();
    return new Statistics.Holder(one.kind(), one.version(), one.count() + other.count(), age, 0);
  }

  @Override
  public void close() {
    lock.lock();
    try {
      state = null;
      deadlines.clear();
    } finally {
      lock.unlock();
    }
    worker.stop();
  }

  void requireOpen() {
    openState();
  }

  long presentMillis() {
    return clock.presentMillis();
  }

  void closed(MemorySnapshot snapshot) {
    openSnapshots.remove(snapshot);
  }

  private State openState() {
    State present = state;
    if (present == null) {
      throw new StoreClosedException("the store is closed");
    }
    return present;
  }

  /// One step of the worker, which brings the space of expired entries back without a reader.
  private long step() {
    lock.lock();
    try {
      if (state == null) {
        return Worker.NOT_BEFORE_WOKEN;
      }
      long removableMillis = removeExpired(REMOVALS_PER_STEP_MAX);
      plannedMillis = deadlines.nextMillis();
      if (plannedMillis == Expiry.NO_DEADLINE) {
        return Worker.NOT_BEFORE_WOKEN;
      }
      return plannedMillis <= removableMillis
          ? PAUSE_NANOS
          : TimeUnit.MILLISECONDS.toNanos(
              Math.min(plannedMillis - removableMillis, WAIT_MILLIS_MAX));
    } finally {
      lock.unlock();
    }
  }

  /// Takes the values of expired entries away and forgets keys that were remembered long enough.
  ///
  /// @param countMax how many at most
  /// @return the time up to which deadlines were looked at
  @GuardedBy("lock")
  private long removeExpired(long countMax) {
    State before = openState();
    long removableMillis = clock.removableMillis();
    if (removableMillis < deadlines.nextMillis()) {
      return removableMillis;
    }
    var changes = new ArrayList<Change>();
    deadlines.forEachDue(
        removableMillis,
        countMax,
        place -> {
          Change removal = place.removal(before);
          boolean isRemembered =
              removal.takesValue() && !Deadlines.isForgotten(place, removableMillis);
          changes.add(isRemembered ? removal.remembering() : removal);
        });
    long expired = changes.stream().filter(Change::takesValue).count();
    if (expired > 0) {
      // Removing is final, so the present must not go back behind it.
      clock.committed(clock.presentMillis());
    }
    expiredCount += expired;
    publish(changes, before.version());
    return removableMillis;
  }

  /// Forgets that removed keys were there, to make room.
  @GuardedBy("lock")
  private void forgetExpired() {
    State before = openState();
    var changes = new ArrayList<Change>();
    deadlines.forEachRemembered(place -> changes.add(place.removal(before)));
    publish(changes, before.version());
  }

  @GuardedBy("lock")
  private boolean hasRoomFor(List<Change> changes) {
    return storedBytes + growth(changes) <= limitBytes;
  }

  @GuardedBy("lock")
  private void requireRoomFor(List<Change> changes) {
    if (!hasRoomFor(changes)) {
      throw new StoreFullException(
          "the store in memory is full: it holds %,d bytes, the write needs %,d more, %,d are allowed"
              .formatted(storedBytes, growth(changes), limitBytes),
          null);
    }
  }

  @GuardedBy("lock")
  private void publish(List<Change> changes, long version) {
    Tree<Tree<Slot>> buckets = openState().buckets();
    for (Change change : changes) {
      Tree<Slot> slots = buckets.get(change.bucket());
      slots = slots == null ? Tree.empty() : slots;
      slots =
          change.after() == null
              ? slots.without(change.key())
              : slots.with(change.key(), change.after());
      buckets = buckets.with(change.bucket(), slots);
      deadlines.replace(change);
      storedBytes += change.growth();
      entryCount += change.entryGrowth();
    }
    state = new State(buckets, version);
  }

  private static long growth(List<Change> changes) {
    return changes.stream().mapToLong(Change::growth).sum();
  }

  private static List<CommitResult.Conflict> conflicts(
      State state, Commit commit, long presentMillis) {
    var conflicts = new ArrayList<CommitResult.Conflict>();
    for (Precondition precondition : commit.preconditions()) {
      Slot slot = state.slot(Bytes.ofUtf8(precondition.bucket()), precondition.key());
      boolean isLive = slot != null && slot.isLive(presentMillis);
      long version = slot != null && isLive ? slot.version() : 0;
      boolean holds =
          switch (precondition) {
            case Precondition.Absent _ -> !isLive;
            case Precondition.Present _ -> isLive;
            case Precondition.VersionIs(_, _, long expected) -> version == expected;
          };
      if (!holds) {
        long deadlineMillis = slot == null ? Expiry.NO_DEADLINE : slot.deadlineMillis();
        conflicts.add(new CommitResult.Conflict(precondition, version, deadlineMillis));
      }
    }
    return conflicts;
  }

  private static List<Change> changes(
      State state, List<Mutation> mutations, long presentMillis, long version) {
    var changes = new ArrayList<Change>(mutations.size());
    for (Mutation mutation : mutations) {
      Bytes bucket = state.shared(Bytes.ofUtf8(mutation.bucket()));
      Slot before = state.slot(bucket, mutation.key());
      Slot live = before != null && before.isLive(presentMillis) ? before : null;
      long deadlineMillis = live == null ? Expiry.NO_DEADLINE : live.deadlineMillis();
      Slot after =
          switch (mutation) {
            case Mutation.Put(_, _, Bytes value, Expiry expiry) ->
                new Slot(value, version, expiry.deadlineMillis(presentMillis, deadlineMillis));
            case Mutation.Renew(_, _, Expiry expiry) ->
                live == null
                    ? null
                    : new Slot(
                        live.value(),
                        version,
                        expiry.deadlineMillis(presentMillis, deadlineMillis));
            case Mutation.Remove _ -> null;
          };
      // Renewing or removing what is not there leaves what is remembered.
      if (live != null || mutation instanceof Mutation.Put) {
        changes.add(new Change(bucket, mutation.key(), before, after));
      }
    }
    return changes;
  }
}
