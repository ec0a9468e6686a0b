package dev.larder.internal.txn;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.larder.BatchTooLargeException;
import dev.larder.Commit;
import dev.larder.CommitResult;
import dev.larder.Durability;
import dev.larder.Expiry;
import dev.larder.LarderException;
import dev.larder.Statistics.Holder;
import dev.larder.StoreClosedException;
import dev.larder.StoreFullException;
import dev.larder.StoreIoException;
import dev.larder.TimeSource;
import dev.larder.internal.base.DiskFullException;
import dev.larder.internal.base.PresentClock;
import dev.larder.internal.base.Worker;
import dev.larder.internal.format.FrameEncoder;
import dev.larder.internal.format.FrameHeader;
import dev.larder.internal.format.RecordKind;
import dev.larder.internal.index.DamagedImageException;
import dev.larder.internal.index.Index;
import dev.larder.internal.index.Pages;
import dev.larder.internal.log.Control;
import dev.larder.internal.log.Failure;
import dev.larder.internal.log.Log;
import dev.larder.internal.log.Space;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The one way to change a store: preconditions are judged, a frame is appended, the index follows,
/// and the caller waits until the commit is as durable as it asked for and visible.
///
/// Expiry, purging and compaction go the same way: they too append frames and change the index
/// here.
///
/// **Threads.** Safe for any number of threads.
public final class CommitPath {
  /*
   * `commitLock` makes commits happen one after the other. Under it a commit
   *   1. judges its preconditions against the newest state, visible or not,
   *   2. has the log and the index make room (a full disk shows here, before anything has changed,
   *      and so does a lack of memory),
   *   3. builds the frame in memory,
   *   4. hands it to the operating system, and from here on any error fails the store,
   *   5. points the index at the new records, and queues the commit for publication.
   * Then it lets go of the lock and waits in the pipeline.
   *
   * Readers may meet a record in the index whose commit is not visible yet: they go back to the
   * version before it. So a key that was removed stays in the index, pointing to its tombstone, until
   * nobody can look at the store as of a commit before that: see `removals`.
   *
   * A rejected commit waits too, until what it was rejected for is visible: otherwise it would tell
   * its caller of a commit that a power failure may still undo.
   *
   * Lock order: commitLock, then the order lock of the index, the locks of Log, that of Pipeline.
   */
  /// For how long after its deadline an expired key is remembered at least.
  public static final Duration REMEMBERED = Duration.ofMinutes(1);

  private static final int ROOM_ATTEMPTS_MAX = 100;
  private static final int PURGE_STEP = 1000;

  /// What is due one after the other is removed together, for the price of one commit and of one
  /// time that others wait. Nobody sees an entry past its deadline meanwhile.
  private static final long GATHER_MILLIS = 10;

  /// Removing so many entries is worth telling compaction, and so is any at times so far apart.
  private static final int EXPIRED_WORTH_WAKING = 1 << 12;

  private static final long PAUSE_WORTH_WAKING_MILLIS = 1000;

  private static final long FRAME_OVERHEAD = FrameHeader.SIZE + FrameHeader.ALIGNMENT;

  private final Log log;
  private final Failure failure;
  private final PresentClock clock;
  private final Pipeline pipeline;
  private final RoomMaker roomMaker;
  private final Planner planner;
  private final Records records;

  private final CommitLock commitLock = new CommitLock();

  /// Frames and index, which only this class changes, under `commitLock`.
  private final State state;

  private final Upkeep upkeep;

  @GuardedBy("commitLock")
  private boolean isClosed;

  /// For which deadline the expiry worker is waiting.
  @GuardedBy("commitLock")
  private long plannedExpiryMillis = Expiry.NO_DEADLINE;

  /// How many entries have expired since housekeepers were woken for that.
  @GuardedBy("commitLock")
  private long expiredSinceWaking;

  /// When that was.
  @GuardedBy("commitLock")
  private long wokenMillis;

  private volatile Worker.@Nullable Handle expiryWorker;
  private volatile List<Worker.Handle> housekeepers = List.of();

  private final Pace pace;
  private final AtomicLong commitCount = new AtomicLong();
  private final AtomicLong expiredCount = new AtomicLong();

