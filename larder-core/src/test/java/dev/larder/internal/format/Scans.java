package dev.larder.internal.format;

import dev.larder.internal.log.FrameScanner;
import dev.larder.internal.log.FrameScanner.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the scanner that recovery uses finds in bytes that begin where a segment's first frame
/// does.
final class Scans {
  static final long POSITION = SegmentHeader.SIZE;

  private Scans() {}

  /// {@return a scanner that begins at an offset of the bytes}
  static FrameScanner scanner(byte[] bytes, int offset, RecordCodec.Place place) {
    return new FrameScanner(
        (position, target, targetOffset, count) ->
            System.arraycopy(bytes, (int) (position - POSITION), target, targetOffset, count),
        place,
        POSITION + offset,
        POSITION + bytes.length);
  }

  /// {@return what stands at an offset of the bytes}
  static Step step(byte[] bytes, int offset, RecordCodec.Place place) {
    try {
      return scanner(bytes, offset, place).next();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// {@return the records of a frame, if the bytes begin with a whole one; otherwise null}
  static @Nullable List<List<Object>> whole(byte[] bytes, RecordCodec.Place place) {
    try {
      FrameScanner scanner = scanner(bytes, 0, place);
      if (!(scanner.next() instanceof Step.Frame frame)) {
        return null;
      }
      return contents(scanner, frame);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// {@return the records of the frame that a scanner returned last}
  static List<List<Object>> contents(FrameScanner scanner, Step.Frame frame) throws IOException {
    var records = new ArrayList<List<Object>>();
    scanner.visit(frame, (record, _) -> records.add(Samples.content(record)));
    return records;
  }

  /// {@return what [FrameScanner#durableBehind()] says of everything behind an offset}
  static long durableBehind(byte[] bytes, int offset, RecordCodec.Place place) {
    try {
      return scanner(bytes, offset, place).durableBehind();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// {@return what [FrameScanner#hasHeadBehind()] says of everything behind an offset}
  static boolean hasHeadBehind(byte[] bytes, int offset, RecordCodec.Place place) {
    try {
      return scanner(bytes, offset, place).hasHeadBehind();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
