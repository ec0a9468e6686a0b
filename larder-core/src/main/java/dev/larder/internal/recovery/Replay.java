package dev.larder.internal.recovery;

import dev.larder.Bytes;
import dev.larder.CorruptionException;
import dev.larder.internal.format.CheckpointHeader;
import dev.larder.internal.format.FrameHeader;
import dev.larder.internal.format.FrameKind;
import dev.larder.internal.format.RecordData;
import dev.larder.internal.format.RecordKind;
import dev.larder.internal.format.SegmentHeader;
import dev.larder.internal.index.Index;
import dev.larder.internal.index.IndexCursor;
import dev.larder.internal.index.IndexEntry;
import dev.larder.internal.index.IndexKey;
import dev.larder.internal.log.FrameScanner;
import dev.larder.internal.log.FrameScanner.Step;
import dev.larder.internal.log.Segment;
import dev.larder.internal.txn.CommitPath;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Builds the index from the log.
///
/// Cold segments come first, in any order: the record with the higher sequence number counts, and
/// tombstones are kept in mind until all of them are read. History follows in commit order, and
/// everything in it is newer than everything in cold segments.
///
/// **Threads.** For one thread.
public final class Replay {
  private final Index.Editor editor;
  private final long rememberedMillis;
  private final Map<Bytes, Long> coldTombstones = new HashMap<>();

  /// What is known of tombstones by segment.
  final Map<Long, CheckpointHeader.SegmentUsage> tombstones = new HashMap<>();

  /// The last commit that was replayed.
  long sequence;

  /// Says after which commit the replay begins.
  public void startAfter(long last) {
    sequence = last;
  }

  /// {@return the last commit that was replayed}
  public long sequence() {
    return sequence;
  }

  /// When it was made, or a moment after that.
  long timeMillis;

  /// The highest writer's epoch that was met.
  long epoch;

  /// How many bytes were read.
  long bytes;

  /// Where the last frame of the tail ended that was replayed.
  long tailEnd;

  /// Begins with what a checkpoint has.
  ///
  /// @param start the index to go on from
  /// @param wallMillis the wall clock, which decides what is still remembered as expired
  public Replay(Index start, long wallMillis) {
    this.editor = start.edit();
    this.rememberedMillis = wallMillis - CommitPath.REMEMBERED.toMillis();
  }

  /// Ends the replay.
  ///
  /// @param presentMillis the store's present, which is the wall clock or later: keys that expired
  ///   a minute before it are forgotten
  /// @return the index after everything that was replayed
  public Index finish(long presentMillis) {
    Index index = editor.build();
    IndexCursor cursor = index.cursor(null, null, false);
    long forgottenMillis = presentMillis - CommitPath.REMEMBERED.toMillis();
    while (cursor.next()) {
      if (cursor.entry().isExpired() && cursor.entry().deadlineMillis() <= forgottenMillis) {
        change(cursor.key(), null);
      }
    }
    return editor.build();
  }

  void tombstones(long segment, long size, long highestSequence) {
    tombstones.merge(
        segment,
        new CheckpointHeader.SegmentUsage(segment, size, highestSequence),
        (a, b) ->
            new CheckpointHeader.SegmentUsage(
                segment,
                a.tombstoneBytes() + b.tombstoneBytes(),
                Math.max(a.tombstoneSequence(), b.tombstoneSequence())));
  }

  /// {@return whether a frame can come after a commit}
  static boolean follows(FrameHeader header, long last) {
    return switch (header.kind()) {
      case COMMIT -> header.sequence() == last + 1;
      case CLOSE -> header.sequence() == last;
      case COLD -> false;
    };
  }

  /// Replays a cold segment.
  public void cold(Segment segment) throws IOException {
    timeMillis = Math.max(timeMillis, segment.header().createdMillis());
    FrameScanner scanner = scanner(segment, SegmentHeader.SIZE, segment.end());
    Step step = scanner.next();
    while (step instanceof Step.Frame frame) {
      if (frame.header().kind() != FrameKind.COLD) {
        throw damaged(segment, frame.framePosition(), "a frame that is not of a cold segment");
      }
      scanner.visit(frame, (record, position) -> applyCold(segment, record, position));
      step = scanner.next();
    }
    requireEnd(segment, step);
  }

  private void applyCold(Segment segment, RecordData record, long position) {
    byte[] key = IndexKey.of(record.bucket(), record.keyCopy());
    IndexEntry present = editor.get(key);
    long presentVersion = present == null ? 0 : present.version();
    long tombstone = coldTombstones.getOrDefault(Bytes.wrap(key), 0L);
    long newest = Math.max(presentVersion, tombstone);
    apply(segment, record, position, key, record.sequence() > newest);
    if (!isIndexed(record) && record.sequence() > tombstone) {
      coldTombstones.put(Bytes.wrap(key), record.sequence());
    }
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
      if (frame.header().kind() != FrameKind.CLOSE) {
        // A note of a close was never forced; only what follows it can vouch for it.
        tailEnd = frame.end();
      }
      step = scanner.next();
    }
    return step;
  }

  /// Takes note of a frame that was replayed.
  void took(FrameHeader header) {
    sequence = header.sequence();
    timeMillis = header.timeMillis();
    epoch = Math.max(epoch, header.epoch());
  }

  /// Applies a record that is newer than everything applied before.
  void applyHistory(Segment segment, RecordData record, long position) {
    apply(segment, record, position, IndexKey.of(record.bucket(), record.keyCopy()), true);
  }

  private void apply(
      Segment segment, RecordData record, long position, byte[] key, boolean isNewest) {
    IndexEntry entry = null;
    if (isIndexed(record)) {
      entry =
          new IndexEntry(
              record.kind() == RecordKind.EXPIRED,
              segment.number(),
              position,
              record.size(),
              record.sequence(),
              record.deadlineMillis());
    } else {
      tombstones(segment.number(), record.size(), record.sequence());
    }
    if (isNewest) {
      change(key, entry);
    }
  }

  private void change(byte[] key, @Nullable IndexEntry entry) {
    IndexEntry before = entry == null ? editor.remove(key) : editor.put(key, entry);
    if (before != null && before.isExpired()) {
      tombstones(before.segment(), before.size(), before.version());
    }
  }

  private boolean isIndexed(RecordData record) {
    return record.kind() == RecordKind.PUT
        || (record.kind() == RecordKind.EXPIRED
            && !record.isForgotten()
            && record.deadlineMillis() > rememberedMillis);
  }

  private FrameScanner scanner(Segment segment, long from, long to) {
    bytes += to - from;
    return new FrameScanner(segment::read, segment.place(), from, to);
  }

  private static void requireEnd(Segment segment, Step step) {
    switch (step) {
      case Step.Broken(_, long position, String reason) -> throw damaged(segment, position, reason);
      case Step.End(long position) when position < segment.end() ->
          throw damaged(segment, position, "zeros where a frame was written");
      case Step.End _, Step.Frame _ -> {}
    }
  }

  private static CorruptionException damaged(Segment segment, long position, String reason) {
    return new CorruptionException(segment.path(), position, reason);
  }
}
