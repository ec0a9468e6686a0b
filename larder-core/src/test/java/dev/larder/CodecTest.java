package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodecTest {
  private static <T> void assertOrderKept(Codec<T> codec, List<T> ordered) {
    for (int i = 1; i < ordered.size(); i++) {
      assertThat(Bytes.wrap(codec.encode(ordered.get(i - 1))))
          .as("%s before %s", ordered.get(i - 1), ordered.get(i))
          .isLessThan(Bytes.wrap(codec.encode(ordered.get(i))));
    }
    for (T value : ordered) {
      assertThat(codec.decode(codec.encode(value))).isEqualTo(value);
    }
  }

  @Test
  void textIsUtf8() {
    assertThat(Codec.text().encode("a\u00e9\ud83d\ude00"))
        .isEqualTo("a\u00e9\ud83d\ude00".getBytes(StandardCharsets.UTF_8));
    assertThat(Codec.text().encode("")).isEmpty();
    assertThat(Codec.text().decode(new byte[0])).isEmpty();
    assertThat(Codec.text().isText()).isTrue();
  }

  @Test
  void textKeepsTheOrderOfCodePointsNotThatOfStrings() {
    String highest = "\uffff"; // a String puts it after the surrogates that follow here
    String supplementary = "\ud800\udc00";
    assertThat(highest).isGreaterThan(supplementary);
    assertOrderKept(
        Codec.text(),
        List.of("", "\0", "A", "a", "a\0", "aa", "\u007f", "\u0080", highest, supplementary));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud83d", "ab\ud83dc", "\ude00ab", "a\ude00\ud83d", "\ud83d\ud83d\ude00"})
  void textWithAnUnpairedSurrogateIsRefused(String text) {
    int index = 0;
    while (!Character.isSurrogate(text.charAt(index))) {
      index++;
    }
    assertThatThrownBy(() -> Codec.text().encode(text))
        .isInstanceOf(CodecException.class)
        .hasMessage(
            "text has an unpaired surrogate at index %d; only whole Unicode characters can be"
                + " stored",
            index);
  }

  @Test
  void theIndexOfAnUnpairedSurrogateSkipsWholePairs() {
    assertThatThrownBy(() -> Codec.text().encode("\ud83d\ude00x\ud83d"))
        .hasMessageContaining("at index 3;");
  }

  @Test
  void bytesThatAreNoUtf8AreRefusedWithTheirPlace() {
    byte[][] broken = {
      {'a', 'b', (byte) 0xff}, // never a byte of UTF-8
      {'a', 'b', (byte) 0xc0, (byte) 0x80}, // the long form of U+0000
      {'a', 'b', (byte) 0xed, (byte) 0xa0, (byte) 0x80}, // a surrogate
      {'a', 'b', (byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80}, // beyond U+10FFFF
      {'a', 'b', (byte) 0xe2, (byte) 0x82}, // cut short
    };
    for (byte[] bytes : broken) {
      assertThatThrownBy(() -> Codec.text().decode(bytes))
          .as("%s", Bytes.of(bytes))
          .isInstanceOf(CodecException.class)
          .hasMessage("invalid UTF-8 at byte 2");
    }
  }

  @Test
  void bytesAreCopiedBothWays() {
    byte[] array = {1};
    byte[] encoded = Codec.bytes().encode(array);
    array[0] = 2;
    assertThat(encoded).containsExactly(1);
    byte[] decoded = Codec.bytes().decode(encoded);
    encoded[0] = 3;
    assertThat(decoded).containsExactly(1);
    assertThat(Codec.bytes().isText()).isFalse();
  }

  @Test
  void integersKeepTheirOrder() {
    assertOrderKept(
        Codec.int32(), List.of(Integer.MIN_VALUE, -256, -255, -1, 0, 1, 255, Integer.MAX_VALUE));
    assertOrderKept(
        Codec.int64(), List.of(Long.MIN_VALUE, -(1L << 32), -1L, 0L, 1L, 1L << 32, Long.MAX_VALUE));
    assertThat(Codec.int32().encode(0)).containsExactly(0x80, 0, 0, 0);
    assertThat(Codec.int64().encode(-1L)).containsExactly(0x7f, -1, -1, -1, -1, -1, -1, -1);
    assertThat(Codec.int32().isText()).isFalse();
    assertThat(Codec.int64().isText()).isFalse();
  }

  @Test
  void integersOfAnotherSizeAreRefused() {
    assertThatThrownBy(() -> Codec.int32().decode(new byte[8]))
        .isInstanceOf(CodecException.class)
        .hasMessage("an integer of 4 bytes was expected, 8 are stored");
    assertThatThrownBy(() -> Codec.int64().decode(new byte[0]))
        .isInstanceOf(CodecException.class)
        .hasMessage("an integer of 8 bytes was expected, 0 are stored");
  }
}
