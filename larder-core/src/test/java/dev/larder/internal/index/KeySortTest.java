package dev.larder.internal.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeySortTest {
  private static byte[][] sorted(byte[][] keys, int count) {
    byte[][] sorted = new byte[count][];
    int[] order = KeySort.order(keys, count);
    assertThat(order).hasSize(count).doesNotHaveDuplicates();
    for (int i = 0; i < count; i++) {
      sorted[i] = keys[order[i]];
    }
    return sorted;
  }

  @Test
  void nothingIsSorted() {
    assertThat(KeySort.order(new byte[3][], 0)).isEmpty();
  }

  @Test
  void onlyTheFirstOnesAreKeys() {
    byte[][] keys = {{2}, {1}, null};
    assertThat(sorted(keys, 2)).isDeepEqualTo(new byte[][] {{1}, {2}});
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 255, 256, 257, 5000})
  void keysOfAllShapesAreSortedAsUnsignedBytes(int count) {
    var random = new SplittableRandom(count);
    for (int shape = 0; shape < 200; shape++) {
      byte[] prefix = new byte[random.nextInt(20)];
      random.nextBytes(prefix);
      int sizeMax = 1 + random.nextInt(12);
      int values = 1 + random.nextInt(256);
      byte[][] keys = new byte[count][];
      for (int i = 0; i < count; i++) {
        keys[i] = Arrays.copyOf(prefix, prefix.length + random.nextInt(sizeMax));
        for (int at = prefix.length; at < keys[i].length; at++) {
          keys[i][at] = (byte) (random.nextInt(values) + 128 - values / 2);
        }
      }
      byte[][] expected = keys.clone();
      Arrays.sort(expected, Arrays::compareUnsigned);
      assertThat(sorted(keys, count)).isDeepEqualTo(expected);
      if (count == 5000 && shape == 20) {
        break;
      }
    }
  }
}
