package dev.larder.internal.recovery;

import dev.larder.internal.base.DiskFullException;
import dev.larder.internal.format.FormatException;
import dev.larder.internal.format.FrameEncoder;
import dev.larder.internal.format.FrameHeader;
import dev.larder.internal.format.FrameKind;
import dev.larder.internal.format.IndexChanges;
import dev.larder.internal.format.RecordData;
import dev.larder.internal.format.RecordKind;
import dev.larder.internal.format.Varint;
import dev.larder.internal.log.FrameScanner;
import dev.larder.internal.log.FrameScanner.Step;
import dev.larder.internal.log.Log;
import dev.larder.internal.log.Segment;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// Writes the frames again that stand behind the last durable one, into a new segment, and seals
/// the old one before them. A crash in the middle changes nothing: the new segment counts from the
/// moment on at which the manifest names it.
final class TailRewriter {
  private static final long RECORD_GROWTH = 2L * Varint.SIZE_MAX;

  private final Log log;
  private final Replay replay;
  private final FrameEncoder encoder = new FrameEncoder();

  /// Where records went, by their old position.
  private final Map<Long, Long> moved = new HashMap<>();

  /// What the last frame said, since compact ones do not say it again.
  private long timeMillis;

  private int epoch;

  TailRewriter(Log log, Replay replay) {
    this.log = log;
    this.replay = replay;
  }

  void rewrite(Segment old, Recovery.Tail tail) throws IOException {
    long sealedSequence = replay.sequence;
    long last = sealedSequence;
    timeMillis = replay.timeMillis;
    epoch = (int) Math.min(Integer.MAX_VALUE, replay.epoch);
    Segment next = createNext(sizeBound(old, tail), sealedSequence);
    try {
      var scanner = new FrameScanner(old::read, old.place(), old.end(), tail.end());
      Step step = scanner.next();
      while (step instanceof Step.Frame frame) {
        if (frame.header().kind() != FrameKind.CLOSE) {
          copy(scanner, frame, old, next, sealedSequence);
        }
        last = frame.header().sequence();
        step = scanner.next();
      }
      if (last != tail.last()) {
        throw new IOException(
            "%s cannot be read twice the same: commit %d is whole once and once not"
                .formatted(old.path(), last + 1));
      }
      log.switchTo(next, sealedSequence);
      log.closeSealed();
    } catch (IOException | RuntimeException | Error e) {
      next.retire(); // the file is a stray, which the next opening removes
      throw e;
    }
  }

  /// Compact frames become full ones, so the tail may take more room than it took.
  private static long sizeBound(Segment old, Recovery.Tail tail) throws IOException {
    long bound = 0;
    var scanner = new FrameScanner(old::read, old.place(), old.end(), tail.end());
    while (scanner.next() instanceof Step.Frame frame) {
      bound += frameBound(frame);
    }
    return bound;
  }

  /// Positions and distances may take a few bytes more in their new place.
  private static long frameBound(Step.Frame frame) {
    return FrameHeader.SIZE + frame.header().size() + frame.header().recordCount() * RECORD_GROWTH;
  }

  /// A store must open on a full disk too: it may be opened to remove something.
  private Segment createNext(long size, long sealedSequence) throws IOException {
    try {
      return log.createNext(size, sealedSequence, replay.timeMillis);
    } catch (DiskFullException e) {
      if (!log.releaseReserve()) {
        throw e;
      }
      return log.createNext(size, sealedSequence, replay.timeMillis);
    }
  }

  private void copy(FrameScanner scanner, Step.Frame frame, Segment old, Segment next, long durable)
      throws IOException {
    encoder.begin(next.place(), next.end(), frameBound(frame));
    scanner.visit(
        frame,
        (record, position) -> {
          if (record.kind() == RecordKind.INDEX_CHANGES) {
            encoder.add(moved(record, old, next));
            return;
          }
          Long previous = moved.get(record.previousPosition());
          if (record.previousSegment() == old.number() && previous != null) {
            record.previous(next.number(), previous);
          }
          moved.put(position, encoder.add(record));
        });
    long millis = frame.header().timeMillis();
    if (millis != FrameHeader.TIME_UNCHANGED) {
      timeMillis = millis;
    }
    encoder.finish(
        frame.header().kind(),
        Math.max(epoch, frame.header().epoch()),
        frame.header().sequence(),
        durable,
        timeMillis);
    epoch = Math.max(epoch, frame.header().epoch());
    log.appendNext(next, encoder);
  }

  /// Changes of the index may name records that were just written again.
  private RecordData moved(RecordData changes, Segment old, Segment next) throws IOException {
    var rewritten = new IndexChanges();
    try {
      IndexChanges.decode(
          changes,
          (fromSegment, fromPosition, toSegment, toPosition, hash, droppedKey) -> {
            Long now = fromSegment == old.number() ? moved.get(fromPosition) : null;
            long segment = now == null ? fromSegment : next.number();
            long position = now == null ? fromPosition : now;
            if (toSegment == IndexChanges.NO_SEGMENT) {
              rewritten.addDrop(segment, position, hash, droppedKey);
            } else {
              rewritten.addMove(segment, position, toSegment, toPosition, hash);
            }
          });
    } catch (FormatException e) {
      throw new AssertionError("a record that was verified", e);
    }
    return rewritten.toRecord(changes.sequence());
  }
}
