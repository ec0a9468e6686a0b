package dev.larder.internal.txn;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.larder.BatchTooLargeException;
import dev.larder.Commit;
import dev.larder.CommitResult;
import dev.larder.Durability;
import dev.larder.Expiry;
import dev.larder.LarderException;
import dev.larder.StoreClosedException;
import dev.larder.StoreFullException;
import dev.larder.TimeSource;
import dev.larder.internal.base.DiskFullException;
import dev.larder.internal.base.PresentClock;
import dev.larder.internal.base.Worker;
import dev.larder.internal.format.CheckpointHeader;
import dev.larder.internal.format.FrameEncoder;
import dev.larder.internal.format.FrameHeader;
import dev.larder.internal.format.FrameKind;
import dev.larder.internal.format.RecordData;
import dev.larder.internal.format.RecordKind;
import dev.larder.internal.index.Index;
import dev.larder.internal.index.IndexEntry;
import dev.larder.internal.index.IndexKey;
import dev.larder.internal.log.Control;
import dev.larder.internal.log.Failure;
import dev.larder.internal.log.Log;
import dev.larder.internal.log.Segment;
import dev.larder.internal.log.Space;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The one way to change a store: preconditions are judged, a frame is appended, the index follows,
/// and the caller waits until the commit is as durable as it asked for and visible.
///
/// Expiry, purging and compaction go the same way: they too append frames or swap the index here.
///
/// **Threads.** Safe for any number of threads.
public final class CommitPath {
  /*
   * `commitLock` makes commits happen one after the other. Under it a commit
   *   1. judges its preconditions against the newest index, visible or not,
   *   2. has the log make room (a full disk shows here, before anything has changed),
   *   3. builds frame, index and view in memory (so does a lack of memory),
   *   4. hands the frame to the operating system, and from here on any error fails the store,
   *   5. takes over the new index and queues the view for publication.
   * Then it lets go of the lock and waits in the pipeline.
   *
   * A rejected commit waits too, until what it was rejected for is visible: otherwise it would tell
   * its caller of a commit that a power failure may still undo.
   *
   * Lock order: commitLock, then the locks of Log, then that of Pipeline.
   */
  /// For how long after its deadline an expired key is remembered at least.
  public static final Duration REMEMBERED = Duration.ofMinutes(1);

  private static final int ROOM_ATTEMPTS_MAX = 100;
  private static final int RELOCATION_STEP = 256;
  private static final int PURGE_STEP = 1000;
  private static final long FRAME_OVERHEAD = FrameHeader.SIZE + FrameHeader.ALIGNMENT;

  private final Log log;
  private final Failure failure;
  private final PresentClock clock;
  private final Pipeline pipeline;
  private final RoomMaker roomMaker;
  private final Planner planner;

  private final ReentrantLock commitLock = new ReentrantLock();

  @GuardedBy("commitLock")
  private final FrameEncoder frame = new FrameEncoder();

  @GuardedBy("commitLock")
  private final RecordData record = new RecordData();

  @GuardedBy("commitLock")
  private final Deadlines deadlines = new Deadlines();

  /// The newest state, visible or not.
  @GuardedBy("commitLock")
  private View newest;

  @GuardedBy("commitLock")
  private boolean isClosed;

  /// Whether the last frame of the log is a note of a clean close.
  @GuardedBy("commitLock")
  private boolean endsClosed;

  /// For which deadline the expiry worker is waiting.
  @GuardedBy("commitLock")
  private long plannedExpiryMillis = Expiry.NO_DEADLINE;

  private volatile Worker.@Nullable Handle expiryWorker;
  private volatile Worker.@Nullable Handle housekeeper;
  private final AtomicLong commitCount = new AtomicLong();
  private final AtomicLong expiredCount = new AtomicLong();

  /// Makes room in a store that has none left.
  @FunctionalInterface
  public interface RoomMaker {
    /// Purges and compacts until so many bytes fit, if that is possible. Called without any lock.
    ///
    /// @param bytes how many are needed
    /// @param purpose what for
    /// @param isDiskFull whether the disk is full although the store's limit is not reached
    /// @return null if it is worth another try; otherwise why not
    @Nullable String makeRoom(long bytes, Space.Purpose purpose, boolean isDiskFull);
  }

  /// What a commit path is made of.
  ///
  /// @param log where frames go
  /// @param control where other processes see how far it got
  /// @param failure what stops it
  /// @param timeSource the clocks
  /// @param clock the store's present
  public record Parts(
      Log log, Control control, Failure failure, TimeSource timeSource, PresentClock clock) {}

