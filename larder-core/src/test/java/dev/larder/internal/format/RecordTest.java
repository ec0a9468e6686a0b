package dev.larder.internal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.larder.Limits;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// [RecordCodec] and [RecordData]: what is written to one place of a segment is read from that
/// place only.
class RecordTest {
  static final long POSITION = 4096;

  private final RecordCodec.Place place = Samples.place(5, 100);

  @Test
  void randomRecordsComeBack() throws FormatException {
    var read = new RecordData(); // one object for all, so that nothing of the last one may stay
    for (int seed = 0; seed < 2_000; seed++) {
      var random = new SplittableRandom(seed);
      RecordCodec.Place target = Samples.place(random);
      RecordData written = Samples.record(random, target);
      byte[] bytes = encode(written, target);
      assertThat(bytes.length)
          .isLessThanOrEqualTo((int) RecordCodec.sizeBound(written.keySize(), written.valueSize()));
      assertThat(bytes.length % FrameHeader.ALIGNMENT).isZero();
      byte[] around = new byte[3 + bytes.length + random.nextInt(20)];
      random.nextBytes(around);
      System.arraycopy(bytes, 0, around, 3, bytes.length);
      read.decode(around, 3, around.length, target, POSITION);
      assertThat(read.size()).isEqualTo(bytes.length);
      assertThat(Samples.content(read)).isEqualTo(Samples.content(written));
    }
  }

  @Test
  void smallestRecordHasTwelveBytes() throws FormatException {
    byte[] bytes = encode(new RecordData().set(RecordKind.PUT, 0, 100), place);
    assertThat(bytes).hasSize(12).hasSize(RecordCodec.SIZE_MIN);
    RecordData read = decode(bytes, place, POSITION);
    assertThat(read.keySize()).isZero();
    assertThat(read.valueCopy().size()).isZero();
  }

  @Test
  void longestHeadIsWithinItsBound() throws FormatException {
    RecordCodec.Place lowest = Samples.place(1, 0);
    byte[] key = new byte[Limits.KEY_BYTES_MAX];
    RecordData written =
        new RecordData()
            .set(RecordKind.EXPIRED, Integer.MAX_VALUE, -1)
            .key(key, 0, key.length)
            .deadline(-1)
            .previous(Long.MIN_VALUE, Long.MAX_VALUE & -4)
            .forgotten();
    byte[] bytes = encode(written, lowest);
    int head = 6 + 5 + 3 + 1 + 3 * Varint.SIZE_MAX + 9;
    assertThat(bytes).hasSize((int) FrameHeader.padded(head + key.length));
    assertThat(Samples.content(decode(bytes, lowest, POSITION)))
        .isEqualTo(Samples.content(written));
  }

  @Test
  void longestKeyAndLargeValueComeBack() throws FormatException {
    byte[] key = new byte[Limits.KEY_BYTES_MAX];
    byte[] value = new byte[3 << 20];
    new SplittableRandom(1).nextBytes(key);
    new SplittableRandom(2).nextBytes(value);
    RecordData written =
        new RecordData()
            .set(RecordKind.PUT, 1, 100)
            .key(key, 0, key.length)
            .value(value, 0, value.length);
    RecordData read = decode(encode(written, place), place, POSITION);
    assertThat(read.keyCopy()).isEqualTo(key);
    assertThat(read.valueCopy().toArray()).isEqualTo(value);
  }

  @Test
  void partsOfArraysAreWritten() throws FormatException {
    byte[] array = {1, 2, 3, 4, 5, 6};
    RecordData written =
        new RecordData().set(RecordKind.PUT, 1, 100).key(array, 1, 2).value(array, 2, 3);
    RecordData read = decode(encode(written, place), place, POSITION);
    assertThat(read.keyCopy()).containsExactly(2, 3);
    assertThat(read.valueCopy().toArray()).containsExactly(3, 4, 5);
  }

  @Test
  void previousVersionMayBeInAnySegment() throws FormatException {
    for (long segment : new long[] {1, 4, 5, 6, 1000, Long.MAX_VALUE}) {
      RecordData written =
          new RecordData().set(RecordKind.TOMBSTONE, 1, 100).previous(segment, 128);
      RecordData read = decode(encode(written, place), place, POSITION);
      assertThat(read.previousSegment()).isEqualTo(segment);
      assertThat(read.previousPosition()).isEqualTo(128);
    }
  }

