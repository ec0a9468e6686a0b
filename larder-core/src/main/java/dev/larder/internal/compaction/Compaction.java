package dev.larder.internal.compaction;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.larder.CorruptionException;
import dev.larder.Statistics.Holder;
import dev.larder.StoreClosedException;
import dev.larder.internal.base.DiskFullException;
import dev.larder.internal.base.Logs;
import dev.larder.internal.base.PresentClock;
import dev.larder.internal.base.StoreEvents;
import dev.larder.internal.format.Manifest;
import dev.larder.internal.format.SegmentKind;
import dev.larder.internal.index.Index;
import dev.larder.internal.log.Failure;
import dev.larder.internal.log.Log;
import dev.larder.internal.log.Segment;
import dev.larder.internal.log.Space;
import dev.larder.internal.txn.CommitPath;
import dev.larder.internal.txn.Hold;
import dev.larder.internal.txn.Move;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// Compacts a store while it is in use.
///
/// **Threads.** Safe for any number of threads; one run goes on at a time, by the background worker
/// or by a writer that needs room.
public final class Compaction {
  /*
   * A run
   *   1. takes the visible state, at commit S, and chooses sealed segments that end at or before S;
   *   2. reads them from beginning to end, but for those of which nothing is left, verifies them, and
   *      notes which records the index points to, and which tombstones are still needed;
   *   3. writes those in key order into new cold segments, clean as of S, and forces them;
   *   4. points the index at the new places, in small steps, passing over what was superseded, and
   *      notes each step in the log;
   *   5. forces the log, so that neither those notes are lost nor a commit whose effect is that an
   *      older record goes, and has the manifest name the new segments and no longer the old ones, in
   *      one step;
   *   6. deletes the old files when nobody looks at the store as of a commit before step 4 any more.
   * A crash before the manifest is replaced leaves files that no manifest names, a crash after it
   * files that no manifest names any more; recovery removes both. Notes of moves into segments that
   * the manifest never came to name are taken for what they are: see TailReplay.
   *
   * A tombstone may go when nothing that stays can hold an older record of its key: see
   * Victims.mayHoldOlder.
   *
   * Lock order: `runLock`, then the commit lock.
   */
  /// How many bytes are copied in one run at most, where there is room for more.
  private static final long RUN_BYTES_MAX = 64L << 20;

  /// How much garbage is not worth a run unless there is need.
  private static final long SLACK_SEGMENTS = 2;

  /// A run is worth it before the bound is reached, so that there is time for it.
  private static final double FILL_WORTH_A_RUN = 0.9;

  private static final double FILL_TO_PACE_FROM = 0.97;

  /// By how much more of the bound writers are slowed down by one nanosecond more for each byte.
  private static final double FILL_OF_A_PACE_STEP = 0.01;

  /// How many records are moved in the index with the commit lock held.
  private static final int RELOCATION_STEP = 64;

  /// What a run needs beside the records: a manifest, headers.
  private static final long MARGIN_BYTES = 16L << 10;

  private final Log log;
  private final CommitPath commits;
  private final Index index;
  private final Failure failure;
  private final PresentClock clock;
  private final double spaceAmplification;

  private final ReentrantLock runLock = new ReentrantLock();

  @GuardedBy("runLock")
  private boolean isClosed;

  /// See [Victims#clearsTheWay()].
  @GuardedBy("runLock")
  private boolean clearsTheWay;

  private volatile boolean isStopping;

  private final List<Retired> retired = new CopyOnWriteArrayList<>();
  private final Set<Segment> damaged = ConcurrentHashMap.newKeySet();
  private final AtomicLong runCount = new AtomicLong();
  private final AtomicLong writtenBytes = new AtomicLong();

  /// How many bytes the segments had that went.
  private final AtomicLong clearedBytes = new AtomicLong();

  /// How many bytes less the segments took after the runs, all in all. Written by whoever runs.
  private volatile long reclaimedBytes;

  // Guarded by the commit lock: by how many live bytes writers are paced, as of how many reclaimed
  // bytes. See paceLiveBytes().
  private long paceLiveBytes;
  private long pacedReclaimedBytes;

  private volatile long pinnedBytes;
  private volatile int pinnedCount;

  /// After a run in the background that gained nothing, how much must be appended before the next.
  private volatile long pausedUntilAppended;

  /// A segment that is not live any more.
  ///
  /// @param segment the segment
  /// @param sequence from which commit on nobody needs it who looks at the store as of that
  public record Retired(Segment segment, long sequence) {}

