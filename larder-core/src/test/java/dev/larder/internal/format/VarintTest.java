package dev.larder.internal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VarintTest {
  @Test
  void everyPowerOfTwoAndItsNeighboursComeBack() throws FormatException {
    for (int bit = 0; bit < Long.SIZE; bit++) {
      for (long number = (1L << bit) - 1; number != (1L << bit) + 2; number++) {
        requireRoundTrip(number);
      }
    }
    requireRoundTrip(-1);
  }

  @Test
  void randomNumbersComeBack() throws FormatException {
    var random = new SplittableRandom(1);
    for (int i = 0; i < 2_000; i++) {
      requireRoundTrip(random.nextLong() >>> random.nextInt(Long.SIZE));
    }
  }

  private static void requireRoundTrip(long number) throws FormatException {
    var writer = new ByteWriter(0);
    writer.varint(number);
    assertThat(writer.size()).isEqualTo(Varint.size(number)).isLessThanOrEqualTo(Varint.SIZE_MAX);
    byte[] bytes = writer.toArray();
    var reader = new ByteReader(bytes, 0, bytes.length);
    assertThat(reader.varint()).isEqualTo(number);
    assertThat(reader.remaining()).isZero();
    for (int end = 0; end < bytes.length; end++) {
      var cut = new ByteReader(bytes, 0, end);
      assertThatExceptionOfType(FormatException.class).isThrownBy(cut::varint);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ff ff ff ff ff ff ff ff ff 02",
        "ff ff ff ff ff ff ff ff ff 7f",
        "ff ff ff ff ff ff ff ff ff 81 00",
        "80 80 80 80 80 80 80 80 80 80 00",
      })
  void moreThanTenBytesOrSixtyFourBitsAreRefused(String bytes) {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> read(bytes))
        .withMessage("a number of more than 64 bits");
  }

  @Test
  void leadingZerosAreAccepted() throws FormatException {
    assertThat(read("85 80 00")).isEqualTo(5);
    assertThat(read("80 80 80 80 80 80 80 80 80 01")).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void numberAboveItsLimitIsRefusedWithBoth() throws FormatException {
    assertThat(limited("ff 01")).isEqualTo(255);
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> limited("80 02"))
        .withMessage("the size is 256, at most 255 makes sense");
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> limited("ff ff ff ff ff ff ff ff ff 01"))
        .withMessage("the size is 18446744073709551615, at most 255 makes sense");
  }

  private static int limited(String hex) throws FormatException {
    byte[] bytes = Hex.parse(hex);
    return new ByteReader(bytes, 0, bytes.length).varint(255, "the size");
  }

  private static long read(String hex) throws FormatException {
    byte[] bytes = Hex.parse(hex);
    return new ByteReader(bytes, 0, bytes.length).varint();
  }
}
