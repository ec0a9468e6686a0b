package dev.larder.internal.log;

import dev.larder.internal.format.FormatException;
import dev.larder.internal.format.FrameEncoder;
import dev.larder.internal.format.FrameHeader;
import dev.larder.internal.format.FrameKind;
import dev.larder.internal.format.IndexChanges;
import dev.larder.internal.format.RecordCodec;
import dev.larder.internal.format.RecordData;
import dev.larder.internal.format.RecordHead;
import dev.larder.internal.format.RecordKind;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Walks over the frames of a segment and verifies every byte of them.
///
/// **Threads.** For one thread at a time.
public final class FrameScanner {
  private static final int WINDOW_SIZE = 256 << 10;
  private static final int FRAME_SIZE_MIN = Math.min(RecordCodec.SIZE_MIN, FrameHeader.SIZE);

  /// Where both kinds of frames say which of them they are: in a compact one this is the kind of
  /// the record, in a full one the first byte of the magic.
  private static final int MARK_OFFSET = Integer.BYTES;

  private static final long NONE = -1;

  private final Source source;
  private final RecordCodec.Place place;
  private final long limit;
  private final RecordData record = new RecordData();
  private final RecordHead candidate = new RecordHead();
  private byte[] window = new byte[WINDOW_SIZE];
  private MemorySegment windowMemory = MemorySegment.ofArray(window);
  private long windowStart;
  private int windowSize;
  private long position;

  /// The position of the record that `record` has, if it need not be decoded a second time.
  private long recordPosition = NONE;

  /// Where bytes come from.
  @FunctionalInterface
  public interface Source {
    /// Reads bytes, all of them.
    void read(long position, byte[] target, int offset, int count) throws IOException;
  }

  /// Sees the records of a frame, one after the other.
  @FunctionalInterface
  public interface RecordVisitor {
    /// Sees a record.
    ///
    /// @param record the record; valid until the visitor returns
    /// @param recordPosition where in the segment it begins
    void visit(RecordData record, long recordPosition) throws IOException;
  }

  /// What the scanner met.
  public sealed interface Step {
    /// A whole frame, every record of which is what was written.
    ///
    /// @param header its head
    /// @param framePosition where it begins
    record Frame(FrameHeader header, long framePosition) implements Step {
      /// {@return where the next frame begins}
      public long end() {
        return framePosition + header.size();
      }
    }

    /// Zeros, or the end of the file: no frame was ever begun here, or none of it arrived.
    ///
    /// @param framePosition where the next frame would begin
    record End(long framePosition) implements Step {}

    /// Bytes that are no whole frame.
    ///
    /// @param framePosition where it begins
    /// @param brokenPosition where it stops making sense
    /// @param reason what does not fit
    record Broken(long framePosition, long brokenPosition, String reason) implements Step {}
  }

  /// Begins a scan.
  ///
  /// @param source where bytes come from
  /// @param place the segment they belong to
  /// @param position where to begin: at a frame, or its end
  /// @param limit where the bytes end
  public FrameScanner(Source source, RecordCodec.Place place, long position, long limit) {
    this.source = source;
    this.place = place;
    this.position = position;
    this.limit = limit;
  }

  /// {@return what stands at the present position; after a whole frame the scanner moves on}
  public Step next() throws IOException {
    recordPosition = NONE;
    int count = (int) Math.min(limit - position, FrameHeader.SIZE);
    if (count <= 0) {
      return new Step.End(position);
    }
    int offset = load(count);
    Step step;
    if (count >= FRAME_SIZE_MIN && isCompact(offset)) {
      step = compactFrame();
    } else if (isZero(offset, offset + count)) {
      return new Step.End(position);
    } else {
      step = fullFrame(offset, count);
    }
    if (step instanceof Step.Frame frame) {
      position = frame.end();
    }
    return step;
  }

  private boolean isCompact(int offset) {
    return (window[offset + MARK_OFFSET] & RecordCodec.WHOLE_COMMIT) != 0;
  }

  private Step compactFrame() throws IOException {
    int count = (int) Math.min(limit - position, FrameEncoder.COMPACT_SIZE_MAX);
    int offset = load(count);
    try {
      record.decode(window, offset, offset + count, place, position);
    } catch (FormatException e) {
      return new Step.Broken(position, position, String.valueOf(e.getMessage()));
    }
    recordPosition = position;
    var header =
        compactHeader(
            record.size(), record.sequence(), record.commitDurable(), record.commitMillis());
    return new Step.Frame(header, position);
  }

  private static FrameHeader compactHeader(
      int size, long sequence, long durableSequence, long timeMillis) {
    return new FrameHeader(FrameKind.COMMIT, size, 1, 0, sequence, durableSequence, timeMillis);
  }

  private Step fullFrame(int offset, int count) throws IOException {
    FrameHeader header =
        count < FrameHeader.SIZE
            ? null
            : FrameHeader.decode(window, offset, place.checksums(), position);
    if (header == null) {
      return new Step.Broken(position, position, "the head of a frame");
    }
    if (header.size() > limit - position || header.size() > Integer.MAX_VALUE - 8) {
      return new Step.Broken(
          position, position, "a frame of %d bytes is cut short".formatted(header.size()));
    }
    Step.Broken broken = verify(header);
    return broken == null ? new Step.Frame(header, position) : broken;
  }