  /// What a commit path is made of.
  ///
  /// @param log where frames go
  /// @param control where other processes see how far it got
  /// @param failure what stops it
  /// @param timeSource the clocks
  /// @param clock the store's present
  public record Parts(
      Log log, Control control, Failure failure, TimeSource timeSource, PresentClock clock) {}

  /// Goes on from a recovered state.
  ///
  /// @param parts what it is made of
  /// @param recovered the state
  /// @param endsClosed whether the log ends with a note of a clean close
  /// @param roomMaker what to call when the store is full
  public CommitPath(Parts parts, Recovered recovered, boolean endsClosed, RoomMaker roomMaker) {
    this.log = parts.log();
    this.failure = parts.failure();
    this.clock = parts.clock();
    this.roomMaker = roomMaker;
    this.records = recovered.records();
    this.pace = new Pace(log, parts.timeSource());
    this.pipeline =
        new Pipeline(log, parts.control(), failure, parts.timeSource(), recovered.sequence());
    this.state = new State(parts.log(), recovered, pipeline, endsClosed);
    this.planner = new Planner(recovered.index(), records, state.removals());
    this.upkeep = new Upkeep(log, failure, pipeline, commitLock, state, this::rollIfDue);
  }

  /// Starts the worker that forces what nobody waits for.
  ///
  /// @return its handle, for stopping it
  public Worker.Handle startSync(Worker.Starter starter) {
    Worker.Handle handle = starter.start("larder-sync", pipeline::syncStep);
    pipeline.syncWorker(handle);
    return handle;
  }

  /// Starts the workers that do what commits put off.
  ///
  /// @return their handles, for stopping them
  public List<Worker.Handle> startUpkeep(Worker.Starter starter) {
    return upkeep.start(starter);
  }

  /// Tells whom to wake when an earlier deadline comes up.
  public void expiryWorker(Worker.Handle handle) {
    expiryWorker = handle;
  }

  /// Tells whom to wake when there may be something to compact, or to write a checkpoint of.
  public void housekeepers(List<Worker.Handle> handles) {
    housekeepers = handles;
  }

  private static void wake(Worker.@Nullable Handle worker) {
    if (worker != null) {
      worker.wake();
    }
  }

  /// {@return the last commit that readers see}
  public long visible() {
    return pipeline.visible();
  }

  /// {@return the numbers of the buckets by name}
  public Map<String, Integer> buckets() {
    return state.buckets();
  }

  /// {@return the index}
  public Index index() {
    return state.index();
  }

  /// {@return what reads records}
  public Records records() {
    return records;
  }

  /// Takes the visible state; nothing that it can see is deleted before [#release].
  ///
  /// @param kind what for
  public Hold acquire(Holder.Kind kind) {
    return pipeline.acquire(kind);
  }

  /// Lets go of a state; once.
  public void release(Hold hold) {
    pipeline.release(hold);
  }

  /// {@return whether the store is closed and nothing can be read any more}
  public boolean isShut() {
    return pipeline.isClosed();
  }

  /// {@return who holds which state}
  public Holds.Summary holds() {
    return pipeline.holds();
  }

  /// {@return the oldest commit as of which somebody may look at the store}
  public long horizon() {
    return pipeline.horizon();
  }

  /// {@return up to which commit everything is durable}
  public long durableSequence() {
    return pipeline.durableSequence();
  }

  /// {@return how many commits were made since the store was opened}
  public long commitCount() {
    return commitCount.get();
  }

  /// {@return how many forces were made for commits since the store was opened}
  public long forceCount() {
    return pipeline.forceCount();
  }

  /// {@return how many entries have expired since the store was opened}
  public long expiredCount() {
    return expiredCount.get();
  }

  /// {@return the deadlines, which are guarded by the commit lock}
  public Deadlines deadlines() {
    return state.deadlines();
  }

  /// {@return how many entries there are, those past their deadline included that were not removed
  /// yet}
  public long entryCount() {
    return locked(state::entryCount);
  }

  /// Runs something under the commit lock, such as adding up what segments hold.
  public <T> T locked(Supplier<T> action) {
    return commitLock.with(action);
  }

