package dev.larder.internal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.larder.Bytes;
import dev.larder.internal.log.FrameScanner.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// [IndexChanges], and the frames that they are in.
class IndexChangesTest {
  private static final long POSITION = Scans.POSITION;

  private final RecordCodec.Place place = Samples.place(5, 100);
  private final FrameEncoder encoder = new FrameEncoder();

  private record Change(
      long fromSegment, long from, long toSegment, long to, long keyHash, Bytes key) {
    void addTo(IndexChanges changes) {
      if (toSegment == 0) {
        changes.addDrop(fromSegment, from, keyHash, key.toArray());
      } else {
        changes.addMove(fromSegment, from, toSegment, to, keyHash);
      }
    }
  }

  @Test
  void randomChangesComeBack() throws FormatException {
    var changes = new IndexChanges(); // one object for all, so that nothing of the last may stay
    for (int seed = 0; seed < 1_000; seed++) {
      var random = new SplittableRandom(seed);
      List<Change> written = random(random, random.nextInt(60));
      changes.clear();
      written.forEach(change -> change.addTo(changes));
      assertThat(changes.count()).isEqualTo(written.size());
      RecordData record = changes.toRecord(100);
      assertThat((long) record.valueSize()).isLessThanOrEqualTo(changes.sizeBound());
      assertThat(decode(record)).as("seed %d", seed).isEqualTo(written);
    }
  }

  @Test
  void positionsAtTheEdgesComeBack() throws FormatException {
    long last = Long.MAX_VALUE & -4;
    var written =
        List.of(
            new Change(1, last, Long.MAX_VALUE, 0, 0, Bytes.EMPTY),
            new Change(1, 0, Long.MAX_VALUE, last, -1, Bytes.EMPTY),
            new Change(Long.MAX_VALUE, last, 0, 0, 1, Bytes.wrap(new byte[70_000])),
            new Change(Long.MAX_VALUE, last, 1, 0, Long.MIN_VALUE, Bytes.EMPTY));
    var changes = new IndexChanges();
    written.forEach(change -> change.addTo(changes));
    assertThat(decode(changes.toRecord(1))).isEqualTo(written);
    assertThatIllegalArgumentException().isThrownBy(() -> changes.addMove(1, 2, 3, 4, 5));
    assertThatIllegalArgumentException().isThrownBy(() -> changes.addDrop(1, 2, 5, new byte[1]));
  }

  @Test
  void recordsThatCompactionPutsInOrderTakeFewBytes() {
    var random = new SplittableRandom(1);
    var changes = new IndexChanges();
    for (int i = 0; i < 10_000; i++) {
      long from = 128 + 4L * random.nextInt(16 << 20);
      changes.addMove(3 + i % 4, from, 9, 128 + 128L * i, random.nextLong());
    }
    assertThat(changes.toRecord(1).valueSize()).isBetween(10_000 * 13, 10_000 * 14);
  }

  @Test
  void frameOfChangesComesBack() {
    for (int seed = 0; seed < 200; seed++) {
      var random = new SplittableRandom(seed);
      RecordData record = changes(random(random, random.nextInt(20)));
      byte[] bytes = frame(record, FrameKind.INDEX, 100);
      assertThat(Scans.step(bytes, 0, place))
          .isEqualTo(
              new Step.Frame(
                  new FrameHeader(FrameKind.INDEX, bytes.length, 1, 1, 100, 99, 7), POSITION));
      assertThat(Scans.whole(bytes, place)).containsExactly(Samples.content(record));
    }
  }

  @Test
  void changesAreInFramesOfTheirKindOnlyAndAlone() {
    RecordData changes = changes(random(new SplittableRandom(1), 3));
    RecordData put = new RecordData().set(RecordKind.PUT, 1, 100);
    for (FrameKind kind : List.of(FrameKind.COMMIT, FrameKind.COLD, FrameKind.CLOSE)) {
      requireBroken(frame(changes, kind, 100), 48, "a record that is in no frame of this kind");
    }
    requireBroken(
        frame(put, FrameKind.INDEX, 100), 48, "a record that is in no frame of this kind");
    requireBroken(frame(changes, FrameKind.INDEX, 101), 48, "a record of another commit");
    encoder.begin(place, POSITION, 100);
    encoder.finish(FrameKind.INDEX, 1, 100, 99, 7);
    requireBroken(built(), 0, "changes of the index in other than one record");
    encoder.begin(place, POSITION, 100);
    encoder.add(changes);
    encoder.add(changes);
    encoder.finish(FrameKind.INDEX, 1, 100, 99, 7);
    requireBroken(built(), 0, "changes of the index in other than one record");
  }

