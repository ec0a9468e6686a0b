package dev.larder.internal.recovery;

import dev.larder.internal.base.DiskFullException;
import dev.larder.internal.format.FrameEncoder;
import dev.larder.internal.format.FrameKind;
import dev.larder.internal.format.RecordData;
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

  TailRewriter(Log log, Replay replay) {
    this.log = log;
    this.replay = replay;
  }

  void rewrite(Segment old, Recovery.Tail tail) throws IOException {
    long sealedSequence = replay.sequence;
    Segment next = createNext(tail.end() - old.end(), sealedSequence);
    try {
      var scanner = new FrameScanner(old::read, old.place(), old.end(), tail.end());
      Step step = scanner.next();
      while (step instanceof Step.Frame frame) {
        if (frame.header().kind() == FrameKind.COMMIT) {
          copy(scanner, frame, old, next, sealedSequence);
        }
        replay.took(frame.header());
        step = scanner.next();
      }
      if (replay.sequence != tail.last()) {
        throw new IOException(
            "%s cannot be read twice the same: commit %d is whole once and once not"
                .formatted(old.path(), replay.sequence + 1));
      }
      log.switchTo(next, sealedSequence);
    } catch (IOException | RuntimeException | Error e) {
      next.retire(); // the file is a stray, which the next opening removes
      throw e;
    }
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
    long framePosition = next.end();
    // Positions and distances may take a few bytes more in their new place.
    long bound = frame.header().size() + frame.header().recordCount() * RECORD_GROWTH;
    encoder.begin(next.place(), framePosition, bound);
    scanner.visit(
        frame,
        (record, position) -> {
          Long previous = moved.get(record.previousPosition());
          if (record.previousSegment() == old.number() && previous != null) {
            record.previous(next.number(), previous);
          }
          moved.put(position, encoder.add(record));
        });
    encoder.finish(
        FrameKind.COMMIT,
        frame.header().epoch(),
        frame.header().sequence(),
        durable,
        frame.header().timeMillis());
    log.appendNext(next, encoder);
    apply(next, framePosition);
  }

  /// Reads the frame back from where it stands now, which checks it too.
  private void apply(Segment next, long framePosition) throws IOException {
    var scanner = new FrameScanner(next::read, next.place(), framePosition, next.end());
    if (!(scanner.next() instanceof Step.Frame frame)) {
      throw new IOException("what was written to " + next.path() + " cannot be read back");
    }
    scanner.visit(
        frame, (RecordData record, long position) -> replay.applyHistory(next, record, position));
  }
}
