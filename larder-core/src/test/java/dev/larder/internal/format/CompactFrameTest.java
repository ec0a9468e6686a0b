package dev.larder.internal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.larder.internal.log.FrameScanner;
import dev.larder.internal.log.FrameScanner.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Compact frames, which are a commit of one record each: built by [FrameEncoder#single], found by
/// the scanner that recovery uses.
class CompactFrameTest {
  private static final long POSITION = Scans.POSITION;

  private final RecordCodec.Place place = Samples.place(5, 100);
  private final FrameEncoder encoder = new FrameEncoder();

  @Test
  void randomFramesComeBack() throws IOException {
    for (int seed = 0; seed < 2_000; seed++) {
      var random = new SplittableRandom(seed);
      RecordData record = Samples.record(random, place);
      long durable = random.nextBoolean() ? -1 : Samples.number(random);
      long time = random.nextBoolean() ? -1 : Samples.number(random);
      assertThat(encoder.single(place, POSITION, record, durable, time)).isEqualTo(POSITION);
      byte[] bytes = built();
      FrameScanner scanner = Scans.scanner(Arrays.copyOf(bytes, bytes.length + 60), 0, place);
      Step step = scanner.next();
      var expected =
          new FrameHeader(
              FrameKind.COMMIT,
              bytes.length,
              1,
              0,
              record.sequence(),
              durable == -1 ? 0 : durable,
              time == -1 ? FrameHeader.TIME_UNCHANGED : time);
      assertThat(step).isEqualTo(new Step.Frame(expected, POSITION));
      var frame = (Step.Frame) step;
      assertThat(frame.end()).isEqualTo(POSITION + bytes.length);
      scanner.visit(
          frame,
          (read, position) -> {
            assertThat(position).isEqualTo(POSITION);
            assertThat(Samples.content(read)).isEqualTo(Samples.content(record));
            read.set(RecordKind.TOMBSTONE, 0, 0).previous(9, 8);
          });
      // What a visitor did to the record changes nothing of the frame.
      assertThat(Scans.contents(scanner, frame)).containsExactly(Samples.content(record));
      assertThat(scanner.next()).isEqualTo(new Step.End(frame.end()));
    }
  }

  @Test
  void usualPutHasTwelveBytesMoreThanItsKeyAndValue() {
    RecordData record =
        new RecordData()
            .set(RecordKind.PUT, 1, 1_000_000)
            .key(new byte[16], 0, 16)
            .value(new byte[100], 0, 100);
    encoder.single(place, POSITION, record, -1, -1);
    assertThat(encoder.size()).isEqualTo(16 + 100 + 12);
  }

  @Test
  void everyBitCounts() {
    for (int seed = 0; seed < 20; seed++) {
      byte[] valid = frame(new SplittableRandom(seed));
      Damage.requireEveryBitCounts(valid, bytes -> Scans.whole(bytes, place));
    }
  }

  @Test
  void frameThatIsCutShortIsNotWhole() {
    for (int seed = 0; seed < 20; seed++) {
      byte[] valid = frame(new SplittableRandom(seed));
      for (int size = 0; size < valid.length; size++) {
        byte[] cut = Arrays.copyOf(valid, size);
        assertThat(Scans.whole(cut, place)).as("%d bytes", size).isNull();
        byte[] torn = Arrays.copyOf(cut, valid.length + 60);
        boolean isSame = Arrays.equals(Arrays.copyOf(torn, valid.length), valid);
        assertThat(Scans.whole(torn, place) != null).as("%d bytes", size).isEqualTo(isSame);
        byte[] late = valid.clone();
        Arrays.fill(late, 0, size + 1, (byte) 0);
        assertThat(Scans.whole(late, place)).as("%d zeros", size + 1).isNull();
      }
    }
  }

  @Test
  void frameIsNotWholeInAnyOtherPlace() {
    byte[] bytes = frame(new SplittableRandom(6));
    byte[] moved = new byte[bytes.length + 4];
    System.arraycopy(bytes, 0, moved, 4, bytes.length);
    assertThat(Scans.step(moved, 4, place)).isInstanceOf(Step.Broken.class);
    assertThat(Scans.step(bytes, 0, Samples.place(6, 100))).isInstanceOf(Step.Broken.class);
    assertThat(Scans.step(bytes, 0, Samples.place(5, 101))).isInstanceOf(Step.Broken.class);
  }

  @Test
  void bothKindsOfFramesFollowEachOtherUpToTheEndOfTheBytes() throws IOException {
    for (int seed = 0; seed < 40; seed++) {
      var random = new SplittableRandom(seed);
      var written = new ArrayList<List<Object>>();
      byte[] bytes = mixed(random, 3_000, written, new ArrayList<>());
      FrameScanner scanner = Scans.scanner(bytes, 0, place);
      var read = new ArrayList<List<Object>>();
      Step step = scanner.next();
      while (step instanceof Step.Frame frame) {
        read.addAll(Scans.contents(scanner, frame));
        step = scanner.next();
      }
      assertThat(step).isEqualTo(new Step.End(POSITION + bytes.length));
      assertThat(read).isEqualTo(written);
    }
  }

  @Test
  void largestFrameHasFourKilobytes() {
    RecordData record = new RecordData().set(RecordKind.PUT, 1, 100);
    int valueSize = 0;
    while (FrameEncoder.isCompact(0, valueSize + 1)) {
      valueSize++;
    }
    encoder.single(place, POSITION, record.value(new byte[valueSize], 0, valueSize), 99, 0);
    assertThat(Scans.whole(built(), place)).hasSize(1);
    int tooLarge = valueSize + 1;
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            encoder.single(place, POSITION, record.value(new byte[tooLarge], 0, tooLarge), 99, 0));

    int head = 4 + 2 + 1 + 1 + 2 + 1;
    for (int size = 4092; size <= 4100; size += 4) {
      record.value(new byte[size - head], 0, size - head);
      var writer = new ByteWriter(0);
      RecordCodec.encodeCommit(writer, place, POSITION, record, -1, -1);
      assertThat(writer.size()).isEqualTo(size);
      assertThat(Scans.whole(writer.toArray(), place) != null).isEqualTo(size <= 4096);
    }
  }

  @Test
  void changesOfTheIndexAreNoCommit() {
    var writer = new ByteWriter(0);
    RecordCodec.encodeCommit(writer, place, POSITION, new IndexChanges().toRecord(100), -1, -1);
    assertThat(Scans.step(writer.toArray(), 0, place))
        .isEqualTo(new Step.Broken(POSITION, POSITION, "record kind 132"));
  }

  @Test
  void framesOfBothKindsAreFoundBehindABrokenPlace() {
    for (int seed = 0; seed < 60; seed++) {
      var random = new SplittableRandom(seed);
      var ends = new ArrayList<Integer>();
      byte[] bytes = mixed(random, 1_500, new ArrayList<>(), ends);
      int last = ends.get(ends.size() - 2); // where the last frame begins
      assertThat(Scans.hasHeadBehind(bytes, 0, place)).isTrue();
      assertThat(Scans.hasHeadBehind(bytes, last - 4, place)).isTrue();
      assertThat(Scans.hasHeadBehind(bytes, last, place)).isFalse();
      random.nextBytes(bytes); // nothing is whole any more
      assertThat(Scans.hasHeadBehind(bytes, 0, place)).isFalse();
    }
  }

  @Test
  void onlyWholeFramesAreFoundBehindABrokenPlace() {
    RecordData record = Samples.usualRecord(new SplittableRandom(1), place);
    encoder.single(place, POSITION + 100, record, 77, -1);
    byte[] bytes = new byte[100 + encoder.size()];
    System.arraycopy(encoder.array(), 0, bytes, 100, encoder.size());
    assertThat(Scans.durableBehind(bytes, 0, place)).isEqualTo(77);
    assertThat(Scans.durableBehind(bytes, 96, place)).isEqualTo(77);
    assertThat(Scans.durableBehind(bytes, 100, place)).isZero();
    for (int bit = 100 * Byte.SIZE; bit < bytes.length * Byte.SIZE; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      assertThat(Scans.durableBehind(flipped, 0, place)).isZero();
      assertThat(Scans.hasHeadBehind(flipped, 0, place)).isFalse();
    }
  }

  @Test
  void frameThatSaysNothingOfDurabilityIsStillFound() {
    RecordData record = Samples.usualRecord(new SplittableRandom(2), place);
    encoder.single(place, POSITION + 4, record, -1, -1);
    byte[] bytes = new byte[4 + encoder.size()];
    System.arraycopy(encoder.array(), 0, bytes, 4, encoder.size());
    assertThat(Scans.durableBehind(bytes, 0, place)).isZero();
    assertThat(Scans.hasHeadBehind(bytes, 0, place)).isTrue();
  }

  @Test
  void framesAreFoundAcrossTheWindowOfTheScanner() {
    var random = new SplittableRandom(3);
    int window = 256 << 10;
    for (int at = window - 400; at < window + 40; at += 20) {
      RecordData record = Samples.record(random, place);
      encoder.single(place, POSITION + at, record, 88, -1);
      byte[] bytes = new byte[window + 5_000];
      System.arraycopy(encoder.array(), 0, bytes, at, encoder.size());
      assertThat(Scans.durableBehind(bytes, 0, place)).isEqualTo(88);
    }
  }

  @Test
  void whateverIsInAFrameTheScannerStaysCalm() {
    for (int seed = 0; seed < 40; seed++) {
      var random = new SplittableRandom(seed);
      byte[] valid = frame(random);
      RecordTest.seal(valid, place, POSITION);
      assertThat(wholeAndBehind(valid)).isNotNull();
      Damage.requireCalm(
          random,
          valid,
          bytes -> RecordTest.seal(bytes, place, POSITION),
          100,
          this::wholeAndBehind);
    }
  }

  private @Nullable Object wholeAndBehind(byte[] bytes) {
    Scans.hasHeadBehind(bytes, 0, place);
    return Scans.whole(bytes, place);
  }

  /// {@return frames of both kinds, the last of them a compact one}
  private byte[] mixed(
      RandomGenerator random, int size, List<List<Object>> content, List<Integer> ends) {
    var all = new ByteWriter(0);
    ends.add(0);
    while (all.size() < size || random.nextInt(3) > 0) {
      add(all, random, content, random.nextInt(4), ends);
    }
    add(all, random, content, 0, ends);
    return all.toArray();
  }

  private void add(
      ByteWriter all,
      RandomGenerator random,
      List<List<Object>> content,
      int recordCount,
      List<Integer> ends) {
    long position = POSITION + all.size();
    if (recordCount == 0) {
      RecordData record = Samples.usualRecord(random, place);
      encoder.single(place, position, record, 0, -1);
      content.add(Samples.content(record));
    } else {
      encoder.begin(place, position, 100);
      for (int i = 0; i < recordCount; i++) {
        RecordData record = Samples.usualRecord(random, place);
        encoder.add(record);
        content.add(Samples.content(record));
      }
      encoder.finish(FrameKind.COLD, 1, 100, 0, 0);
    }
    all.bytes(encoder.array(), 0, encoder.size());
    ends.add(all.size());
  }

  private byte[] frame(RandomGenerator random) {
    RecordData record = Samples.usualRecord(random, place);
    encoder.single(
        place,
        POSITION,
        record,
        random.nextBoolean() ? record.sequence() - random.nextInt(100) : -1,
        random.nextBoolean() ? Samples.CREATED_MILLIS + random.nextInt(1 << 30) : -1);
    return built();
  }

  private byte[] built() {
    return Arrays.copyOf(encoder.array(), encoder.size());
  }
}