  /// Makes everything committed so far durable.
  public void force() {
    commitLock.lock();
    try {
      requireOpen();
    } finally {
      commitLock.unlock();
    }
    pipeline.force();
  }

  /// Applies mutations if all preconditions hold. See [dev.larder.Backend#commit].
  ///
  /// @param commit what to do
  /// @param level how durable it must be
  public CommitResult commit(Commit commit, Durability level) {
    for (int attempt = 1; ; attempt++) {
      Outcome outcome;
      commitLock.lock();
      try {
        outcome = attempt(commit, level);
      } catch (UncheckedIOException e) {
        throw new StoreIoException("cannot read the store: " + e.getMessage(), e);
      } catch (DamagedImageException e) {
        throw new StoreIoException(DamagedImageException.ADVICE, e);
      } finally {
        commitLock.unlock();
      }
      switch (outcome) {
        case Outcome.Done(
                CommitResult result,
                long sequence,
                boolean needsForce,
                int paceBytes) -> {
          pipeline.awaitVisible(sequence, needsForce);
          slowDown(paceBytes);
          return result;
        }
        case Outcome.NoRoom noRoom -> makeRoom(noRoom, attempt);
      }
    }
  }

  private void slowDown(int paceBytes) {
    long nanos = pace.due(paceBytes, state.liveChange());
    if (nanos > 0) {
      housekeepers.forEach(Worker.Handle::wake);
      pace.await(nanos);
    }
  }

  /// Slows those who add entries down while segments take more than so many bytes.
  ///
  /// @param from how many bytes segments may take, retired ones included, before anybody waits
  /// @param step by how many more bytes writers wait for one nanosecond more for each byte that
  ///   they append
  /// @param fromPerLiveByte how many bytes more that is for each byte more that is live
  public void pace(long from, long step, double fromPerLiveByte) {
    pace.set(from, step, fromPerLiveByte, state.liveChange());
  }

  private void makeRoom(Outcome.NoRoom noRoom, int attempt) {
    String reason =
        attempt < ROOM_ATTEMPTS_MAX
            ? roomMaker.makeRoom(noRoom.bytes(), noRoom.purpose(), noRoom.cause() != null)
            : "other writers take all room that is made";
    if (noRoom.cause() != null && (reason != null || attempt > 2)) {
      throw new StoreFullException(
          "the disk under %s is full: %s".formatted(log.location(), noRoom.cause().getMessage()),
          noRoom.cause());
    }
    if (reason != null) {
      throw new StoreFullException(reason, null);
    }
  }

  @GuardedBy("commitLock")
  private Outcome attempt(Commit commit, Durability level) {
    requireOpen();
    long now = clock.presentMillis();
    Map<String, Integer> buckets = state.buckets();
    List<CommitResult.Conflict> conflicts = planner.judge(buckets, commit.preconditions(), now);
    if (!conflicts.isEmpty()) {
      return new Outcome.Done(new CommitResult.Rejected(conflicts), state.newest(), true, 0);
    }
    Planner.Plan plan = planner.plan(commit.mutations(), buckets, now);
    if (plan.changes().isEmpty()) {
      var result = new CommitResult.Committed(state.newest());
      return new Outcome.Done(result, state.newest(), true, 0);
    }
    return write(plan, level, purpose(plan.changes()), now);
  }

  private static Space.Purpose purpose(List<Change> changes) {
    for (Change change : changes) {
      if (change.kind() == RecordKind.PUT) {
        return Space.Purpose.GROW;
      }
    }
    return Space.Purpose.SHRINK;
  }

  /// Appends a commit and takes over the state after it.
  @GuardedBy("commitLock")
  private Outcome write(Planner.Plan plan, Durability level, Space.Purpose purpose, long now) {
    List<Change> changes = plan.changes();
    long bound = FRAME_OVERHEAD;
    for (Change change : changes) {
      bound += change.sizeBound();
    }
    Outcome.NoRoom noRoom = prepare(bound, purpose, now);
    if (noRoom != null) {
      return noRoom;
    }
    failure.check();
    state.index().reserve(changes.size());
    state.build(changes, bound, now);
    boolean needsForce;
    try {
      state.append(!(level instanceof Durability.Sync));
      state.apply(plan);
      clock.committed(now);
      needsForce = pipeline.enqueue(state.newest(), level);
      commitCount.incrementAndGet();
      wakeExpiry();
    } catch (Throwable t) {
      // Any part of the frame may be on its way to the disk: what is true is decided by recovery.
      failure.fail(t);
      throw failure.unknown();
    }
    upkeep.committed();
    var result = new CommitResult.Committed(state.newest());
    int paceBytes = purpose == Space.Purpose.GROW ? state.frameSize() : 0;
    return new Outcome.Done(result, state.newest(), needsForce, paceBytes);
  }

