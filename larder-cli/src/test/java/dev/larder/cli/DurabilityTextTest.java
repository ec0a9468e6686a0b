package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.Durability;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurabilityTextTest {
  @Test
  void levelsAreReadInAnyCase() {
    assertThat(DurabilityText.parse("sync")).isEqualTo(Durability.SYNC);
    assertThat(DurabilityText.parse("SYNC")).isEqualTo(Durability.SYNC);
    assertThat(DurabilityText.parse("os")).isEqualTo(Durability.OS);
    assertThat(DurabilityText.parse("None")).isEqualTo(Durability.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "batched:3,10s",
        "batched(3,10s)",
        "batched(3, 10s)",
        "BATCHED:3,10",
        "batched:3,PT10S"
      })
  void batchedTakesACountAndADuration(String text) {
    assertThat(DurabilityText.parse(text)).isEqualTo(Durability.batched(3, Duration.ofSeconds(10)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "fast",
        "batched",
        "batched:",
        "batched:3",
        "batched:x,10s",
        "batched(3,10s",
        "batched:99999999999,1s",
        "batched:0,10s",
        "batched:3,0s",
        "batched:3,2h",
        "batched:3,soon"
      })
  void othersAreRefused(String text) {
    assertThatThrownBy(() -> DurabilityText.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
