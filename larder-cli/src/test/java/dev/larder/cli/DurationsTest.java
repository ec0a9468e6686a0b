package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.Expiry;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "1ms, PT0.001S",
    "10s, PT10S",
    "5m, PT5M",
    "2h, PT2H",
    "7d, PT168H",
    "90, PT1M30S",
    "1.5, PT1.5S",
    "1.5h, PT1H30M",
    "0.0015, PT0.001S",
    "+3s, PT3S",
    "PT90M, PT1H30M",
    "P2D, PT48H",
    "P1DT2H, PT26H",
  })
  void formsOfDurationsAreRead(String text, String expected) {
    assertThat(Durations.parse(text)).isEqualTo(Duration.parse(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "0s",
        "-5",
        "-5s",
        "0.0004",
        "0.9ms",
        "PT0S",
        "PT-1S",
        "-PT1S",
        "-0",
        "PT0.0009S"
      })
  void lessThanAMillisecondIsRefused(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a ttl is at least 1ms, not " + text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "36525001d",
        "99999999999999999999999999d",
        "9223372036854775807",
        "9223372036854775808s",
        "P36525001D",
        "PT9223372036854775807S"
      })
  void moreThanTheLongestIsRefused(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a ttl is at most 36525000d, not " + text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "s",
        "5x",
        "5 s",
        "5S",
        "5M",
        "1h30m",
        "1e3",
        "0x10",
        "--5",
        "5.5.5",
        ".",
        "P1Y",
        "P",
        "PT",
        "PT99999999999999999999S",
        "soon",
        "\u0665s",
        "NaN",
        "5s\n"
      })
  void whatIsNoDurationIsRefusedWithTheFormsThatAre(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no duration; write 500ms, 10s, 5m, 2h, 7d");
  }

  @Test
  void veryLongTextIsRefusedWithoutShowingAllOfIt() {
    assertThatThrownBy(() -> Durations.parse("9".repeat(10_000)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("...")
        .message()
        .hasSizeLessThan(200);
  }

  @Test
  void theLongestIsTaken() {
    assertThat(Durations.parse("36525000d")).isEqualTo(Expiry.TTL_MAX);
    assertThat(Durations.parse("P36525000D")).isEqualTo(Expiry.TTL_MAX);
  }

  @ParameterizedTest
  @CsvSource({"60, PT1M", "1.5, PT1.5S", "1e2, PT1M40S", "15E-1, PT1.5S", "0.001, PT0.001S"})
  void jsonNumbersAreSeconds(String number, String expected) {
    assertThat(Durations.ofSeconds(number)).isEqualTo(Duration.parse(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-1",
        "-1e999999999",
        "1e-999999999",
        "0.0009",
        "1e999999999",
        "1e400",
        "99999999999999"
      })
  void jsonNumbersOutOfRangeAreRefusedAtOnce(String number) {
    assertThatThrownBy(() -> Durations.ofSeconds(number))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a ttl is at ");
  }
}
