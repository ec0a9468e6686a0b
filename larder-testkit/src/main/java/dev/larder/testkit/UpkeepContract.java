package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.Bucket;
import dev.larder.Cursor;
import dev.larder.Durability;
import dev.larder.Entry;
import dev.larder.Range;
import dev.larder.Statistics;
import dev.larder.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Levels of durability, forcing, checkpoints, compaction, figures: none of them changes what a
/// reader sees.
@SuppressWarnings("NullAway.Init") // JUnit calls the methods that set up
abstract class UpkeepContract extends ContractTheme {
  private static final List<Durability> LEVELS =
      List.of(
          Durability.SYNC,
          Durability.batched(1, Duration.ofHours(1)),
          Durability.batched(100, Duration.ofMillis(1)),
          Durability.OS,
          Durability.NONE);

  private Store store;
  private Bucket<String, String> bucket;

  UpkeepContract(StoreContract contract) {
    super(contract);
  }

  @BeforeEach
  final void openStore() {
    store = open();
    bucket = texts(store);
  }

  @Test
  void aWriteIsVisibleWhenItReturnsWhateverItsLevel() {
    for (Durability level : LEVELS) {
      Bucket<String, String> leveled = bucket.with(level);
      long version = leveled.put("k", level.toString());
      assertThat(bucket.readEntry("k").version()).as("%s", level).isEqualTo(version);
      assertThat(bucket.read("k")).isEqualTo(level.toString());
      leveled.createAll(Map.of("a", "1", "b", "2"));
      assertThat(leveled.keys()).containsExactly("a", "b", "k");
      leveled.deleteAll(List.of("a", "b"));
    }
  }

  @Test
  void aStoreMayHaveAnyLevel() {
    for (Durability level : LEVELS) {
      Store leveled = open(options().withDurability(level));
      texts(leveled).put("k", "v");
      assertThat(texts(leveled).read("k")).isEqualTo("v");
      assertThat(leveled.options().durability()).isEqualTo(level);
    }
  }

  @Test
  void levelsMayBeMixed() {
    var versions = new ArrayList<Long>();
    for (int i = 0; i < 50; i++) {
      versions.add(bucket.with(LEVELS.get(i % LEVELS.size())).put("k" + i, "v" + i));
    }
    assertThat(versions).isSorted().doesNotHaveDuplicates();
    assertThat(bucket.count()).isEqualTo(50);
  }

  @Test
  void whatWasForcedIsDurable() {
    for (Durability level : LEVELS) {
      long version = bucket.with(level).put("k", "v");
      if (level.equals(Durability.SYNC)) {
        assertDurable(version);
      }
      store.force();
      assertDurable(version);
    }
  }

  private void assertDurable(long version) {
    Statistics statistics = store.statistics();
    assertThat(statistics.durableVersion()).isLessThanOrEqualTo(statistics.version());
    if (isPersistent()) {
      assertThat(statistics.durableVersion()).isGreaterThanOrEqualTo(version);
    }
  }

  @Test
  void upkeepChangesNothingThatAReaderSees() {
    for (int i = 0; i < 100; i++) {
      bucket.put("k%02d".formatted(i), "v" + i, i % 2 == 0 ? MINUTE : Duration.ofDays(1));
      bucket.put("gone%02d".formatted(i), "v" + i);
    }
    for (int i = 0; i < 100; i++) {
      bucket.delete("gone%02d".formatted(i));
    }
    List<Entry<String, String>> before = bucket.entries();
    store.force();
    assertThat(bucket.entries()).isEqualTo(before);
    store.checkpoint();
    assertThat(bucket.entries()).isEqualTo(before);
    store.compact();
    assertThat(bucket.entries()).isEqualTo(before);
    store.compact();
    store.checkpoint();
    store.force();
    assertThat(bucket.entries()).isEqualTo(before);
    assertThat(store.bucketNames()).containsExactly(FOUNDATION, "texts");
    assertThat(bucket.put("next", "v")).isGreaterThan(before.getLast().version());
  }

  @Test
  void upkeepRemembersWhatHasExpired() {
    bucket.put("k", "v", SECOND);
    clock.advance(SECOND);
    store.compact();
    store.checkpoint();
    assertThat(bucket.get("k")).isEmpty();
    assertThat(store.purgeExpired()).isEqualTo(1);
  }

