package dev.larder.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.Bytes;
import dev.larder.internal.file.DataFile;
import dev.larder.internal.file.NioStoreDirectory;
import dev.larder.internal.file.StoreDirectory;
import dev.larder.internal.format.FileNames;
import dev.larder.internal.format.SegmentHeader;
import dev.larder.internal.format.SegmentKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentTest {
  private static final int ALLOCATED = 1 << 20;
  private static final int END = 2 << 16; // the end of a page, whatever the size of pages

  @TempDir Path path;
  private StoreDirectory directory;
  private Segment segment;

  @BeforeEach
  void makeSegment() throws IOException {
    directory = NioStoreDirectory.of(path);
    var id = Bytes.wrap(new byte[SegmentHeader.ID_SIZE]);
    var header = new SegmentHeader(id, 1, SegmentKind.HISTORY, id, 1, 1, 0, 0);
    try (DataFile file = directory.createFile(FileNames.segment(1))) {
      file.allocate(ALLOCATED);
      byte[] ones = new byte[ALLOCATED];
      Arrays.fill(ones, (byte) 1);
      file.write(0, ones, 0, ones.length);
    }
    segment = Segment.openActive(directory, header, END, true);
    assertThat(segment.memory(END).byteSize()).isEqualTo(ALLOCATED);
  }

  /// Whoever peeked at the last record of a segment touched what lies behind it, and the room
  /// behind the end of a sealed segment is given back to the disk: "a fault occurred in an unsafe
  /// memory access operation" reached callers of `compact` and `put`.
  @Test
  void peekingAtTheLastRecordAfterRoomWasGivenBackHarmsNobody() throws IOException {
    segment.giveRoomBack();

    for (int distance = 0; distance < 200; distance++) {
      assertThat(segment.peek(END - distance)).isBetween(0L, 3L);
    }
    assertThat(segment.peek(END - 1000)).isEqualTo(3);
    assertThat(segment.peek(END + 1000)).isZero();
    assertThat(segment.peek(-5)).isZero();
  }

  @Test
  void peekingAtAPageThatIsLostHarmsNobody() throws IOException {
    try (DataFile file = directory.openFile(segment.name(), true)) {
      file.truncate(END / 2);
    }

    for (int i = 0; i < 20_000; i++) { // compiled code reports such faults late
      assertThat(segment.peek(END - 4096)).isZero();
    }
  }

  @Test
  void peekingAtARetiredSegmentHarmsNobody() throws IOException {
    segment.retire();

    assertThat(segment.peek(1000)).isZero();
  }

  @Test
  void manyArePeekedAtAsFarAsThereAreAny() throws IOException {
    var addresses = new Addresses();
    addresses.enter(segment, ALLOCATED);
    long first = Addresses.address(segment, 0);
    long[] some = {0, first + 1000, first + END / 4 - 1, first + ALLOCATED, 1L << 39, first + 2000};

    assertThat(addresses.peek(some, some.length)).isEqualTo(3 * 3); // with the 0, which is in it
    assertThat(addresses.peek(some, 2)).isEqualTo(2 * 3);
    segment.retire();
    assertThat(addresses.peek(some, some.length)).isZero();
    addresses.leave(segment.number());
    assertThat(addresses.peek(some, some.length)).isZero();
  }

  @Test
  void peekingAtManyOnAPageThatIsLostHarmsNobody() throws IOException {
    var addresses = new Addresses();
    addresses.enter(segment, ALLOCATED);
    try (DataFile file = directory.openFile(segment.name(), true)) {
      file.truncate(END / 2);
    }
    long[] some = new long[64];
    Arrays.fill(some, Addresses.address(segment, END - 4096));

    for (int i = 0; i < 5_000; i++) { // compiled code reports such faults late
      assertThat(addresses.peek(some, some.length)).isZero();
    }
  }
}
