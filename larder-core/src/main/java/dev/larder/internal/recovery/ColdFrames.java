package dev.larder.internal.recovery;

import dev.larder.internal.format.FrameHeader;
import dev.larder.internal.format.SegmentHeader;
import dev.larder.internal.log.Segment;
import java.io.IOException;

/// What stands between the records of a cold segment that a checkpoint does not know yet. Replay
/// behind the checkpoint does not read such a segment, only the records that were moved into it.
final class ColdFrames {
  private ColdFrames() {}

  /// {@return how many bytes the heads of its frames take}
  ///
  /// Goes from head to head and reads nothing else. It ends at one that is damaged: whoever reads
  /// the records there is told.
  static long framingBytes(Segment segment) throws IOException {
    byte[] bytes = new byte[FrameHeader.SIZE];
    long framing = 0;
    long position = SegmentHeader.SIZE;
    while (position + FrameHeader.SIZE <= segment.end()) {
      segment.read(position, bytes, 0, bytes.length);
      FrameHeader header = FrameHeader.decode(bytes, 0, segment.place().checksums(), position);
      if (header == null) {
        break;
      }
      framing += FrameHeader.SIZE;
      position += header.size();
    }
    return framing;
  }
}