  /// Compacts a store.
  ///
  /// @param log its log
  /// @param commits its commit path
  /// @param failure what stops it
  /// @param clock the store's present
  /// @param spaceAmplification up to how many times the live bytes the segments may take
  public Compaction(
      Log log, CommitPath commits, Failure failure, PresentClock clock, double spaceAmplification) {
    this.log = log;
    this.commits = commits;
    this.index = commits.index();
    this.failure = failure;
    this.clock = clock;
    this.spaceAmplification = spaceAmplification;
  }

  /// Has a run that is under way given up, if it has not come to moving records yet, and refuses
  /// others from now on.
  public void stop() {
    isStopping = true;
  }

  private void requireGoingOn() {
    if (isStopping) {
      throw new StoreClosedException("the store at " + log.location() + " is being closed");
    }
  }

  /// Waits for a run that is under way, and refuses others from now on.
  public void close() {
    stop();
    runLock.lock();
    try {
      isClosed = true;
    } finally {
      runLock.unlock();
    }
  }

  @GuardedBy("runLock")
  private void requireOpen() {
    if (isClosed) {
      throw new StoreClosedException("the store at " + log.location() + " is closed");
    }
  }

  /// {@return how many runs there were since the store was opened}
  public long runCount() {
    return runCount.get();
  }

  /// {@return how many bytes the segments had that they rewrote or dropped}
  public long clearedBytes() {
    return clearedBytes.get();
  }

  /// {@return how many bytes they wrote}
  public long writtenBytes() {
    return writtenBytes.get();
  }

  /// {@return the bytes of segments that are only kept for open snapshots and cursors}
  public long pinnedBytes() {
    return pinnedBytes;
  }

  /// {@return how many such segments there are}
  public int pinnedCount() {
    return pinnedCount;
  }

  /// {@return the segments that are not live any more and whose files are still there}
  public List<Retired> retired() {
    return List.copyOf(retired);
  }

  /// {@return whether there is so much garbage that a run is due}
  public boolean isDue() {
    if (log.appendedBytes() < pausedUntilAppended) {
      return false;
    }
    return commits.locked(() -> {
      pace();
      List<Victims.Figures> sealed = figures(Long.MAX_VALUE);
      return fill() > FILL_WORTH_A_RUN
          || !Victims.empty(sealed).isEmpty()
          || Victims.areScattered(sealed, log.activeCapacity());
    });
  }

  /// {@return how much of what the segments may take they do take}
  private double fill() {
    return (log.segmentBytes() - pinnedBytes) / bound();
  }

  /// {@return how many bytes segments may take, without those that are only kept for snapshots}
  private double bound() {
    return bound(log.liveBytes());
  }

  private double bound(long liveBytes) {
    return spaceAmplification * liveBytes + SLACK_SEGMENTS * log.activeCapacity();
  }

  /// {@return how many bytes count as live for those who add entries}
  ///
  /// What is removed or expires turns live bytes into dead ones, without anybody writing much. Who
  /// adds entries at the same time does not wait for it to be compacted: it counts as live until
  /// compaction has given back as much.
  private long paceLiveBytes() {
    long reclaimed = reclaimedBytes;
    paceLiveBytes = Math.max(log.liveBytes(), paceLiveBytes - (reclaimed - pacedReclaimedBytes));
    pacedReclaimedBytes = reclaimed;
    return paceLiveBytes;
  }

  private boolean paced() {
    pace();
    return true;
  }

  /// Slows those who write down, the more the less compaction keeps up with them: smoothly, so that
  /// they settle at the pace at which it does.
  private void pace() {
    double bound = bound(paceLiveBytes());
    commits.pace(
        (long) (bound * FILL_TO_PACE_FROM) + pinnedBytes,
        Math.max(1, (long) (bound * FILL_OF_A_PACE_STEP)),
        spaceAmplification * FILL_TO_PACE_FROM);
  }

  /// {@return whether there is much garbage in what a new checkpoint would let compaction have}
  ///
  /// @param heldBytes the bytes of log that the last one keeps from compaction
  public boolean wantsCheckpoint(long heldBytes) {
    long share = Math.max(log.activeCapacity(), log.checkpoint().bytes() / 2);
    return log.checkpoint().exists()
        && heldBytes > share
        && commits.locked(this::fill) > FILL_WORTH_A_RUN;
  }

