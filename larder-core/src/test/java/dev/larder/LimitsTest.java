package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LimitsTest {
  private static final Limits LIMITS = Limits.defaults();

  @Test
  void theDefaultsAreTheContract() {
    assertThat(LIMITS).isEqualTo(new Limits(32, 128, 16_384, 1_073_741_824L, Integer.MAX_VALUE));
  }

  @Test
  void oneSettingTakesAllLimitsButTheFormatsAway() {
    assertThat(Limits.none())
        .isEqualTo(new Limits(65_536, 65_536, 1 << 30, Long.MAX_VALUE, Integer.MAX_VALUE));
  }

  @Test
  void eachLimitIsSetAlone() {
    assertThat(LIMITS.withKeyCharacters(1))
        .isEqualTo(new Limits(1, 128, 16_384, 1L << 30, Integer.MAX_VALUE));
    assertThat(LIMITS.withKeyBytes(1))
        .isEqualTo(new Limits(32, 1, 16_384, 1L << 30, Integer.MAX_VALUE));
    assertThat(LIMITS.withValueBytes(0))
        .isEqualTo(new Limits(32, 128, 0, 1L << 30, Integer.MAX_VALUE));
    assertThat(LIMITS.withStoreBytes(2 << 20))
        .isEqualTo(new Limits(32, 128, 16_384, 2 << 20, Integer.MAX_VALUE));
    assertThat(LIMITS.withBatchCount(10)).isEqualTo(new Limits(32, 128, 16_384, 1L << 30, 10));
  }

  static Stream<Arguments> limitsOutside() {
    return Stream.of(
        refusal(() -> LIMITS.withKeyCharacters(0), "keyCharacters must be from 1 to 65536, not 0"),
        refusal(
            () -> LIMITS.withKeyCharacters(65_537),
            "keyCharacters must be from 1 to 65536, not 65537"),
        refusal(() -> LIMITS.withKeyBytes(-1), "keyBytes must be from 1 to 65536, not -1"),
        refusal(() -> LIMITS.withKeyBytes(65_537), "keyBytes must be from 1 to 65536, not 65537"),
        refusal(() -> LIMITS.withValueBytes(-1), "valueBytes must be from 0 to 1073741824, not -1"),
        refusal(
            () -> LIMITS.withValueBytes((1 << 30) + 1),
            "valueBytes must be from 0 to 1073741824, not 1073741825"),
        refusal(
            () -> LIMITS.withStoreBytes(2_097_151),
            "storeBytes must be from 2097152 to 9223372036854775807, not 2097151"),
        refusal(() -> LIMITS.withBatchCount(0), "batchCount must be from 1 to 2147483647, not 0"));
  }

  private static Arguments refusal(Supplier<Limits> call, String message) {
    return Arguments.of(call, message);
  }

  @ParameterizedTest
  @MethodSource("limitsOutside")
  void limitsHaveLimits(Supplier<Limits> call, String message) {
    assertThatThrownBy(call::get).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
