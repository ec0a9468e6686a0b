package dev.larder.internal.compaction;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.larder.CorruptionException;
import dev.larder.StoreClosedException;
import dev.larder.internal.base.DiskFullException;
import dev.larder.internal.base.PresentClock;
import dev.larder.internal.base.StoreEvents;
import dev.larder.internal.format.Manifest;
import dev.larder.internal.format.RecordData;
import dev.larder.internal.format.RecordKind;
import dev.larder.internal.format.SegmentHeader;
import dev.larder.internal.format.SegmentKind;
import dev.larder.internal.index.IndexEntry;
import dev.larder.internal.index.IndexKey;
import dev.larder.internal.log.Failure;
import dev.larder.internal.log.FrameScanner;
import dev.larder.internal.log.FrameScanner.Step;
import dev.larder.internal.log.Log;
import dev.larder.internal.log.Segment;
import dev.larder.internal.log.Space;
import dev.larder.internal.txn.CommitPath;
import dev.larder.internal.txn.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Compacts a store while it is in use.
///
/// **Threads.** Safe for any number of threads; one run goes on at a time, by the background worker
/// or by a writer that needs room.
public final class Compaction {
  /*
   * A run
   *   1. takes the visible state, at commit S, and chooses sealed segments that end at or before S;
   *   2. reads them from beginning to end, verifies them, and notes which records the index points
   *      to, and which tombstones are still needed;
   *   3. writes those in key order into new cold segments, clean as of S, and forces them;
   *   4. forces the log, so that no commit is lost whose effect is that an older record goes, and has
   *      the manifest name the new segments and no longer the old ones, in one step;
   *   5. points the index at the new places, in small steps, passing over what was superseded;
   *   6. deletes the old files when nobody has a state from before step 5 any more.
   * A crash before 4 leaves files that no manifest names, a crash after it files that no manifest
   * names any more; recovery removes both.
   *
   * A tombstone may go when nothing that stays can hold an older record of its key: see
   * Victims.mayHoldOlder.
   *
   * Lock order: `runLock`, then the commit lock.
   */
  private static final System.Logger LOG = System.getLogger("dev.larder");

  /// How many bytes are copied in one run at most, where there is room for more.
  private static final long RUN_BYTES_MAX = 64L << 20;

  /// How much garbage is not worth a run unless there is need.
  private static final long SLACK_SEGMENTS = 4;

  /// What a run needs beside the records: a manifest, headers.
  private static final long MARGIN_BYTES = 16L << 10;

  private final Log log;
  private final CommitPath commits;
  private final Failure failure;
  private final PresentClock clock;
  private final double spaceAmplification;

  private final ReentrantLock runLock = new ReentrantLock();

  @GuardedBy("runLock")
  private boolean isClosed;

  private final List<Retired> retired = new ArrayList<>();
  private final Set<Segment> damaged = ConcurrentHashMap.newKeySet();
  private final AtomicLong runCount = new AtomicLong();
  private final AtomicLong writtenBytes = new AtomicLong();
  private volatile long pinnedBytes;
  private volatile int pinnedCount;

  /// After a run in the background that gained nothing, how much must be appended before the next.
  private volatile long pausedUntilAppended;

  /// A segment that is not live any more.
  ///
  /// @param segment the segment
  /// @param ticket from which state on nobody needs it
  private record Retired(Segment segment, long ticket) {}

