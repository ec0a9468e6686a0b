package dev.larder.internal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.larder.Limits;
import dev.larder.internal.log.FrameScanner;
import dev.larder.internal.log.FrameScanner.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// [FrameEncoder] and [FrameHeader], read by the scanner that recovery uses: a frame is whole, or
/// it is not there.
class FrameTest {
  private static final long POSITION = Scans.POSITION;

  private final RecordCodec.Place place = Samples.place(5, 100);
  private final FrameEncoder encoder = new FrameEncoder();

  @Test
  void randomHeadsComeBack() {
    for (int seed = 0; seed < 1_000; seed++) {
      var random = new SplittableRandom(seed);
      Checksums checksums = Samples.place(random).checksums();
      FrameHeader written = Samples.frameHeader(random);
      byte[] bytes = Samples.bytes(random, FrameHeader.SIZE + 10);
      long position = Samples.number(random);
      written.encode(bytes, 7, checksums, position);
      assertThat(FrameHeader.decode(bytes, 7, checksums, position)).isEqualTo(written);
      assertThat(FrameHeader.decode(bytes, 7, checksums, position + 4)).isNull();
    }
  }

  @Test
  void everyBitOfAHeadCounts() {
    byte[] valid = new byte[FrameHeader.SIZE];
    Samples.frameHeader(new SplittableRandom(1)).encode(valid, 0, place.checksums(), POSITION);
    Damage.requireEveryBitCounts(valid, this::head);
  }

  @Test
  void headsThatMakeNoSenseAreRefused() {
    byte[] valid = new byte[FrameHeader.SIZE];
    new FrameHeader(FrameKind.COMMIT, 64, 1, 1, 100, 99, 0)
        .encode(valid, 0, place.checksums(), POSITION);
    for (int code = 0; code < 256; code++) {
      boolean isKind = 1 <= code && code <= 4;
      assertThat(head(resealed(valid, FrameHeader.KIND_OFFSET, code)) != null).isEqualTo(isKind);
      assertThat(head(resealed(valid, FrameHeader.FLAGS_OFFSET, code)) != null)
          .isEqualTo(code == 0);
      assertThat(head(resealed(valid, FrameHeader.SIZE_OFFSET, code)) != null)
          .isEqualTo(code >= FrameHeader.SIZE && code % FrameHeader.ALIGNMENT == 0);
      assertThat(head(resealed(valid, FrameHeader.SIZE_OFFSET + 7, code)) != null)
          .isEqualTo(code < 128);
      assertThat(head(resealed(valid, FrameHeader.RECORD_COUNT_OFFSET + 3, code)) != null)
          .isEqualTo(code < 128);
    }
  }

  @Test
  void garbageIsNoHead() {
    Damage.requireGarbageIsRefused(
        new SplittableRandom(2), FrameHeader.SIZE, FrameHeader.SIZE, 5_000, this::head);
  }

  @Test
  void randomFramesComeBack() {
    for (int seed = 0; seed < 300; seed++) {
      var random = new SplittableRandom(seed);
      var written = new ArrayList<List<Object>>();
      byte[] bytes = frame(random, random.nextInt(20), written);
      assertThat(bytes.length % FrameHeader.ALIGNMENT).isZero();
      assertThat(whole(bytes)).as("seed %d", seed).isEqualTo(written);
    }
  }

  @Test
  void framesAreReadOneAfterTheOther() throws IOException {
    var random = new SplittableRandom(3);
    var all = new ByteWriter(0);
    for (int i = 0; i < 50; i++) {
      encode(random, random.nextInt(5), POSITION + all.size(), new ArrayList<>());
      all.bytes(encoder.array(), 0, encoder.size());
    }
    all.zeros(1_000);
    FrameScanner scanner = scanner(all.toArray());
    for (int i = 0; i < 50; i++) {
      assertThat(scanner.next()).isInstanceOf(Step.Frame.class);
    }
    assertThat(scanner.next()).isEqualTo(new Step.End(POSITION + all.size() - 1_000));
  }

  @Test
  void everyBitCounts() {
    for (int seed = 0; seed < 2; seed++) {
      var random = new SplittableRandom(seed);
      byte[] valid = frame(random, 2, new ArrayList<>());
      Damage.requireEveryBitCounts(valid, this::whole);
    }
  }

  @Test
  void frameThatIsCutShortIsNotWhole() {
    byte[] valid = frame(new SplittableRandom(4), 3, new ArrayList<>());
    for (int size = 0; size < valid.length; size++) {
      assertThat(whole(Arrays.copyOf(valid, size))).as("%d bytes", size).isNull();
    }
  }

  @Test
  void frameOfWhichOnlyTheBeginningArrivedIsNotWhole() {
    for (int seed = 0; seed < 4; seed++) {
      byte[] valid = frame(new SplittableRandom(seed), 3, new ArrayList<>());
      for (int size = 0; size < valid.length; size++) {
        byte[] cut = Arrays.copyOf(Arrays.copyOf(valid, size), valid.length);
        boolean isSame = Arrays.equals(cut, valid); // only zeros are missing
        assertThat(whole(cut) != null).as("%d bytes", size).isEqualTo(isSame);
      }
    }
  }

