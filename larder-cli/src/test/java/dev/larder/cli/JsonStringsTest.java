package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class JsonStringsTest {
  @Test
  void ordinaryKeysAreLinesAsTheyAre() {
    assertThat(JsonStrings.line("FR.75001")).isEqualTo("FR.75001");
    assertThat(JsonStrings.line("with blank, \"quote\" inside and \\"))
        .isEqualTo("with blank, \"quote\" inside and \\");
    assertThat(JsonStrings.line("\u00fcber \ud83d\ude00")).isEqualTo("\u00fcber \ud83d\ude00");
  }

  @Test
  void keysThatBeginWithAQuoteAreJsonStrings() {
    assertThat(JsonStrings.line("\"a\"")).isEqualTo("\"\\\"a\\\"\"");
  }

  @Test
  void keysWithControlCharactersAreJsonStrings() {
    assertThat(JsonStrings.line("a\nb")).isEqualTo("\"a\\nb\"");
    assertThat(JsonStrings.line("\u0000\u001b[31m")).isEqualTo("\"\\u0000\\u001b[31m\"");
    assertThat(JsonStrings.line("a\u007f")).isEqualTo("\"a\\u007f\"");
    assertThat(JsonStrings.line("a\u009b")).isEqualTo("\"a\\u009b\"");
  }

  @Test
  void quotingEscapesWhatJsonAndTerminalsMind() {
    assertThat(JsonStrings.quote("a\"b\\c/\t\r\n\b\f\u0001\u2028\u00e9"))
        .isEqualTo("\"a\\\"b\\\\c/\\t\\r\\n\\b\\f\\u0001\u2028\u00e9\"");
  }

  @Test
  void longListsSayHowManyMore() {
    var texts = new ArrayList<String>();
    for (int i = 0; i < 103; i++) {
      texts.add("k" + i);
    }
    assertThat(JsonStrings.list(texts)).startsWith("k0, k1, ").endsWith(", k99 and 3 more");
    assertThat(JsonStrings.list(texts.subList(0, 2))).isEqualTo("k0, k1");
  }
}
