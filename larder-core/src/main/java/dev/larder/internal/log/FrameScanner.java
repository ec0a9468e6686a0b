package dev.larder.internal.log;

import dev.larder.internal.format.FormatException;
import dev.larder.internal.format.FrameHeader;
import dev.larder.internal.format.FrameKind;
import dev.larder.internal.format.RecordCodec;
import dev.larder.internal.format.RecordData;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Walks over the frames of a segment and verifies every byte of them.
///
/// **Threads.** For one thread at a time.
public final class FrameScanner {
  private static final int WINDOW_SIZE = 256 << 10;

  private final Source source;
  private final RecordCodec.Place place;
  private final long limit;
  private final RecordData record = new RecordData();
  private byte[] window = new byte[WINDOW_SIZE];
  private long windowStart;
  private int windowSize;
  private long position;

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
    if (limit - position < FrameHeader.SIZE) {
      return new Step.End(position);
    }
    int offset = load(FrameHeader.SIZE);
    FrameHeader header = FrameHeader.decode(window, offset, place.checksums(), position);
    if (header == null) {
      return isZero(offset, FrameHeader.SIZE)
          ? new Step.End(position)
          : new Step.Broken(position, position, "the head of a frame");
    }
    if (header.size() > limit - position || header.size() > Integer.MAX_VALUE - 8) {
      return new Step.Broken(
          position, position, "a frame of %d bytes is cut short".formatted(header.size()));
    }
    Step.Broken broken = verify(header);
    if (broken != null) {
      return broken;
    }
    var frame = new Step.Frame(header, position);
    position = frame.end();
    return frame;
  }

  /// Shows the records of the frame that [#next()] returned last.
  public void visit(Step.Frame frame, RecordVisitor visitor) throws IOException {
    int offset = Math.toIntExact(frame.framePosition() - windowStart) + FrameHeader.SIZE;
    int end = Math.toIntExact(frame.end() - windowStart);
    for (int i = 0; i < frame.header().recordCount(); i++) {
      long recordPosition = windowStart + offset;
      try {
        record.decode(window, offset, end, place, recordPosition);
      } catch (FormatException e) {
        throw new AssertionError("a record that was verified", e);
      }
      offset += record.size();
      visitor.visit(record, recordPosition);
    }
  }

  /// Looks for heads of frames anywhere behind the present position, where a broken frame begins.
  /// Each says up to which commit everything was durable when it was written, which tells a torn
  /// tail from damage. The scan cannot go on afterwards.
  ///
  /// @return the highest commit that any of them calls durable; 0 if there is none
  public long durableBehind() throws IOException {
    long durable = 0;
    for (FrameHeader head = headBehind(); head != null; head = headBehind()) {
      durable = Math.max(durable, head.durableSequence());
    }
    return durable;
  }

  /// {@return whether the head of a frame is anywhere behind the present position}
  public boolean hasHeadBehind() throws IOException {
    return headBehind() != null;
  }

  private @Nullable FrameHeader headBehind() throws IOException {
    position += FrameHeader.ALIGNMENT;
    for (; limit - position >= FrameHeader.SIZE; position += FrameHeader.ALIGNMENT) {
      int offset = load(FrameHeader.SIZE);
      FrameHeader header = FrameHeader.decode(window, offset, place.checksums(), position);
      if (header != null) {
        return header;
      }
    }
    return null;
  }

  private Step.@Nullable Broken verify(FrameHeader header) throws IOException {
    int start = load(Math.toIntExact(header.size()));
    int offset = start + FrameHeader.SIZE;
    int end = start + Math.toIntExact(header.size());
    for (int i = 0; i < header.recordCount(); i++) {
      long recordPosition = windowStart + offset;
      try {
        record.decode(window, offset, end, place, recordPosition);
      } catch (FormatException e) {
        return new Step.Broken(position, recordPosition, String.valueOf(e.getMessage()));
      }
      if (header.kind() == FrameKind.COMMIT && record.sequence() != header.sequence()) {
        return new Step.Broken(position, recordPosition, "a record of another commit");
      }
      offset += record.size();
    }
    if (end - offset >= FrameHeader.ALIGNMENT || !isZero(offset, end - offset)) {
      return new Step.Broken(position, windowStart + offset, "the end of a frame");
    }
    return null;
  }

  /// Makes sure that so many bytes from the present position on are in the window.
  private int load(int count) throws IOException {
    if (position < windowStart || position + count > windowStart + windowSize) {
      if (count > window.length) {
        window = new byte[count];
      } else if (window.length > WINDOW_SIZE && count <= WINDOW_SIZE) {
        window = new byte[WINDOW_SIZE];
      }
      windowStart = position;
      windowSize = Math.toIntExact(Math.min(window.length, limit - position));
      source.read(windowStart, window, 0, windowSize);
    }
    return Math.toIntExact(position - windowStart);
  }

  private boolean isZero(int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
      if (window[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
