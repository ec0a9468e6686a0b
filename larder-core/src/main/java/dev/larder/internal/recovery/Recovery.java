package dev.larder.internal.recovery;

import dev.larder.CorruptionException;
import dev.larder.internal.base.Logs;
import dev.larder.internal.base.PresentClock;
import dev.larder.internal.base.StoreEvents;
import dev.larder.internal.file.DataFile;
import dev.larder.internal.file.StoreDirectory;
import dev.larder.internal.format.CheckpointHeader;
import dev.larder.internal.format.FileNames;
import dev.larder.internal.format.FormatException;
import dev.larder.internal.format.FrameKind;
import dev.larder.internal.format.Manifest;
import dev.larder.internal.format.NewerFormatException;
import dev.larder.internal.format.SegmentHeader;
import dev.larder.internal.format.SegmentKind;
import dev.larder.internal.index.DamagedImageException;
import dev.larder.internal.index.Index;
import dev.larder.internal.index.KeyHash;
import dev.larder.internal.index.Pages;
import dev.larder.internal.log.Addresses;
import dev.larder.internal.log.FrameScanner;
import dev.larder.internal.log.FrameScanner.Step;
import dev.larder.internal.log.Log;
import dev.larder.internal.log.Segment;
import dev.larder.internal.log.StoreFiles;
import dev.larder.internal.txn.Records;
import dev.larder.internal.txn.Recovered;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Opens a store: removes what a crash left half made, takes the newest valid checkpoint, replays
/// the log after it, and settles the end of the log.
///
/// After a clean close the log goes on where it ended. After anything else the active segment is
/// sealed behind the last frame that is known to have been durable; whole frames behind that are
/// written again into a new segment and forced there, since what the page cache shows of them need
/// not be on the disk. The old segment is never appended to.
///
/// **Threads.** For one thread, which holds the store's lock.
public final class Recovery {
  private final StoreDirectory directory;
  private final Log.Setting setting;
  private final boolean isOrdered;
  private final long wallMillis;
  private final Manifest manifest;
  private final Map<Long, Segment> segments = new LinkedHashMap<>();

  /// An image of up to 64 MiB is verified when it is opened, and so is what was written down behind
  /// it; of a larger one each part when it is first needed, so that opening does not take the
  /// longer the larger the store is.
  private static final int PAGES_VERIFIED_AT_ONCE = 1 << 14;

  private @Nullable Log opened;
  private @Nullable Index index;

  /// Up to which commit a checkpoint says that everything was durable.
  private long knownDurable;

  /// What came of an opening.
  ///
  /// @param log the log, ready to be appended to
  /// @param state the state
  /// @param timeMillis the time of the last commit
  /// @param replayedBytes how many bytes of log were read
  /// @param isClean whether the log ends with a note of a clean close
  /// @param behind what the checkpoint is, and what was written down behind it
  /// @param announcement tells of it; to be run once, at leisure
  public record Result(
      Log log,
      Recovered state,
      long timeMillis,
      long replayedBytes,
      boolean isClean,
      Behind behind,
      Runnable announcement) {}

  /// A checkpoint that the store was opened from, and what was written down behind it.
  ///
  /// @param imageBytes how many bytes the image takes; 0 if there is none
  /// @param deltaCount how many deltas there are
  /// @param deltaBytes how many bytes they take
  /// @param logBytes how many bytes of log are behind the image
  /// @param nextDelta the number of the next delta
  /// @param segment the segment in which the log goes on behind image and deltas
  /// @param position where in it
  public record Behind(
      long imageBytes,
      int deltaCount,
      long deltaBytes,
      long logBytes,
      long nextDelta,
      long segment,
      long position) {
    /// No checkpoint.
    public static final Behind NONE = new Behind(0, 0, 0, 0, 1, 0, 0);
  }

  /// An image, and the deltas behind it if there are any.
  private record Start(CheckpointFile.Image image, Deltas.@Nullable Chain chain) {
    /// {@return the state that replay goes on from}
    CheckpointHeader header() {
      return chain == null ? image.header() : chain.head();
    }