  /// A checkpoint was written: what it let go of may be compacted.
  public void checkpointed() {
    pausedUntilAppended = 0;
  }

  /// Does one run in the background, if one is due.
  ///
  /// @return whether there may be more to do
  public boolean runIfDue() throws IOException {
    if (!isDue()) {
      return false;
    }
    boolean isOfUse = run(false);
    if (!isOfUse) {
      pausedUntilAppended = log.appendedBytes() + log.activeCapacity();
    }
    return isOfUse;
  }

  /// Does one run.
  ///
  /// @param isPressed whether every byte counts
  /// @return whether it was of use: segments take less, or the way is clear to what can be given
  ///   back
  public boolean run(boolean isPressed) throws IOException {
    runLock.lock();
    try {
      requireOpen();
      failure.check();
      deleteRetired();
      long start = clock.monotonicNanos();
      long before = reclaimedBytes;
      commits.tidy();
      long horizon = commits.horizon();
      Hold hold = commits.acquire(Holder.Kind.COMPACTION);
      try {
        long visible = hold.sequence();
        List<Segment> victims = choose(visible, isPressed);
        if (victims.isEmpty()) {
          return false;
        }
        reclaimed(victims, rewrite(victims, visible, horizon));
      } finally {
        commits.release(hold);
      }
      runCount.incrementAndGet();
      deleteRetired();
      commits.locked(this::paced);
      // What writers append meanwhile says nothing of the use of a run: to pause then, while they
      // are slowed down, would keep both waiting for each other.
      long gained = reclaimedBytes - before;
      StoreEvents.compacted(log.location(), gained, clock.monotonicNanos() - start);
      return gained > 0 || clearsTheWay;
    } finally {
      runLock.unlock();
    }
  }

  /// Deletes the files of retired segments that nobody needs any more.
  ///
  /// @return whether some have to stay for now
  public boolean deleteRetired() throws IOException {
    runLock.lock();
    try {
      requireOpen();
      for (Retired next : List.copyOf(retired)) {
        if (commits.horizon() >= next.sequence()) {
          retired.remove(next);
          log.delete(next.segment());
        }
      }
      pinnedBytes = retired.stream().mapToLong(r -> r.segment().end()).sum();
      pinnedCount = retired.size();
      return !retired.isEmpty();
    } catch (IOException e) {
      failure.fail(e);
      throw e;
    } finally {
      runLock.unlock();
    }
  }

  /// Computes the hash of one segment that was sealed and has none; the next manifest has it.
  ///
  /// @return whether there may be more
  public boolean hashSealed() throws IOException {
    for (Segment segment : log.segments()) {
      runLock.lock(); // so that no run retires it meanwhile
      try {
        requireOpen();
        boolean isLive = log.find(segment.number()) != null && !isRetired(segment);
        boolean isSealed = segment.isSealed() && segment.number() != log.active().number();
        if (isLive && isSealed && segment.hash().equals(Manifest.SegmentInfo.NO_HASH)) {
          segment.hash(segment.computeHash());
          return true;
        }
      } finally {
        runLock.unlock();
      }
    }
    return false;
  }

  @GuardedBy("runLock")
  private boolean isRetired(Segment segment) {
    return retired.stream().anyMatch(r -> r.segment().number() == segment.number());
  }

  private List<Victims.Figures> figures(long lastSequence) {
    var figures = new ArrayList<Victims.Figures>();
    for (Segment segment : log.segments()) {
      boolean isCold = segment.kind() == SegmentKind.COLD;
      if (segment.isSealed()
          && segment.lastSequence() <= lastSequence
          && (isCold || !log.checkpoint().needs(segment.number()))
          && !damaged.contains(segment)) {
        figures.add(Victims.Figures.of(segment));
      } else if (segment.kind() == SegmentKind.HISTORY) {
        break; // history behind it must stay too, so that what is left of it has no gap
      }
    }
    return figures;
  }

  @GuardedBy("runLock")
  private List<Segment> choose(long visible, boolean isPressed) {
    requireGoingOn();
    long room = room();
    List<Victims.Figures> sealed = commits.locked(() -> figures(visible));
    long wanted = isPressed ? Long.MAX_VALUE : gainWanted();
    long largest = sealed.stream().mapToLong(Victims.Figures::copiedBytes).max().orElse(0);
    long budget = Math.min(room, Math.max(RUN_BYTES_MAX, largest));
    var victims = new Victims(sealed, budget, log.activeCapacity(), wanted, isPressed);
    List<Segment> chosen = victims.choose();
    clearsTheWay = victims.clearsTheWay();
    return chosen;
  }

