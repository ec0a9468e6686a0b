package dev.larder.internal.txn;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.larder.Durability;
import dev.larder.Statistics;
import dev.larder.Statistics.Holder;
import dev.larder.StoreClosedException;
import dev.larder.TimeSource;
import dev.larder.internal.base.StoreEvents;
import dev.larder.internal.base.Worker;
import dev.larder.internal.log.Control;
import dev.larder.internal.log.Failure;
import dev.larder.internal.log.Log;
import dev.larder.internal.log.Segment;
import dev.larder.internal.txn.Waiters.Waiter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What becomes of commits after they were appended: many are made durable by one force, and each
/// becomes visible, in order, once it and everything before it is as durable as was asked for.
///
/// **Threads.** Safe for any number of threads. Waiting is not interruptible: the interrupt flag is
/// kept.
final class Pipeline {
  /*
   * One caller becomes the leader and forces the log on behalf of everyone who has appended so far;
   * the others wait: see Waiters. A force runs without any lock held.
   *
   * Invariants, under `lock`:
   *   (1) durable and visible never go back;
   *   (2) durable <= tail.sequence, visible <= tail.sequence;
   *   (3) `queue` holds what was appended and is not visible, in order;
   *   (4) at most one thread forces, and it does not hold `lock` meanwhile;
   *   (5) `holds` has every state that is held.
   */
  private static final long OS_SYNC_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long SLOW_FORCE_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long NOT_DUE = Long.MAX_VALUE;

  /// What nobody waits for is forced earlier when it is more than this, so that sealing a segment
  /// has little left to force.
  private static final long UNFORCED_MAX = 2L << 20;

  private final Log log;
  private final Control control;
  private final Failure failure;
  private final TimeSource timeSource;

  private final Waiters waiters = new Waiters();

  /// The lock of the waiters, too.
  private final ReentrantLock lock = waiters.lock();

  /// A force is over.
  private final Condition forced = lock.newCondition();

  @GuardedBy("lock")
  private final ArrayDeque<Pending> queue = new ArrayDeque<>();

  @GuardedBy("lock")
  private final Holds holds = new Holds();

  @GuardedBy("lock")
  private boolean isForcing;

  @GuardedBy("lock")
  private boolean isSyncWoken;

  /// How many bytes had been appended when the last force began.
  @GuardedBy("lock")
  private long forcedBytes;

  @GuardedBy("lock")
  private int batchedCount;

  /// When commits that nobody waits for are to be forced, on the monotonic clock, counted from
  /// `originNanos`; [#NOT_DUE] if there are none.
  @GuardedBy("lock")
  private long syncDueNanos = NOT_DUE;

  private volatile boolean isClosed;

  private final long originNanos;
  private volatile Tail tail;
  private volatile long visible;
  private volatile long durableSequence;
  private volatile Worker.@Nullable Handle syncWorker;
  private final AtomicLong forceCount = new AtomicLong();

  /// The end of the log.
  ///
  /// @param segment the segment that was appended to last
  /// @param sequence the last commit in it; everything that is not in `segment` is durable
  private record Tail(Segment segment, long sequence) {}

  private record Pending(long sequence, boolean needsForce, long segment, long position) {}

  Pipeline(Log log, Control control, Failure failure, TimeSource timeSource, long recovered) {
    this.log = log;
    this.control = control;
    this.failure = failure;
    this.timeSource = timeSource;
    this.originNanos = timeSource.monotonicNanos();
    this.tail = new Tail(log.active(), recovered);
    this.visible = recovered;
    this.durableSequence = recovered;
    failure.onFailure(this::wakeAll);
  }

  void syncWorker(Worker.Handle handle) {
    syncWorker = handle;
  }

  /// {@return the last commit that readers see}
  long visible() {
    return visible;
  }

  long durableSequence() {
    return durableSequence;
  }

  long forceCount() {
    return forceCount.get();
  }

  /// Takes the visible state for as long as the caller needs it: no record that it can see is
  /// deleted before [#release].
  ///
  /// @param kind what for
  Hold acquire(Holder.Kind kind) {
    long nowNanos = timeSource.monotonicNanos();
    lock.lock();
    try {
      if (isClosed) {
        throw new StoreClosedException("the store is closed");
      }
      var hold = new Hold(visible, kind, nowNanos);
      holds.add(hold);
      return hold;
    } finally {
      lock.unlock();
    }
  }

  void release(Hold hold) {
    lock.lock();
    try {
      holds.remove(hold);
    } finally {
      lock.unlock();
    }
  }

  /// {@return the oldest commit as of which somebody may look at the store}
  long horizon() {
    lock.lock();
    try {
      return holds.oldestOr(visible);
    } finally {
      lock.unlock();
    }
  }

  /// {@return who holds which state}
  Holds.Summary holds() {
    lock.lock();
    try {
      return holds.summary(Statistics.HOLDERS_MAX);
    } finally {
      lock.unlock();
    }
  }

  /// Takes note that the log was made durable by rolling on.
  void rolled(long sequence) {
    lock.lock();
    try {
      durable(sequence);
      publish();
      forcedBytes = log.appendedBytes();
      tail = new Tail(log.active(), tail.sequence());
    } finally {
      lock.unlock();
    }
  }

