package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.Expiry;
import dev.larder.Item;
import dev.larder.KeyTooLongException;
import dev.larder.Limits;
import dev.larder.ValueTooLargeException;
import dev.larder.json.JsonText;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentParserTest {
  private static Item<String, JsonText> parse(String line) {
    return new DocumentParser(Limits.defaults()).parse(line);
  }

  @Test
  void membersComeInAnyOrder() {
    Item<String, JsonText> item = parse(" { \"ttl\" : 60 , \"value\" : [1] , \"key\" : \"k\" } ");

    assertThat(item.key()).isEqualTo("k");
    assertThat(item.value()).hasToString("[1]");
    assertThat(item.expiry()).isEqualTo(Expiry.after(Duration.ofMinutes(1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.50",
        "-0",
        "1E+2",
        "12345678901234567890123",
        "\"a\\u00e9\\/b\\\\\"",
        "{\"a\":[{\"}\":\"]\"},\"\\\"\"],\"b\":{}}",
        "[]",
        "null",
        "true",
        "\"\u00fc \ud83d\ude00\""
      })
  void theValueKeepsItsSpelling(String value) {
    assertThat(parse("{\"key\":\"k\",\"value\":" + value + ",\"ttl\":1}").value())
        .hasToString(value);
    assertThat(parse("{\"value\":" + value + ",\"key\":\"k\"}").value()).hasToString(value);
  }

  @Test
  void keysAreUnescaped() {
    assertThat(parse("{\"key\":\"\\u00e9\\ud83d\\ude00\\n\\\"\\\\\\/\",\"value\":1}").key())
        .isEqualTo("\u00e9\ud83d\ude00\n\"\\/");
    assertThat(parse("{\"k\\u0065y\":\"a\",\"value\":1}").key()).isEqualTo("a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"ttl\":90 | PT1M30S",
        "\"ttl\":1.5 | PT1.5S",
        "\"ttl\":\"2h\" | PT2H",
        "\"ttl\":\"PT3M\" | PT3M"
      })
  void ttlIsANumberOfSecondsOrADuration(String member, String expected) {
    assertThat(parse("{\"key\":\"k\",\"value\":1," + member + "}").expiry())
        .isEqualTo(Expiry.after(Duration.parse(expected)));
  }

  @Test
  void expiresAtIsAnInstant() {
    assertThat(
            parse("{\"key\":\"k\",\"value\":1,\"expiresAt\":\"2031-01-02T03:04:05.678Z\"}")
                .expiry())
        .isEqualTo(Expiry.at(Instant.parse("2031-01-02T03:04:05.678Z")));
  }

  @Test
  void nullMeansNoDeadline() {
    assertThat(parse("{\"key\":\"k\",\"value\":1,\"ttl\":null,\"expiresAt\":null}").expiry())
        .isEqualTo(Expiry.never());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"key\":\"\",\"value\":1} | a key must not be empty",
        "{\"value\":1} | \"key\" is missing",
        "{\"key\":\"k\"} | \"value\" is missing",
        "{} | \"key\" is missing",
        "{\"key\":5,\"value\":1} | \"key\" is a string",
        "{\"key\":null,\"value\":1} | \"key\" is a string",
        "{\"key\":\"k\",\"value\":1,\"tll\":5} | unknown member \"tll\"",
        "{\"key\":\"k\",\"value\":1,\"ttl\":0} | a ttl is at least 1ms, not 0",
        "{\"key\":\"k\",\"value\":1,\"ttl\":-3} | a ttl is at least 1ms, not -3",
        "{\"key\":\"k\",\"value\":1,\"ttl\":1e300} | a ttl is at most 36525000d, not 1e300",
        "{\"key\":\"k\",\"value\":1,\"ttl\":\"x\"} | \"x\" is no duration",
        "{\"key\":\"k\",\"value\":1,\"ttl\":true} | \"ttl\" is a number of seconds or a duration",
        "{\"key\":\"k\",\"value\":1,\"ttl\":[1]} | \"ttl\" is a number of seconds or a duration",
        "{\"key\":\"k\",\"value\":1,\"expiresAt\":\"soon\"} | \"expiresAt\" is an ISO instant",
        "{\"key\":\"k\",\"value\":1,\"expiresAt\":5} | \"expiresAt\" is an ISO instant",
        "{\"key\":\"k\",\"value\":1,\"ttl\":5,\"expiresAt\":\"2031-01-01T00:00:00Z\"} | not both",
        "{\"key\":\"k\",\"key\":\"l\",\"value\":1} | stands twice in one object",
        "{\"key\":\"\\ud800\",\"value\":1} | unpaired surrogate",
        "[1] | a line is an object",
        "7 | a line is an object",
        "hello | no JSON: unexpected character 'h' at column 1",
        "{\"key\":\"k\",\"value\":} | no JSON: unexpected character '}' at column 20",
        "{\"key\":\"k\",\"value\":1 | no JSON: unexpected end at column 21",
        "{\"key\":\"k\",\"value\":1} {} | no JSON: unexpected character '{' at column 23",
      })
  void wrongLinesAreRefusedWithTheReason(String line, String reason) {
    assertThatThrownBy(() -> parse(line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void limitsOfKeysCountCharacters() {
    String longest = "\ud83d\ude00".repeat(32);
    assertThat(parse("{\"key\":\"" + longest + "\",\"value\":1}").key()).isEqualTo(longest);
    assertThatThrownBy(() -> parse("{\"key\":\"" + longest + "x\",\"value\":1}"))
        .isInstanceOf(KeyTooLongException.class)
        .hasMessageContaining("33 characters, at most 32");
  }

  @Test
  void limitsOfValuesCountBytesWithoutBlanks() {
    String text = "\"" + "x".repeat(16_382) + "\"";
    assertThat(parse("{\"key\":\"k\",\"value\":     " + text + "}").value()).hasToString(text);
    assertThatThrownBy(() -> parse("{\"key\":\"k\",\"value\":\"x" + text.substring(1) + "}"))
        .isInstanceOf(ValueTooLargeException.class)
        .hasMessageContaining("16,385 bytes, at most 16,384");
  }
}
