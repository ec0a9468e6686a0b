package dev.larder.examples;

import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.Larder;
import dev.larder.Store;
import dev.larder.StoreOptions;
import dev.larder.TimeSource;
import java.time.Duration;
import java.time.Instant;

/// How an application tests what it does about expiry, without waiting for it.
///
/// Shows a store in memory, which keeps the same contract as one on disk, and a clock of one's own.
/// It takes no directory, for nothing is written.
public final class ExpiryInTests {
  /// A clock that stands still until it is turned.
  private static final class HandClock implements TimeSource {
    private volatile Duration passed = Duration.ZERO;

    void turn(Duration duration) {
      passed = passed.plus(duration);
    }

    @Override
    public long wallMillis() {
      return Instant.parse("2026-03-01T12:00:00Z").plus(passed).toEpochMilli();
    }

    @Override
    public long monotonicNanos() {
      return passed.toNanos();
    }
  }

  private ExpiryInTests() {}

  public static void main(String[] arguments) {
    var clock = new HandClock();
    try (Store store = Larder.inMemory(StoreOptions.defaults().withTimeSource(clock))) {
      Bucket<String, String> vouchers = store.bucket("vouchers", Codec.text(), Codec.text());
      vouchers.create("spring", "10 percent", Duration.ofDays(30));

      clock.turn(Duration.ofDays(30).minusMillis(1));
      System.out.println("a moment before: " + vouchers.get("spring"));
      clock.turn(Duration.ofMillis(1));
      System.out.println("at the deadline: " + vouchers.get("spring"));

      System.out.println("the key is free again: version " + vouchers.create("spring", "new"));
    }
  }
}
