package dev.larder.internal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.larder.internal.format.Manifest.SegmentInfo;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ManifestTest {
  private static final int MINOR_OFFSET = 10;
  private static final int REQUIRED_FLAGS_OFFSET = 68;

  private final Manifest manifest = Samples.manifest(new SplittableRandom(1), 2);
  private final byte[] valid = manifest.encode();

  @Test
  void randomManifestsComeBack() throws Exception {
    var random = new SplittableRandom(2);
    for (int i = 0; i < 500; i++) {
      Manifest written = Samples.manifest(random, random.nextInt(6));
      byte[] bytes = written.encode();
      assertThat(bytes).hasSize(Manifest.size(written.segments().size()));
      assertThat(Manifest.decode(bytes)).isEqualTo(written);
    }
  }

  @Test
  void manifestWithoutSegmentsAndOneWithManyComeBack() throws Exception {
    var random = new SplittableRandom(3);
    for (int count : new int[] {0, 5_000}) {
      Manifest written = Samples.manifest(random, count);
      assertThat(Manifest.decode(written.encode())).isEqualTo(written);
    }
  }

  @Test
  void everyBitCounts() {
    Damage.requireEveryBitCounts(valid, Manifest::decode);
  }

  @Test
  void manifestOfAnyOtherSizeIsRefused() {
    for (int size = 0; size < 2 * valid.length; size++) {
      if (size != valid.length) {
        byte[] bytes = Arrays.copyOf(valid, size);
        assertThat(Damage.isRefused(bytes, Manifest::decode)).as("%d bytes", size).isTrue();
      }
    }
  }

  @Test
  void manifestOfWhichOnlyTheBeginningArrivedIsRefused() {
    for (int size = 0; size < valid.length; size++) {
      byte[] cut = Arrays.copyOf(Arrays.copyOf(valid, size), valid.length);
      assertThat(Damage.isRefused(cut, Manifest::decode)).as("%d bytes", size).isTrue();
    }
  }

  @Test
  void higherMinorVersionIsRead() throws Exception {
    assertThat(Manifest.decode(Damage.resealed(valid, MINOR_OFFSET, 0xff, 0xff)))
        .isEqualTo(manifest);
  }

  @Test
  void reservedBytesAreIgnored() throws Exception {
    byte[] bytes = Damage.resealed(valid, Manifest.HEADER_SIZE - 8, 1, 2, 3, 4, 5, 6, 7, 8);
    bytes = Damage.resealed(bytes, Manifest.HEADER_SIZE + 10, 1, 2, 3, 4, 5, 6);
    int end = Manifest.HEADER_SIZE + Manifest.ENTRY_SIZE;
    bytes = Damage.resealed(bytes, end - 8, 1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(Manifest.decode(bytes)).isEqualTo(manifest);
  }

  @Test
  void higherMajorVersionIsNewerWhateverTheRest() {
    byte[] bytes = Arrays.copyOf(valid, 40);
    bytes[8] = 9;
    assertThatExceptionOfType(NewerFormatException.class)
        .isThrownBy(() -> Manifest.decode(bytes))
        .withMessage("format version 9");
  }

  @Test
  void everyRequiredFlagIsNewer() {
    for (int bit = 0; bit < Integer.SIZE; bit++) {
      int offset = REQUIRED_FLAGS_OFFSET + bit / Byte.SIZE;
      byte[] bytes = Damage.resealed(valid, offset, 1 << bit % Byte.SIZE);
      assertThatExceptionOfType(NewerFormatException.class)
          .isThrownBy(() -> Manifest.decode(bytes))
          .withMessage("format features 0x%x", 1 << bit);
    }
  }

  @Test
  void countThatDoesNotFitTheSizeIsDamage() {
    for (int[] count :
        List.of(
            new int[] {1, 0, 0, 0},
            new int[] {3, 0, 0, 0},
            new int[] {2, 0, 0, 0x20},
            new int[] {2, 0, 0, 0x80},
            new int[] {0xff, 0xff, 0xff, 0xff})) {
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> Manifest.decode(Damage.resealed(valid, 64, count)))
          .withMessageStartingWith("a count of ");
    }
  }

  @Test
  void kindsAndStatesThatAreNoneAreDamage() {
    for (int code = 0; code < 256; code++) {
      boolean isCode = code == 1 || code == 2;
      for (int offset = 8; offset < 10; offset++) {
        byte[] bytes = Damage.resealed(valid, Manifest.HEADER_SIZE + offset, code);
        assertThat(Damage.isRefused(bytes, Manifest::decode)).isEqualTo(!isCode);
      }
    }
  }

  @Test
  void segmentListCannotBeChanged() {
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> manifest.segments().clear());
    assertThat(SegmentInfo.NO_HASH.toArray()).containsOnly(0).hasSize(Manifest.HASH_SIZE);
  }

  @Test
  void garbageIsRefused() {
    Damage.requireGarbageIsRefused(new SplittableRandom(4), 0, 400, 2_000, Manifest::decode);
    Damage.requireCalm(new SplittableRandom(5), valid, Damage.plain(), 5_000, Manifest::decode);
  }
}
