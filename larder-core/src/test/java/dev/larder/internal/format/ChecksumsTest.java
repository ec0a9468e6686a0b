package dev.larder.internal.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ChecksumsTest {
  @Test
  void plainChecksumIsCrc32c() {
    for (int seed = 0; seed < 100; seed++) {
      var random = new SplittableRandom(seed);
      byte[] bytes = Samples.bytes(random, 10 + random.nextInt(100));
      int offset = random.nextInt(5);
      int count = random.nextInt(bytes.length - offset);
      assertThat(Checksums.plain(bytes, offset, count))
          .isEqualTo(DocumentedChecksums.crc(bytes, offset, count));
    }
  }

  @Test
  void maskIsTheDocumentedOne() {
    for (int seed = 0; seed < 1000; seed++) {
      var random = new SplittableRandom(seed);
      byte[] salt = Samples.bytes(random, SegmentHeader.ID_SIZE);
      long segment = Samples.number(random);
      long position = Samples.number(random);
      long sequence = Samples.number(random);
      long expected =
          DocumentedChecksums.mask(DocumentedChecksums.seed(salt, segment), 0, position, sequence);
      assertThat(new Checksums(salt, segment).of(new byte[0], 0, 0, position, sequence))
          .isEqualTo((int) expected);
    }
  }

  @Test
  void hashOfAHeadIsTheDocumentedOneInArrayAndMemory() {
    var random = new SplittableRandom(3);
    for (int count = 4; count <= RecordCodec.HEAD_SIZE_MAX; count++) {
      int offset = 4 + random.nextInt(9);
      byte[] bytes = Samples.bytes(random, offset + count); // nothing behind the head is read
      long expected = DocumentedChecksums.head(bytes, offset, count);
      assertThat(Checksums.hash(bytes, offset, count)).isEqualTo(expected);
      assertThat(Checksums.hash(MemorySegment.ofArray(bytes), offset, count)).isEqualTo(expected);
      byte[] around = Samples.bytes(random, offset + count + 9);
      System.arraycopy(bytes, offset, around, offset, count);
      assertThat(Checksums.hash(around, offset, count)).isEqualTo(expected);
      assertThat(Checksums.hash(MemorySegment.ofArray(around), offset, count)).isEqualTo(expected);
    }
  }

  @Test
  void everyBitAndTheLengthOfAHeadChangeTheMask() {
    var checksums = new Checksums(new byte[SegmentHeader.ID_SIZE], 1);
    Set<Integer> masks = new HashSet<>();
    int heads = 0;
    for (int count = 4; count <= 40; count++) {
      for (int bit = -1; bit < count * Byte.SIZE; bit++) {
        byte[] bytes = new byte[4 + count];
        if (bit >= 0) {
          bytes[4 + bit / Byte.SIZE] = (byte) (1 << bit % Byte.SIZE);
        }
        masks.add(checksums.mask(Checksums.hash(bytes, 4, count), 128, 1));
        heads++;
      }
    }
    assertThat(masks).hasSize(heads);
  }

  @Test
  void sameBytesHaveAnotherChecksumInEveryOtherPlace() {
    byte[] salt = new byte[SegmentHeader.ID_SIZE];
    byte[] bytes = {1, 2, 3};
    Set<Integer> seen = new HashSet<>();
    int count = 0;
    for (int bit = -1; bit < salt.length * Byte.SIZE; bit++) {
      byte[] other = salt.clone();
      if (bit >= 0) {
        other[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      }
      seen.add(new Checksums(other, 1).of(bytes, 0, 3, 128, 1));
      count++;
    }
    for (int bit = 1; bit < Long.SIZE - 1; bit++) {
      seen.add(new Checksums(salt, 1L << bit).of(bytes, 0, 3, 128, 1));
      seen.add(new Checksums(salt, 1).of(bytes, 0, 3, 128 + (1L << bit), 1));
      seen.add(new Checksums(salt, 1).of(bytes, 0, 3, 128, 1L << bit));
      count += 3;
    }
    seen.add(new Checksums(salt, 1).of(bytes, 0, 3, 1, 128));
    assertThat(seen).hasSize(count + 1);
  }
}
