package dev.larder.internal.compaction;

import dev.larder.internal.format.FrameEncoder;
import dev.larder.internal.format.FrameHeader;
import dev.larder.internal.format.FrameKind;
import dev.larder.internal.format.RecordCodec;
import dev.larder.internal.format.RecordData;
import dev.larder.internal.format.SegmentHeader;
import dev.larder.internal.log.Addresses;
import dev.larder.internal.log.Log;
import dev.larder.internal.log.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes records one after the other into cold segments, in frames of some size, and hashes what
/// it writes.
///
/// **Threads.** For one thread.
final class ColdWriter {
  private static final int FRAME_SIZE_TARGET = 256 << 10;

  private final Log log;
  private final long baseSequence;
  private final long cleanSequence;
  private final long presentMillis;
  private final long capacity;
  private final FrameEncoder frame = new FrameEncoder();
  private final List<Segment> written = new ArrayList<>();

  private @Nullable Segment segment;
  private boolean isFrameOpen;
  private long lastSequence;
  private int lastSize;

  /// Begins to write.
  ///
  /// @param log where to
  /// @param baseSequence the lowest sequence number that will be written
  /// @param cleanSequence the commit as of which everything is live
  /// @param presentMillis the store's present
  ColdWriter(Log log, long baseSequence, long cleanSequence, long presentMillis) {
    this.log = log;
    this.baseSequence = baseSequence;
    this.cleanSequence = cleanSequence;
    this.presentMillis = presentMillis;
    this.capacity = log.activeCapacity();
  }

  /// Adds a record.
  ///
  /// @param record the record
  /// @param hasHistory whether somebody may still ask for the version before it; if not, its
  ///   version chain ends here
  /// @return its address
  long add(RecordData record, boolean hasHistory) throws IOException {
    long bound = RecordCodec.sizeBound(record.keySize(), record.valueSize());
    Segment target = segmentFor(bound);
    if (!isFrameOpen) {
      frame.begin(
          target.place(), target.end(), Math.max(FRAME_SIZE_TARGET, bound + FrameHeader.SIZE));
      isFrameOpen = true;
    }
    if (!hasHistory) {
      record.previous(RecordCodec.NO_SEGMENT, 0);
    }
    int start = frame.size();
    long position = frame.add(record);
    lastSize = frame.size() - start;
    lastSequence = Math.max(lastSequence, record.sequence());
    if (frame.size() >= FRAME_SIZE_TARGET) {
      finishFrame(target);
    }
    return Addresses.address(target, position);
  }

  /// {@return how many bytes the record takes that was added last}
  int lastSize() {
    return lastSize;
  }

  private Segment segmentFor(long bound) throws IOException {
    Segment target = segment;
    if (target != null) {
      long size = target.end() + (isFrameOpen ? frame.size() : 0);
      if (size + bound <= capacity || size == SegmentHeader.SIZE) {
        return target;
      }
      finishSegment(target);
    }
    long sizeMax = Math.max(capacity, SegmentHeader.SIZE + FrameHeader.SIZE + bound);
    target = log.createCold(baseSequence, cleanSequence, presentMillis, sizeMax);
    segment = target;
    written.add(target);
    return target;
  }

  private void finishFrame(Segment target) throws IOException {
    frame.finish(FrameKind.COLD, log.epoch(), cleanSequence, cleanSequence, presentMillis);
    log.appendCold(target, frame);
    target.usage().addFraming(FrameHeader.SIZE);
    isFrameOpen = false;
  }

  private void finishSegment(Segment target) throws IOException {
    if (isFrameOpen) {
      finishFrame(target);
    }
    log.sealCold(target, lastSequence);
    lastSequence = 0;
    segment = null;
  }

  /// Makes everything durable.
  ///
  /// @return the segments that were written
  List<Segment> finish() throws IOException {
    Segment target = segment;
    if (target != null) {
      finishSegment(target);
    }
    return List.copyOf(written);
  }

  /// {@return the segments written so far, to be discarded}
  List<Segment> written() {
    return written;
  }
}
