package dev.larder.internal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CheckpointHeaderTest {
  private final CheckpointHeader header = Samples.checkpointHeader(new SplittableRandom(1), 2);
  private final byte[] valid = header.encode();

  @Test
  void randomHeadsComeBack() throws FormatException {
    var random = new SplittableRandom(2);
    for (int i = 0; i < 500; i++) {
      CheckpointHeader written = Samples.checkpointHeader(random, random.nextInt(6));
      byte[] bytes = written.encode();
      assertThat(bytes).hasSize(CheckpointHeader.size(written.segments().size()));
      byte[] fixed = Arrays.copyOf(bytes, CheckpointHeader.FIXED_SIZE);
      assertThat(CheckpointHeader.sizeOf(fixed)).isEqualTo(bytes.length);
      assertThat(CheckpointHeader.decode(bytes)).isEqualTo(written);
    }
  }

  @Test
  void everyBitCounts() {
    Damage.requireEveryBitCounts(valid, CheckpointHeader::decode);
  }

  @Test
  void headOfAnyOtherSizeIsRefused() {
    for (int size = 0; size < 2 * valid.length; size++) {
      if (size != valid.length) {
        byte[] bytes = Arrays.copyOf(valid, size);
        assertThat(Damage.isRefused(bytes, CheckpointHeader::decode)).as("%d bytes", size).isTrue();
      }
    }
  }

  @Test
  void sizeIsRefusedWithoutTheBytesThatSayIt() {
    for (int size = 0; size < 16; size++) {
      byte[] bytes = Arrays.copyOf(valid, size);
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> CheckpointHeader.sizeOf(bytes));
    }
  }

  @Test
  void sizeThatMakesNoSenseIsRefused() {
    for (int size : new int[] {0, 91, 402_653_277, -1, Integer.MIN_VALUE}) {
      byte[] bytes = valid.clone();
      ByteWriter.U32.set(bytes, 12, size);
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> CheckpointHeader.sizeOf(bytes))
          .withMessage("a head of %d bytes", size);
    }
  }

  @Test
  void higherMinorVersionIsRead() throws FormatException {
    byte[] bytes = Damage.resealed(valid, 10, 0xff, 0xff);
    assertThat(CheckpointHeader.decode(bytes)).isEqualTo(header);
  }

  @Test
  void anyOtherMajorVersionIsRefused() {
    for (int major : new int[] {0, 2, 255}) {
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> CheckpointHeader.decode(Damage.resealed(valid, 8, major)))
          .withMessage("a checkpoint of another format version");
    }
  }

  @Test
  void everyRequiredFlagIsRefused() {
    for (int bit = 0; bit < Integer.SIZE; bit++) {
      byte[] bytes = Damage.resealed(valid, 84 + bit / Byte.SIZE, 1 << bit % Byte.SIZE);
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> CheckpointHeader.decode(bytes))
          .withMessage("a checkpoint with features that are not known");
    }
  }

  @Test
  void countsThatMakeNoSenseAreRefused() {
    for (int[] count : new int[][] {{1, 0, 0, 0}, {3, 0, 0, 0}, {2, 0, 0, 0x80}}) {
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> CheckpointHeader.decode(Damage.resealed(valid, 80, count)))
          .withMessageStartingWith("a count of ");
    }
    assertThat(Damage.isRefused(Damage.resealed(valid, 79, 0x80), CheckpointHeader::decode))
        .isTrue();
  }

  @Test
  void garbageIsRefused() {
    Damage.requireGarbageIsRefused(
        new SplittableRandom(4), 0, 400, 2_000, CheckpointHeader::decode);
    Damage.requireCalm(
        new SplittableRandom(5), valid, Damage.plain(), 1_000, CheckpointHeader::decode);
  }
}
