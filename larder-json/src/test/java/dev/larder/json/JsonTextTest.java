package dev.larder.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.StringNode;

class JsonTextTest {
  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        "false",
        "0",
        "-0",
        "-0.0",
        "1.10",
        "1e2",
        "1E+02",
        "1.5e-7",
        "12345678901234567890.123456789",
        "1e99999999999",
        "\"\"",
        "\"caf\\u00e9 caf\u00E9\"",
        "\"\\ud83d\\ude00 \uD83D\uDE00\"",
        "\"\\ud800\"",
        "\"\\/ \\b\\f\\n\\r\\t\\\\\\\"\"",
        "\" { , : \t\"",
        "{}",
        "[]",
        "{\"\":{\"\":[]}}",
        "[{},[],\"\",0,null]",
        "{\"a\":1,\"A\":2,\"\\u0061a\":3}"
      })
  void keepsTheSpellingOfWhatIsOnOneLineAlready(String text) {
    String json = text.replace("\t", "\\t");
    assertThat(JsonText.parse(json)).hasToString(json);
    assertThat(JsonText.parse(utf8(json)).utf8()).isEqualTo(utf8(json));
    assertThat(Json.text().decode(Json.text().encode(JsonText.parse(json)))).hasToString(json);
  }

  @Test
  void dropsWhitespaceBetweenTokensAndNoOther() {
    assertThat(JsonText.parse(" \r\n{ \"a b\" : [ 1 ,\t-0 , \"\\\" x\" ] }\n"))
        .hasToString("{\"a b\":[1,-0,\"\\\" x\"]}");
  }

  @Test
  void isEqualIfTheTextIsEqual() {
    assertThat(JsonText.parse("[1, 2]"))
        .isEqualTo(JsonText.parse("[1,2]"))
        .hasSameHashCodeAs(JsonText.parse("[1,2]"))
        .isNotEqualTo(JsonText.parse("[1,2.0]"));
  }

  @Test
  void dropsAByteOrderMark() {
    assertThat(JsonText.parse("\uFEFF 1")).hasToString("1");
    assertThat(JsonText.parse(utf8("\uFEFF[]"))).hasToString("[]");
    JsonException e =
        catchThrowableOfType(JsonException.class, () -> JsonText.parse(utf8("\uFEFF[x]")));
    assertThat(e.column()).isEqualTo(2);
  }

  @Test
  void doesNotSeeLaterChangesOfTheBytes() {
    byte[] bytes = utf8("[1]");
    JsonText text = JsonText.parse(bytes);
    bytes[1] = '2';
    text.utf8()[1] = '3';
    assertThat(text).hasToString("[1]");
  }

  @Test
  void becomesATree() {
    assertThat(JsonText.parse("{\"a\":[1,true]}").toTree())
        .isEqualTo(
            JsonNodeFactory.instance
                .objectNode()
                .set("a", JsonNodeFactory.instance.arrayNode().add(1).add(true)));
  }

  @Test
  void becomesATreeWithHalfASurrogatePairThatNoTreeCodecStores() {
    assertThat(JsonText.parse("\"\\ud800\"").toTree()).isEqualTo(StringNode.valueOf("\uD800"));
    assertThatThrownBy(() -> Json.tree().encode(JsonText.parse("\"\\ud800\"").toTree()))
        .isInstanceOf(JsonException.class);
  }

  @Test
  void becomesNoTreeIfAnExponentIsOutOfRange() {
    assertThatThrownBy(() -> JsonText.parse("[1, 1e99999999999]").toTree())
        .isInstanceOf(JsonException.class)
        .hasMessage(
            "the JSON does not fit a tree: [1] is a number whose exponent is out of range"
                + " at line 1, column 4");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``              | 1 | unexpected end at line 1, column 1; a value was expected",
        "` `             | 2 | unexpected end at line 1, column 2; a value was expected",
        "{\"a\":1,}      | 8 | unexpected character '}' at line 1, column 8; a name in double"
            + " quotes was expected",
        "{\"a\": }       | 7 | unexpected character '}' at line 1, column 7; a value was expected",
        "[1,]            | 4 | unexpected character ']' at line 1, column 4; a value was expected",
        "[1,2            | 5 | unexpected end at line 1, column 5; ',' or ']' was expected",
        "[1 2]           | 4 | unexpected character '2' at line 1, column 4; ',' or ']' was"
            + " expected",
        "{\"a\" 1}       | 6 | unexpected character '1' at line 1, column 6; ':' was expected",
        "{a:1}           | 2 | unexpected character 'a' at line 1, column 2; a name in double"
            + " quotes was expected",
        "nul             | 4 | unexpected end at line 1, column 4; \"null\" was expected",
        "True            | 1 | unexpected character 'T' at line 1, column 1; a value was expected",
        "NaN             | 1 | unexpected character 'N' at line 1, column 1; a value was expected",
        "-Infinity       | 2 | unexpected character 'I' at line 1, column 2; a digit was expected",
        "01              | 1 | a number with a zero in front at line 1, column 1",
        "-01             | 1 | a number with a zero in front at line 1, column 1",
        "1.              | 3 | unexpected end at line 1, column 3; a digit was expected",
        ".5              | 1 | unexpected character '.' at line 1, column 1; a value was expected",
        "+1              | 1 | unexpected character '+' at line 1, column 1; a value was expected",
        "1e+             | 4 | unexpected end at line 1, column 4; a digit was expected",
        "0x1             | 2 | unexpected character 'x' at line 1, column 2; the value was"
            + " complete",
        "\"a             | 3 | unexpected end at line 1, column 3; the string has no closing '\"'",
        "\"\\x\"         | 2 | a backslash that begins no escape at line 1, column 2",
        "\"\\u12g4\"     | 6 | unexpected character 'g' at line 1, column 6; four hexadecimal"
            + " digits were expected after '\\u'",
        "[] []           | 4 | unexpected character '[' at line 1, column 4; the value was"
            + " complete",
        "[]]             | 3 | unexpected character ']' at line 1, column 3; the value was"
            + " complete",
        "[1] // c        | 5 | unexpected character '/' at line 1, column 5; the value was"
            + " complete",
        "{\"a\":1,\"\\u0061\":2} | 8 | the name \"a\" stands twice in one object at line 1,"
            + " column 8",
      })
  void saysWhatIsWrongAndWhere(String text, int column, String message) {
    JsonException e = catchThrowableOfType(JsonException.class, () -> JsonText.parse(text));
    assertThat(e).hasMessage("no JSON: " + message);
    assertThat(e.line()).isEqualTo(1);
    assertThat(e.column()).isEqualTo(column);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "\\n,2,3",
        "\\r\\n,2,3",
        "\\r,2,3",
        "\\n\\r\\n\\r,4,3",
        "\u20AC,1,5",
        "\uD83D\uDE00,1,5"
      })
  void countsLinesAndCharactersNotBytes(String between, int line, int column) {
    String gap = between.replace("\\n", "\n").replace("\\r", "\r");
    String text = gap.isBlank() ? "[1," + gap + "  ?]" : "[\"" + gap + "\"?]";
    JsonException e = catchThrowableOfType(JsonException.class, () -> JsonText.parse(text));
    assertThat(e.line()).isEqualTo(line);
    assertThat(e.column()).isEqualTo(column);
  }

  @Test
  void refusesRawControlCharactersInStrings() {
    for (char c = 0; c < ' '; c++) {
      char control = c;
      assertThatThrownBy(() -> JsonText.parse("\"" + control + "\""))
          .hasMessage(
              "no JSON: control character U+%04X in a string at line 1, column 2; it must be"
                  + " escaped",
              (int) control);
    }
  }

  @Test
  void refusesBytesThatAreNoUtf8AndNamesTheOffset() {
    int[][] invalid = {
      {0x80},
      {0xC0, 0x80},
      {0xC1, 0xBF},
      {0xC3},
      {0xC3, 0x28},
      {0xE0, 0x80, 0x80},
      {0xED, 0xA0, 0x80},
      {0xE2, 0x82},
      {0xF0, 0x80, 0x80, 0x80},
      {0xF4, 0x90, 0x80, 0x80},
      {0xF5, 0x80, 0x80, 0x80},
      {0xFE},
      {0xFF},
    };
    for (int[] sequence : invalid) {
      byte[] bytes = new byte[sequence.length + 5];
      bytes[0] = '"';
      bytes[1] = (byte) 0xC3;
      bytes[2] = (byte) 0xA9;
      for (int i = 0; i < sequence.length; i++) {
        bytes[3 + i] = (byte) sequence[i];
      }
      bytes[bytes.length - 2] = '!';
      bytes[bytes.length - 1] = '"';
      assertThatThrownBy(() -> JsonText.parse(bytes))
          .hasMessage("no JSON: invalid UTF-8 (byte offset 3) at line 1, column 3");
      assertThatThrownBy(() -> Json.tree().decode(bytes))
          .hasMessage("no JSON: invalid UTF-8 (byte offset 3) at line 1, column 3");
    }
  }

  @Test
  void refusesOtherEncodings() {
    for (var charset :
        new java.nio.charset.Charset[] {
          StandardCharsets.UTF_16,
          StandardCharsets.UTF_16BE,
          StandardCharsets.UTF_16LE,
          StandardCharsets.UTF_32BE,
          StandardCharsets.UTF_32LE
        }) {
      byte[] bytes = "{\"a\":1}".getBytes(charset);
      assertThatThrownBy(() -> JsonText.parse(bytes)).isInstanceOf(JsonException.class);
      assertThatThrownBy(() -> Json.tree().decode(bytes)).isInstanceOf(JsonException.class);
      assertThatThrownBy(() -> Json.of(Object.class).decode(bytes))
          .isInstanceOf(JsonException.class);
    }
  }

  @Test
  void refusesTextWithHalfASurrogatePair() {
    assertThatThrownBy(() -> JsonText.parse("[\"\u00E9\", \"x\uD800\"]"))
        .hasMessage("no JSON: an unpaired surrogate at line 1, column 9");
    assertThatThrownBy(() -> JsonText.parse("\"\uDE00\uD83D\""))
        .hasMessage("no JSON: an unpaired surrogate at line 1, column 2");
  }

  @Test
  void takesFiveHundredLevelsAndNoMore() {
    assertThat(JsonText.parse("[".repeat(500) + "]".repeat(500)).toTree().isArray()).isTrue();
    assertThatThrownBy(() -> JsonText.parse("[".repeat(501) + "]".repeat(501)))
        .hasMessage(
            "no JSON: more than 500 objects and arrays inside each other at line 1, column 501");
    assertThatThrownBy(() -> JsonText.parse("[".repeat(1_000_000)))
        .isInstanceOf(JsonException.class);
  }

  @Test
  void takesNumbersOfAThousandCharactersAndNoMore() {
    for (String number : new String[] {"1".repeat(1_000), "-0." + "1".repeat(997)}) {
      assertThat(JsonText.parse(number)).hasToString(number);
      assertThat(JsonText.parse(number).toTree().decimalValue()).isEqualTo(number);
      assertThatThrownBy(() -> JsonText.parse("[0," + number + "1]"))
          .hasMessage("no JSON: a number of more than 1,000 characters at line 1, column 4");
    }
  }

  @Test
  void shortensAndEscapesNamesInMessages() {
    String name = "n\u2028".repeat(40);
    assertThatThrownBy(() -> JsonText.parse("{\"" + name + "\":1,\"" + name + "\":2}"))
        .hasMessage(
            "no JSON: the name \"%s...\" stands twice in one object at line 1, column 87",
            "n\\u{2028}".repeat(20));
  }
}