  /// Where compaction has put a record.
  ///
  /// @param indexKey the key of the index
  /// @param from where the record was
  /// @param segment the segment it is in now
  /// @param position where it is in that segment
  /// @param size how many bytes it takes there
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Relocation(
      byte[] indexKey, IndexEntry from, Segment segment, long position, int size) {}

  /// Goes on from a recovered state.
  ///
  /// @param parts what it is made of
  /// @param recovered the state
  /// @param endsClosed whether the log ends with a note of a clean close
  /// @param roomMaker what to call when the store is full
  public CommitPath(Parts parts, View recovered, boolean endsClosed, RoomMaker roomMaker) {
    this.log = parts.log();
    this.failure = parts.failure();
    this.clock = parts.clock();
    this.roomMaker = roomMaker;
    this.planner = new Planner(log);
    this.newest = recovered;
    this.endsClosed = endsClosed;
    this.pipeline = new Pipeline(log, parts.control(), failure, parts.timeSource(), recovered);
    var cursor = recovered.index().cursor(null, null, false);
    while (cursor.next()) {
      if (cursor.entry().deadlineMillis() != Expiry.NO_DEADLINE) {
        deadlines.changed(cursor.key(), null, cursor.entry());
      }
    }
  }

  /// Starts the worker that forces what nobody waits for.
  ///
  /// @return its handle, for stopping it
  public Worker.Handle startSync(Worker.Starter starter) {
    Worker.Handle handle = starter.start("larder-sync", pipeline::syncStep);
    pipeline.syncWorker(handle);
    return handle;
  }

  /// Tells whom to wake when an earlier deadline comes up.
  public void expiryWorker(Worker.Handle handle) {
    expiryWorker = handle;
  }

  /// Tells whom to wake when there may be something to compact.
  public void housekeeper(Worker.Handle handle) {
    housekeeper = handle;
  }

  private void wakeHousekeeper() {
    Worker.Handle worker = housekeeper;
    if (worker != null) {
      worker.wake();
    }
  }

  /// {@return the state that readers see}
  public View visible() {
    return pipeline.visible();
  }

  /// Takes the visible state; no file it refers to is deleted before [#release].
  public View acquire() {
    return pipeline.acquire();
  }

  /// Lets go of a state.
  public void release(View view) {
    pipeline.release(view);
  }

  /// {@return whether the store is closed and nothing can be read any more}
  public boolean isShut() {
    return pipeline.isClosed();
  }

  /// {@return how many states are taken}
  public int openViews() {
    return pipeline.openCount();
  }

