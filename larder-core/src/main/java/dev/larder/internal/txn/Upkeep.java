package dev.larder.internal.txn;

import dev.larder.LarderException;
import dev.larder.internal.base.DiskFullException;
import dev.larder.internal.base.Worker;
import dev.larder.internal.log.Failure;
import dev.larder.internal.log.Log;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What commits put off, done by workers in the background: the order of keys, the removal of keys
/// from the index, and room in the log.
///
/// **Threads.** Guarded by the commit lock where it says so; else for any thread.
final class Upkeep {
  private static final int REMOVAL_STEP = 128;
  private static final int REMOVAL_BATCH = 1 << 12;

  /// So many removed keys may wait in the index before those who commit take part in their removal,
  /// each by so many.
  private static final int REMOVALS_WAITING_MAX = 1 << 16;

  private static final int REMOVALS_OF_A_COMMIT = 16;
  private static final int REMOVALS_WORTH_WAKING = 1 << 10;

  private static final long PAUSE_OF_READERS_NANOS = Duration.ofMillis(20).toNanos();
  private static final long PAUSE_OF_WRITERS_NANOS = Duration.ofMillis(1).toNanos();

  private final Log log;
  private final Failure failure;
  private final Pipeline pipeline;
  private final CommitLock commitLock;
  private final State state;
  private final Roll rollIfDue;

  // Guarded by the commit lock: with how many removed keys in the index its worker is woken, and
  // whether the store is being closed.
  private int removalsDueAt = REMOVALS_WORTH_WAKING;
  private boolean isClosed;

  /// What was visible when the worker merged last; the worker's.
  private long newestAtMerge;

  private volatile Worker.@Nullable Handle indexWorker;
  private volatile Worker.@Nullable Handle logWorker;

  /// Seals the active segment, if it is still due.
  @FunctionalInterface
  interface Roll {
    void run() throws IOException;
  }

  Upkeep(
      Log log,
      Failure failure,
      Pipeline pipeline,
      CommitLock commitLock,
      State state,
      Roll rollIfDue) {
    this.log = log;
    this.failure = failure;
    this.pipeline = pipeline;
    this.commitLock = commitLock;
    this.state = state;
    this.rollIfDue = rollIfDue;
  }

  /// Starts the workers. What the one does for the log waits for the disk, for which the index must
  /// not wait: commits wait for the index where its queues are full.
  ///
  /// @return their handles, for stopping them
  List<Worker.Handle> start(Worker.Starter starter) {
    Worker.Handle index = starter.start("larder-index", this::indexStep);
    indexWorker = index;
    Worker.Handle room = starter.start("larder-log", this::logStep);
    logWorker = room;
    return List.of(index, room);
  }

  private static void wake(Worker.@Nullable Handle worker) {
    if (worker != null) {
      worker.wake();
    }
  }

  /// Has the log looked after.
  void wakeLog() {
    wake(logWorker);
  }

  /// Sees to it that what is put off does not pile up. Under the commit lock, after each commit.
  void committed() {
    int waiting = state.removals().size();
    if (waiting > REMOVALS_WAITING_MAX) {
      state.remove(REMOVALS_OF_A_COMMIT);
    }
    boolean areRemovalsDue = waiting >= removalsDueAt;
    if (areRemovalsDue) {
      removalsDueAt = waiting + REMOVALS_WORTH_WAKING;
    }
    if (areRemovalsDue || state.isOrderBehind()) {
      wake(indexWorker);
    }
    if (log.needsTending()) {
      wake(logWorker);
    }
  }

  /// Has expired keys that are not remembered any more taken out of the index. Under the commit
  /// lock.
  void dropped() {
    wake(indexWorker);
  }

  /// Begins nothing new from now on. Under the commit lock.
  void close() {
    isClosed = true;
  }

  private long logStep() {
    if (failure.hasFailed() || pipeline.isClosed()) {
      return Worker.NOT_BEFORE_WOKEN;
    }
    try {
      log.tend();
      rollIfDue();
    } catch (DiskFullException | LarderException _) {
      // nothing has changed; a commit that needs the room says so
    } catch (IOException e) {
      failure.fail(e);
    }
    return Worker.NOT_BEFORE_WOKEN;
  }

  /// Rolls before a commit has to. Most is forced before the lock is taken, and what came
  /// meanwhile, so that little is left and commits do not wait for long.
  private void rollIfDue() throws IOException {
    if (log.isRollDue()) {
      log.forceActive();
      log.forceActive();
      rollIfDue.run();
    }
  }

  private long indexStep() {
    if (failure.hasFailed() || pipeline.isClosed()) {
      return Worker.NOT_BEFORE_WOKEN;
    }
    boolean isMore = state.index().order(Integer.MAX_VALUE);
    isMore |= removeStep();
    if (isMore) {
      return 0;
    }
    return state.index().mergeSome() ? pauseBetweenMerges() : Worker.NOT_BEFORE_WOKEN;
  }

  /// Nobody needs what is merged unasked, so it leaves the processors to others; but whoever writes
  /// is slower as long as there is something to merge.
  private long pauseBetweenMerges() {
    long newest = pipeline.visible();
    boolean isWritten = newest != newestAtMerge;
    newestAtMerge = newest;
    return isWritten ? PAUSE_OF_WRITERS_NANOS : PAUSE_OF_READERS_NANOS;
  }

  /// Takes some removed keys out of the tree, which takes a while, and then out of the table.
  private boolean removeStep() {
    int count;
    commitLock.lock();
    try {
      count = isClosed ? 0 : state.beginRemoval(REMOVAL_BATCH);
      removalsDueAt = state.removals().size() + REMOVALS_WORTH_WAKING;
    } finally {
      commitLock.unlock();
    }
    if (count == 0) {
      return false;
    }
    state.removeFromOrder();
    for (int from = 0; from < count; from += REMOVAL_STEP) {
      commitLock.lock();
      try {
        state.removeFromTable(from, Math.min(count, from + REMOVAL_STEP));
      } finally {
        commitLock.unlock();
      }
    }
    return true;
  }

  /// Takes everything out of the index that nobody can see any more.
  void tidy() {
    boolean isMore = true;
    while (isMore) {
      isMore = commitLock.with(() -> state.remove(REMOVAL_STEP));
    }
  }
}
