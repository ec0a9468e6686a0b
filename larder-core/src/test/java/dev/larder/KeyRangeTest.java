package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class KeyRangeTest {
  private static Bytes bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return Bytes.wrap(bytes);
  }

  private static KeyRange range(Bytes from, Bytes to) {
    return new KeyRange(from, to, false, Long.MAX_VALUE);
  }

  @Test
  void aPrefixEndsAtTheNextByteString() {
    assertThat(KeyRange.prefix(bytes(1, 2))).isEqualTo(range(bytes(1, 2), bytes(1, 3)));
    assertThat(KeyRange.prefix(bytes(0x7f))).isEqualTo(range(bytes(0x7f), bytes(0x80)));
    assertThat(KeyRange.prefix(bytes(1, 0xff, 0xff)))
        .isEqualTo(range(bytes(1, 0xff, 0xff), bytes(2)));
  }

  @Test
  void aPrefixWithoutANextByteStringHasNoEnd() {
    assertThat(KeyRange.prefix(bytes(0xff, 0xff))).isEqualTo(range(bytes(0xff, 0xff), null));
    assertThat(KeyRange.prefix(Bytes.EMPTY)).isEqualTo(range(Bytes.EMPTY, null));
  }

  @Test
  void aRangeIsEmptyWhereNoKeyCanBeInIt() {
    assertThat(KeyRange.ALL.isEmpty()).isFalse();
    assertThat(range(bytes(1), bytes(1, 0)).isEmpty()).isFalse();
    assertThat(range(bytes(1), null).isEmpty()).isFalse();
    assertThat(range(null, bytes(1)).isEmpty()).isFalse();
    assertThat(range(bytes(1), bytes(1)).isEmpty()).isTrue();
    assertThat(range(bytes(0x80), bytes(0x7f)).isEmpty()).isTrue();
    assertThat(new KeyRange(null, null, false, 0).isEmpty()).isTrue();
  }

  @Test
  void intersectingTakesTheNarrowerBoundOnEachSide() {
    KeyRange wide = range(bytes(1), bytes(9));
    KeyRange narrow = range(bytes(3), bytes(5));
    assertThat(wide.intersect(narrow)).isEqualTo(narrow);
    assertThat(narrow.intersect(wide)).isEqualTo(narrow);
    assertThat(range(bytes(1), bytes(5)).intersect(range(bytes(3), bytes(9)))).isEqualTo(narrow);
    assertThat(KeyRange.ALL.intersect(narrow)).isEqualTo(narrow);
    assertThat(narrow.intersect(KeyRange.ALL)).isEqualTo(narrow);
    assertThat(range(bytes(1), bytes(2)).intersect(range(bytes(3), bytes(4))).isEmpty()).isTrue();
  }

  @Test
  void intersectingKeepsDirectionAndLimit() {
    var reversed = new KeyRange(bytes(1), null, true, 7);
    assertThat(reversed.intersect(KeyRange.prefix(bytes(2))))
        .isEqualTo(new KeyRange(bytes(2), bytes(3), true, 7));
  }

  @Test
  void aNegativeLimitIsAMistake() {
    assertThatThrownBy(() -> new KeyRange(null, null, false, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a limit is at least 0, not -1");
  }
}
