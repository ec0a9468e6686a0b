package dev.larder.testkit;

import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.Durability;
import dev.larder.Store;
import dev.larder.StoreOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/// What the themes of [StoreContract] share: a clock turned by hand, and stores that are closed and
/// verified after the test.
@Timeout(120)
abstract class ContractTheme {
  /// What a store holds that was opened by [#open()], so that reads find a store at all.
  static final String FOUNDATION = "foundation";

  static final Duration SECOND = Duration.ofSeconds(1);
  static final Duration MINUTE = Duration.ofMinutes(1);

  final ManualClock clock = new ManualClock();

  private final StoreContract contract;
  private final Deque<Store> stores = new ArrayDeque<>();
  private final Set<Path> locations = new LinkedHashSet<>();

  ContractTheme(StoreContract contract) {
    this.contract = contract;
  }

  @AfterEach
  final void closeAndVerify() {
    while (!stores.isEmpty()) {
      stores.pop().close();
    }
    for (Path location : locations) {
      contract.verify(location);
    }
  }

  final boolean isPersistent() {
    return contract.isPersistent();
  }

  final Path newLocation() {
    return contract.newLocation();
  }

  /// {@return options with the test's clock, and quick}
  final StoreOptions options() {
    return StoreOptions.defaults()
        .withDurability(Durability.OS)
        .withCloseAtShutdown(false)
        .withTimeSource(clock);
  }

  /// {@return what is at a location, opened; closed after the test at the latest}
  final Store open(Path location, StoreOptions options) {
    Store store = contract.open(location, options);
    stores.push(store);
    locations.add(location);
    return store;
  }

  /// {@return a store that exists: it holds one entry in a bucket of its own}
  final Store open(StoreOptions options) {
    Store store = open(newLocation(), options);
    texts(store, FOUNDATION).put("stone", "laid");
    return store;
  }

  final Store open() {
    return open(options());
  }

  static Bucket<String, String> texts(Store store, String name) {
    return store.bucket(name, Codec.text(), Codec.text());
  }

  static Bucket<String, String> texts(Store store) {
    return texts(store, "texts");
  }

  /// {@return keys without a live entry, one for each way to come to that; the clock goes on}
  final List<String> absentKeys(Store store, Bucket<String, String> bucket) {
    bucket.put("absent.purged", "old", SECOND);
    clock.advance(SECOND);
    store.purgeExpired();
    bucket.put("absent.removed", "old", Duration.ofDays(1));
    bucket.remove("absent.removed");
    bucket.put("absent.expired", "old", SECOND);
    clock.advance(SECOND);
    return List.of("absent.never", "absent.purged", "absent.removed", "absent.expired");
  }

  /// Waits for something that happens by itself.
  static void await(String what, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > Duration.ofSeconds(60).toNanos()) {
        throw new AssertionError("waited a minute in vain until " + what);
      }
      LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
    }
  }
}