    Behind behind(Replay replay) {
      Deltas deltas = chain == null ? null : chain.deltas();
      return new Behind(
          image.fileSize(),
          deltas == null ? 0 : deltas.count(),
          deltas == null ? 0 : deltas.bytes(),
          replay.bytes + (deltas == null ? 0 : deltas.logBytes()),
          image.nextDelta() + (deltas == null ? 0 : deltas.count()),
          header().replaySegment(),
          header().replayPosition());
    }
  }

  private Recovery(Log.Setting setting, boolean isOrdered, long wallMillis) throws IOException {
    this.setting = setting;
    this.directory = setting.directory();
    this.isOrdered = isOrdered;
    this.wallMillis = wallMillis;
    this.manifest = StoreFiles.readManifest(directory);
  }

  /// Opens the store in a directory.
  ///
  /// @param setting where it is
  /// @param isOrdered whether keys are to be walked over in order
  /// @param wallMillis the wall clock, which decides what is still remembered as expired
  /// @throws CorruptionException if something that was durable is missing or damaged
  /// @throws dev.larder.UnsupportedVersionException if a newer release wrote it
  public static Result open(Log.Setting setting, boolean isOrdered, long wallMillis)
      throws IOException {
    var recovery = new Recovery(setting, isOrdered, wallMillis);
    try {
      return recovery.open();
    } catch (IOException | RuntimeException | Error e) {
      recovery.closeAll(e);
      throw e;
    }
  }

  private Result open() throws IOException {
    openSegments();
    Segment active = activeSegment();
    active.reopenAt(active.allocated()); // until its end is known, all of it can be read
    removeStrays();
    Start start = loadCheckpoint();
    Replay replay = null;
    Tail tail = null;
    if (start != null) {
      try {
        replay = replayAfter(start, active);
        tail = replayTail(replay, active, start);
      } catch (DamagedImageException e) {
        giveUp(e);
        start = null;
      }
    }
    if (replay == null || tail == null || start == null) {
      replay = replayAll(active);
      tail = replayTail(replay, active, null);
    }
    Log log = Log.reopen(setting, manifest, segments.values(), active, replay.addresses);
    opened = log;
    if (start != null) {
      log.checkpoint().neededFrom(start.header().replaySegment());
    }
    log.skipNumbers(Math.max(highestFileNumber(), namedInTail(replay, active, tail)));
    log.beginEpoch((int) Math.min(Integer.MAX_VALUE, Math.max(manifest.epoch(), replay.epoch) + 1));
    if (!tail.isClean()) {
      new TailRewriter(log, replay).rewrite(active, tail);
    }
    Recovered state;
    try {
      state = finish(replay, tail, active, log);
    } catch (DamagedImageException e) {
      giveUp(e);
      log.checkpoint().gone();
      start = null;
      replay = rebuild(log);
      state = replay.finish(presentMillis(replay));
    }
    Behind behind = start == null ? Behind.NONE : start.behind(replay);
    log.checkpoint().bytes(behind.imageBytes() + behind.deltaBytes());
    account(replay, log);
    log.usageKnown();
    Runnable announcement =
        StoreEvents.opened(directory.path(), state.entryCount(), tail.isClean(), replay.bytes);
    return new Result(
        log, state, replay.timeMillis, replay.bytes, tail.isClean(), behind, announcement);
  }

  /// {@return the highest number of a segment that is named in the log, in what is still to be
  /// replayed too}
  private static long namedInTail(Replay replay, Segment active, Tail tail) throws IOException {
    long[] highest = {replay.highestSegment};
    if (!tail.isClean()) {
      var scanner = new FrameScanner(active::read, active.place(), active.end(), tail.end());
      while (scanner.next() instanceof Step.Frame frame) {
        if (frame.header().kind() == FrameKind.INDEX) {
          scanner.visit(
              frame, (record, _) -> highest[0] = Math.max(highest[0], Replay.highestNamed(record)));
        }
      }
    }
    return highest[0];
  }

