package dev.larder.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.Cursor;
import dev.larder.Durability;
import dev.larder.Entry;
import dev.larder.Larder;
import dev.larder.Limits;
import dev.larder.Range;
import dev.larder.Statistics.Part;
import dev.larder.Store;
import dev.larder.StoreClosedException;
import dev.larder.StoreFullException;
import dev.larder.StoreOptions;
import dev.larder.testkit.LogStores;
import dev.larder.testkit.ManualClock;
import dev.larder.testkit.ManualWorkers;
import dev.larder.testkit.SimulatedDirectory;
import dev.larder.testkit.SimulatedDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What compaction may drop and what it must keep.
class LogStoreCompactionTest {
  private final ManualClock clock = new ManualClock();
  private final SimulatedDisk disk = new SimulatedDisk();
  private ManualWorkers workers = new ManualWorkers(clock);

  private Store open() {
    workers = new ManualWorkers(clock);
    return LogStores.open(
        SimulatedDirectory.on(disk), workers, new SplittableRandom(1), History.options(clock));
  }

  private Store openLarge(SimulatedDirectory directory) {
    workers = new ManualWorkers(clock);
    StoreOptions options = StoreOptions.defaults().withTimeSource(clock).withCloseAtShutdown(false);
    return LogStores.open(directory, workers, new SplittableRandom(1), options);
  }

  private static Runnable overwriting(Bucket<String, String> bucket) {
    var ordinal = new AtomicInteger();
    return () -> {
      for (int i = 0; i < 400; i++) {
        bucket.put("k" + i % 100, "v".repeat(3_000 + ordinal.getAndIncrement() % 10));
      }
    };
  }

  private static long compactions(Store store) {
    return store.statistics().counters().getOrDefault("compactions", 0L);
  }

  private static Bucket<String, String> bucket(Store store) {
    return store.bucket("b", Codec.text(), Codec.text()).with(Durability.OS);
  }

  /// A run seemed to be of no use when more was appended meanwhile than it gave back, and the next
  /// was put off until a segment more was appended, by writers who were slowed down since there was
  /// so much to compact.
  @Test
  void aRunIsNotJudgedByWhatIsAppendedMeanwhile() throws Exception {
    var directory = SimulatedDirectory.on(disk);
    try (Store store = openLarge(directory)) {
      Runnable overwriting = overwriting(bucket(store));
      overwriting.run();
      var isFirst = new AtomicBoolean(true);
      directory.listen(operation -> {
        if (operation.toString().startsWith("force directory") && isFirst.getAndSet(false)) {
          overwriting.run(); // more than the run gives back
        }
      });
      workers.run("larder-compaction");
      assertThat(compactions(store)).isEqualTo(1);

      workers.run("larder-compaction");

      assertThat(compactions(store)).isEqualTo(2);
    }
  }

  /// While others overwrite there is always something to gain: `compact` went on for ever.
  @Test
  @Timeout(60)
  void compactReturnsWhileOthersOverwrite() throws Exception {
    var directory = SimulatedDirectory.on(disk);
    try (Store store = openLarge(directory)) {
      Runnable overwriting = overwriting(bucket(store));
      overwriting.run();
      var isWithin = new AtomicBoolean();
      directory.listen(operation -> {
        if (operation.toString().startsWith("delete 0") && !isWithin.getAndSet(true)) {
          overwriting.run(); // before the next run
          isWithin.set(false);
        }
      });

      store.compact();

      assertThat(compactions(store)).isBetween(1L, 20L);
    }
  }

  /// Compaction was told of what expired when there were some thousands, or a pause: not where
  /// large entries expired one after the other.
  @Test
  void whatExpiresNowAndThenIsGivenBack() {
    try (Store store = open()) {
      Bucket<String, String> bucket = bucket(store);
      for (int i = 0; i < 100; i++) {
        bucket.put("k" + i, "v".repeat(12_000), Duration.ofMillis(500L * i + 500));
      }
      workers.runFor(Duration.ofSeconds(45)); // all but some ten have expired

      assertThat(bucket.count()).isLessThan(15);
      assertThat(compactions(store)).isPositive();
      assertThat(store.statistics().space().bytes(Part.SUPERSEDED)).isLessThan(300_000);
    }
  }

