package dev.larder.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchDataTest {
  private final byte[] key = new byte[BenchData.KEY_SIZE];

  @Test
  void differentNumbersHaveDifferentKeysInNoOrder() {
    var data = new BenchData(100);
    var keys = new HashSet<String>();
    int rising = 0;
    String before = "";
    for (int number = 0; number < 10_000; number++) {
      data.writeKey(number, key);
      String text = new String(key, US_ASCII);
      assertThat(text).matches("[0-9a-f]{16}");
      assertThat(text).isEqualTo("%016x".formatted(BenchData.mix(number)));
      rising += before.compareTo(text) < 0 ? 1 : 0;
      before = text;
      keys.add(text);
    }
    assertThat(keys).hasSize(10_000);
    assertThat(rising).isBetween(4_000, 6_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 16, 100, 1_023})
  void eachWrongByteShows(int size) {
    var data = new BenchData(size);
    var value = new byte[size + 3];
    data.writeKey(7, key);
    data.writeValue(key, value);

    assertThat(data.isValue(key, value, size)).isTrue();
    assertThat(data.isValue(key, value, size + 1)).isFalse();
    assertThat(data.isValue(key, value, -1)).isFalse();
    for (int i = 0; i < size; i++) {
      value[i] ^= 0x40;
      assertThat(data.isValue(key, value, size)).as("byte %d", i).isFalse();
      value[i] ^= 0x40;
    }
  }

  @Test
  void theValueOfAnotherKeyIsWrong() {
    var data = new BenchData(100);
    var value = new byte[100];
    data.writeKey(7, key);
    data.writeValue(key, value);

    data.writeKey(8, key);
    assertThat(data.isValue(key, value, 100)).isFalse();
  }
}