  private long presentMillis(Replay replay) {
    return PresentClock.present(wallMillis, replay.timeMillis);
  }

  /// Replays what was written again, if anything was, and ends the replay.
  private Recovered finish(Replay replay, Tail tail, Segment active, Log log) throws IOException {
    if (!tail.isClean()) {
      Segment next = log.active();
      if (next != active) {
        replay.created(next);
        replay.tail(next, SegmentHeader.SIZE, next.end(), Long.MAX_VALUE);
      }
    }
    return replay.finish(presentMillis(replay));
  }

  /// The image is of no use: what was taken from it goes.
  private void giveUp(DamagedImageException reason) throws IOException {
    Logs.log().log(
        System.Logger.Level.WARNING,
        () ->
            "the checkpoint of the store at %s is of no use (%s); the whole log is read instead"
                .formatted(directory.path(), reason.getMessage()));
    Index damaged = index;
    if (damaged != null) {
      damaged.close();
      index = null;
    }
    segments.values().forEach(segment -> segment.usage().clear());
    StoreFiles.removeCheckpoint(directory);
    if (opened == null) {
      Segment active = activeSegment();
      active.reopenAt(active.allocated());
    }
  }

  /// Reads all of a log whose end is settled.
  private Replay rebuild(Log log) throws IOException {
    FullReplay replay = beginFull(log.addresses());
    boolean isFirst = true;
    for (Segment segment : log.segments()) {
      segment.usage().clear(); // the one that was just written has been counted
      if (segment.kind() == SegmentKind.COLD) {
        replay.cold(segment);
        continue;
      }
      if (isFirst) {
        replay.sequence = segment.header().baseSequence() - 1;
        isFirst = false;
      }
      if (segment.isSealed()) {
        replay.history(segment, SegmentHeader.SIZE);
      } else {
        replay.tail(segment, SegmentHeader.SIZE, segment.end(), Long.MAX_VALUE);
      }
    }
    return replay;
  }

  private FullReplay beginFull(Addresses addresses) {
    FullReplay replay = FullReplay.begin(addresses, manifest.storeId(), isOrdered, wallMillis);
    index = replay.index;
    return replay;
  }

  private void openSegments() throws IOException {
    for (Manifest.SegmentInfo info : manifest.segments()) {
      SegmentHeader header = StoreFiles.readHeader(directory, manifest, info);
      segments.put(
          info.number(),
          info.isSealed()
              ? Segment.openSealed(directory, header, info)
              : Segment.openActive(directory, header, SegmentHeader.SIZE, true));
    }
  }

  private Segment activeSegment() {
    Segment active = null;
    for (Segment segment : segments.values()) {
      if (!segment.isSealed()) {
        if (active != null || segment.kind() != SegmentKind.HISTORY) {
          throw damagedManifest("more than one segment is appended to");
        }
        active = segment;
      }
    }
    if (active == null) {
      throw damagedManifest("no segment is appended to");
    }
    return active;
  }

  private CorruptionException damagedManifest(String reason) {
    return new CorruptionException(directory.path().resolve(FileNames.MANIFEST), 0, reason);
  }

  /// Removes what a crash left behind: half-written files, and segments that the manifest does not
  /// name. Files of another store are left alone.
  private void removeStrays() throws IOException {
    for (String name : directory.list()) {
      boolean isStray =
          switch (name) {
            case FileNames.MANIFEST_NEXT, FileNames.CHECKPOINT_NEXT -> true;
            default -> FileNames.isSegment(name) && !isNamed(name) && isDisposable(name);
          };
      if (isStray) {
        directory.delete(name);
      }
    }
  }

  /// Files that are left alone keep their numbers.
  private long highestFileNumber() throws IOException {
    long highest = 0;
    for (String name : directory.list()) {
      if (FileNames.isSegment(name)) {
        highest = Math.max(highest, FileNames.segmentNumber(name));
      }
    }
    return highest;
  }

