package dev.larder.internal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// [ByteReader] reads what [ByteWriter] wrote, and nothing behind the end.
class ByteReaderTest {
  @FunctionalInterface
  private interface Read {
    void from(ByteReader reader) throws FormatException;
  }

  @Test
  void integersAreLittleEndian() {
    var writer = new ByteWriter(0);
    writer.u8(0x101);
    writer.u16(0x10203);
    writer.u32(0x4050607);
    writer.u64(0x08090a0b0c0d0e0fL);
    assertThat(Hex.format(writer.toArray()))
        .isEqualTo("01 03 02 07 06 05 04 0f 0e 0d 0c 0b 0a 09 08");
  }

  @Test
  void whatWasWrittenInAnyOrderIsRead() throws FormatException {
    for (int seed = 0; seed < 200; seed++) {
      var random = new SplittableRandom(seed);
      var writer = new ByteWriter(random.nextInt(8));
      for (int i = 0; i < 20; i++) {
        write(writer, random);
      }
      byte[] bytes = writer.toArray();
      var again = new SplittableRandom(seed);
      again.nextInt(8);
      var reader = new ByteReader(bytes, 0, bytes.length);
      for (int i = 0; i < 20; i++) {
        requireRead(reader, again);
      }
      assertThat(reader.remaining()).isZero();
      assertThat(reader.offset()).isEqualTo(bytes.length);
    }
  }

  private static void write(ByteWriter writer, SplittableRandom random) {
    switch (random.nextInt(6)) {
      case 0 -> writer.u8(random.nextInt());
      case 1 -> writer.u16(random.nextInt());
      case 2 -> writer.u32(random.nextInt());
      case 3 -> writer.u64(random.nextLong());
      case 4 -> writer.bytes(Samples.bytes(random, random.nextInt(20)));
      default -> writer.zeros(random.nextInt(20));
    }
  }

  private static void requireRead(ByteReader reader, SplittableRandom random)
      throws FormatException {
    switch (random.nextInt(6)) {
      case 0 -> assertThat(reader.u8()).isEqualTo(random.nextInt() & 0xff);
      case 1 -> assertThat(reader.u16()).isEqualTo(random.nextInt() & 0xffff);
      case 2 -> assertThat(reader.u32()).isEqualTo(random.nextInt());
      case 3 -> assertThat(reader.u64()).isEqualTo(random.nextLong());
      case 4 -> {
        byte[] expected = Samples.bytes(random, random.nextInt(20));
        assertThat(reader.bytes(expected.length)).isEqualTo(expected);
      }
      default -> reader.skip(random.nextInt(20));
    }
  }

  @Test
  void readingBehindTheEndIsRefused() {
    requireRefused(0, ByteReader::u8);
    requireRefused(1, ByteReader::u16);
    requireRefused(3, ByteReader::u32);
    requireRefused(7, ByteReader::u64);
    requireRefused(4, reader -> reader.bytes(5));
    requireRefused(4, reader -> reader.skip(5));
    requireRefused(4, reader -> reader.bytes(-1));
    requireRefused(4, reader -> reader.skip(Integer.MIN_VALUE));
    requireRefused(4, reader -> reader.bytes(Integer.MAX_VALUE));
    requireRefused(4, ByteReader::varint);
  }

  private static void requireRefused(int count, Read read) {
    byte[] bytes = new byte[20];
    Arrays.fill(bytes, (byte) 0x80);
    var reader = new ByteReader(bytes, 3, 3 + count);
    assertThatExceptionOfType(FormatException.class).isThrownBy(() -> read.from(reader));
  }

  @Test
  void writerGoesOnAfterItWasCleared() {
    var writer = new ByteWriter(4);
    writer.u64(-1);
    writer.clear();
    writer.zeros(2);
    writer.patchU32(0, 0);
    assertThat(writer.toArray()).containsExactly(0, 0);
    assertThat(writer.capacity()).isGreaterThanOrEqualTo(8);
  }

  @Test
  void moreThanAnArrayHoldsIsRefusedBeforeAnythingIsAllocated() {
    var writer = new ByteWriter(4);
    assertThatExceptionOfType(OutOfMemoryError.class)
        .isThrownBy(() -> writer.reserve(Integer.MAX_VALUE))
        .withMessage("an array of 2147483647 bytes");
    assertThat(writer.capacity()).isEqualTo(4);
  }
}
