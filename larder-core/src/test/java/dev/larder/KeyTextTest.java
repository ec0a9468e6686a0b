package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyTextTest {
  @Test
  void textKeysAreShownAsTheyAreAndOthersAsDigits() {
    assertThat(KeyText.of(Bytes.ofUtf8("caf\u00e9"), true)).isEqualTo("caf\u00e9");
    assertThat(KeyText.of(Bytes.of(new byte[] {0, (byte) 0xab}), false)).isEqualTo("0x00ab");
  }

  @Test
  void whatCouldConfuseATerminalIsEscaped() {
    assertThat(KeyText.quote("a\"b\\c")).isEqualTo("\"a\\\"b\\\\c\"");
    assertThat(KeyText.quote("\n\r\t")).isEqualTo("\"\\n\\r\\t\"");
    assertThat(KeyText.quote("\0\u001b[31m\u007f\u0085"))
        .isEqualTo("\"\\u{0}\\u{1b}[31m\\u{7f}\\u{85}\"");
    assertThat(KeyText.quote("\u202e\u200b\ufeff\u2028\u2029"))
        .isEqualTo("\"\\u{202e}\\u{200b}\\u{feff}\\u{2028}\\u{2029}\"");
    assertThat(KeyText.quote("\ud800")).isEqualTo("\"\\u{d800}\"");
    assertThat(KeyText.quote("\udb40\udc01")).isEqualTo("\"\\u{e0001}\"");
  }

  @Test
  void everythingElseIsShownAsItIs() {
    assertThat(KeyText.quote("a b.\u00e9\u4e2d\ud83d\ude00"))
        .isEqualTo("\"a b.\u00e9\u4e2d\ud83d\ude00\"");
    assertThat(KeyText.quote("")).isEqualTo("\"\"");
  }

  @Test
  void atMost128BytesOfAKeyAreShown() {
    assertThat(KeyText.quote("a".repeat(128))).isEqualTo("\"" + "a".repeat(128) + "\"");
    assertThat(KeyText.quote("a".repeat(129)))
        .isEqualTo("\"" + "a".repeat(128) + "...\" (129 characters)");
    assertThat(KeyText.quote("\ud83d\ude00".repeat(33)))
        .isEqualTo("\"" + "\ud83d\ude00".repeat(32) + "...\" (33 characters)");
    // An escape is not cut in two: 25 times 5 bytes are 125.
    assertThat(KeyText.quote("\0".repeat(40)))
        .isEqualTo("\"" + "\\u{0}".repeat(25) + "...\" (40 characters)");
  }

  @Test
  void theFirstTenOfManyKeysAreShown() {
    List<String> keys = IntStream.range(0, 10).mapToObj(Integer::toString).toList();
    String ten = "\"0\", \"1\", \"2\", \"3\", \"4\", \"5\", \"6\", \"7\", \"8\", \"9\"";
    assertThat(KeyText.list(keys)).isEqualTo(ten);
    assertThat(KeyText.list(List.of("a"))).isEqualTo("\"a\"");
    assertThat(KeyText.list(IntStream.range(0, 11).mapToObj(Integer::toString).toList()))
        .isEqualTo(ten + " and 1 more");
    assertThat(KeyText.list(Collections.nCopies(1234, "a"))).endsWith("\"a\" and 1,224 more");
  }
}