  private boolean isNamed(String name) {
    Segment segment = segments.get(FileNames.segmentNumber(name));
    return segment != null && segment.name().equals(name);
  }

  private boolean isDisposable(String name) throws IOException {
    byte[] bytes = new byte[SegmentHeader.SIZE];
    if (directory.size(name) < bytes.length) {
      return true; // its header was never durable, so nothing in it was ever acknowledged
    }
    try (DataFile file = directory.openFile(name, false)) {
      file.read(0, bytes, 0, bytes.length);
    }
    try {
      if (SegmentHeader.decode(bytes).storeId().equals(manifest.storeId())) {
        return true;
      }
    } catch (FormatException _) {
      return true;
    } catch (NewerFormatException _) {
      return false;
    }
    Logs.log().log(
        System.Logger.Level.WARNING,
        () ->
            "%s belongs to another store and is left alone"
                .formatted(directory.path().resolve(name)));
    return false;
  }

  /// {@return what is wrong with the checkpoint; null if it can be read}
  public static @Nullable String checkpointProblem(StoreDirectory directory) throws IOException {
    try (DataFile file = directory.openFile(FileNames.CHECKPOINT, false);
        CheckpointFile.Image image = CheckpointFile.open(file)) {
      image.verify();
      Deltas.verify(directory, image.nextDelta());
      return null;
    } catch (FormatException e) {
      return e.getMessage();
    }
  }

  private @Nullable Start loadCheckpoint() throws IOException {
    if (directory.size(FileNames.CHECKPOINT) < 0) {
      StoreFiles.removeCheckpoint(directory);
      return null;
    }
    try (DataFile file = directory.openFile(FileNames.CHECKPOINT, false)) {
      CheckpointFile.Image image = CheckpointFile.open(file);
      image.onDamage(this::removeCheckpoint);
      if (image.header().storeId().equals(manifest.storeId())) {
        // Usable or not: what it describes was durable before it was written.
        knownDurable = image.header().sequence();
      }
      if (isOurs(image.header())) {
        boolean isVerified = image.pageCount() <= PAGES_VERIFIED_AT_ONCE;
        if (isVerified) {
          verify(image);
        }
        Start start = withDeltas(image, isVerified);
        if (isUsable(start.header())) {
          return start;
        }
      }
      image.close(); // as after a crash that took what the image was to be followed by
      StoreFiles.removeCheckpoint(directory);
      return null;
    } catch (FormatException e) {
      giveUp(new DamagedImageException(String.valueOf(e.getMessage())));
      return null;
    }
  }

  private Start withDeltas(CheckpointFile.Image image, boolean isVerified) throws IOException {
    try {
      Deltas.Chain chain =
          Deltas.find(
              directory,
              image.header(),
              image.nextDelta(),
              isVerified,
              this::isUsable,
              this::removeCheckpoint);
      int count = chain == null ? 0 : chain.deltas().count();
      StoreFiles.removeDeltasBut(directory, image.nextDelta(), image.nextDelta() + count);
      if (chain != null) {
        knownDurable = Math.max(knownDurable, chain.head().sequence());
      }
      return new Start(image, chain);
    } catch (IOException | RuntimeException | Error e) {
      image.close();
      throw e;
    }
  }

  private static void verify(CheckpointFile.Image image) throws FormatException {
    try {
      image.verify();
    } catch (FormatException e) {
      image.close();
      throw e;
    }
  }

  /// The next opening reads the log.
  private void removeCheckpoint() {
    try {
      StoreFiles.removeCheckpoint(directory);
    } catch (IOException e) {
      Logs.log().log(System.Logger.Level.WARNING, "a damaged checkpoint cannot be deleted", e);
    }
  }

  private boolean isOurs(CheckpointHeader header) {
    boolean hasOrder = header.roots().treePage() != Pages.NO_PAGE;
    return header.storeId().equals(manifest.storeId()) && hasOrder == isOrdered;
  }