  /// Shows the records of the frame that [#next()] returned last.
  public void visit(Step.Frame frame, RecordVisitor visitor) throws IOException {
    int offset = Math.toIntExact(frame.framePosition() - windowStart);
    int end = Math.toIntExact(frame.end() - windowStart);
    if (!isCompact(offset)) {
      offset += FrameHeader.SIZE;
    }
    for (int i = 0; i < frame.header().recordCount(); i++) {
      long nextPosition = windowStart + offset;
      if (nextPosition != recordPosition) {
        try {
          record.decodeVerified(window, offset, end, place);
        } catch (FormatException e) {
          throw new AssertionError("a record that was verified", e);
        }
      }
      recordPosition = NONE; // the visitor may change what the object says
      offset += record.size();
      visitor.visit(record, nextPosition);
    }
  }

  /// Looks for heads of frames and for compact frames anywhere behind the present position, where a
  /// broken frame begins. Each may say up to which commit everything was durable when it was
  /// written, which tells a torn tail from damage. The scan cannot go on afterwards.
  ///
  /// @return the highest commit that any of them calls durable; 0 if there is none
  public long durableBehind() throws IOException {
    long durable = 0;
    for (FrameHeader head = headBehind(); head != null; head = headBehind()) {
      durable = Math.max(durable, head.durableSequence());
    }
    return durable;
  }

  /// {@return whether the head of a frame, or a compact frame, is anywhere behind the present
  /// position}
  public boolean hasHeadBehind() throws IOException {
    return headBehind() != null;
  }

  private @Nullable FrameHeader headBehind() throws IOException {
    position += FrameHeader.ALIGNMENT;
    for (; limit - position >= FRAME_SIZE_MIN; position += FrameHeader.ALIGNMENT) {
      int offset = load((int) Math.min(limit - position, FrameHeader.SIZE));
      FrameHeader header = null;
      if (isCompact(offset)) {
        header = compactHeadHere();
      } else if (limit - position >= FrameHeader.SIZE) {
        header = FrameHeader.decode(window, offset, place.checksums(), position);
      }
      if (header != null) {
        return header;
      }
    }
    return null;
  }

  private @Nullable FrameHeader compactHeadHere() throws IOException {
    int count = (int) Math.min(limit - position, FrameEncoder.COMPACT_SIZE_MAX);
    int offset = load(count);
    if (!candidate.decode(windowMemory, offset, offset + count, place)) {
      return null;
    }
    int key = Math.toIntExact(candidate.keyPosition());
    int value = Math.toIntExact(candidate.valuePosition());
    return isZero(value + candidate.valueSize(), offset + candidate.size())
            && candidate.verify(windowMemory, place, position, window, key, window, value)
        ? compactHeader(
            candidate.size(),
            candidate.sequence(),
            candidate.commitDurable(),
            candidate.commitMillis())
        : null;
  }

  private Step.@Nullable Broken verify(FrameHeader header) throws IOException {
    int start = load(Math.toIntExact(header.size()));
    int offset = start + FrameHeader.SIZE;
    int end = start + Math.toIntExact(header.size());
    for (int i = 0; i < header.recordCount(); i++) {
      recordPosition = windowStart + offset;
      try {
        record.decode(window, offset, end, place, recordPosition);
        requireFits(header);
      } catch (FormatException e) {
        return new Step.Broken(position, recordPosition, String.valueOf(e.getMessage()));
      }
      offset += record.size();
    }
    if (header.kind() == FrameKind.INDEX && header.recordCount() != 1) {
      return new Step.Broken(position, position, "changes of the index in other than one record");
    }
    return offset == end
        ? null
        : new Step.Broken(position, windowStart + offset, "the end of a frame");
  }

  /// Fails unless the present record may be in a frame with that head.
  private void requireFits(FrameHeader header) throws FormatException, IOException {
    boolean isIndex = header.kind() == FrameKind.INDEX;
    if (record.isWholeCommit() || isIndex != (record.kind() == RecordKind.INDEX_CHANGES)) {
      throw new FormatException("a record that is in no frame of this kind");
    }
    if (header.kind() != FrameKind.COLD && record.sequence() != header.sequence()) {
      throw new FormatException("a record of another commit");
    }
    if (isIndex) {
      IndexChanges.decode(record, (_, _, _, _, _, _) -> {});
    }
  }

  /// Makes sure that so many bytes from the present position on are in the window.
  private int load(int count) throws IOException {
    if (position < windowStart || position + count > windowStart + windowSize) {
      if (count > window.length) {
        newWindow(count);
      } else if (window.length > WINDOW_SIZE && count <= WINDOW_SIZE) {
        newWindow(WINDOW_SIZE);
      }
      windowStart = position;
      windowSize = Math.toIntExact(Math.min(window.length, limit - position));
      source.read(windowStart, window, 0, windowSize);
    }
    return Math.toIntExact(position - windowStart);
  }

  private void newWindow(int size) {
    window = new byte[size];
    windowMemory = MemorySegment.ofArray(window);
  }

  private boolean isZero(int offset, int end) {
    for (int i = offset; i < end; i++) {
      if (window[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