  /// {@return how many bytes a run is to give back: no more than makes the next one needless}
  private long gainWanted() {
    double excess = commits.locked(() -> (fill() - FILL_WORTH_A_RUN) * bound());
    return Math.max(log.activeCapacity(), (long) excess);
  }

  /// {@return how many bytes there is room to copy, within the limit and on the disk}
  private long room() {
    long margin = Space.chunkSize(log.activeCapacity()) + MARGIN_BYTES;
    long withinLimit = log.boundFor(Space.Purpose.COMPACT) - log.usedBytes();
    return Math.max(0, Math.min(withinLimit, log.freeDiskBytes()) - margin);
  }

  @GuardedBy("runLock")
  private void reclaimed(List<Segment> victims, List<Segment> written) {
    clearedBytes.addAndGet(bytes(victims));
    reclaimedBytes = reclaimedBytes + bytes(victims) - bytes(written);
  }

  private static long bytes(List<Segment> segments) {
    return segments.stream().mapToLong(Segment::end).sum();
  }

  /// {@return the segments that take the place of the victims}
  private List<Segment> rewrite(List<Segment> victims, long visible, long horizon)
      throws IOException {
    var others = new ArrayList<>(log.segments()); // those made later hold nothing older
    others.removeAll(victims);
    var keepers = new Keepers(index, others, this::requireGoingOn);
    for (Segment victim : withContent(victims)) {
      try {
        keepers.gather(victim);
      } catch (CorruptionException e) {
        // Nothing of a damaged segment may be dropped: what it still holds is for salvage.
        damaged.add(victim);
        Logs.log().log(System.Logger.Level.ERROR, "a segment is damaged and is not compacted", e);
        throw e;
      }
    }
    var writer = new ColdWriter(log, keepers.baseSequence(), visible, clock.presentMillis());
    List<Move> moves;
    List<Segment> written;
    try {
      moves = keepers.write(writer, horizon);
      written = writer.finish();
      log.forceNames(); // the log is about to name them
    } catch (DiskFullException | CorruptionException | StoreClosedException e) {
      discard(writer.written()); // nothing names them
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      failure.fail(e); // it may have stopped half way
      throw e;
    }
    replace(victims, written, moves);
    return written;
  }

  /// {@return those of which something may have to be kept}
  private List<Segment> withContent(List<Segment> victims) {
    return commits.locked(
        () -> victims.stream().filter(v -> !Victims.Figures.of(v).isEmpty()).toList());
  }

  private void replace(List<Segment> victims, List<Segment> written, List<Move> moves)
      throws IOException {
    try {
      long sequence = relocate(moves);
      // What superseded the records that go must not be lost when they are gone, nor where the
      // others went.
      commits.force();
      log.forceActive();
      swap(written, victims, moves);
      written.forEach(segment -> writtenBytes.addAndGet(segment.end()));
      victims.forEach(victim -> retired.add(new Retired(victim, sequence)));
    } catch (NoRoomForManifestException e) {
      discard(written); // the index does not point to them any more
      throw e.cause;
    } catch (IOException | RuntimeException | Error e) {
      failure.fail(e); // it may have stopped half way
      throw e;
    }
  }

  /// The manifest could not be replaced, and what was prepared for it was taken back.
  private static final class NoRoomForManifestException extends IOException {
    private static final long serialVersionUID = 1L;

    private final DiskFullException cause;

    NoRoomForManifestException(DiskFullException cause) {
      super(cause);
      this.cause = cause;
    }
  }

  private void discard(List<Segment> written) throws IOException {
    for (Segment segment : written) {
      log.delete(segment);
    }
  }

  /// Points the index at the new places, in small steps, and notes that in the log.
  private long relocate(List<Move> moves) {
    long sequence = 0;
    for (int start = 0; start < moves.size() || start == 0; start += RELOCATION_STEP) {
      int end = Math.min(moves.size(), start + RELOCATION_STEP);
      sequence = commits.relocate(moves.subList(start, end));
    }
    return sequence;
  }

  private void swap(List<Segment> written, List<Segment> victims, List<Move> moves)
      throws IOException {
    try {
      log.swap(written, victims);
    } catch (DiskFullException e) {
      relocate(moves.stream().map(Move::back).toList());
      throw new NoRoomForManifestException(e);
    }
  }
}