  /// Makes room for a frame.
  ///
  /// @return null if there is room
  @GuardedBy("commitLock")
  private Outcome.@Nullable NoRoom prepare(long bound, Space.Purpose purpose, long now) {
    long max = log.space().frameSizeMax(FrameEncoder.FRAME_SIZE_MAX);
    if (bound > max) {
      throw new BatchTooLargeException(bound, max, "bytes");
    }
    if (log.usedBytes() + bound > log.boundFor(purpose)) {
      return new Outcome.NoRoom(bound, purpose, null);
    }
    try {
      if (log.prepare(bound, state.newest(), now, purpose != Space.Purpose.GROW)) {
        pipeline.rolled(state.newest());
        housekeepers.forEach(Worker.Handle::wake);
        upkeep.wakeLog();
      }
      return null;
    } catch (DiskFullException e) {
      return new Outcome.NoRoom(bound, purpose, e);
    } catch (IOException | RuntimeException | Error e) {
      failure.fail(e); // rolling may have stopped half way
      failure.check();
      throw new AssertionError("a store that has failed says so", e);
    }
  }

  /// Takes everything out of the index that nobody can see any more.
  public void tidy() {
    upkeep.tidy();
  }

  /// Commits the expiry of entries whose deadline has come, and forgets keys that were remembered
  /// as expired for long enough.
  ///
  /// @param countMax how many of each at most
  /// @return in how many milliseconds to call again, 0 for at once, or [Expiry#NO_DEADLINE]
  public long expireDue(int countMax) {
    commitLock.lock();
    try {
      if (isClosed || failure.hasFailed()) {
        return Expiry.NO_DEADLINE;
      }
      long now = clock.removableMillis();
      List<Deadlines.Due> due = state.deadlines().due(now, countMax);
      if (!due.isEmpty() && !expire(due, now)) {
        return Duration.ofSeconds(1).toMillis(); // whoever writes next makes room
      }
      int forgotten = forget(now - REMEMBERED.toMillis(), countMax);
      boolean isMore = due.size() == countMax || forgotten == countMax;
      boolean isGathering = !isMore && (!due.isEmpty() || forgotten > 0);
      long wait = planExpiry(now, isGathering ? GATHER_MILLIS : 0);
      wakeForExpired(now, wait);
      return wait;
    } finally {
      commitLock.unlock();
    }
  }

  /// Commits the expiry of entries. Nothing is lost if that is: the deadline stands in the entry's
  /// record.
  ///
  /// @return whether there was room for it
  @GuardedBy("commitLock")
  private boolean expire(List<Deadlines.Due> due, long now) {
    List<Change> changes = fitting(Change.expiries(due, false));
    var plan = new Planner.Plan(changes, state.buckets());
    Outcome outcome = write(plan, Durability.NONE, Space.Purpose.SHRINK, now);
    if (outcome instanceof Outcome.NoRoom) {
      return false;
    }
    expiredCount.addAndGet(changes.size());
    expiredSinceWaking += changes.size();
    return true;
  }

  /// {@return in how many milliseconds there is more to expire or to forget, or
  /// [Expiry#NO_DEADLINE]}
  ///
  /// @param pauseMillis how long to wait at least, where it is known what there is
  @GuardedBy("commitLock")
  private long planExpiry(long now, long pauseMillis) {
    Deadlines deadlines = state.deadlines();
    long next = deadlines.nextMillis();
    plannedExpiryMillis = next;
    if (next == 0) {
      return 0;
    }
    long nextRemembered = deadlines.nextRememberedMillis();
    if (nextRemembered != Expiry.NO_DEADLINE) {
      next = Math.min(next, nextRemembered + REMEMBERED.toMillis());
    }
    return next == Expiry.NO_DEADLINE ? next : Math.max(pauseMillis, next - now);
  }