  @Test
  void everyBitCounts() {
    for (int seed = 0; seed < 10; seed++) {
      var random = new SplittableRandom(seed);
      RecordCodec.Place target = Samples.place(random);
      byte[] valid = encode(Samples.record(random, target), target);
      Damage.requireEveryBitCounts(valid, bytes -> decode(bytes, target, POSITION));
    }
  }

  @Test
  void recordThatIsCutShortIsRefused() {
    for (int seed = 0; seed < 20; seed++) {
      var random = new SplittableRandom(seed);
      RecordCodec.Place target = Samples.place(random);
      byte[] valid = encode(Samples.record(random, target), target);
      for (int size = 0; size < valid.length; size++) {
        byte[] cut = Arrays.copyOf(valid, size);
        assertThat(Damage.isRefused(cut, bytes -> decode(bytes, target, POSITION)))
            .as("%d of %d bytes, seed %d", size, valid.length, seed)
            .isTrue();
        // Bytes behind the end that was given must not be looked at.
        assertThatExceptionOfType(FormatException.class)
            .isThrownBy(() -> new RecordData().decode(valid, 0, cut.length, target, POSITION));
      }
    }
  }

  @Test
  void recordIsRefusedInEveryOtherPlace() {
    RecordData record = new RecordData().set(RecordKind.PUT, 1, 100);
    byte[] bytes = encode(record, place);
    byte[] otherSalt = new byte[16];
    otherSalt[15] = 1;
    requireRefused(bytes, place, POSITION + 4);
    requireRefused(bytes, place, 0);
    requireRefused(bytes, Samples.place(6, 100), POSITION);
    requireRefused(bytes, new RecordCodec.Place(5, 100, new Checksums(otherSalt, 5), 0), POSITION);
    requireRefused(bytes, Samples.place(5, 101), POSITION);
  }

