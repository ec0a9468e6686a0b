package dev.larder.internal.recovery;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.larder.Bytes;
import dev.larder.CorruptionException;
import dev.larder.internal.format.CheckpointHeader;
import dev.larder.internal.format.FormatException;
import dev.larder.internal.format.FrameHeader;
import dev.larder.internal.format.FrameKind;
import dev.larder.internal.format.IndexChanges;
import dev.larder.internal.format.RecordData;
import dev.larder.internal.format.RecordKind;
import dev.larder.internal.format.SegmentHeader;
import dev.larder.internal.index.Index;
import dev.larder.internal.index.IndexKey;
import dev.larder.internal.log.Addresses;
import dev.larder.internal.log.FrameScanner;
import dev.larder.internal.log.FrameScanner.Step;
import dev.larder.internal.log.Segment;
import dev.larder.internal.txn.Deadlines;
import dev.larder.internal.txn.Records;
import dev.larder.internal.txn.Recovered;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// Builds the index from the log: from all of it, or from what comes after a checkpoint.
///
/// **Threads.** For one thread.
public abstract sealed class Replay permits FullReplay, TailReplay {
  private static final int BUCKET_VALUE_SIZE = Integer.BYTES;

  final Index index;
  final Records records;
  final Addresses addresses;
  final Deadlines deadlines;
  final Map<String, Integer> buckets = new HashMap<>();
  long entryCount;

  /// What is known of tombstones by segment.
  private final Map<Long, CheckpointHeader.SegmentUsage> tombstones = new HashMap<>();

  /// The last commit that was replayed.
  long sequence;

  /// When it was made, or a moment after that.
  long timeMillis;

  /// The highest writer's epoch that was met.
  long epoch;

  /// The highest number of a segment that the log names: no other segment may get it, even if the
  /// manifest never came to name it.
  long highestSegment;

  /// How many bytes of the frame in hand belong to records of keys.
  private long recordBytes;

  /// How many bytes of the tail that belong to no record stand behind its last commit.
  long framingBehind;

  /// How many bytes were read.
  long bytes;

  /// Where the last frame of the tail ended that was replayed.
  long tailEnd;

  /// Goes on from an index.
  Replay(Index index, Records records, Addresses addresses, Deadlines deadlines) {
    this.index = index;
    this.records = records;
    this.addresses = addresses;
    this.deadlines = deadlines;
  }

  /// {@return the index that is built}
  public Index index() {
    return index;
  }

  /// Says after which commit the replay begins.
  public void startAfter(long last) {
    sequence = last;
  }

  /// {@return the last commit that was replayed}
  public long sequence() {
    return sequence;
  }

  /// Takes note of a segment that was created meanwhile.
  void created(Segment segment) {
    // Only who looks segments up by their numbers needs to know.
  }

  /// Ends the replay.
  ///
  /// @param presentMillis the store's present, which is the wall clock or later
  /// @return the state after everything that was replayed
  public abstract Recovered finish(long presentMillis) throws IOException;

  Recovered recovered() {
    return new Recovered(sequence, index, records, deadlines, Map.copyOf(buckets), entryCount);
  }

  void tombstones(long segment, long size, long highestSequence) {
    tombstones.merge(
        segment,
        new CheckpointHeader.SegmentUsage(segment, 0, 0, 0, 0, size, highestSequence, 0, 0, 0),
        (a, b) ->
            new CheckpointHeader.SegmentUsage(
                segment,
                0,
                0,
                0,
                0,
                a.tombstoneBytes() + b.tombstoneBytes(),
                Math.max(a.tombstoneSequence(), b.tombstoneSequence()),
                0,
                0,
                0));
  }

  /// {@return what is known of tombstones}
  Iterable<CheckpointHeader.SegmentUsage> tombstones() {
    return tombstones.values();
  }

  /// {@return whether a frame can come after a commit}
  static boolean follows(FrameHeader header, long last) {
    return switch (header.kind()) {
      case COMMIT -> header.sequence() == last + 1;
      case CLOSE, INDEX -> header.sequence() == last;
      case COLD -> false;
    };
  }

  /// Replays a sealed history segment from a position on.
  public void history(Segment segment, long from) throws IOException {
    if (from == SegmentHeader.SIZE && segment.header().baseSequence() != sequence + 1) {
      throw damaged(
          segment,
          0,
          "it begins with commit %d, the one before it ends with %d"
              .formatted(segment.header().baseSequence(), sequence));
    }
    Step step = frames(segment, from, segment.end(), Long.MAX_VALUE);
    requireEnd(segment, step);
    if (sequence != segment.lastSequence()) {
      throw damaged(
          segment,
          segment.end(),
          "it ends with commit %d, %d was written".formatted(sequence, segment.lastSequence()));
    }
  }

