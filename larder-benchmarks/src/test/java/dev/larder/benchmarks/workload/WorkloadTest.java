package dev.larder.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 7, 1000, 1024, 4099})
  void anOrderHasEveryNumberOnce(long count) {
    var order = new Permutation(count, 1);
    var seen = new HashSet<Long>();
    for (long place = 0; place < count; place++) {
      long number = order.at(place);
      assertThat(number).isBetween(0L, count - 1);
      assertThat(seen.add(number)).isTrue();
    }
  }

  @Test
  void anOrderLooksRandom() {
    int count = 100_000;
    var order = new Permutation(count, 1);
    int ascents = 0;
    for (int place = 1; place < count; place++) {
      ascents += order.at(place) > order.at(place - 1) ? 1 : 0;
    }
    assertThat(ascents / (double) count).isBetween(0.49, 0.51);
  }

  @ParameterizedTest
  @EnumSource
  void keysHaveTheOrderOfTheirNumbersWithAbsentOnesBetween(Keys.Shape shape) {
    int count = 5_000;
    var keys = new Keys(shape, count);
    var before = new byte[Keys.SIZE];
    var key = new byte[Keys.SIZE];
    keys.writeAbsent(-1, before);
    for (int number = 0; number < count; number++) {
      keys.write(number, key);
      if (number > 0) {
        assertThat(Arrays.compareUnsigned(before, key)).isNegative();
      }
      keys.writeAbsent(number, before);
      assertThat(Arrays.compareUnsigned(key, before)).isNegative();
    }
  }

  @Test
  void keysAreHexadecimalDigits() {
    var key = new byte[Keys.SIZE];
    new Keys(Keys.Shape.COUNTER, 10).write(0x5ABCDEFL, key);
    assertThat(new String(key, StandardCharsets.US_ASCII)).isEqualTo("000000000b579bde");
    new Keys(Keys.Shape.HEX, 1_000_000).write(123_456, key);
    assertThat(new String(key, StandardCharsets.US_ASCII)).matches("[0-9a-f]{16}");
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 17, 23, 24, 31, 100, 101, 1000})
  void everyWrongBitOfAValueIsFound(int size) {
    for (boolean isCompressible : new boolean[] {false, true}) {
      var values = new Values(size, isCompressible);
      var value = new byte[size];
      values.write(42, 7, value);
      assertThat(values.check(42, value, size)).isEqualTo(7);
      assertThat(values.check(43, value, size)).isNegative();
      assertThat(values.check(42, value, size - 1)).isNegative();
      for (int at = 0; at < size; at++) {
        value[at] ^= 16;
        assertThat(values.check(42, value, size)).as("byte %d", at).isNotEqualTo(7);
        value[at] ^= 16;
      }
    }
  }

  @Test
  void popularNumbersAreDrawnAsOftenAsTheySay() {
    int count = 1_000;
    int[] draws = new Zipfian(count, 0.99).draws(200_000, 1);
    var times = new int[count];
    for (int number : draws) {
      times[number]++;
    }
    Arrays.sort(times);
    double sum = 0;
    for (int rank = 1; rank <= count; rank++) {
      sum += Math.pow(rank, -0.99);
    }
    assertThat(times[count - 1] / (double) draws.length).isBetween(0.97 / sum, 1.03 / sum);
    assertThat(times[count - 2] / (double) times[count - 1]).isBetween(0.45, 0.55);
  }
}