  @Test
  void figuresFollowWhatHappens() {
    Statistics empty = store.statistics();
    assertThat(empty.backend()).isNotBlank();
    assertThat(empty.openSnapshots()).isZero();
    for (int i = 0; i < 10; i++) {
      bucket.put("k" + i, "v".repeat(1000));
    }
    long version = bucket.put("k0", "w".repeat(1000));
    Statistics filled = store.statistics();
    assertThat(filled.entries()).isEqualTo(empty.entries() + 10);
    assertThat(filled.version()).isEqualTo(version);
    assertThat(filled.space().liveBytes())
        .isGreaterThanOrEqualTo(empty.space().liveBytes() + 10_000);
    bucket.deleteAll(List.of("k0", "k1", "k2"));
    Statistics after = store.statistics();
    assertThat(after.entries()).isEqualTo(empty.entries() + 7);
    assertThat(after.space().liveBytes()).isLessThan(filled.space().liveBytes());
    assertThat(after.version()).isGreaterThan(version);
  }

  @Test
  void theFiguresOfSpaceAddUp() {
    for (int i = 0; i < 50; i++) {
      bucket.put("k" + i % 7, "v".repeat(100 * i), MINUTE);
    }
    bucket.delete("k3");
    Statistics statistics = store.statistics();
    Statistics.Space space = statistics.space();
    assertThat(space.parts()).containsOnlyKeys(Statistics.Part.values());
    assertThat(space.directoryBytes())
        .isEqualTo(space.parts().values().stream().mapToLong(Long::longValue).sum());
    assertThat(space.heldForCheckpointBytes()).isBetween(0L, space.deadBytes());
    assertThat(statistics.index().keys()).isGreaterThanOrEqualTo(statistics.entries());
    assertThat(space.limitBytes()).isEqualTo(options().limits().storeBytes());
    assertThat(space.directoryBytes()).isLessThanOrEqualTo(space.limitBytes());
    assertThat(space.usableBytes()).isBetween(1L, space.limitBytes());
    assertThat(space.segmentCount()).isNotNegative();
    assertThat(statistics.counters().values()).allMatch(count -> count >= 0);
  }

  @Test
  void figuresTellWhatHasExpired() {
    for (int i = 0; i < 5; i++) {
      bucket.put("k" + i, "v".repeat(100), SECOND);
    }
    Statistics.Space before = store.statistics().space();
    assertThat(before.bytes(Statistics.Part.EXPIRED)).isZero();
    clock.advance(SECOND);
    Statistics.Space expired = store.statistics().space();
    assertThat(expired.liveBytes()).isLessThanOrEqualTo(before.liveBytes() - 500);
    assertThat(expired.bytes(Statistics.Part.EXPIRED) + expired.bytes(Statistics.Part.REMEMBERED))
        .isPositive();
    store.purgeExpired();
    Statistics.Space purged = store.statistics().space();
    assertThat(purged.bytes(Statistics.Part.EXPIRED)).isZero();
    assertThat(purged.bytes(Statistics.Part.REMEMBERED)).isZero();
  }

  @Test
  void figuresNameWhoLooksAtTheStore() {
    bucket.put("k", "v");
    long version = store.statistics().version();
    try (Cursor<String, String> first = bucket.cursor(Range.all())) {
      clock.advance(SECOND);
      try (Cursor<String, String> second = bucket.cursor(Range.all())) {
        assertThat(first.hasNext()).isEqualTo(second.hasNext());
        assertThat(store.statistics().holders())
            .containsExactly(
                new Statistics.Holder(Statistics.Holder.Kind.SNAPSHOT, version, 2, SECOND, 0));
      }
      bucket.put("k", "w");
      assertThat(store.statistics().holders()).extracting("version").containsExactly(version);
    }
    assertThat(store.statistics().holders()).isEmpty();
  }

  @Test
  void figuresTellWhatIsRememberedAsExpired() {
    for (int i = 0; i < 5; i++) {
      bucket.put("k" + i, "v", SECOND);
    }
    long before = store.statistics().entries();
    clock.advance(SECOND);
    Statistics expired = store.statistics();
    assertThat(before - expired.entries()).isEqualTo(expired.expiredRemembered());
    store.purgeExpired();
    Statistics purged = store.statistics();
    assertThat(purged.entries()).isEqualTo(before - 5);
    assertThat(purged.expiredRemembered()).isZero();
  }
}