  /// A record that has to be kept.
  ///
  /// @param indexKey the key of the index
  /// @param segment where it is
  /// @param entry what the index says of it, or would say
  /// @param isTombstone whether the index does not point to it
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Kept(byte[] indexKey, Segment segment, IndexEntry entry, boolean isTombstone) {}

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
    this.failure = failure;
    this.clock = clock;
    this.spaceAmplification = spaceAmplification;
  }

  /// Waits for a run that is under way, and refuses others from now on.
  public void close() {
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

  /// {@return whether there is so much garbage that a run is due}
  public boolean isDue() {
    if (log.appendedBytes() < pausedUntilAppended) {
      return false;
    }
    return commits.locked(() -> {
      long slack = SLACK_SEGMENTS * log.activeCapacity();
      long live = log.liveBytes();
      long total = log.segmentBytes() - pinnedBytes;
      return total > spaceAmplification * live + slack
          || Victims.areScattered(figures(Long.MAX_VALUE), log.activeCapacity());
    });
  }

  /// Does one run in the background, if one is due.
  ///
  /// @return whether there may be more to do
  public boolean runIfDue() throws IOException {
    if (!isDue()) {
      return false;
    }
    long gained = run(false);
    if (gained <= 0) {
      pausedUntilAppended = log.appendedBytes() + log.activeCapacity();
    }
    return gained > 0;
  }

  /// Does one run.
  ///
  /// @param isPressed whether every byte counts
  /// @return how many bytes the segments take less; 0 or less if nothing was gained
  public long run(boolean isPressed) throws IOException {
    runLock.lock();
    try {
      requireOpen();
      failure.check();
      deleteRetired();
      long start = clock.monotonicNanos();
      long before = log.segmentBytes() - pinnedBytes;
      View view = commits.acquire();
      try {
        List<Segment> victims = choose(view, isPressed);
        if (victims.isEmpty()) {
          return 0;
        }
        rewrite(victims, view);
      } finally {
        commits.release(view);
      }
      runCount.incrementAndGet();
      deleteRetired();
      long gained = before - (log.segmentBytes() - pinnedBytes);
      StoreEvents.compacted(log.location(), gained, clock.monotonicNanos() - start);
      return gained;
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
        if (commits.isForgotten(next.ticket())) {
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

  /// Computes the hashes of segments that were sealed since the last time; the next manifest has
  /// them.
  public void hashSealed() throws IOException {
    for (Segment segment : log.segments()) {
      runLock.lock(); // so that no run retires it meanwhile
      try {
        requireOpen();
        boolean isLive = log.find(segment.number()) != null && !isRetired(segment);
        boolean isSealed = segment.isSealed() && segment.number() != log.active().number();
        if (isLive && isSealed && segment.hash().equals(Manifest.SegmentInfo.NO_HASH)) {
          segment.hash(segment.computeHash());
        }
      } finally {
        runLock.unlock();
      }
    }
  }

  @GuardedBy("runLock")
  private boolean isRetired(Segment segment) {
    return retired.stream().anyMatch(r -> r.segment().number() == segment.number());
  }

  private List<Victims.Figures> figures(long lastSequence) {
    var figures = new ArrayList<Victims.Figures>();
    for (Segment segment : log.segments()) {
      if (segment.isSealed()
          && segment.lastSequence() <= lastSequence
          && !damaged.contains(segment)) {
        figures.add(Victims.Figures.of(segment));
      } else if (segment.kind() == SegmentKind.HISTORY) {
        break; // history behind it must stay too, so that what is left of it has no gap
      }
    }
    return figures;
  }

  private List<Segment> choose(View view, boolean isPressed) {
    long room = room();
    return commits.locked(() -> {
      List<Victims.Figures> sealed = figures(view.sequence());
      long largest = sealed.stream().mapToLong(Victims.Figures::copiedBytes).max().orElse(0);
      long budget = Math.min(room, Math.max(RUN_BYTES_MAX, largest));
      return new Victims(sealed, budget, log.activeCapacity(), isPressed).choose();
    });
  }

  /// {@return how many bytes there is room to copy, within the limit and on the disk}
  private long room() {
    long margin = Space.chunkSize(log.activeCapacity()) + MARGIN_BYTES;
    long withinLimit = log.boundFor(Space.Purpose.COMPACT) - log.usedBytes();
    return Math.max(0, Math.min(withinLimit, log.freeDiskBytes()) - margin);
  }

  private void rewrite(List<Segment> victims, View view) throws IOException {
    List<Kept> kept = new ArrayList<>();
    for (Segment victim : victims) {
      try {
        gather(victim, victims, view, kept);
      } catch (CorruptionException e) {
        // Nothing of a damaged segment may be dropped: what it still holds is for salvage.
        damaged.add(victim);
        LOG.log(System.Logger.Level.ERROR, "a segment is damaged and is not compacted", e);
        throw e;
      }
    }
    kept.sort((a, b) -> Arrays.compareUnsigned(a.indexKey(), b.indexKey()));
    long base = kept.stream().mapToLong(k -> k.entry().version()).min().orElse(1);
    var writer = new ColdWriter(log, base, view.sequence(), clock.presentMillis());
    try {
      List<CommitPath.Relocation> relocations = write(kept, writer);
      List<Segment> written = writer.finish();
      // What superseded the records that go must not be lost when they are gone.
      commits.force();
      log.swap(written, victims);
      written.forEach(segment -> writtenBytes.addAndGet(segment.end()));
      long ticket = commits.relocate(relocations);
      victims.forEach(victim -> retired.add(new Retired(victim, ticket)));
    } catch (DiskFullException | CorruptionException | StoreClosedException e) {
      discard(writer.written()); // the manifest does not name them
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      failure.fail(e); // it may have stopped half way
      throw e;
    }
  }

  private void discard(List<Segment> written) throws IOException {
    for (Segment segment : written) {
      log.delete(segment);
    }
  }

  /// Finds the records of a segment that have to be kept.
  private void gather(Segment victim, List<Segment> victims, View view, List<Kept> kept)
      throws IOException {
    var scanner = new FrameScanner(victim::read, victim.place(), SegmentHeader.SIZE, victim.end());
    Step step = scanner.next();
    while (step instanceof Step.Frame frame) {
      scanner.visit(
          frame,
          (record, position) -> {
            Kept keep = keep(record, position, victim, victims, view);
            if (keep != null) {
              kept.add(keep);
            }
          });
      step = scanner.next();
    }
    if (step instanceof Step.Broken(_, long position, String reason)) {
      throw new CorruptionException(victim.path(), position, reason);
    }
    if (step instanceof Step.End(long position) && position < victim.end()) {
      throw new CorruptionException(victim.path(), position, "zeros where a frame was written");
    }
  }

  private @Nullable Kept keep(
      RecordData record, long position, Segment victim, List<Segment> victims, View view) {
    byte[] key = IndexKey.of(record.bucket(), record.keyCopy());
    IndexEntry present = view.index().get(key);
    if (present != null) {
      boolean isPointedTo = present.segment() == victim.number() && present.position() == position;
      return isPointedTo ? new Kept(key, victim, present, false) : null;
    }
    if (record.kind() == RecordKind.PUT || canDrop(record.sequence(), victims)) {
      return null;
    }
    var entry =
        new IndexEntry(
            true,
            victim.number(),
            position,
            record.size(),
            record.sequence(),
            record.deadlineMillis());
    return new Kept(key, victim, entry, true);
  }

  private boolean canDrop(long tombstone, List<Segment> victims) {
    for (Segment segment : log.segments()) {
      if (!victims.contains(segment) && Victims.mayHoldOlder(segment, tombstone)) {
        return false;
      }
    }
    return true;
  }

  private List<CommitPath.Relocation> write(List<Kept> kept, ColdWriter writer) throws IOException {
    var relocations = new ArrayList<CommitPath.Relocation>(kept.size());
    var record = new RecordData();
    for (Kept next : kept) {
      IndexEntry entry = next.entry();
      next.segment().readRecord(entry.position(), entry.size(), entry.version(), record);
      ColdWriter.Place place = writer.add(record);
      if (next.isTombstone()) {
        commits.locked(() -> {
          place.segment().usage().addTombstones(place.size(), entry.version());
          return place;
        });
      } else {
        relocations.add(
            new CommitPath.Relocation(
                next.indexKey(), entry, place.segment(), place.position(), place.size()));
      }
    }
    return relocations;
  }
}
