package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DurabilityTest {
  @Test
  void levelsShowTheirNames() {
    assertThat(Durability.SYNC).hasToString("SYNC");
    assertThat(Durability.OS).hasToString("OS");
    assertThat(Durability.NONE).hasToString("NONE");
    assertThat(Durability.batched(100, Duration.ofSeconds(1))).hasToString("batched(100, PT1S)");
  }

  @Test
  void equalLevelsAreEqual() {
    assertThat(Durability.batched(2, Duration.ofMillis(1)))
        .isEqualTo(Durability.batched(2, Duration.ofMillis(1)))
        .isNotEqualTo(Durability.batched(3, Duration.ofMillis(1)));
    assertThat(Durability.SYNC).isEqualTo(new Durability.Sync()).isNotEqualTo(Durability.OS);
  }

  @Test
  void batchesHaveLimits() {
    assertThatCode(() -> Durability.batched(1, Duration.ofMillis(1))).doesNotThrowAnyException();
    assertThatCode(() -> Durability.batched(Integer.MAX_VALUE, Duration.ofHours(1)))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> Durability.batched(0, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("batched durability needs at least 1 commit, not 0");
    for (Duration interval :
        new Duration[] {
          Duration.ofNanos(999_999),
          Duration.ZERO,
          Duration.ofSeconds(-1),
          Duration.ofHours(1).plusNanos(1),
          Duration.ofSeconds(Long.MAX_VALUE)
        }) {
      assertThatThrownBy(() -> Durability.batched(1, interval))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "batched durability needs an interval from PT0.001S to PT1H, not %s", interval);
    }
  }
}