  /// {@return whether nobody has a state from before a ticket}
  public boolean isForgotten(long ticket) {
    return pipeline.isForgotten(ticket);
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

  /// {@return how many expired keys are remembered}
  public int rememberedCount() {
    commitLock.lock();
    try {
      return deadlines.rememberedCount();
    } finally {
      commitLock.unlock();
    }
  }

  /// Runs something under the commit lock, such as adding up what segments hold.
  public <T> T locked(Supplier<T> action) {
    commitLock.lock();
    try {
      return action.get();
    } finally {
      commitLock.unlock();
    }
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
      } finally {
        commitLock.unlock();
      }
      switch (outcome) {
        case Outcome.Done(CommitResult result, long ticket, boolean needsForce) -> {
          pipeline.awaitVisible(ticket, needsForce);
          return result;
        }
        case Outcome.NoRoom noRoom -> makeRoom(noRoom, attempt);
      }
    }
  }

  /// What came of one attempt.
  private sealed interface Outcome {
    record Done(CommitResult result, long ticket, boolean needsForce) implements Outcome {}

    record NoRoom(long bytes, Space.Purpose purpose, @Nullable DiskFullException cause)
        implements Outcome {}
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
    List<CommitResult.Conflict> conflicts = planner.judge(newest, commit.preconditions(), now);
    if (!conflicts.isEmpty()) {
      return new Outcome.Done(new CommitResult.Rejected(conflicts), newest.ticket(), true);
    }
    var buckets = new HashMap<>(newest.buckets());
    List<Change> changes = planner.changes(newest, commit.mutations(), buckets, now);
    if (changes.isEmpty()) {
      var result = new CommitResult.Committed(newest.sequence());
      return new Outcome.Done(result, newest.ticket(), true);
    }
    boolean grows = changes.stream().anyMatch(change -> change.kind() == RecordKind.PUT);
    return write(changes, buckets, level, grows ? Space.Purpose.GROW : Space.Purpose.SHRINK, now);
  }

  /// Appends a commit and takes over the state after it.
  @GuardedBy("commitLock")
  private Outcome write(
      List<Change> changes,
      Map<String, Integer> buckets,
      Durability level,
      Space.Purpose purpose,
      long now) {
    long bound = FRAME_OVERHEAD;
    for (Change change : changes) {
      bound += change.sizeBound();
    }
    long max = log.space().frameSizeMax(FrameEncoder.FRAME_SIZE_MAX);
    if (bound > max) {
      throw new BatchTooLargeException(bound, max, "bytes");
    }
    if (log.usedBytes() + bound > log.boundFor(purpose)) {
      return new Outcome.NoRoom(bound, purpose, null);
    }
    try {
      if (log.prepare(bound, newest.sequence(), now, purpose != Space.Purpose.GROW)) {
        pipeline.rolled(newest.sequence());
        wakeHousekeeper();
      }
    } catch (DiskFullException e) {
      return new Outcome.NoRoom(bound, purpose, e);
    } catch (IOException | RuntimeException | Error e) {
      failure.fail(e); // rolling may have stopped half way
    }
    failure.check();

    Segment active = log.active();
    long sequence = newest.sequence() + 1;
    var entries = new IndexEntry[changes.size()];
    Index index = build(changes, entries, active, bound, sequence);
    frame.finish(FrameKind.COMMIT, log.epoch(), sequence, pipeline.durableSequence(), now);
    var view = new View(newest.ticket() + 1, sequence, index, Map.copyOf(buckets));
    boolean needsForce;
    try {
      endsClosed = false;
      log.append(frame);
      account(changes, entries, active);
      newest = view;
      clock.committed(now);
      needsForce = pipeline.enqueue(view, level);
      commitCount.incrementAndGet();
      wakeExpiry();
    } catch (Throwable t) {
      // Any part of the frame may be on its way to the disk: what is true is decided by recovery.
      failure.fail(t);
      throw failure.unknown();
    }
    return new Outcome.Done(new CommitResult.Committed(sequence), view.ticket(), needsForce);
  }

  /// Builds the frame and the index after it; `entries` gets what each change left in the log.
  @GuardedBy("commitLock")
  private Index build(
      List<Change> changes, IndexEntry[] entries, Segment active, long bound, long sequence) {
    frame.begin(active.place(), active.end(), bound);
    Index.Editor editor = newest.index().edit();
    for (int i = 0; i < entries.length; i++) {
      Change change = changes.get(i);
      byte[] key = change.indexKey();
      record
          .set(change.kind(), IndexKey.bucket(key), sequence)
          .key(key, IndexKey.PREFIX_SIZE, key.length - IndexKey.PREFIX_SIZE)
          .value(change.value().lend(), 0, change.value().size())
          .deadline(change.deadlineMillis());
      if (change.isForgotten()) {
        record.forgotten();
      }
      IndexEntry before = change.before();
      if (before != null) {
        record.previous(before.segment(), before.position());
      }
      int start = frame.size();
      long position = frame.add(record);
      boolean isExpired = change.kind() == RecordKind.EXPIRED;
      entries[i] =
          new IndexEntry(
              isExpired,
              active.number(),
              position,
              frame.size() - start,
              sequence,
              change.deadlineMillis());
      if (change.isIndexed()) {
        editor.put(key, entries[i]);
      } else {
        editor.remove(key);
      }
    }
    return editor.build();
  }

  @GuardedBy("commitLock")
  private void account(List<Change> changes, IndexEntry[] entries, Segment active) {
    for (int i = 0; i < entries.length; i++) {
      Change change = changes.get(i);
      IndexEntry before = change.before();
      if (before != null) {
        removeLive(before);
      }
      IndexEntry after = entries[i];
      if (change.isIndexed()) {
        active.usage().addLive(after.size());
        deadlines.changed(change.indexKey(), before, after);
      } else {
        active.usage().addTombstones(after.size(), after.version());
        deadlines.changed(change.indexKey(), before, null);
      }
    }
  }

  @GuardedBy("commitLock")
  private void removeLive(IndexEntry entry) {
    Segment segment = log.find(entry.segment());
    if (segment != null) {
      segment.usage().removeLive(entry.size());
      if (entry.isExpired()) {
        segment.usage().addTombstones(entry.size(), entry.version());
      }
    }
  }

  /// Commits the expiry of entries whose deadline has come, and forgets keys that were remembered
  /// as expired for long enough.
  ///
  /// @param countMax how many of each at most
  /// @return in how many milliseconds there is more to do, 0 for at once, or [Expiry#NO_DEADLINE]
  public long expireDue(int countMax) {
    commitLock.lock();
    try {
      if (isClosed || failure.hasFailed()) {
        return Expiry.NO_DEADLINE;
      }
      long now = clock.removableMillis();
      List<Deadlines.Due> due = deadlines.due(now, countMax);
      if (!due.isEmpty()) {
        List<Change> changes = fitting(expiries(due, false));
        // Nothing is lost if the expiry itself is: the deadline stands in the entry's record.
        Outcome outcome =
            write(changes, newest.buckets(), Durability.NONE, Space.Purpose.SHRINK, now);
        if (outcome instanceof Outcome.NoRoom) {
          return Duration.ofSeconds(1).toMillis(); // whoever writes next makes room
        }
        expiredCount.addAndGet(changes.size());
        wakeHousekeeper();
      }
      forget(now - REMEMBERED.toMillis(), countMax);
      long next = deadlines.nextMillis();
      plannedExpiryMillis = next;
      long nextRemembered = deadlines.nextRememberedMillis();
      if (nextRemembered != Expiry.NO_DEADLINE) {
        next = Math.min(next, nextRemembered + REMEMBERED.toMillis());
      }
      return next == Expiry.NO_DEADLINE ? next : Math.max(0, next - now);
    } finally {
      commitLock.unlock();
    }
  }

  /// {@return as many of the changes, from the first on, as fit into one frame; at least one does}
  private List<Change> fitting(List<Change> changes) {
    long rest = log.space().frameSizeMax(FrameEncoder.FRAME_SIZE_MAX) - FRAME_OVERHEAD;
    for (int i = 0; i < changes.size(); i++) {
      rest -= changes.get(i).sizeBound();
      if (rest < 0) {
        return changes.subList(0, i);
      }
    }
    return changes;
  }

  @GuardedBy("commitLock")
  private List<Change> expiries(List<Deadlines.Due> due, boolean isForgotten) {
    var changes = new ArrayList<Change>(due.size());
    for (Deadlines.Due next : due) {
      changes.add(
          Change.expire(
              next.indexKey(),
              next.deadlineMillis(),
              isForgotten,
              newest.index().get(next.indexKey())));
    }
    return changes;
  }

  /// Drops expired keys from the index; their records in the log say for themselves how long they
  /// count.
  @GuardedBy("commitLock")
  private void forget(long untilMillis, int countMax) {
    List<Deadlines.Due> remembered = deadlines.remembered(untilMillis, countMax);
    if (remembered.isEmpty()) {
      return;
    }
    Index.Editor editor = newest.index().edit();
    for (Deadlines.Due next : remembered) {
      IndexEntry before = editor.remove(next.indexKey());
      if (before != null) {
        removeLive(before);
        deadlines.changed(next.indexKey(), before, null);
      }
    }
    replaceIndex(editor.build());
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
        case Outcome.Done(_, long ticket, boolean needsForce) -> {
          pipeline.awaitVisible(ticket, needsForce);
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
    long now = isAsked ? clock.presentMillis() : clock.removableMillis();
    List<Change> all = expiries(deadlines.due(now, PURGE_STEP), true);
    for (Deadlines.Due next : deadlines.remembered(now, PURGE_STEP)) {
      IndexEntry before = newest.index().get(next.indexKey());
      if (before != null) {
        all.add(Change.remove(next.indexKey(), before));
      }
    }
    List<Change> changes = fitting(all);
    if (changes.isEmpty()) {
      var result = new CommitResult.Committed(newest.sequence());
      return new Purge(new Outcome.Done(result, newest.ticket(), true), 0);
    }
    Outcome outcome =
        write(changes, newest.buckets(), level, Space.Purpose.SHRINK, clock.presentMillis());
    if (outcome instanceof Outcome.Done) {
      expiredCount.addAndGet(
          changes.stream().filter(change -> change.kind() == RecordKind.EXPIRED).count());
    }
    return new Purge(outcome, changes.size());
  }

  /// Points the index at records that compaction has rewritten, in small steps. Records that were
  /// superseded meanwhile are left alone.
  ///
  /// @param relocations where records are now
  /// @return the ticket of the last step; visible when this returns
  public long relocate(List<Relocation> relocations) {
    long ticket = 0;
    for (int start = 0; start < relocations.size() || start == 0; start += RELOCATION_STEP) {
      int end = Math.min(relocations.size(), start + RELOCATION_STEP);
      commitLock.lock();
      try {
        ticket = relocateStep(relocations.subList(start, end));
      } finally {
        commitLock.unlock();
      }
    }
    pipeline.awaitVisible(ticket, true);
    return ticket;
  }

  @GuardedBy("commitLock")
  private long relocateStep(List<Relocation> relocations) {
    Index.Editor editor = newest.index().edit();
    for (Relocation move : relocations) {
      IndexEntry present = editor.get(move.indexKey());
      if (present != null
          && present.segment() == move.from().segment()
          && present.position() == move.from().position()) {
        editor.put(
            move.indexKey(),
            new IndexEntry(
                present.isExpired(),
                move.segment().number(),
                move.position(),
                move.size(),
                present.version(),
                present.deadlineMillis()));
        Segment old = log.find(present.segment());
        if (old != null) {
          old.usage().removeLive(present.size());
        }
        move.segment().usage().addLive(move.size());
      }
    }
    replaceIndex(editor.build());
    return newest.ticket();
  }

  /// Publishes another index for the same commits.
  @GuardedBy("commitLock")
  private void replaceIndex(Index index) {
    newest = new View(newest.ticket() + 1, newest.sequence(), index, newest.buckets());
    pipeline.enqueue(newest, Durability.NONE);
  }

  /// Seals the active segment, so that compaction can have it.
  public void roll() throws IOException {
    commitLock.lock();
    try {
      requireOpen();
      failure.check();
      endsClosed = false;
      log.roll(0, newest.sequence(), clock.presentMillis());
      pipeline.rolled(newest.sequence());
    } catch (DiskFullException | LarderException e) {
      throw e; // nothing has changed
    } catch (IOException | RuntimeException | Error e) {
      failure.fail(e); // it may have stopped half way
      throw e;
    } finally {
      commitLock.unlock();
    }
  }

  /// A state of the index, and where in the log replay has to begin to go on from it.
  ///
  /// @param view the state
  /// @param segment the segment that was appended to
  /// @param position where the next frame after the state begins
  /// @param presentMillis the store's present
  /// @param usages what is known of the live segments at that moment
  public record Cut(
      View view,
      long segment,
      long position,
      long presentMillis,
      List<CheckpointHeader.SegmentUsage> usages) {}

  /// {@return the newest state and the end of the log, which belong together}
  public Cut cut() {
    commitLock.lock();
    try {
      requireOpen();
      failure.check();
      Segment active = log.active();
      var usages = new ArrayList<CheckpointHeader.SegmentUsage>();
      for (Segment segment : log.segments()) {
        usages.add(
            new CheckpointHeader.SegmentUsage(
                segment.number(),
                segment.usage().tombstoneBytes(),
                segment.usage().tombstoneSequence()));
      }
      // Replay has to meet the note of a clean close, if the log ends with one.
      long position = endsClosed ? active.end() - FrameHeader.SIZE : active.end();
      return new Cut(newest, active.number(), position, clock.presentMillis(), usages);
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
    } finally {
      commitLock.unlock();
    }
    try {
      pipeline.force();
      commitLock.lock();
      try {
        // Behind a failure nobody knows what the log ends with: recovery finds out.
        if (!endsClosed && !failure.hasFailed()) {
          appendClose();
        }
      } finally {
        commitLock.unlock();
      }
    } finally {
      pipeline.close();
    }
    return true;
  }

  /// Without this frame the next opening takes the end for an unclean one, which only costs time:
  /// so it is not forced, and no room is fought for.
  @GuardedBy("commitLock")
  private void appendClose() {
    try {
      long now = clock.presentMillis();
      Segment active = log.active();
      if (active.end() + FrameHeader.SIZE <= active.allocated()) {
        frame.begin(active.place(), active.end(), FrameHeader.SIZE);
        frame.finish(FrameKind.CLOSE, log.epoch(), newest.sequence(), newest.sequence(), now);
        log.append(frame);
      }
    } catch (IOException e) {
      failure.fail(e);
      failure.check();
    }
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
    Worker.Handle worker = expiryWorker;
    if (worker != null && deadlines.nextMillis() < plannedExpiryMillis) {
      plannedExpiryMillis = deadlines.nextMillis();
      worker.wake();
    }
  }
}
