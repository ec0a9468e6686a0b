package dev.larder.internal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.larder.Expiry;
import dev.larder.Limits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CheckpointBlockTest {
  private final CheckpointBlock block = new CheckpointBlock();

  @Test
  void randomEntriesComeBack() throws FormatException {
    for (int seed = 0; seed < 300; seed++) {
      var random = new SplittableRandom(seed);
      List<CheckpointBlock.Entry> written = Samples.entries(random, random.nextInt(30));
      byte[] bytes = encode(written);
      assertThat(CheckpointBlock.sizeOf(bytes)).isEqualTo(bytes.length);
      assertThat(decode(bytes)).isEqualTo(written.stream().map(Samples::content).toList());
    }
  }

  @Test
  void keysOfAllBeginningsComeBack() throws FormatException {
    var written = new ArrayList<CheckpointBlock.Entry>();
    for (String key : List.of("", "00", "00 00", "00 00 ff", "00 01", "80", "80 7f", "ff ff")) {
      written.add(entry(key.isEmpty() ? new byte[0] : Hex.parse(key)));
    }
    assertThat(decode(encode(written))).isEqualTo(written.stream().map(Samples::content).toList());
  }

  @Test
  void blockWithTheLongestKeysIsWithinItsLimit() throws FormatException {
    block.begin();
    var written = new ArrayList<List<Object>>();
    for (int i = 0; block.hasRoom(); i++) {
      byte[] key = new byte[4 + Limits.KEY_BYTES_MAX];
      key[0] = (byte) i;
      CheckpointBlock.Entry entry =
          new CheckpointBlock.Entry(
              key, true, Long.MAX_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE, 1);
      block.add(entry);
      written.add(Samples.content(entry));
    }
    block.finish();
    byte[] bytes = Arrays.copyOf(block.array(), block.size());
    assertThat(CheckpointBlock.sizeOf(bytes))
        .isEqualTo(bytes.length)
        .isLessThanOrEqualTo(CheckpointBlock.SIZE_MAX);
    assertThat(decode(bytes)).isEqualTo(written);
  }

  @Test
  void blockIsFullWithTheEntryThatReachesItsTarget() {
    block.begin();
    var random = new SplittableRandom(1);
    for (CheckpointBlock.Entry entry : Samples.entries(random, 3_000)) {
      if (!block.hasRoom()) {
        break;
      }
      assertThat(block.size()).isLessThan(CheckpointBlock.SIZE_TARGET);
      block.add(entry);
    }
    assertThat(block.size())
        .isBetween(CheckpointBlock.SIZE_TARGET, CheckpointBlock.SIZE_TARGET + 90);
  }

  @Test
  void nothingOfAnEarlierBlockIsInTheNext() throws FormatException {
    List<CheckpointBlock.Entry> entries = Samples.entries(new SplittableRandom(2), 20);
    byte[] first = encode(entries);
    encode(Samples.entries(new SplittableRandom(3), 20));
    assertThat(encode(entries)).isEqualTo(first);
    assertThat(encode(List.of())).hasSize(12);
    assertThat(decode(encode(List.of()))).isEmpty();
  }

  @Test
  void everyBitCounts() {
    byte[] valid = encode(Samples.entries(new SplittableRandom(4), 5));
    Damage.requireEveryBitCounts(valid, CheckpointBlockTest::decode);
  }

  @Test
  void blockThatIsCutShortIsRefused() {
    byte[] valid = encode(Samples.entries(new SplittableRandom(5), 5));
    for (int size = 12; size < valid.length; size++) {
      byte[] cut = Arrays.copyOf(valid, size);
      assertThat(Damage.isRefused(cut, CheckpointBlockTest::decode)).as("%d bytes", size).isTrue();
      byte[] padded = Arrays.copyOf(cut, valid.length);
      assertThat(Damage.isRefused(padded, CheckpointBlockTest::decode)).as("%d", size).isTrue();
    }
  }

  @Test
  void sizeThatMakesNoSenseIsRefused() {
    for (int size : new int[] {0, 11, CheckpointBlock.SIZE_MAX + 1, -1, Integer.MIN_VALUE}) {
      byte[] head = new byte[CheckpointBlock.HEAD_SIZE];
      ByteWriter.U32.set(head, 0, size);
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> CheckpointBlock.sizeOf(head))
          .withMessage("a block of %d bytes", size);
    }
  }

  @Test
  void entriesThatMakeNoSenseAreRefused() {
    requireRefused("the shared part of a key", "01 00 00 01 01 01 01");
    requireRefused("the rest of a key is 131073", "00 81 80 08 00 01 01 01 01");
    requireRefused("the bytes end within a field", "00 09 00 01 01 01 01");
    requireRefused("a record's size", "00 00 00 01 01 80 80 80 80 08 01");
    requireRefused("the end of a block", "00 00 00 01 01 01 01 00");
    requireRefused("the bytes end within a field", "00 00 02 01 01 01 01");
  }

  private static void requireRefused(String reason, String entry) {
    var writer = new ByteWriter(64);
    writer.u32(12 + Hex.parse(entry).length);
    writer.u32(1);
    writer.bytes(Hex.parse(entry));
    writer.u32(Checksums.plain(writer.array(), 0, writer.size()));
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> decode(writer.toArray()))
        .withMessageContaining(reason);
  }

  @Test
  void garbageIsRefused() {
    Damage.requireGarbageIsRefused(
        new SplittableRandom(6), 12, 400, 2_000, CheckpointBlockTest::decode);
    byte[] valid = encode(Samples.entries(new SplittableRandom(7), 10));
    Damage.requireCalm(
        new SplittableRandom(8),
        valid,
        Damage.plain(),
        5_000,
        bytes -> CheckpointBlock.decode(bytes, bytes.length, _ -> {}));
  }

  private byte[] encode(List<CheckpointBlock.Entry> entries) {
    block.begin();
    entries.forEach(block::add);
    block.finish();
    return Arrays.copyOf(block.array(), block.size());
  }

  private static List<List<Object>> decode(byte[] bytes) throws FormatException {
    var entries = new ArrayList<List<Object>>();
    int count =
        CheckpointBlock.decode(bytes, bytes.length, entry -> entries.add(Samples.content(entry)));
    assertThat(entries).hasSize(count);
    return entries;
  }

  private static CheckpointBlock.Entry entry(byte[] key) {
    return new CheckpointBlock.Entry(key, false, 1, 128, 10, 1, Expiry.NO_DEADLINE);
  }
}