  /// A state is usable if it is of this store, has the order that is asked for, and the place where
  /// replay goes on exists. That of an image with deltas behind it need not: compaction may have
  /// had it. Whether everything that it points to is there shows when the replay is over: see
  /// [TailReplay].
  private boolean isUsable(CheckpointHeader header) {
    Segment replay = segments.get(header.replaySegment());
    return isOurs(header)
        && replay != null
        && replay.kind() == SegmentKind.HISTORY
        && header.replayPosition() >= SegmentHeader.SIZE
        && header.replayPosition() <= (replay.isSealed() ? replay.end() : replay.allocated());
  }

  private Replay replayAll(Segment active) throws IOException {
    var addresses = new Addresses();
    segments.values().forEach(segment -> addresses.enter(segment, segment.allocated()));
    FullReplay replay = beginFull(addresses);
    for (Segment segment : segments.values()) {
      if (segment.kind() == SegmentKind.COLD) {
        replay.cold(segment);
      }
    }
    boolean isFirst = true;
    for (Segment segment : segments.values()) {
      if (segment.kind() == SegmentKind.HISTORY) {
        if (isFirst) {
          replay.sequence = segment.header().baseSequence() - 1;
          isFirst = false;
        }
        if (segment != active) {
          replay.history(segment, SegmentHeader.SIZE);
        }
      }
    }
    return replay;
  }

  private Replay replayAfter(Start start, Segment active) throws IOException {
    CheckpointFile.Image image = start.image();
    CheckpointHeader header = start.header();
    var addresses = new Addresses();
    var keyHash = KeyHash.of(manifest.storeId());
    var records = new Records(addresses, keyHash);
    int[] freeRuns = new int[image.header().freeRuns().size()];
    Arrays.setAll(freeRuns, image.header().freeRuns()::get);
    Pages pages = Pages.over(image, freeRuns);
    CheckpointHeader.Roots roots = image.header().roots();
    Index restored;
    try {
      restored = Index.open(pages, records, keyHash, roots.tablePage(), roots.treePage());
    } catch (RuntimeException | Error e) {
      pages.close();
      if (start.chain() != null) {
        start.chain().deltas().close();
      }
      throw e;
    }
    index = restored;
    var replay = new TailReplay(restored, records, addresses, header, roots, segments.values());
    if (start.chain() != null) {
      restored.pend(start.chain().deltas());
      replay.deadlines.pend(start.chain().deltas());
    }
    restored.changes().begin();
    for (Segment segment : segments.values()) {
      if (segment.unitCount() == 0) {
        addresses.enter(segment, segment.allocated());
        if (segment.kind() == SegmentKind.COLD) {
          segment.usage().addFraming(ColdFrames.framingBytes(segment));
        }
      }
    }
    replay.removePending(header.removals());
    boolean isBehind = false;
    for (Segment segment : segments.values()) {
      boolean isFirst = segment.number() == header.replaySegment();
      isBehind |= isFirst;
      if (isBehind && segment != active) {
        replay.history(segment, isFirst ? header.replayPosition() : SegmentHeader.SIZE);
      }
    }
    return replay;
  }

  /// The active segment must go on where the one before it ends.
  private void requireNoGap(Replay replay, Segment active) {
    if (active.header().baseSequence() != replay.sequence + 1) {
      throw new CorruptionException(
          active.path(),
          0,
          "it begins with commit %d, the one before it ends with %d"
              .formatted(active.header().baseSequence(), replay.sequence));
    }
  }

  /// The end of the log.
  ///
  /// @param start where in the active segment replay begins
  /// @param end where its last whole frame ends
  /// @param last the last whole commit
  /// @param durable up to which commit everything is known to have been durable
  /// @param isClean whether the last frame notes a clean close and nothing is behind it
  public record Tail(long start, long end, long last, long durable, boolean isClean) {}