  private static void requireRefused(byte[] bytes, RecordCodec.Place place, long position) {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> decode(bytes, place, position))
        .withMessage("the checksum of a record");
  }

  @Test
  void kindsThatAreNoneAreRefused() {
    byte[] valid = encode(new RecordData().set(RecordKind.PUT, 1, 100), place);
    for (int code = 0; code < 256; code++) {
      byte[] bytes = valid.clone();
      bytes[RecordCodec.CHECKSUM_SIZE] = (byte) code;
      seal(bytes);
      boolean isKind = (1 <= code && code <= 4) || (0x81 <= code && code <= 0x83);
      assertThat(Damage.isRefused(bytes, b -> decode(b, place, POSITION))).isEqualTo(!isKind);
    }
  }

  @Test
  void everyUnknownFlagIsRefused() {
    byte[] valid = encode(new RecordData().set(RecordKind.PUT, 1, 100), place);
    for (int flags = 0; flags < 256; flags++) {
      if ((flags & ~RecordCodec.RECORD_FLAGS) == 0) {
        continue;
      }
      byte[] bytes = valid.clone();
      bytes[RecordCodec.CHECKSUM_SIZE + 1] = (byte) flags;
      seal(bytes);
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> decode(bytes, place, POSITION))
          .withMessage("record flags 0x%x", flags);
    }
  }

  @Test
  void sizesBehindTheEndAreRefusedBeforeAnythingIsAllocated() {
    // Key and value of 2^31 - 1 bytes, then of 2^64 - 1.
    for (String sizes : new String[] {"ff ff ff ff 07 01", "01 ff ff ff ff ff ff ff ff ff 01"}) {
      var writer = new ByteWriter(64);
      writer.bytes(Hex.parse("00 00 00 00 01 00 01 " + sizes + " 00 00 00"));
      byte[] bytes = writer.toArray();
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> decode(bytes, place, POSITION))
          .withMessageContaining("size is ");
    }
  }

  @Test
  void garbageIsRefused() {
    Damage.requireGarbageIsRefused(
        new SplittableRandom(4), 0, 100, 5_000, bytes -> decode(bytes, place, POSITION));
    for (int seed = 0; seed < 20; seed++) {
      var random = new SplittableRandom(seed);
      byte[] valid = encode(Samples.record(random, place), place);
      Damage.requireCalm(random, valid, this::seal, 500, bytes -> decode(bytes, place, POSITION));
    }
  }

  @Test
  void paddingIsZero() {
    byte[] valid = encode(new RecordData().set(RecordKind.PUT, 1, 100), place);
    assertThat(valid).hasSize(12);
    for (int i = 10; i < 12; i++) {
      byte[] bytes = valid.clone();
      bytes[i] = (byte) 0x80;
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> decode(bytes, place, POSITION))
          .withMessage("the padding of a record");
    }
  }

  @Test
  void previousPositionMustBeOneWhereRecordsBegin() {
    RecordData record = new RecordData().set(RecordKind.PUT, 1, 100).previous(3, 130);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> encode(record, place))
        .withMessage("a record at position 130");
  }

  @Test
  void recordThatIsAWholeCommitSaysMore() throws FormatException {
    var read = new RecordData();
    for (int seed = 0; seed < 2_000; seed++) {
      var random = new SplittableRandom(seed);
      RecordCodec.Place target = Samples.place(random);
      RecordData written = Samples.record(random, target);
      long durable = random.nextBoolean() ? -1 : Samples.number(random);
      long time = random.nextBoolean() ? -1 : Samples.number(random);
      var writer = new ByteWriter(0);
      RecordCodec.encodeCommit(writer, target, POSITION, written, durable, time);
      read.decode(writer.toArray(), 0, writer.size(), target, POSITION);
      assertThat(Samples.content(read)).isEqualTo(Samples.content(written));
      assertThat(read.isWholeCommit()).isTrue();
      assertThat(read.commitDurable()).isEqualTo(durable == -1 ? 0 : durable);
      assertThat(read.commitMillis()).isEqualTo(time == -1 ? FrameHeader.TIME_UNCHANGED : time);
      byte[] ordinary = encode(written, target);
      read.decode(ordinary, 0, ordinary.length, target, POSITION);
      assertThat(read.isWholeCommit()).isFalse();
      assertThat(read.commitDurable()).isZero();
      assertThat(read.commitMillis()).isEqualTo(FrameHeader.TIME_UNCHANGED);
    }
  }

  @Test
  void whatIsWrittenAfterAWholeCommitWasReadIsOrdinary() throws FormatException {
    var writer = new ByteWriter(0);
    RecordData record = new RecordData().set(RecordKind.PUT, 1, 100);
    RecordCodec.encodeCommit(writer, place, POSITION, record, 99, 5);
    RecordData read = decode(writer.toArray(), place, POSITION);
    assertThat(encode(read, place)).isEqualTo(encode(record, place));
    assertThat(read.set(RecordKind.PUT, 1, 100).isWholeCommit()).isFalse();
    assertThat(read.commitDurable()).isZero();
    assertThat(read.commitMillis()).isEqualTo(FrameHeader.TIME_UNCHANGED);
  }

  /// Puts the right checksum on a record that goes up to the end of the bytes.
  private void seal(byte[] bytes) {
    seal(bytes, place, POSITION);
  }

  /// Puts the right checksum on the record that the bytes begin with, if they do.
  static void seal(byte[] bytes, RecordCodec.Place place, long position) {
    var reader = new ByteReader(bytes, RecordCodec.FLAGS_OFFSET, bytes.length);
    try {
      int flags = reader.u8();
      reader.varint();
      int keySize = (int) reader.varint();
      int valueSize = (int) reader.varint();
      long sequence = place.baseSequence() + reader.varint();
      int optional =
          Integer.bitCount(flags & (RecordCodec.FLAG_DEADLINE | RecordCodec.COMMIT_FLAGS))
              + 2 * Integer.bitCount(flags & RecordCodec.FLAG_PREVIOUS);
      for (int i = 0; i < optional; i++) {
        reader.varint();
      }
      int key = reader.offset();
      reader.skip(keySize);
      reader.skip(valueSize);
      long seed = DocumentedChecksums.seed(new byte[16], place.segment());
      int checksum =
          DocumentedChecksums.record(bytes, 0, key, reader.offset(), seed, position, sequence);
      ByteWriter.U32.set(bytes, 0, checksum);
    } catch (FormatException _) {
      // What is no record has no right checksum.
    }
  }

  private static byte[] encode(RecordData record, RecordCodec.Place place) {
    var writer = new ByteWriter(0);
    RecordCodec.encode(writer, place, POSITION, record);
    return writer.toArray();
  }

  private static RecordData decode(byte[] bytes, RecordCodec.Place place, long position)
      throws FormatException {
    var record = new RecordData();
    record.decode(bytes, 0, bytes.length, place, position);
    return record;
  }
}