  @Test
  void changesThatMakeNoSenseAreRefused() {
    String hash = " 01 02 03 04 05 06 07 08";
    requireRefused("", "the bytes end within a field");
    requireRefused("00 00 00", "bytes behind the last change of the index");
    requireRefused("01 00 02 00", "the number of a segment"); // from no segment
    requireRefused("01 80 80 80 80 80 80 80 80 80 01 00 00", "the number of a segment");
    requireRefused("02 01 02", "the count of ways is 2, at most 1 makes sense");
    String none = hash + " 00";
    requireRefused("01 01 00 02 00 00" + none, "the count of changes is 2, at most 1 makes sense");
    requireRefused("01 01 00 01 01 00" + none, "the number of a way is 1, at most 0 makes sense");
    requireRefused("00 01 00 00" + none, "the number of a way is 0, at most -1 makes sense");
    requireRefused("01 01 00 01 00 01" + none, "a position of more than 63 bits"); // -4
    String far = " 80".repeat(8) + " 40"; // 2^61 times 4
    requireRefused("01 01 00 01 00" + far + none, "a position of more than 63 bits");
    requireRefused("01 01 02 01 00 00" + far + hash, "a position of more than 63 bits");
    requireRefused(
        "01 01 00 01 00 00" + hash + " 02",
        "the size of a dropped key is 2, at most 1 makes sense");
    requireRefused("01 01 00 01 00 00" + hash + " 01", "the bytes end within a field");
    requireRefused("01 01 00 01 80 00 00" + hash.substring(3), "the bytes end within a field");
    requireRefused("01 01 02 01 00 00 01" + hash, "a position of more than 63 bits");
    requireRefused("01 01 02 01 80 00 00 00" + hash.substring(6), "the bytes end within a field");
    requireRefused("01 01 00 01 00 00" + none + " 00", "bytes behind the last change of the index");
    byte[] bytes = Hex.parse("01 01 02 01 00 40 04" + hash);
    RecordData good =
        new RecordData().set(RecordKind.INDEX_CHANGES, 0, 100).value(bytes, 0, bytes.length);
    assertThat(Scans.whole(frame(good, FrameKind.INDEX, 100), place)).hasSize(1);
    for (RecordData bad :
        List.of(
            new RecordData().set(RecordKind.INDEX_CHANGES, 1, 100).value(bytes, 0, bytes.length),
            new RecordData()
                .set(RecordKind.INDEX_CHANGES, 0, 100)
                .key(bytes, 0, 1)
                .value(bytes, 0, bytes.length))) {
      requireBroken(frame(bad, FrameKind.INDEX, 100), 48, "changes of the index with a key");
    }
  }

  private void requireRefused(String hex, String reason) {
    byte[] value = hex.isEmpty() ? new byte[0] : Hex.parse(hex);
    RecordData record =
        new RecordData().set(RecordKind.INDEX_CHANGES, 0, 100).value(value, 0, value.length);
    assertThatExceptionOfType(FormatException.class)
        .as(hex)
        .isThrownBy(() -> decode(record))
        .withMessage(reason);
    requireBroken(frame(record, FrameKind.INDEX, 100), 48, reason);
  }

  private void requireBroken(byte[] bytes, int offset, String reason) {
    assertThat(Scans.step(bytes, 0, place))
        .isEqualTo(new Step.Broken(POSITION, POSITION + offset, reason));
  }

  @Test
  void whateverIsInTheListTheDecoderStaysCalm() {
    for (int seed = 0; seed < 100; seed++) {
      var random = new SplittableRandom(seed);
      RecordData record = changes(random(random, 1 + random.nextInt(5)));
      byte[] valid = Arrays.copyOf(record.valueArray(), record.valueSize()); // its offset is 0
      Damage.requireCalm(random, valid, _ -> {}, 200, IndexChangesTest::decodeValue);
      for (int size = 0; size < valid.length; size++) {
        byte[] cut = Arrays.copyOf(valid, size);
        assertThat(Damage.isRefused(cut, IndexChangesTest::decodeValue)).isTrue();
      }
    }
  }

  private static Object decodeValue(byte[] value) throws FormatException {
    return decode(
        new RecordData().set(RecordKind.INDEX_CHANGES, 0, 1).value(value, 0, value.length));
  }

  private static List<Change> decode(RecordData record) throws FormatException {
    var read = new ArrayList<Change>();
    try {
      IndexChanges.decode(
          record,
          (fromSegment, from, toSegment, to, keyHash, key) ->
              read.add(new Change(fromSegment, from, toSegment, to, keyHash, Bytes.wrap(key))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return read;
  }

  private static RecordData changes(List<Change> list) {
    var changes = new IndexChanges();
    list.forEach(change -> change.addTo(changes));
    return changes.toRecord(100);
  }

  private static List<Change> random(RandomGenerator random, int count) {
    var list = new ArrayList<Change>();
    long base = Samples.number(random) / 2;
    for (int i = 0; i < count; i++) {
      boolean isDrop = random.nextInt(4) == 0;
      list.add(
          new Change(
              1 + base + random.nextInt(5),
              Samples.position(random),
              isDrop ? 0 : 1 + base + random.nextInt(12),
              isDrop ? 0 : Samples.position(random),
              random.nextLong(),
              isDrop ? Bytes.wrap(Samples.bytes(random, random.nextInt(40))) : Bytes.EMPTY));
    }
    return list;
  }

  private byte[] frame(RecordData record, FrameKind kind, long sequence) {
    encoder.begin(place, POSITION, 100);
    encoder.add(record);
    encoder.finish(kind, 1, sequence, 99, 7);
    return built();
  }

  private byte[] built() {
    return Arrays.copyOf(encoder.array(), encoder.size());
  }
}