  /// A segment whose last deadline has passed is unlinked whole: what is in it does not matter.
  @Test
  void aSegmentWithNothingLeftIsNotReadBeforeItGoes() throws Exception {
    try (Store store = open()) {
      Bucket<String, String> bucket = bucket(store);
      bucket.put("stays", "s");
      store.compact(); // what stays is in a cold segment
      var before = new TreeSet<>(disk.names());
      for (int i = 0; i < 500; i++) {
        bucket.put("k" + i, "v".repeat(2_000), Duration.ofMinutes(1));
      }
      var expiring = new TreeSet<>(disk.names());
      expiring.removeIf(name -> before.contains(name) || !name.endsWith(".segment"));
      expiring.pollLast(); // it is appended to
      assertThat(expiring).hasSizeGreaterThan(1);
      clock.advance(Duration.ofMinutes(1));
      workers.run("larder-expiry");
      for (String name : expiring) {
        disk.overwrite(name, 200, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
      }

      workers.run("larder-compaction");

      assertThat(disk.names()).doesNotContainAnyElementsOf(expiring);
      assertThat(bucket.keys()).containsExactly("stays");
    }
  }

  /// A tombstone that went before the record it hides would bring a removed key back at the next
  /// full replay.
  @Test
  void aRemovedKeyStaysRemovedWhileAnOlderRecordOfItIsInAColdSegment() throws Exception {
    try (Store store = open()) {
      Bucket<String, String> bucket = bucket(store);
      for (int i = 0; i < 100; i++) {
        bucket.put("cold" + i, "c".repeat(3_000));
      }
      store.compact(); // everything is cold now
      bucket.delete("cold42");
      // Garbage in history: the background compacts that, and leaves the cold segments alone, since
      // hardly anything in them is dead.
      long before = compactions(store);
      for (int i = 0; i < 400; i++) {
        bucket.put("hot", "h".repeat(3_000 + i));
        workers.runUntilIdle();
      }
      assertThat(compactions(store)).isGreaterThan(before);
      assertThat(bucket.contains("cold42")).isFalse();
    }
    if (disk.names().contains("CHECKPOINT")) {
      SimulatedDirectory.on(disk).delete("CHECKPOINT");
    }
    try (Store store = open()) {
      Bucket<String, String> bucket = bucket(store);
      assertThat(bucket.contains("cold42")).isFalse();
      assertThat(bucket.count(Range.prefix("cold"))).isEqualTo(99);
      assertThat(bucket.read("hot")).hasSize(3_399);
    }
  }

  /// Records have moved into segments that no manifest names yet when the image is taken. It must
  /// say where these segments stand, or it points to nothing once the manifest names them.
  @Test
  void aCheckpointBetweenTheMovesOfACompactionAndItsManifestIsTrue() throws Exception {
    var directory = SimulatedDirectory.on(disk);
    StoreOptions options = StoreOptions.defaults().withTimeSource(clock).withCloseAtShutdown(false);
    Store store =
        LogStores.open(directory, new ManualWorkers(clock), new SplittableRandom(1), options);
    Bucket<String, String> bucket = bucket(store);
    for (int i = 0; i < 150; i++) {
      bucket.put("k" + i % 100, "v".repeat(1_000 + i));
    }
    Cursor<String, String> cursor = bucket.cursor(Range.all());
    bucket.put("k1", "v");
    store.compact(); // the cursor keeps a segment, and its place in the space of addresses
    for (int i = 0; i < 50; i++) {
      bucket.put("k" + i, "v".repeat(1_100 + i));
    }
    // The roll forces the directory for the new segment and for the manifest, the compaction for
    // its
    // segments, and then for the manifest: before that everything has moved, and no lock is held.
    var forces = new AtomicInteger();
    directory.listen(operation -> {
      boolean isForce = operation.toString().startsWith("force directory");
      if (isForce && forces.incrementAndGet() == 4) {
        store.checkpoint();
      }
    });
    store.compact();
    directory.listen(null);
    assertThat(forces.get()).isEqualTo(6);
    assertThat(compactions(store)).isEqualTo(2);
    assertThat(cursor.next().value()).isNotEmpty();
    bucket.put("after", "the swap");
    directory.kill();
    try (Store again =
        LogStores.open(
            SimulatedDirectory.on(disk),
            new ManualWorkers(clock),
            new SplittableRandom(2),
            options)) {
      assertThat(disk.names()).as("the image was of use").contains("CHECKPOINT");
      for (int i = 0; i < 100; i++) {
        assertThat(bucket(again).read("k" + i)).hasSize(1_000 + (i < 50 ? i + 100 : i));
      }
      assertThat(bucket(again).count()).isEqualTo(101);
    }
  }

  @Test
  void tombstonesGoWhenNothingOlderIsLeft() {
    try (Store store = open()) {
      Bucket<String, String> bucket = bucket(store);
      for (int i = 0; i < 300; i++) {
        bucket.put("k" + i, "v".repeat(500));
      }
      for (int i = 0; i < 300; i++) {
        bucket.delete("k" + i);
      }
      store.compact();
      assertThat(store.statistics().space().liveBytes()).isLessThan(200);
      assertThat(store.statistics().space().deadBytes()).isLessThan(1_000);
    }
  }

  @Test
  void anOpenCursorKeepsWhatItMayStillShow() {
    try (Store store = open()) {
      Bucket<String, String> bucket = bucket(store);
      for (int i = 0; i < 100; i++) {
        bucket.put("k" + (100 + i), "old" + "v".repeat(2_000));
      }
      try (Cursor<String, String> cursor = bucket.cursor(Range.all())) {
        for (int i = 0; i < 100; i++) {
          bucket.put("k" + (100 + i), "new");
        }
        store.compact();
        assertThat(store.statistics().space().pinnedBytes()).isPositive();
        int count = 0;
        while (cursor.hasNext()) {
          Entry<String, String> entry = cursor.next();
          assertThat(entry.value()).startsWith("old");
          count++;
        }
        assertThat(count).isEqualTo(100);
      }
      workers.runAll();
      assertThat(store.statistics().space().pinnedBytes()).isZero();
      assertThat(store.statistics().openSnapshots()).isZero();
    }
  }

  @Test
  void theSpaceOfWhatExpiresComesBackWithoutAReader() {
    try (Store store = open()) {
      Bucket<String, String> bucket = bucket(store);
      for (int i = 0; i < 300; i++) {
        bucket.put("k" + i, "v".repeat(3_000), Duration.ofSeconds(5));
      }
      assertThat(store.statistics().space().directoryBytes()).isGreaterThan(900_000);
      clock.advance(Duration.ofSeconds(6));
      workers.runUntilIdle();
      assertThat(store.statistics().entries()).isZero();
      assertThat(store.statistics().expiredRemembered()).isEqualTo(300);
      assertThat(store.statistics().space().directoryBytes()).isLessThan(400_000);
      clock.advance(Duration.ofSeconds(60));
      workers.runUntilIdle();
      assertThat(store.statistics().expiredRemembered()).isZero();
    }
  }

  /// A purge of many keys at once was larger than one commit may be in a small store.
  @Test
  void aPurgeOfManyKeysIsSpreadOverCommits() {
    try (Store store = open()) {
      Bucket<String, String> bucket = bucket(store);
      for (int i = 0; i < 600; i++) {
        bucket.put("remembered" + i, "v", Duration.ofSeconds(1));
      }
      clock.advance(Duration.ofSeconds(2));
      workers.runUntilIdle();
      for (int i = 0; i < 1_000; i++) {
        bucket.put("expired" + i, "v", Duration.ofSeconds(1));
      }
      clock.advance(Duration.ofSeconds(2));
      assertThat(store.purgeExpired()).isEqualTo(1_600);
      assertThat(store.purgeExpired()).isZero();
    }
  }

  @Test
  void aStoreThatIsOpenedUnderASmallerLimitCanBeEmptied() {
    StoreOptions large =
        History.options(clock)
            .withLimits(Limits.defaults().withStoreBytes(4 * Limits.STORE_BYTES_MIN));
    try (Store store =
        LogStores.open(SimulatedDirectory.on(disk), workers, new SplittableRandom(1), large)) {
      Bucket<String, String> bucket = bucket(store);
      for (int i = 0; i < 1_500; i++) {
        bucket.put("k" + i, "v".repeat(4_000));
      }
    }
    try (Store store = open()) {
      Bucket<String, String> bucket = bucket(store);
      assertThatThrownBy(() -> bucket.put("more", "v")).isInstanceOf(StoreFullException.class);
      for (int i = 0; i < 1_500; i++) {
        bucket.delete("k" + i);
      }
      bucket.put("more", "v");
      assertThat(bucket.keys()).containsExactly("more");
    }
  }

  /// A compaction on one thread went on after another had closed the store and given its lock back.
  @Test
  void closingWaitsForACompactionOnAnotherThread(@TempDir Path directory) throws Exception {
    for (int round = 0; round < 20; round++) {
      Store store = Larder.open(directory);
      Bucket<String, String> bucket = bucket(store);
      for (int i = 0; i < 50; i++) {
        bucket.put("k" + i, "v".repeat(1_000 + round));
      }
      var compacting =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  store.compact();
                } catch (StoreClosedException _) {
                  // Closing came first.
                }
              });
      store.close();
      compacting.join();
      assertThat(Larder.verify(directory).findings()).isEmpty();
    }
    try (Store store = Larder.open(directory)) {
      assertThat(bucket(store).count()).isEqualTo(50);
    }
  }

  @Test
  void theDirectoryStaysUnderItsLimitThroughTenTimesItsSizeInOverwrites() {
    try (Store store = open()) {
      Bucket<String, String> bucket = bucket(store);
      long limit = store.options().limits().storeBytes();
      var random = new SplittableRandom(5);
      long written = 0;
      while (written < 10 * limit) {
        String value = "v".repeat(2_000 + random.nextInt(2_000));
        bucket.put("k" + random.nextInt(400), value);
        written += value.length();
        assertThat(disk.usedBytes()).isLessThanOrEqualTo(limit);
      }
      assertThat(bucket.count()).isEqualTo(400);
    }
  }
}
