package dev.larder.internal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.larder.Bytes;
import dev.larder.internal.format.CheckpointHeader.Prelude;
import dev.larder.internal.format.CheckpointHeader.Removal;
import dev.larder.internal.format.CheckpointHeader.Roots;
import dev.larder.internal.format.CheckpointHeader.SegmentUsage;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class CheckpointHeaderTest {
  private static final int TABLE_PAGE = 64;
  private static final int TREE_PAGE = 68;
  private static final int AHEAD_PAGE = 72;
  private static final int REMEMBERED_PAGE = 76;
  private static final int PAGE_COUNT = 96;
  private static final int FREE_RUN_COUNT = 100;
  private static final int REMOVAL_COUNT = 104;
  private static final int BUCKET_COUNT = 108;
  private static final int SEGMENT_COUNT = 112;
  private static final int REQUIRED_FLAGS = 116;
  private static final int SEGMENTS = 120;
  private static final int FREE_RUNS = SEGMENTS + 2 * 72;
  private static final int REMOVALS = FREE_RUNS + 2 * 8;
  private static final int BUCKETS = REMOVALS + 20 + 6;

  private final CheckpointHeader header =
      new CheckpointHeader(
          Samples.id(new SplittableRandom(1)),
          11,
          12,
          13,
          14,
          15,
          16,
          new Roots(1, 0, 3, 4, 5, 6),
          300,
          List.of(100, 28, 290, 10),
          List.of(new Removal(-1, 21, Bytes.wrap(new byte[6]))),
          Map.of("one", 1, "two", 2),
          List.of(
              new SegmentUsage(1, 0, 16, 31, 32, 33, 34, 21, 22, 23),
              new SegmentUsage(2, 16, 16, 35, 36, 37, 38, 24, 25, 26)));
  private final byte[] valid = header.encode();
  private final byte[] prelude = new Prelude(12345, 678, 9).encode();

  @Test
  void randomHeadsComeBack() throws FormatException {
    var random = new SplittableRandom(2);
    for (int i = 0; i < 500; i++) {
      CheckpointHeader written = Samples.checkpointHeader(random);
      assertThat(CheckpointHeader.decode(written.encode())).isEqualTo(written);
    }
  }

  @Test
  void randomPreludesComeBack() throws FormatException {
    var random = new SplittableRandom(3);
    for (int i = 0; i < 500; i++) {
      var written =
          new Prelude(
              random.nextLong(4096, Long.MAX_VALUE),
              random.nextInt(124, 1 << 30),
              random.nextLong(1, Long.MAX_VALUE));
      assertThat(Prelude.decode(written.encode())).isEqualTo(written);
    }
  }

  @Test
  void preludeIsReadFromTheBeginningOfAFile() throws FormatException {
    byte[] file = Arrays.copyOf(prelude, 4096);
    assertThat(Prelude.decode(file)).isEqualTo(new Prelude(12345, 678, 9));
  }

  @Test
  void everyBitCounts() {
    Damage.requireEveryBitCounts(valid, CheckpointHeader::decode);
    Damage.requireEveryBitCounts(prelude, Prelude::decode);
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
  void headThatIsCutOrLongerIsRefusedEvenIfTheChecksumIsRight() {
    for (int size = Integer.BYTES; size < 2 * valid.length; size++) {
      if (size != valid.length) {
        byte[] bytes = Arrays.copyOf(Arrays.copyOf(valid, valid.length - Integer.BYTES), size);
        Damage.plain().seal(bytes);
        assertThat(Damage.isRefused(bytes, CheckpointHeader::decode)).as("%d bytes", size).isTrue();
      }
    }
  }

  @Test
  void preludeThatIsCutIsRefused() {
    for (int size = 0; size < prelude.length; size++) {
      byte[] bytes = Arrays.copyOf(prelude, size);
      assertThat(Damage.isRefused(bytes, Prelude::decode)).as("%d bytes", size).isTrue();
    }
  }

  @Test
  void higherMinorVersionIsRead() throws FormatException {
    assertThat(Prelude.decode(Damage.resealed(prelude, 10, 0xff, 0xff)))
        .isEqualTo(new Prelude(12345, 678, 9));
  }

  @Test
  void anyOtherMajorVersionIsRefused() {
    for (int major : new int[] {0, 2, 255}) {
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> Prelude.decode(Damage.resealed(prelude, 8, major)))
          .withMessage("a checkpoint of another format version");
    }
  }

  @Test
  void placeOfTheHeadThatMakesNoSenseIsRefused() {
    for (int size : new int[] {0, 123, (1 << 30) + 1, -1, Integer.MIN_VALUE}) {
      requireRefusedPrelude(12, u32(size));
    }
    for (long position : new long[] {0, 4095, -1, Long.MIN_VALUE}) {
      requireRefusedPrelude(16, u64(position));
    }
  }

  private void requireRefusedPrelude(int offset, int[] replacement) {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> Prelude.decode(Damage.resealed(prelude, offset, replacement)))
        .withMessageStartingWith("a head of ");
  }

  private static int[] u32(int value) {
    return bytes(value, Integer.BYTES);
  }

  private static int[] u64(long value) {
    return bytes(value, Long.BYTES);
  }

  private static int[] bytes(long value, int count) {
    int[] bytes = new int[count];
    Arrays.setAll(bytes, i -> (int) (value >>> (Byte.SIZE * i)) & 0xff);
    return bytes;
  }

  @Test
  void everyRequiredFlagIsRefused() {
    for (int bit = 0; bit < Integer.SIZE; bit++) {
      requireRefused(
          "a checkpoint with features that are not known", REQUIRED_FLAGS, u32(1 << bit));
    }
  }

  private void requireRefused(String message, int offset, int... replacement) {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> CheckpointHeader.decode(Damage.resealed(valid, offset, replacement)))
        .withMessageStartingWith(message);
  }

  @Test
  void countsThatMakeNoSenseAreRefused() {
    requireRefused("a count of 0 pages", PAGE_COUNT, u32(0));
    requireRefused("a count of -1 pages", PAGE_COUNT, u32(-1));
    requireRefused("a count of 2147483521 pages", PAGE_COUNT, u32(2_147_483_521));
    requireRefused("a count of -", 56, u64(-1));
    for (int count : new int[] {1 << 29, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
      requireRefused("a list of %d elements".formatted(count), SEGMENT_COUNT, u32(count));
    }
    for (int offset : new int[] {FREE_RUN_COUNT, REMOVAL_COUNT, BUCKET_COUNT}) {
      for (int count : new int[] {1 << 29, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
        requireRefused("a list of %d elements".formatted(count), offset, u32(count));
      }
    }
  }

  @Test
  void everyListHasItsCount() {
    for (int offset : new int[] {FREE_RUN_COUNT, REMOVAL_COUNT, BUCKET_COUNT, SEGMENT_COUNT}) {
      for (int difference : new int[] {-1, 1}) {
        byte[] bytes = Damage.resealed(valid, offset, valid[offset] + difference);
        assertThat(Damage.isRefused(bytes, CheckpointHeader::decode))
            .as("the count at %d", offset)
            .isTrue();
      }
    }
  }

  @Test
  void greatestPageCountMakesPositionsThatAreNumbers() throws FormatException {
    CheckpointHeader largest =
        CheckpointHeader.decode(Damage.resealed(valid, PAGE_COUNT, u32(2_147_483_520)));
    assertThat(largest.chunkCount()).isEqualTo(16_777_215);
    assertThat(largest.headPosition()).isEqualTo(2_147_483_520L * 4096 + 16_777_215L * 4);
  }

  @Test
  void pagesThatAreNotThereAreRefused() {
    for (int offset : new int[] {TABLE_PAGE, TREE_PAGE, AHEAD_PAGE, REMEMBERED_PAGE}) {
      for (int page : new int[] {300, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
        requireRefused("Roots", offset, u32(page));
      }
    }
    for (int offset : new int[] {TABLE_PAGE, AHEAD_PAGE, REMEMBERED_PAGE}) {
      requireRefused("Roots", offset, u32(0));
    }
  }

  @Test
  void freePagesOutsideOfAChunkAreRefused() {
    for (int first : new int[] {0, 101, 127, 299, 300, Integer.MAX_VALUE, -1}) {
      requireRefused("28 free pages from %d on".formatted(first), FREE_RUNS, u32(first));
    }
    for (int count : new int[] {0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 29}) {
      requireRefused("%d free pages from 100 on".formatted(count), FREE_RUNS + 4, u32(count));
    }
    requireRefused("11 free pages from 290 on", FREE_RUNS + 12, u32(11));
  }

  @Test
  void halfARunOfFreePagesIsNotWritten() {
    UnaryOperator<List<Integer>> write =
        freeRuns ->
            new CheckpointHeader(
                    header.storeId(),
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    header.roots(),
                    300,
                    freeRuns,
                    List.of(),
                    Map.of(),
                    List.of())
                .freeRuns();
    assertThat(write.apply(List.of(1, 2))).hasSize(2);
    assertThatIllegalArgumentException().isThrownBy(() -> write.apply(List.of(1, 2, 3)));
  }

  @Test
  void segmentsWithoutAPlaceOfTheirOwnAreRefused() {
    int second = SEGMENTS + 72;
    requireRefused("segment 0 in", second, u64(0));
    requireRefused("segment -1 in", second, u64(-1));
    for (int first : new int[] {65_521, 65_536, Integer.MAX_VALUE, -1}) {
      requireRefused("segment 2 in 16 units from %d on".formatted(first), second + 8, u32(first));
    }
    for (int count : new int[] {0, 65_521, Integer.MAX_VALUE, -1}) {
      requireRefused("segment 2 in %d units from 16 on".formatted(count), second + 12, u32(count));
    }
    requireRefused("unit 15 belongs to two segments", second + 8, u32(15));
    requireRefused("unit 0 belongs to two segments", second + 8, u32(0));
  }

  @Test
  void lastUnitIsTaken() throws FormatException {
    byte[] bytes = Damage.resealed(valid, SEGMENTS + 72 + 8, u32(65_520));
    assertThat(CheckpointHeader.decode(bytes).segments().getLast().firstUnit()).isEqualTo(65_520);
  }

  @Test
  void sizesOfKeysAndNamesThatMakeNoSenseAreRefused() {
    for (int size : new int[] {3, 1000, Integer.MAX_VALUE, -1}) {
      requireRefused("an index key of %d bytes".formatted(size), REMOVALS + 16, u32(size));
    }
    for (int size : new int[] {1000, Integer.MAX_VALUE, -1}) {
      requireRefused("bucket 1 with a name of %d bytes".formatted(size), BUCKETS + 4, u32(size));
    }
    requireRefused("bucket 0 with", BUCKETS, u32(0));
    requireRefused("bucket -1 with", BUCKETS, u32(-1));
    requireRefused("two buckets of one name", BUCKETS + 8 + 3 + 8, 'o', 'n', 'e');
  }

  @Test
  void garbageIsRefused() {
    Damage.requireGarbageIsRefused(
        new SplittableRandom(4), 0, 400, 2_000, CheckpointHeader::decode);
    Damage.requireGarbageIsRefused(new SplittableRandom(5), 0, 64, 2_000, Prelude::decode);
    Damage.requireCalm(
        new SplittableRandom(6), valid, Damage.plain(), 20_000, CheckpointHeader::decode);
    Damage.requireCalm(new SplittableRandom(7), prelude, Damage.plain(), 20_000, Prelude::decode);
  }

  @Test
  void whatIsDecodedIsWhatIsWrittenAgain() throws FormatException {
    var random = new SplittableRandom(8);
    int decoded = 0;
    for (int i = 0; i < 20_000; i++) {
      int offset = random.nextInt(valid.length - Integer.BYTES);
      byte[] bytes = Damage.resealed(valid, offset, random.nextInt() & 0xff);
      if (!Damage.isRefused(bytes, CheckpointHeader::decode)) {
        decoded++;
        CheckpointHeader again = CheckpointHeader.decode(bytes);
        assertThat(CheckpointHeader.decode(again.encode())).isEqualTo(again);
      }
    }
    assertThat(decoded).isGreaterThan(5_000);
  }
}