  /// Has those look who give back what expired entries took: now and then, and once a second at
  /// least.
  @GuardedBy("commitLock")
  private void wakeForExpired(long now, long waitMillis) {
    boolean isPause =
        waitMillis >= PAUSE_WORTH_WAKING_MILLIS || now - wokenMillis >= PAUSE_WORTH_WAKING_MILLIS;
    if (expiredSinceWaking >= EXPIRED_WORTH_WAKING || (expiredSinceWaking > 0 && isPause)) {
      expiredSinceWaking = 0;
      wokenMillis = now;
      housekeepers.forEach(Worker.Handle::wake);
    }
  }

  /// {@return as many of the changes, from the first on, as fit into one frame; at least one does}
  private List<Change> fitting(List<Change> changes) {
    return Change.fitting(
        changes, log.space().frameSizeMax(FrameEncoder.FRAME_SIZE_MAX) - FRAME_OVERHEAD);
  }

  /// Drops expired keys from the index, and notes that in the log. The worker of the index takes
  /// them out of it.
  ///
  /// @return how many
  @GuardedBy("commitLock")
  private int forget(long untilMillis, int countMax) {
    List<Deadlines.Due> remembered = state.deadlines().remembered(untilMillis, countMax);
    if (remembered.isEmpty()) {
      return 0;
    }
    var drops = new IndexFrame(log.addresses());
    remembered.forEach(due -> drops.drop(due.hash(), due.indexKey(), due.entry().address()));
    appendIndexFrame(drops);
    remembered.forEach(state::drop);
    upkeep.dropped();
    return remembered.size();
  }

  /// Notes in the log that the index changed, where a checkpoint would not know of it. Where there
  /// is no room for the note, the checkpoint is given up: it is only a cache.
  @GuardedBy("commitLock")
  private void appendIndexFrame(IndexFrame changes) {
    if (!log.checkpoint().needsIndexChanges()) {
      return;
    }
    long now = clock.presentMillis();
    boolean hasRoom =
        prepare(FRAME_OVERHEAD + changes.sizeBound(), Space.Purpose.COMPACT, now) == null;
    failure.check();
    try {
      if (hasRoom) {
        state.appendIndexFrame(changes, now);
      } else {
        log.checkpoint().spoil();
      }
    } catch (Throwable t) {
      failure.fail(t);
      throw failure.unknown();
    }
  }

  /// Removes everything past its deadline, and every memory of it.
  ///
  /// @param level how durable that must be
  /// @param isAsked whether the caller of the store asked for it. If not, what has only expired by
  ///   a leap of the clock is left alone for a while
  /// @return how many keys
  public long purgeExpired(Durability level, boolean isAsked) {
    long count = 0;
    int attempt = 1;
    while (true) {
      Purge purge;
      commitLock.lock();
      try {
        purge = purgeStep(level, isAsked);
      } finally {
        commitLock.unlock();
      }
      switch (purge.outcome()) {
        case Outcome.Done(_, long sequence, boolean needsForce, _) -> {
          pipeline.awaitVisible(sequence, needsForce);
          count += purge.count();
          attempt = 1;
          if (purge.count() == 0) {
            return count;
          }
        }
        case Outcome.NoRoom noRoom -> makeRoom(noRoom, attempt++);
      }
    }
  }

  /// One step of a purge, and how many keys it is about.
  private record Purge(Outcome outcome, int count) {}

  @GuardedBy("commitLock")
  private Purge purgeStep(Durability level, boolean isAsked) {
    requireOpen();
    state.deadlines().mergeAll();
    long now = isAsked ? clock.presentMillis() : clock.removableMillis();
    List<Change> all = Change.expiries(state.deadlines().due(now, PURGE_STEP), true);
    for (Deadlines.Due next : state.deadlines().remembered(now, PURGE_STEP)) {
      all.add(Change.remove(next.indexKey(), next.hash(), next.entry()));
    }
    List<Change> changes = fitting(all);
    if (changes.isEmpty()) {
      var result = new CommitResult.Committed(state.newest());
      return new Purge(new Outcome.Done(result, state.newest(), true, 0), 0);
    }
    var plan = new Planner.Plan(changes, state.buckets());
    Outcome outcome = write(plan, level, Space.Purpose.SHRINK, clock.presentMillis());
    if (outcome instanceof Outcome.Done) {
      expiredCount.addAndGet(
          changes.stream().filter(change -> change.kind() == RecordKind.EXPIRED).count());
    }
    return new Purge(outcome, changes.size());
  }

