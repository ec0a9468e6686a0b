package dev.larder.internal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SegmentHeaderTest {
  private final SegmentHeader header = Samples.segmentHeader(new SplittableRandom(1));
  private final byte[] valid = header.encode();

  @Test
  void randomHeadersComeBack() throws Exception {
    var random = new SplittableRandom(2);
    for (int i = 0; i < 500; i++) {
      SegmentHeader written = Samples.segmentHeader(random);
      byte[] bytes = written.encode();
      assertThat(bytes).hasSize(SegmentHeader.SIZE);
      assertThat(SegmentHeader.decode(bytes)).isEqualTo(written);
    }
  }

  @Test
  void everyBitCounts() {
    Damage.requireEveryBitCounts(valid, SegmentHeader::decode);
  }

  @Test
  void headerOfWhichOnlyTheBeginningArrivedIsRefused() {
    for (int size = 0; size < SegmentHeader.SIZE; size++) {
      byte[] cut = Arrays.copyOf(Arrays.copyOf(valid, size), SegmentHeader.SIZE);
      assertThat(Damage.isRefused(cut, SegmentHeader::decode)).as("%d bytes", size).isTrue();
    }
  }

  @Test
  void headersOfOtherStructuresAreRefused() {
    var random = new SplittableRandom(3);
    byte[] manifest = Samples.manifest(random, 1).encode();
    byte[] prelude = new CheckpointHeader.Prelude(4096, SegmentHeader.SIZE, 1).encode();
    byte[] checkpoint = Arrays.copyOf(prelude, SegmentHeader.SIZE);
    assertThat(Damage.isRefused(manifest, SegmentHeader::decode)).isTrue();
    assertThat(Damage.isRefused(checkpoint, SegmentHeader::decode)).isTrue();
  }

  @Test
  void higherMinorVersionIsRead() throws Exception {
    byte[] bytes = Damage.resealed(valid, SegmentHeader.MINOR_OFFSET, 0xff, 0xff);
    assertThat(SegmentHeader.decode(bytes)).isEqualTo(header);
  }

  @Test
  void reservedBytesAreIgnored() throws Exception {
    byte[] bytes = Damage.resealed(valid, SegmentHeader.KIND_OFFSET + 1, 1, 2, 3);
    for (int offset = SegmentHeader.KEY_ID_OFFSET;
        offset < SegmentHeader.CHECKSUM_OFFSET;
        offset++) {
      bytes = Damage.resealed(bytes, offset, offset);
    }
    assertThat(SegmentHeader.decode(bytes)).isEqualTo(header);
  }

  @Test
  void higherMajorVersionIsNewerWhateverTheChecksum() {
    byte[] bytes = valid.clone();
    bytes[SegmentHeader.MAJOR_OFFSET] = 2;
    assertThatExceptionOfType(NewerFormatException.class)
        .isThrownBy(() -> SegmentHeader.decode(bytes))
        .withMessage("format version 2");
  }

  @Test
  void everyRequiredFlagIsNewer() {
    for (int bit = 0; bit < Integer.SIZE; bit++) {
      int offset = SegmentHeader.REQUIRED_FLAGS_OFFSET + bit / Byte.SIZE;
      byte[] bytes = Damage.resealed(valid, offset, 1 << bit % Byte.SIZE);
      assertThatExceptionOfType(NewerFormatException.class)
          .isThrownBy(() -> SegmentHeader.decode(bytes))
          .withMessage("format features 0x%x", 1 << bit);
    }
  }

  @Test
  void versionThatNeverWasIsDamage() {
    byte[] bytes = Damage.resealed(valid, SegmentHeader.MAJOR_OFFSET, 0, 0);
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> SegmentHeader.decode(bytes))
        .withMessage("format version 0");
  }

  @Test
  void kindsThatAreNoneAreDamage() {
    for (int code = 0; code < 256; code++) {
      byte[] bytes = Damage.resealed(valid, SegmentHeader.KIND_OFFSET, code);
      boolean isKind = code == SegmentKind.HISTORY.code() || code == SegmentKind.COLD.code();
      assertThat(Damage.isRefused(bytes, SegmentHeader::decode)).isEqualTo(!isKind);
    }
  }

  @Test
  void garbageIsRefused() {
    Damage.requireGarbageIsRefused(
        new SplittableRandom(4),
        SegmentHeader.SIZE,
        SegmentHeader.SIZE,
        2_000,
        SegmentHeader::decode);
    Damage.requireCalm(
        new SplittableRandom(5), valid, Damage.plain(), 5_000, SegmentHeader::decode);
  }
}