  private Tail replayTail(Replay replay, Segment active, @Nullable Start from) throws IOException {
    long start =
        from != null && from.header().replaySegment() == active.number()
            ? from.header().replayPosition()
            : SegmentHeader.SIZE;
    if (start == SegmentHeader.SIZE) {
      requireNoGap(replay, active);
    }
    Tail tail = measure(replay.sequence, active, start, knownDurable);
    if (tail.isClean()) {
      active.reopenAt(tail.end());
      replay.tail(active, start, tail.end(), Long.MAX_VALUE);
    } else {
      // Frames behind the last durable one are replayed when they have been written again.
      replay.tail(active, start, tail.end(), tail.durable());
      active.reopenAt(replay.tailEnd);
      active.usage().addFraming(-replay.framingBehind);
    }
    return tail;
  }

  /// Finds the end of the active segment.
  ///
  /// @param sequence the last commit before `start`, which is known to be durable
  /// @param active the active segment
  /// @param start where to begin
  /// @param knownDurable a commit that is known from elsewhere to have been durable, 0 for none
  /// @throws CorruptionException if commits that were durable are damaged
  public static Tail measure(long sequence, Segment active, long start, long knownDurable)
      throws IOException {
    long limit = active.allocated();
    var scanner = new FrameScanner(active::read, active.place(), start, limit);
    long last = sequence;
    long durable = sequence;
    long end = start;
    boolean endsClosed = false;
    Step step = scanner.next();
    while (step instanceof Step.Frame frame && Replay.follows(frame.header(), last)) {
      last = frame.header().sequence();
      durable = Math.max(durable, Math.min(last, frame.header().durableSequence()));
      end = frame.end();
      endsClosed = frame.header().kind() == FrameKind.CLOSE;
      step = scanner.next();
    }
    if (step instanceof Step.Frame stray) {
      // No crash leaves a whole frame of another commit in this place.
      throw new CorruptionException(
          active.path(),
          stray.framePosition(),
          "commit %d after commit %d".formatted(stray.header().sequence(), last));
    }
    if (step instanceof Step.End
        && endsClosed
        && last >= knownDurable
        && isZero(active, end, limit)) {
      return new Tail(start, end, last, last, true);
    }
    var rest = new FrameScanner(active::read, active.place(), end, limit);
    long claimed = Math.max(knownDurable, rest.durableBehind());
    if (claimed > last) {
      long broken = step instanceof Step.Broken b ? b.brokenPosition() : end;
      String reason = step instanceof Step.Broken b ? b.reason() : "a frame";
      throw new CorruptionException(
          active.path(),
          broken,
          "%s (commits up to %d were durable, only %d are whole)".formatted(reason, claimed, last));
    }
    return new Tail(start, end, last, durable, false);
  }

  private static boolean isZero(Segment segment, long from, long to) throws IOException {
    byte[] bytes = new byte[64 << 10];
    for (long position = from; position < to; position += bytes.length) {
      int count = (int) Math.min(bytes.length, to - position);
      segment.read(position, bytes, 0, count);
      for (int i = 0; i < count; i++) {
        if (bytes[i] != 0) {
          return false;
        }
      }
    }
    return true;
  }

  /// Adds up what each segment holds besides live records.
  private static void account(Replay replay, Log log) {
    for (CheckpointHeader.SegmentUsage usage : replay.tombstones()) {
      Segment segment = log.find(usage.number());
      if (segment != null) {
        segment.usage().addTombstones(usage.tombstoneBytes(), usage.tombstoneSequence());
      }
    }
  }

  private void closeAll(Throwable reason) {
    for (Segment segment : new ArrayList<>(segments.values())) {
      close(segment::retire, reason);
    }
    Log log = opened;
    if (log != null) {
      close(log::close, reason); // it may have a segment more
    }
    Index half = index;
    if (half != null) {
      half.close();
    }
  }

  private interface Closing {
    void close() throws IOException;
  }

  private static void close(Closing closing, Throwable reason) {
    try {
      closing.close();
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }
}