  @Test
  void frameOfWhichOnlyTheEndArrivedIsNotWhole() {
    byte[] valid = frame(new SplittableRandom(5), 3, new ArrayList<>());
    for (int size = 1; size <= valid.length; size++) {
      byte[] late = valid.clone();
      Arrays.fill(late, 0, size, (byte) 0);
      assertThat(whole(late)).as("%d zeros", size).isNull();
    }
  }

  @Test
  void frameIsNotWholeInAnyOtherPlace() {
    byte[] bytes = frame(new SplittableRandom(6), 3, new ArrayList<>());
    byte[] moved = new byte[bytes.length + 4];
    System.arraycopy(bytes, 0, moved, 4, bytes.length);
    assertThat(step(moved, 4, place)).isInstanceOf(Step.Broken.class);
    RecordCodec.Place other = Samples.place(6, 100);
    assertThat(step(bytes, 0, other)).isInstanceOf(Step.Broken.class);
  }

  @Test
  void frameWithRecordsOfAnotherCommitIsBroken() {
    var record = new RecordData().set(RecordKind.PUT, 1, 101);
    encoder.begin(place, POSITION, 100);
    encoder.add(record);
    encoder.finish(FrameKind.COMMIT, 1, 100, 99, 0);
    assertThat(step(built(), 0, place))
        .isEqualTo(new Step.Broken(POSITION, POSITION + 48, "a record of another commit"));
    encoder.begin(place, POSITION, 100);
    encoder.add(record);
    encoder.finish(FrameKind.COLD, 1, 100, 100, 0);
    assertThat(step(built(), 0, place)).isInstanceOf(Step.Frame.class);
  }

  @Test
  void nothingIsLeftBehindTheLastRecord() {
    byte[] valid = frame(new SplittableRandom(7), 2, new ArrayList<>());
    for (int extra : new int[] {4, 8, 12}) {
      byte[] longer = Arrays.copyOf(valid, valid.length + extra);
      ByteWriter.U64.set(longer, FrameHeader.SIZE_OFFSET, (long) longer.length);
      seal(longer);
      assertThat(step(longer, 0, place))
          .isEqualTo(new Step.Broken(POSITION, POSITION + valid.length, "the end of a frame"));
    }
    encoder.begin(place, POSITION, 100);
    encoder.add(new RecordData().set(RecordKind.PUT, 1, 100).key(new byte[1], 0, 1));
    encoder.finish(FrameKind.COMMIT, 1, 100, 99, 0);
    byte[] padded = built();
    padded[padded.length - 1] = 1;
    assertThat(step(padded, 0, place))
        .isEqualTo(new Step.Broken(POSITION, POSITION + 48, "the padding of a record"));
  }

  @Test
  void wholeCommitIsNoRecordOfAFullFrame() {
    RecordData record = new RecordData().set(RecordKind.PUT, 1, 100);
    for (FrameKind kind : new FrameKind[] {FrameKind.COMMIT, FrameKind.COLD}) {
      encoder.begin(place, POSITION, 100);
      encoder.add(record);
      encoder.finish(kind, 1, 100, 99, 0);
      byte[] bytes = built();
      assertThat(step(bytes, 0, place)).isInstanceOf(Step.Frame.class);
      var writer = new ByteWriter(0);
      RecordCodec.encodeCommit(writer, place, POSITION + FrameHeader.SIZE, record, -1, -1);
      System.arraycopy(writer.array(), 0, bytes, FrameHeader.SIZE, writer.size());
      assertThat(step(bytes, 0, place))
          .isEqualTo(
              new Step.Broken(
                  POSITION, POSITION + 48, "a record that is in no frame of this kind"));
    }
  }

  @Test
  void endIsZerosUpToTheEndOfTheBytes() {
    for (int size = 0; size < 100; size++) {
      byte[] bytes = new byte[size];
      assertThat(step(bytes, 0, place)).isEqualTo(new Step.End(POSITION));
      for (int i = 0; i < Math.min(size, FrameHeader.SIZE); i++) {
        byte[] other = bytes.clone();
        other[i] = 1;
        assertThat(step(other, 0, place))
            .as("%d of %d", i, size)
            .isEqualTo(new Step.Broken(POSITION, POSITION, "the head of a frame"));
      }
    }
  }

  @Test
  void sizeThatNoArrayHoldsIsBrokenBeforeAnythingIsAllocated() throws IOException {
    var head = new byte[FrameHeader.SIZE];
    for (long size : new long[] {1L << 31, 1L << 40, Long.MAX_VALUE & -4}) {
      new FrameHeader(FrameKind.COMMIT, size, 1, 1, 100, 99, 0)
          .encode(head, 0, place.checksums(), POSITION);
      FrameScanner.Source source =
          (position, target, offset, count) ->
              System.arraycopy(head, 0, target, offset, FrameHeader.SIZE);
      var scanner = new FrameScanner(source, place, POSITION, Long.MAX_VALUE);
      assertThat(scanner.next()).isInstanceOf(Step.Broken.class);
    }
  }

