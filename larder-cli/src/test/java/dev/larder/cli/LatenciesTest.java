package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  @Test
  void shortTimesAndTheLongestAreExact() {
    var latencies = new Latencies();
    for (int nanos = 1; nanos <= 200; nanos++) {
      latencies.record(nanos);
    }
    latencies.record(123_456_789);

    assertThat(latencies.count()).isEqualTo(201);
    assertThat(latencies.nanosAt(0.5)).isEqualTo(101);
    assertThat(latencies.nanosAt(0.99)).isEqualTo(199);
    assertThat(latencies.nanosAt(1)).isEqualTo(123_456_789);
    assertThat(latencies.maxNanos()).isEqualTo(123_456_789);
  }

  @Test
  void whateverTheTimesPartsAreRoundedUpByLessThanAHundredth() {
    var random = new SplittableRandom(1);
    var latencies = new Latencies();
    var times = new long[10_000];
    for (int i = 0; i < times.length; i++) {
      times[i] = random.nextLong() >>> (1 + random.nextInt(62));
      latencies.record(times[i]);
    }
    Arrays.sort(times);

    for (double part : new double[] {0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999}) {
      long exact = times[(int) Math.ceil(part * times.length) - 1];
      assertThat((double) latencies.nanosAt(part)).isBetween((double) exact, exact * 1.01);
    }
    assertThat(latencies.maxNanos()).isEqualTo(times[times.length - 1]);
  }

  @Test
  void theEndsOfTheRangeHaveAPlace() {
    var latencies = new Latencies();
    latencies.record(-1);
    latencies.record(Long.MAX_VALUE);

    assertThat(latencies.nanosAt(0.5)).isZero();
    assertThat(latencies.nanosAt(0.9)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void whatSeveralThreadsCountedIsAddedUp() {
    var all = new Latencies();
    for (int thread = 0; thread < 2; thread++) {
      var one = new Latencies();
      one.record(100 + thread);
      all.add(one);
    }

    assertThat(all.count()).isEqualTo(2);
    assertThat(all.nanosAt(0.5)).isEqualTo(100);
    assertThat(all.maxNanos()).isEqualTo(101);
  }

  @Test
  void ofNothingAllTimesAreZero() {
    assertThat(new Latencies().nanosAt(0.99)).isZero();
  }
}