  /// Points the index at records that compaction has rewritten, and notes that in the log. Records
  /// that were superseded meanwhile are left alone.
  ///
  /// @param moves where records were and are, for one short step
  /// @return the newest commit when that was done: who looks at the store as of it or later sees
  ///   nothing of the old places
  public long relocate(List<Move> moves) {
    state.prefetch(moves); // the lock is not held meanwhile
    commitLock.lock();
    try {
      requireOpen();
      var present = new ArrayList<Move>(moves.size());
      var changes = new IndexFrame(log.addresses());
      for (Move move : moves) {
        long from = move.from().address();
        boolean isPointedTo = state.index().pointsTo(move.hash(), from);
        if (isPointedTo) {
          present.add(move);
        }
        if (isPointedTo || move.isTombstone()) {
          changes.move(move.hash(), from, move.to());
        }
      }
      if (!changes.isEmpty()) {
        appendIndexFrame(changes);
      }
      present.forEach(state::move);
      moves.stream().filter(Move::isTombstone).forEach(state::moveTombstone);
      return state.newest();
    } finally {
      commitLock.unlock();
    }
  }

  /// {@return the newest commit, visible or not}
  public long newest() {
    return locked(state::newest);
  }

  /// Seals the active segment, so that compaction can have it.
  public void roll() throws IOException {
    roll(true);
  }

  private void rollIfDue() throws IOException {
    roll(false); // a commit may have done it already
  }

  private void roll(boolean isAsked) throws IOException {
    commitLock.lock();
    try {
      requireOpen();
      failure.check();
      if (!isAsked && !log.isRollDue()) {
        return;
      }
      state.roll(clock.presentMillis());
      pipeline.rolled(state.newest());
      upkeep.wakeLog(); // which lets go of the file
      housekeepers.forEach(Worker.Handle::wake);
    } catch (DiskFullException | LarderException e) {
      throw e; // nothing has changed
    } catch (IOException | RuntimeException | Error e) {
      failure.fail(e); // it may have stopped half way
      throw e;
    } finally {
      commitLock.unlock();
    }
  }

  /// Cuts what happens to the index in two, and begins to take an image of it as of now.
  ///
  /// @param saver what keeps its pages; null if there is to be no image
  public Cut cut(Pages.@Nullable Saver saver) {
    if (saver != null) {
      tidy(); // most of it before the lock is taken
      state.index().order();
    }
    commitLock.lock();
    try {
      requireOpen();
      return state.cut(saver, clock.presentMillis());
    } finally {
      commitLock.unlock();
    }
  }

  /// Refuses commits from now on, makes everything durable, and notes in the log that it was closed
  /// cleanly.
  ///
  /// @return whether this call closed it; false if it was closed before
  public boolean close() {
    commitLock.lock();
    try {
      if (isClosed) {
        return false;
      }
      isClosed = true;
      upkeep.close();
    } finally {
      commitLock.unlock();
    }
    try {
      pipeline.force();
      commitLock.lock();
      try {
        // Behind a failure nobody knows what the log ends with: recovery finds out.
        if (!failure.hasFailed()) {
          state.appendClose(clock.presentMillis());
        }
      } catch (IOException e) {
        failure.fail(e);
        failure.check();
      } finally {
        commitLock.unlock();
      }
    } finally {
      pipeline.close();
    }
    return true;
  }

  @GuardedBy("commitLock")
  private void requireOpen() {
    if (isClosed) {
      throw new StoreClosedException("the store at " + log.location() + " is closed");
    }
    failure.check();
  }

  @GuardedBy("commitLock")
  private void wakeExpiry() {
    long next = state.deadlines().nextMillis();
    if (next < plannedExpiryMillis) {
      plannedExpiryMillis = next;
      wake(expiryWorker);
    }
  }
}
