package dev.larder.internal.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// [RecordHead] and [RecordData] read the same records in two ways: what one of them takes for a
/// record, and what it says, the other does too.
class RecordHeadTest {
  private static final long POSITION = RecordTest.POSITION;

  private final RecordCodec.Place place = Samples.place(5, 100);
  private final RecordHead head = new RecordHead();
  private final RecordData data = new RecordData();

  @Test
  void randomRecordsComeBack() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(POSITION + 4096);
      for (int seed = 0; seed < 5_000; seed++) {
        var random = new SplittableRandom(seed);
        boolean isUsual = random.nextInt(3) > 0;
        RecordCodec.Place target = isUsual ? place : Samples.place(random);
        byte[] bytes = encoded(random, target, isUsual);
        byte[] behind = Samples.bytes(random, random.nextInt(12));
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, POSITION, bytes.length);
        long end = POSITION + bytes.length;
        MemorySegment.copy(behind, 0, memory, ValueLayout.JAVA_BYTE, end, behind.length);
        // Nothing behind the limit is read: the memory ends there too.
        MemorySegment all = memory.asSlice(0, end + behind.length);
        requireSame(all, Arrays.copyOf(bytes, bytes.length), all.byteSize(), target);
      }
    }
  }

  private void requireSame(
      MemorySegment memory, byte[] bytes, long limit, RecordCodec.Place target) {
    assertThat(Damage.isRefused(bytes, b -> dataOf(b, target))).isFalse();
    assertThat(head.decode(memory, POSITION, limit, target)).isTrue();
    assertThat(content(memory)).isEqualTo(content());
    assertThat(head.position()).isEqualTo(POSITION);
    assertThat(head.size()).isEqualTo(data.size()).isEqualTo(bytes.length);
    byte[] key = data.keyCopy();
    byte[] value = data.valueCopy().toArray();
    assertThat(head.verify(memory, target, key, 0, value, 0)).isTrue();
    assertThat(head.verify(memory, target, POSITION + 4, key, 0, value, 0)).isFalse();
    byte[] around = new byte[key.length + value.length + 7];
    System.arraycopy(key, 0, around, 3, key.length);
    System.arraycopy(value, 0, around, 5 + key.length, value.length);
    assertThat(head.verify(memory, target, around, 3, around, 5 + key.length)).isTrue();
    assertThat(head.hasKey(memory, head.bucket(), around, 3, key.length)).isTrue();
    if (key.length > 0) {
      key[key.length - 1]++;
      assertThat(head.verify(memory, target, key, 0, value, 0)).isFalse();
    }
    if (value.length > 0) {
      key = data.keyCopy();
      value[0]++;
      assertThat(head.verify(memory, target, key, 0, value, 0)).isFalse();
    }
  }

  @Test
  void keysAreComparedAsAWhole() {
    var random = new SplittableRandom(1);
    for (int size = 0; size < 40; size++) {
      byte[] key = Samples.bytes(random, size);
      byte[] bytes = encoded(new RecordData().set(RecordKind.PUT, 300, 100).key(key, 0, size));
      MemorySegment memory = inPlace(bytes, 0);
      assertThat(head.decode(memory, POSITION, memory.byteSize(), place)).isTrue();
      assertThat(head.hasKey(memory, 300, key, 0, size)).isTrue();
      assertThat(head.hasKey(memory, 44, key, 0, size)).isFalse();
      for (int bit = 0; bit < size * Byte.SIZE; bit++) {
        byte[] other = key.clone();
        other[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        assertThat(head.hasKey(memory, 300, other, 0, size)).isFalse();
      }
      byte[] longer = Arrays.copyOf(key, size + 1);
      assertThat(head.hasKey(memory, 300, longer, 0, size + 1)).isFalse();
      assertThat(head.hasKey(memory, 300, longer, 0, size)).isTrue();
      if (size > 0) {
        assertThat(head.hasKey(memory, 300, key, 0, size - 1)).isFalse();
        assertThat(head.hasKey(memory, 300, key, 1, size - 1)).isFalse();
      }
    }
  }

  @Test
  void everyBitButThePaddingCounts() {
    for (int seed = 0; seed < 20; seed++) {
      var random = new SplittableRandom(seed);
      byte[] bytes = encoded(random, place, true);
      assertThat(Damage.isRefused(bytes, b -> dataOf(b, place))).isFalse();
      int end = head(bytes, 0) ? (int) (head.valuePosition() + head.valueSize() - POSITION) : 0;
      assertThat(isVerified(bytes)).isTrue();
      for (int bit = 0; bit < end * Byte.SIZE; bit++) {
        byte[] flipped = bytes.clone();
        flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        assertThat(isVerified(flipped)).as("bit %d", bit).isFalse();
      }
    }
  }

  @Test
  void recordsThatAreCutShortAreNone() {
    for (int seed = 0; seed < 50; seed++) {
      var random = new SplittableRandom(seed);
      byte[] bytes = encoded(random, place, seed % 2 == 0);
      MemorySegment memory = inPlace(bytes, 0);
      for (int size = 0; size < bytes.length; size++) {
        MemorySegment cut = memory.asSlice(0, POSITION + size);
        assertThat(head.decode(cut, POSITION, cut.byteSize(), place)).isFalse();
        assertThat(head.decode(memory, POSITION, POSITION + size, place)).isFalse();
      }
    }
  }

  @Test
  void garbageIsTakenForARecordOnlyIfItIsOne() {
    int records = 0;
    int heads = 0;
    for (int seed = 0; seed < 200; seed++) {
      var random = new SplittableRandom(seed);
      byte[] valid = encoded(random, place, seed % 3 > 0);
      for (int i = 0; i < 150; i++) {
        byte[] bytes = damaged(random, valid);
        boolean isRecord = !Damage.isRefused(bytes, b -> dataOf(b, place));
        boolean isHead = head(bytes, random.nextInt(9));
        if (isHead) {
          heads++;
        }
        boolean isSame = isHead && isVerified(bytes) && isPadded(bytes);
        assertThat(isSame).as("seed %d, %s", seed, Hex.format(bytes)).isEqualTo(isRecord);
        if (isRecord) {
          MemorySegment memory = inPlace(bytes, 0);
          assertThat(head.decode(memory, POSITION, memory.byteSize(), place)).isTrue();
          assertThat(content(memory)).isEqualTo(content());
          records++;
        }
      }
    }
    assertThat(records).isGreaterThan(2_000);
    assertThat(heads).isGreaterThan(records + 2_000);
  }

  @Test
  void bytesThatWereNeverWrittenDoNoHarm() {
    var random = new SplittableRandom(7);
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = new byte[random.nextInt(70)];
      for (int j = 0; j < bytes.length; j++) {
        bytes[j] =
            switch (random.nextInt(4)) {
              case 0 -> 0;
              case 1 -> (byte) 0x80;
              case 2 -> (byte) random.nextInt(8);
              default -> (byte) random.nextInt();
            };
      }
      if (head(bytes, 0)) {
        assertThat(isVerified(bytes)).isFalse();
      }
    }
  }

  @Test
  void sizesThatNoSegmentHasAreRefused() {
    for (String sizes :
        List.of(
            "ff ff ff ff 07 01 00", // a key of 2^31 - 1 bytes
            "01 ff ff ff ff 07 00", // such a value
            "01 ff ff ff ff ff ff ff ff ff 01 00", // one of 2^64 - 1
            "ff ff ff ff ff ff ff ff 7f ff ff ff ff ff ff ff ff 7f 00", // both of 2^63 - 1
            "01 ff ff ff ff ff ff ff ff 7f 00")) {
      byte[] bytes = Arrays.copyOf(Hex.parse("00 00 00 00 01 00 01 " + sizes), 40);
      assertThat(head(bytes, 0)).as(sizes).isFalse();
    }
  }

  @Test
  void bucketsOfMoreThan31BitsAreRefused() {
    byte[] bytes = Arrays.copyOf(Hex.parse("00 00 00 00 01 00 ff ff ff ff 07 00 00 00"), 40);
    assertThat(head(bytes, 0)).isTrue();
    assertThat(head.bucket()).isEqualTo(Integer.MAX_VALUE);
    bytes = Arrays.copyOf(Hex.parse("00 00 00 00 01 00 80 80 80 80 08 00 00 00"), 40);
    assertThat(head(bytes, 0)).isFalse();
    bytes = Arrays.copyOf(Hex.parse("00 00 00 00 01 00 80 80 80 80 10 00 00 00"), 40);
    assertThat(head(bytes, 0)).isFalse();
  }

  @Test
  void numbersThatEndNowhereAreRefused() {
    String start = "00 00 00 00 01 00 01 00 00 ";
    assertThat(head(Hex.parse(start + "ff ff 01"), 0)).isTrue();
    assertThat(head(Hex.parse(start + "ff ff ff"), 0)).isFalse();
    assertThat(head(Hex.parse(start + "ff ff ff"), 8)).isFalse();
    String longest = start + "ff ff ff ff ff ff ff ff ff ";
    assertThat(head(Hex.parse(longest + "01 00 00 00 00 00"), 0)).isTrue();
    assertThat(head(Hex.parse(longest + "02 00 00 00 00 00"), 0)).isFalse();
    assertThat(head(Hex.parse(longest + "81 00 00 00 00 00"), 0)).isFalse();
    assertThat(head(Hex.parse(start.replace("00 00 ", "ff ff ") + "ff ff ff"), 0)).isFalse();
  }

  private boolean head(byte[] bytes, int bytesBehind) {
    MemorySegment memory = inPlace(bytes, bytesBehind);
    return head.decode(memory, POSITION, POSITION + bytes.length, place);
  }

  private boolean isVerified(byte[] bytes) {
    if (!head(bytes, 0)) {
      return false;
    }
    int key = (int) (head.keyPosition() - POSITION);
    int value = (int) (head.valuePosition() - POSITION);
    return head.verify(inPlace(bytes, 0), place, bytes, key, bytes, value);
  }

  private boolean isPadded(byte[] bytes) {
    int from = (int) (head.valuePosition() - POSITION) + head.valueSize();
    byte[] padding = Arrays.copyOfRange(bytes, from, head.size());
    return Arrays.equals(padding, new byte[padding.length]);
  }

  private @Nullable Object dataOf(byte[] bytes, RecordCodec.Place target) throws FormatException {
    data.decode(bytes, 0, bytes.length, target, POSITION);
    return data;
  }

  private static MemorySegment inPlace(byte[] bytes, int bytesBehind) {
    byte[] all = new byte[(int) POSITION + bytes.length + bytesBehind];
    System.arraycopy(bytes, 0, all, (int) POSITION, bytes.length);
    return MemorySegment.ofArray(all);
  }

  private byte[] damaged(RandomGenerator random, byte[] valid) {
    byte[] bytes = valid.clone();
    for (int changes = random.nextInt(3); changes > 0; changes--) {
      int offset = random.nextInt(Math.min(bytes.length, 24));
      bytes[offset] =
          random.nextBoolean()
              ? (byte) (bytes[offset] + random.nextInt(3) - 1)
              : (byte) random.nextInt();
    }
    if (random.nextInt(4) > 0) {
      RecordTest.seal(bytes, place, POSITION);
    }
    return bytes;
  }

  private byte[] encoded(RandomGenerator random, RecordCodec.Place target, boolean isUsual) {
    RecordData record =
        isUsual ? Samples.usualRecord(random, target) : Samples.record(random, target);
    var writer = new ByteWriter(0);
    if (random.nextBoolean()) {
      RecordCodec.encode(writer, target, POSITION, record);
    } else {
      long durable = random.nextBoolean() ? -1 : Samples.number(random);
      long time = random.nextBoolean() ? -1 : Samples.number(random);
      RecordCodec.encodeCommit(writer, target, POSITION, record, durable, time);
    }
    return writer.toArray();
  }

  private byte[] encoded(RecordData record) {
    var writer = new ByteWriter(0);
    RecordCodec.encode(writer, place, POSITION, record);
    return writer.toArray();
  }

  private List<Object> content() {
    return List.of(
        Samples.content(data), data.isWholeCommit(), data.commitMillis(), data.commitDurable());
  }

  private List<Object> content(MemorySegment memory) {
    var same =
        new RecordData()
            .set(head.kind(), head.bucket(), head.sequence())
            .deadline(head.deadlineMillis())
            .previous(head.previousSegment(), head.previousPosition())
            .replaces(head.replaces())
            .key(copy(memory, head.keyPosition(), head.keySize()), 0, head.keySize())
            .value(copy(memory, head.valuePosition(), head.valueSize()), 0, head.valueSize());
    if (head.isForgotten()) {
      same.forgotten();
    }
    return List.of(
        Samples.content(same), head.isWholeCommit(), head.commitMillis(), head.commitDurable());
  }

  private static byte[] copy(MemorySegment memory, long position, int count) {
    return memory.asSlice(position, count).toArray(ValueLayout.JAVA_BYTE);
  }
}
