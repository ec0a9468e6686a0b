package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {
  @Test
  void blanksSeparateWords() {
    assertThat(Words.of("  get\ta  --entry ").texts()).containsExactly("get", "a", "--entry");
    assertThat(Words.of(" \t ").texts()).isEmpty();
  }

  @Test
  void quotesKeepBlanks() {
    assertThat(Words.of("get 'a b' \"c d\" e\\ f g'h i'j").texts())
        .containsExactly("get", "a b", "c d", "e f", "gh ij");
    assertThat(Words.of("create '' \"\"").texts()).containsExactly("create", "", "");
  }

  @Test
  void backslashesMeanThemselvesInQuotes() {
    assertThat(Words.of("put k '\"a\\u00e9\\n\"'").texts())
        .containsExactly("put", "k", "\"a\\u00e9\\n\"");
    assertThat(Words.of("put k \"\\\"a\\\\b\\n\\\"\"").texts())
        .containsExactly("put", "k", "\"a\\b\\n\"");
  }

  @Test
  void documentsInBracketsNeedNoQuotes() {
    assertThat(Words.of("put k {\"a b\": [1, \"}\\\" ]\"]} --ttl 5s").texts())
        .containsExactly("put", "k", "{\"a b\": [1, \"}\\\" ]\"]}", "--ttl", "5s");
    assertThat(Words.of("put k [ ]").texts()).containsExactly("put", "k", "[ ]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"put k '", "put k \"a", "put k {\"a\":", "put k [1,", "put k {\"}", "x\\"})
  void anOpenEndIsNoticed(String line) {
    assertThat(Words.of(line).isOpen()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "put k '{'", "put k {}", "put k }", "get it\\'s"})
  void aClosedEndIsNoticed(String line) {
    assertThat(Words.of(line).isOpen()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "a b", "it's", "\"", "\\", "{", "[x", "#", "a\tb", "-5"})
  void quotedWordsComeBack(String word) {
    assertThat(Words.of("get " + Words.quote(word)).texts()).containsExactly("get", word);
  }
}