  /// Replays the active segment.
  ///
  /// @param from where to begin
  /// @param to where its last whole frame ends
  /// @param lastSequence up to which commit
  public void tail(Segment segment, long from, long to, long lastSequence) throws IOException {
    tailEnd = from;
    framingBehind = 0;
    frames(segment, from, to, lastSequence);
  }

  private Step frames(Segment segment, long from, long to, long lastSequence) throws IOException {
    if (from == SegmentHeader.SIZE) {
      // Compaction may have taken every commit before; the segment still knows when they were over.
      timeMillis = segment.header().createdMillis();
    }
    FrameScanner scanner = scanner(segment, from, to);
    Step step = scanner.next();
    while (step instanceof Step.Frame frame && frame.header().sequence() <= lastSequence) {
      if (!follows(frame.header(), sequence)) {
        throw damaged(
            segment,
            frame.framePosition(),
            "commit %d after commit %d".formatted(frame.header().sequence(), sequence));
      }
      scanner.visit(frame, (record, position) -> applyHistory(segment, record, position));
      took(frame.header());
      framingBehind += countFraming(segment, frame);
      if (frame.header().kind() == FrameKind.COMMIT) {
        // A note of a close or of a change of the index was not forced; only a commit that follows
        // can vouch for it.
        tailEnd = frame.end();
        framingBehind = 0;
      }
      step = scanner.next();
    }
    settle();
    return step;
  }

  /// Applies what was put off, so that the waits for memory overlap.
  void settle() {
    // nothing was
  }

  /// Counts a record of a key in the frame in hand.
  void countRecord(RecordData record) {
    recordBytes += record.size();
  }

  /// Counts what else there was in the frame in hand.
  ///
  /// @return how many bytes that is
  @CanIgnoreReturnValue
  long countFraming(Segment segment, Step.Frame frame) {
    long framing = frame.header().size() - recordBytes;
    segment.usage().addFraming(framing);
    recordBytes = 0;
    return framing;
  }

  /// Takes note of a frame that was replayed.
  void took(FrameHeader header) {
    sequence = header.sequence();
    if (header.timeMillis() != FrameHeader.TIME_UNCHANGED) {
      timeMillis = header.timeMillis();
    }
    epoch = Math.max(epoch, header.epoch());
  }

  /// Applies a record that is newer than everything applied before.
  void applyHistory(Segment segment, RecordData record, long position) throws IOException {
    if (record.kind() == RecordKind.INDEX_CHANGES) {
      try {
        IndexChanges.decode(
            record,
            (fromSegment, fromPosition, toSegment, toPosition, hash, droppedKey) -> {
              highestSegment = Math.max(highestSegment, toSegment);
              change(fromSegment, fromPosition, toSegment, toPosition, hash, droppedKey);
            });
      } catch (FormatException e) {
        throw new AssertionError("a record that was verified", e);
      }
      return;
    }
    countRecord(record);
    byte[] key = IndexKey.of(record);
    if (record.bucket() == IndexKey.DIRECTORY_BUCKET) {
      bucket(segment, record, position, key);
    }
    apply(segment, record, position, key);
  }

  /// {@return the highest number of a segment that a record of changes of the index names}
  static long highestNamed(RecordData changes) throws IOException {
    long[] highest = new long[1];
    try {
      IndexChanges.decode(
          changes, (_, _, toSegment, _, _, _) -> highest[0] = Math.max(highest[0], toSegment));
    } catch (FormatException e) {
      throw new AssertionError("a record that was verified", e);
    }
    return highest[0];
  }

  /// Applies the record of a commit.
  abstract void apply(Segment segment, RecordData record, long position, byte[] key)
      throws IOException;

  /// Applies a change of the index that is no commit.
  abstract void change(
      long fromSegment,
      long fromPosition,
      long toSegment,
      long toPosition,
      long hash,
      byte[] droppedKey)
      throws IOException;

  /// Takes note of a bucket.
  void bucket(Segment segment, RecordData record, long position, byte[] key) {
    byte[] value = record.valueCopy().lend();
    if (value.length != BUCKET_VALUE_SIZE) {
      throw damaged(segment, position, "a bucket's number");
    }
    int number =
        (value[0] & 0xff)
            | (value[1] & 0xff) << 8
            | (value[2] & 0xff) << 16
            | (value[3] & 0xff) << 24;
    Bytes name = IndexKey.key(key);
    buckets.put(name.toUtf8(), number);
  }

  FrameScanner scanner(Segment segment, long from, long to) {
    bytes += to - from;
    return new FrameScanner(segment::read, segment.place(), from, to);
  }

  static void requireEnd(Segment segment, Step step) {
    switch (step) {
      case Step.Broken(_, long position, String reason) -> throw damaged(segment, position, reason);
      case Step.End(long position) when position < segment.end() ->
          throw damaged(segment, position, "zeros where a frame was written");
      case Step.End _, Step.Frame _ -> {}
    }
  }

  static CorruptionException damaged(Segment segment, long position, String reason) {
    return new CorruptionException(segment.path(), position, reason);
  }
}