  @Test
  void whateverIsInAFrameTheScannerStaysCalm() {
    for (int seed = 0; seed < 20; seed++) {
      var random = new SplittableRandom(seed);
      byte[] valid = frame(random, 3, new ArrayList<>());
      Damage.requireCalm(random, valid, this::seal, 100, this::whole);
    }
    Damage.requireGarbageIsRefused(new SplittableRandom(8), 0, 500, 2_000, this::whole);
  }

  @Test
  void encoderThatWasUsedWritesTheSameAsANewOne() {
    var random = new SplittableRandom(9);
    for (int i = 0; i < 100; i++) {
      encode(random, random.nextInt(10), POSITION, new ArrayList<>());
      if (i % 3 == 0) { // one that is never finished
        encoder.begin(place, POSITION, 1_000);
        encoder.add(Samples.record(random, place));
      }
      byte[] used = frame(new SplittableRandom(i), 3, new ArrayList<>());
      var fresh = new FrameTest();
      assertThat(used).isEqualTo(fresh.frame(new SplittableRandom(i), 3, new ArrayList<>()));
    }
  }

  @Test
  void largeFrameDoesNotKeepItsMemory() {
    byte[] value = new byte[5 << 20];
    encoder.begin(place, POSITION, value.length + 100L);
    long position =
        encoder.add(new RecordData().set(RecordKind.PUT, 1, 100).value(value, 0, value.length));
    encoder.finish(FrameKind.COMMIT, 1, 100, 99, 0);
    assertThat(position).isEqualTo(POSITION + FrameHeader.SIZE);
    assertThat(whole(built())).hasSize(1);
    encoder.begin(place, POSITION, 100);
    encoder.finish(FrameKind.CLOSE, 1, 100, 100, 0);
    assertThat(encoder.array().length).isLessThan(1 << 20);
    assertThat(whole(built())).isEmpty();
  }

  @Test
  void memoryForAFrameIsTakenAtItsBeginning() {
    assertThatExceptionOfType(OutOfMemoryError.class)
        .isThrownBy(() -> encoder.begin(place, POSITION, Integer.MAX_VALUE));
    assertThat(frame(new SplittableRandom(1), 1, new ArrayList<>())).isNotEmpty();
  }

  @Test
  void largestEntryFitsAFrame() {
    long bound =
        RecordCodec.sizeBound(Limits.KEY_BYTES_MAX, Limits.VALUE_BYTES_MAX)
            + FrameHeader.SIZE
            + FrameHeader.ALIGNMENT;
    assertThat(bound).isLessThan(FrameEncoder.FRAME_SIZE_MAX);
  }

  @Test
  void sizesArePaddedToTheNextMultiple() {
    assertThat(FrameHeader.padded(48)).isEqualTo(48);
    assertThat(FrameHeader.padded(49)).isEqualTo(52);
    assertThat(FrameHeader.padded(52)).isEqualTo(52);
  }

  private byte[] frame(SplittableRandom random, int recordCount, List<List<Object>> content) {
    encode(random, recordCount, POSITION, content);
    return built();
  }

  private byte[] built() {
    return Arrays.copyOf(encoder.array(), encoder.size());
  }

  private void encode(
      SplittableRandom random, int recordCount, long position, List<List<Object>> content) {
    encoder.begin(place, position, 100);
    for (int i = 0; i < recordCount; i++) {
      RecordData record = Samples.record(random, place);
      encoder.add(record);
      content.add(Samples.content(record));
    }
    encoder.finish(
        FrameKind.COLD,
        random.nextInt(),
        Samples.number(random),
        Samples.number(random),
        Samples.number(random));
  }

  private @Nullable List<List<Object>> whole(byte[] bytes) {
    return Scans.whole(bytes, place);
  }

  private FrameScanner scanner(byte[] bytes) {
    return Scans.scanner(bytes, 0, place);
  }

  private static Step step(byte[] bytes, int offset, RecordCodec.Place place) {
    return Scans.step(bytes, offset, place);
  }

  private @Nullable FrameHeader head(byte[] bytes) {
    return FrameHeader.decode(bytes, 0, place.checksums(), POSITION);
  }

  private byte[] resealed(byte[] valid, int offset, int replacement) {
    byte[] bytes = valid.clone();
    bytes[offset] = (byte) replacement;
    seal(bytes);
    return bytes;
  }

  /// Puts the right checksum on the head.
  private void seal(byte[] bytes) {
    int count = FrameHeader.SIZE - FrameHeader.MAGIC_OFFSET;
    int checksum = place.checksums().of(bytes, FrameHeader.MAGIC_OFFSET, count, POSITION, 0);
    ByteWriter.U32.set(bytes, FrameHeader.CHECKSUM_OFFSET, checksum);
  }
}
