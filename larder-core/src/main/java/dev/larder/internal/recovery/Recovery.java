package dev.larder.internal.recovery;

import dev.larder.CorruptionException;
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
import dev.larder.internal.format.RecordData;
import dev.larder.internal.format.SegmentHeader;
import dev.larder.internal.format.SegmentKind;
import dev.larder.internal.index.Index;
import dev.larder.internal.index.IndexCursor;
import dev.larder.internal.index.IndexEntry;
import dev.larder.internal.index.IndexKey;
import dev.larder.internal.log.FrameScanner;
import dev.larder.internal.log.FrameScanner.Step;
import dev.larder.internal.log.Log;
import dev.larder.internal.log.Segment;
import dev.larder.internal.log.StoreFiles;
import dev.larder.internal.txn.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
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
  private static final System.Logger LOG = System.getLogger("dev.larder");

  private final StoreDirectory directory;
  private final Log.Setting setting;
  private final long wallMillis;
  private final Manifest manifest;
  private final Map<Long, Segment> segments = new LinkedHashMap<>();

  private @Nullable Log opened;

  /// Up to which commit a checkpoint says that everything was durable.
  private long knownDurable;

  /// What was recovered.
  ///
  /// @param log the log, ready to be appended to
  /// @param view the state
  /// @param timeMillis the time of the last commit
  /// @param replayedBytes how many bytes of log were read
  /// @param isClean whether the log ends with a note of a clean close
  public record Recovered(
      Log log, View view, long timeMillis, long replayedBytes, boolean isClean) {}

  private Recovery(Log.Setting setting, long wallMillis) throws IOException {
    this.setting = setting;
    this.directory = setting.directory();
    this.wallMillis = wallMillis;
    this.manifest = StoreFiles.readManifest(directory);
  }

  /// Opens the store in a directory.
  ///
  /// @param setting where it is
  /// @param wallMillis the wall clock, which decides what is still remembered as expired
  /// @throws CorruptionException if something that was durable is missing or damaged
  /// @throws dev.larder.UnsupportedVersionException if a newer release wrote it
  public static Recovered open(Log.Setting setting, long wallMillis) throws IOException {
    var recovery = new Recovery(setting, wallMillis);
    try {
      return recovery.open();
    } catch (IOException | RuntimeException | Error e) {
      recovery.closeAll(e);
      throw e;
    }
  }

  private Recovered open() throws IOException {
    openSegments();
    Segment active = activeSegment();
    removeStrays();
    CheckpointFile.@Nullable Image image = loadCheckpoint();
    Replay replay = image == null ? replayAll(active) : replayAfter(image, active);
    Tail tail = replayTail(replay, active, image);
    Log log = Log.reopen(setting, manifest, segments.values(), active);
    opened = log;
    log.skipNumbers(highestFileNumber());
    log.beginEpoch((int) Math.min(Integer.MAX_VALUE, Math.max(manifest.epoch(), replay.epoch) + 1));
    if (!tail.isClean()) {
      new TailRewriter(log, replay).rewrite(active, tail);
    }
    Index index = replay.finish(PresentClock.present(wallMillis, replay.timeMillis));
    account(index, replay, log);
    log.usageKnown();
    var view = new View(1, replay.sequence, index, buckets(index, log));
    StoreEvents.opened(
        directory.path(), index.size() - view.buckets().size(), tail.isClean(), replay.bytes);
    return new Recovered(log, view, replay.timeMillis, replay.bytes, tail.isClean());
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
    return segments.values().stream().anyMatch(segment -> segment.name().equals(name));
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
    LOG.log(
        System.Logger.Level.WARNING,
        () ->
            "%s belongs to another store and is left alone"
                .formatted(directory.path().resolve(name)));
    return false;
  }

  /// {@return what is wrong with the checkpoint; null if it can be read}
  public static @Nullable String checkpointProblem(StoreDirectory directory) throws IOException {
    try (DataFile file = directory.openFile(FileNames.CHECKPOINT, false)) {
      CheckpointFile.read(file);
      return null;
    } catch (FormatException e) {
      return e.getMessage();
    }
  }

  private CheckpointFile.@Nullable Image loadCheckpoint() throws IOException {
    if (directory.size(FileNames.CHECKPOINT) < 0) {
      return null;
    }
    try (DataFile file = directory.openFile(FileNames.CHECKPOINT, false)) {
      CheckpointFile.Image image = CheckpointFile.read(file);
      if (image.header().storeId().equals(manifest.storeId())) {
        // Usable or not: what it describes was durable before it was written.
        knownDurable = image.header().sequence();
      }
      return isUsable(image) ? image : null;
    } catch (FormatException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          () ->
              "the checkpoint of the store at %s is of no use (%s); the whole log is read instead"
                  .formatted(directory.path(), e.getMessage()));
      return null;
    }
  }

  /// A checkpoint is usable if and only if it is of this store, every segment it refers to is live,
  /// every cold segment is known to it, the place where replay goes on exists, and every entry lies
  /// within its segment.
  private boolean isUsable(CheckpointFile.Image image) {
    CheckpointHeader header = image.header();
    Set<Long> known = new HashSet<>();
    header.segments().forEach(segment -> known.add(segment.number()));
    Segment replay = segments.get(header.replaySegment());
    if (!header.storeId().equals(manifest.storeId())
        || !segments.keySet().containsAll(known)
        || replay == null
        || replay.kind() != SegmentKind.HISTORY
        || header.replayPosition() < SegmentHeader.SIZE
        || header.replayPosition() > (replay.isSealed() ? replay.end() : replay.allocated())) {
      return false;
    }
    for (Segment segment : segments.values()) {
      if (segment.kind() == SegmentKind.COLD && !known.contains(segment.number())) {
        return false;
      }
    }
    IndexCursor cursor = image.index().cursor(null, null, false);
    while (cursor.next()) {
      IndexEntry entry = cursor.entry();
      Segment segment = segments.get(entry.segment());
      if (segment == null || entry.position() + entry.size() > segment.allocated()) {
        return false;
      }
    }
    return true;
  }

  private Replay replayAll(Segment active) throws IOException {
    var replay = new Replay(Index.EMPTY, wallMillis);
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

  private Replay replayAfter(CheckpointFile.Image image, Segment active) throws IOException {
    CheckpointHeader header = image.header();
    var replay = new Replay(image.index(), wallMillis);
    replay.sequence = header.sequence();
    replay.timeMillis = header.timeMillis();
    replay.epoch = header.epoch();
    for (CheckpointHeader.SegmentUsage usage : header.segments()) {
      replay.tombstones(usage.number(), usage.tombstoneBytes(), usage.tombstoneSequence());
    }
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

  private Tail replayTail(Replay replay, Segment active, CheckpointFile.@Nullable Image image)
      throws IOException {
    long start =
        image != null && image.header().replaySegment() == active.number()
            ? image.header().replayPosition()
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

  /// Adds up what each segment holds.
  private static void account(Index index, Replay replay, Log log) {
    replay.tombstones.forEach((number, usage) -> {
      Segment segment = log.find(number);
      if (segment != null) {
        segment.usage().addTombstones(usage.tombstoneBytes(), usage.tombstoneSequence());
      }
    });
    IndexCursor cursor = index.cursor(null, null, false);
    while (cursor.next()) {
      IndexEntry entry = cursor.entry();
      Segment segment = log.find(entry.segment());
      if (segment == null) {
        throw new AssertionError("the index points into segment " + entry.segment());
      }
      segment.usage().addLive(entry.size());
    }
  }

  private static Map<String, Integer> buckets(Index index, Log log) throws IOException {
    Map<String, Integer> buckets = new HashMap<>();
    IndexCursor cursor =
        index.cursor(
            IndexKey.of(IndexKey.DIRECTORY_BUCKET, new byte[0]),
            IndexKey.of(IndexKey.DIRECTORY_BUCKET + 1, new byte[0]),
            false);
    var record = new RecordData();
    while (cursor.next()) {
      IndexEntry entry = cursor.entry();
      Segment segment = log.find(entry.segment());
      if (segment == null) {
        throw new AssertionError("the index points into segment " + entry.segment());
      }
      segment.readRecord(entry.position(), entry.size(), entry.version(), record);
      byte[] value = record.valueCopy().lend();
      if (value.length != Integer.BYTES) {
        throw new CorruptionException(segment.path(), entry.position(), "a bucket's number");
      }
      int number =
          (value[0] & 0xff)
              | (value[1] & 0xff) << 8
              | (value[2] & 0xff) << 16
              | (value[3] & 0xff) << 24;
      buckets.put(IndexKey.key(cursor.key()).toUtf8(), number);
    }
    return Map.copyOf(buckets);
  }

  private void closeAll(Throwable reason) {
    for (Segment segment : new ArrayList<>(segments.values())) {
      close(segment::retire, reason);
    }
    Log log = opened;
    if (log != null) {
      close(log::close, reason); // it may have a segment more
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