  /// Queues a commit that was appended. Called in order, under the commit lock.
  ///
  /// @param sequence what becomes visible
  /// @param level how durable it must be before that
  /// @return whether the caller has to wait for a force
  boolean enqueue(long sequence, Durability level) {
    lock.lock();
    try {
      boolean needsForce = level instanceof Durability.Sync;
      if (level instanceof Durability.Batched(int commits, Duration interval)) {
        batchedCount++;
        needsForce = batchedCount >= commits;
        scheduleSync(interval.toNanos());
      } else if (level instanceof Durability.Os) {
        scheduleSync(OS_SYNC_NANOS);
      }
      Segment active = log.active();
      tail = new Tail(active, sequence);
      boolean isMuch = log.appendedBytes() - forcedBytes > UNFORCED_MAX;
      if (isMuch && syncDueNanos != NOT_DUE) {
        wakeSync();
      }
      if (!needsForce && queue.isEmpty()) {
        visible(sequence, active.number(), active.end()); // the common case of level OS
      } else {
        queue.add(new Pending(sequence, needsForce, active.number(), active.end()));
        publish();
      }
      return needsForce;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until a commit is visible.
  ///
  /// @param sequence the commit's
  /// @param needsForce whether to have the log forced for it
  void awaitVisible(long sequence, boolean needsForce) {
    if (visible >= sequence) {
      return;
    }
    var waiter = new Waiter(sequence, needsForce);
    while (!waiter.isServed()) {
      waiter.park(forceOrWait(waiter));
    }
  }

  /// Has the log forced if it is for the calling thread to do so.
  ///
  /// @param waiter the calling thread
  /// @return for how many nanoseconds to wait before the next call; 0 if it has been served
  private long forceOrWait(Waiter waiter) {
    lock.lock();
    try {
      waiters.join(waiter, visible);
      while (!waiter.isServed()) {
        if (failure.hasFailed()) {
          waiters.leave(waiter);
          throw failure.unknown();
        }
        long nanos = isForcing ? Waiters.UNTIL_WOKEN : waiters.patience(waiter);
        if (nanos > 0) {
          waiters.parks(waiter);
          return nanos;
        }
        forceAsLeader();
      }
      return 0;
    } finally {
      lock.unlock();
    }
  }

  /// Makes everything appended so far durable.
  void force() {
    lock.lock();
    try {
      long target = tail.sequence();
      while (durableSequence < target) {
        failure.check();
        if (isForcing) {
          forced.awaitUninterruptibly();
        } else {
          forceAsLeader();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /// Forces what nobody waits for, when it is due.
  ///
  /// @return in how many nanoseconds to look again
  long syncStep() {
    lock.lock();
    try {
      isSyncWoken = false;
      if (failure.hasFailed() || syncDueNanos == NOT_DUE) {
        return Worker.NOT_BEFORE_WOKEN;
      }
      boolean isMuch = log.appendedBytes() - forcedBytes > UNFORCED_MAX;
      long wait = isMuch ? 0 : syncDueNanos - elapsedNanos();
      if (wait > 0) {
        return wait;
      }
      if (isForcing) {
        return Duration.ofMillis(1).toNanos();
      }
      forceAsLeader();
      return 0;
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    return isClosed;
  }

  /// Refuses views from now on.
  void close() {
    lock.lock();
    try {
      isClosed = true;
      forced.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void forceAsLeader() {
    isForcing = true;
    waiters.forcing();
    Tail target = tail;
    forcedBytes = log.appendedBytes();
    batchedCount = 0;
    syncDueNanos = NOT_DUE;
    lock.unlock();
    boolean isForced = false;
    long nanos = 0;
    long start = timeSource.monotonicNanos();
    try {
      log.force(target.segment());
      isForced = true;
      nanos = timeSource.monotonicNanos() - start;
      if (nanos > SLOW_FORCE_NANOS) {
        StoreEvents.slowForce(log.location(), nanos);
      }
    } catch (IOException | RuntimeException | Error e) {
      failure.fail(e);
    } finally {
      lock.lock();
      isForcing = false;
      if (isForced) {
        forceCount.incrementAndGet();
        durable(target.sequence());
        publish();
      }
      waiters.forced(nanos);
      forced.signalAll();
    }
  }

  @GuardedBy("lock")
  private void durable(long sequence) {
    if (sequence > durableSequence) {
      durableSequence = sequence;
      control.durable(sequence);
    }
  }

  /// Makes visible what is as durable as it has to be, in order.
  @GuardedBy("lock")
  private void publish() {
    Pending last = null;
    for (Pending next = queue.peek();
        next != null && (!next.needsForce() || next.sequence() <= durableSequence);
        next = queue.peek()) {
      last = queue.remove();
    }
    if (last != null) {
      visible(last.sequence(), last.segment(), last.position());
      waiters.visible(last.sequence());
    }
  }

  @GuardedBy("lock")
  private void visible(long sequence, long segment, long position) {
    visible = sequence;
    control.published(sequence, segment, position);
  }

  @GuardedBy("lock")
  private void scheduleSync(long delayNanos) {
    long due = elapsedNanos() + delayNanos;
    if (due < syncDueNanos) {
      syncDueNanos = due;
      wakeSync();
    }
  }

  /// Once is enough until the worker has looked.
  @GuardedBy("lock")
  private void wakeSync() {
    Worker.Handle worker = syncWorker;
    if (worker != null && !isSyncWoken) {
      isSyncWoken = true;
      worker.wake();
    }
  }

  private long elapsedNanos() {
    return timeSource.monotonicNanos() - originNanos;
  }

  private void wakeAll() {
    lock.lock();
    try {
      waiters.wakeAll();
      forced.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
