package dev.larder.internal.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class DeadlineElementTest {
  private static final int ROUND_COUNT = 200_000;

  @Test
  void boundIsNeverAfterTheDeadlineAndCloseToIt() {
    var random = new SplittableRandom(1);
    for (int i = 0; i < ROUND_COUNT; i++) {
      long base = anyMillis(random);
      long deadline = anyMillis(random);
      if (deadline < base) {
        continue;
      }
      long address = random.nextLong(DeadlineElement.ADDRESS_MAX + 1);
      long element = DeadlineElement.of(deadline, base, address);
      long bound = DeadlineElement.boundMillis(element, base);
      assertThat(DeadlineElement.address(element)).isEqualTo(address);
      assertThat(bound).isBetween(base, deadline);
      assertThat(deadline - bound).isBetween(0L, (deadline - base) >>> 18);
      assertThat(DeadlineElement.of(bound, base, address)).isEqualTo(element);
      assertThat(DeadlineElement.limit(deadline, base)).isGreaterThanOrEqualTo(element);
      if (bound > base) {
        assertThat(DeadlineElement.limit(bound - 1, base)).isLessThan(element);
      }
    }
  }

  @Test
  void elementsAreInTheOrderOfBoundsAndAddresses() {
    var random = new SplittableRandom(2);
    for (int i = 0; i < ROUND_COUNT; i++) {
      long[] millis = {anyMillis(random), anyMillis(random), anyMillis(random)};
      Arrays.sort(millis);
      long base = millis[0];
      long one = DeadlineElement.of(millis[1], base, random.nextLong(1000));
      long other = DeadlineElement.of(millis[2], base, random.nextLong(1000));
      long oneBound = DeadlineElement.boundMillis(one, base);
      long otherBound = DeadlineElement.boundMillis(other, base);
      if (oneBound == otherBound) {
        assertThat(Long.compare(one, other))
            .isEqualTo(Long.compare(DeadlineElement.address(one), DeadlineElement.address(other)));
      } else {
        assertThat(one).isLessThan(other);
      }
    }
  }

  @Test
  void whatIsMinutesAwayIsExactAndAMonthIsGoodToSeconds() {
    long base = 1_763_000_000_000L;
    for (long distance = 0; distance <= Duration.ofMinutes(8).toMillis(); distance += 7) {
      assertThat(roundedBy(distance, base)).isZero();
    }
    assertThat(roundedBy(Duration.ofDays(30).toMillis() - 1, base)).isLessThan(10_000);
  }

  private static long roundedBy(long distance, long base) {
    long element = DeadlineElement.of(base + distance, base, 0);
    return base + distance - DeadlineElement.boundMillis(element, base);
  }

  @Test
  void changesBetweenBasesOfItsChoiceDoNotMoveBounds() {
    var random = new SplittableRandom(3);
    long start = DeadlineElement.baseMillis(1_763_000_000_000L);
    long deadline = start + Duration.ofDays(3 * 365).toMillis() + 12_345;
    long base = start;
    long[] elements = {DeadlineElement.of(deadline, base, 7)};
    long bound = DeadlineElement.boundMillis(elements[0], base);
    while (bound - base > Duration.ofDays(1).toMillis()) {
      long next = DeadlineElement.baseMillis(base + random.nextLong((bound - base) / 100));
      DeadlineElement.rebase(elements, 0, 1, base, next);
      base = next;
      assertThat(DeadlineElement.boundMillis(elements[0], base)).isEqualTo(bound);
    }
  }

  private static long anyMillis(RandomGenerator random) {
    return switch (random.nextInt(6)) {
      case 0 -> random.nextLong();
      case 1 -> random.nextLong() >> random.nextInt(Long.SIZE);
      case 2 -> Long.MAX_VALUE - 1 - random.nextInt(3);
      case 3 -> Long.MIN_VALUE + random.nextInt(3);
      case 4 -> 1L << random.nextInt(Long.SIZE);
      default -> 1_763_000_000_000L + random.nextInt();
    };
  }
}
