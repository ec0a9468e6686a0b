package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.larder.Bucket;
import dev.larder.Cursor;
import dev.larder.Entry;
import dev.larder.Item;
import dev.larder.KeyExpiredException;
import dev.larder.KeyNotFoundException;
import dev.larder.Range;
import dev.larder.Store;
import dev.larder.TimeSource;
import dev.larder.VersionConflictException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Expiry: an entry is visible until its deadline and never after it, on every path; it is
/// remembered as expired for a minute, and its space comes back by itself.
@SuppressWarnings("NullAway.Init") // JUnit calls the methods that set up
abstract class ExpiryContract extends ContractTheme {
  private Store store;
  private Bucket<String, String> bucket;

  ExpiryContract(StoreContract contract) {
    super(contract);
  }

  @BeforeEach
  final void openStore() {
    store = open();
    bucket = texts(store);
  }

  /// Three neighbours, the middle one of which has expired when the clock goes on by a second.
  private void putNeighbours() {
    bucket.put("a", "v");
    bucket.put("m", "v", SECOND);
    bucket.put("z", "v");
  }

  @Test
  void anEntryIsVisibleToTheLastMillisecondOnEveryPath() {
    putNeighbours();
    clock.advance(SECOND.minusMillis(1));
    assertThat(bucket.get("m")).contains("v");
    assertThat(bucket.read("m")).isEqualTo("v");
    assertThat(bucket.contains("m")).isTrue();
    assertThat(bucket.timeToLive("m")).contains(Duration.ofMillis(1));
    assertThat(bucket.keys()).containsExactly("a", "m", "z");
    assertThat(bucket.entries()).extracting(Entry::key).containsExactly("a", "m", "z");
    assertThat(bucket.count()).isEqualTo(3);
    assertThat(bucket.floor("n")).map(Entry::key).contains("m");
    assertThat(bucket.ceiling("b")).map(Entry::key).contains("m");
    assertThat(bucket.lower("z")).map(Entry::key).contains("m");
    assertThat(bucket.higher("a")).map(Entry::key).contains("m");
    assertThatThrownBy(() -> bucket.create("m", "w")).isInstanceOf(RuntimeException.class);
  }

  @Test
  void noReadSeesAnEntryFromItsDeadlineOn() {
    putNeighbours();
    clock.advance(SECOND);
    assertThat(bucket.get("m")).isEmpty();
    assertThat(bucket.getEntry("m")).isEmpty();
    assertThat(bucket.contains("m")).isFalse();
    assertThatThrownBy(() -> bucket.read("m")).isInstanceOf(KeyExpiredException.class);
    assertThatThrownBy(() -> bucket.readEntry("m")).isInstanceOf(KeyExpiredException.class);
    assertThatThrownBy(() -> bucket.timeToLive("m")).isInstanceOf(KeyNotFoundException.class);
    assertThat(bucket.keys()).containsExactly("a", "z");
    assertThat(bucket.keys(Range.<String>all().reversed())).containsExactly("z", "a");
    assertThat(bucket.keys(Range.prefix("m"))).isEmpty();
    assertThat(bucket.entries()).extracting(Entry::key).containsExactly("a", "z");
    assertThat(bucket.count()).isEqualTo(2);
    assertThat(bucket.count(Range.prefix("m"))).isZero();
    assertThat(bucket.floor("m")).map(Entry::key).contains("a");
    assertThat(bucket.ceiling("m")).map(Entry::key).contains("z");
    assertThat(bucket.lower("z")).map(Entry::key).contains("a");
    assertThat(bucket.higher("a")).map(Entry::key).contains("z");
  }

  @Test
  void theFirstAndTheLastEntryMayHaveExpired() {
    bucket.put("a", "v", SECOND);
    bucket.put("m", "v");
    bucket.put("z", "v", SECOND);
    clock.advance(SECOND);
    assertThat(bucket.first()).map(Entry::key).contains("m");
    assertThat(bucket.last()).map(Entry::key).contains("m");
    bucket.remove("m");
    assertThat(bucket.first()).isEmpty();
    assertThat(bucket.last()).isEmpty();
  }

  @Test
  void noWriteSeesAnEntryFromItsDeadlineOn() {
    long version = bucket.put("m", "v", SECOND);
    clock.advance(SECOND);
    assertThatThrownBy(() -> bucket.update("m", "w")).isInstanceOf(KeyNotFoundException.class);
    assertThatThrownBy(() -> bucket.delete("m")).isInstanceOf(KeyNotFoundException.class);
    assertThatThrownBy(() -> bucket.expire("m", SECOND)).isInstanceOf(KeyNotFoundException.class);
    assertThatThrownBy(() -> bucket.persist("m")).isInstanceOf(KeyNotFoundException.class);
    assertThatThrownBy(() -> bucket.compareAndSet("m", version, "w"))
        .isInstanceOf(VersionConflictException.class);
    assertThatThrownBy(() -> bucket.compareAndDelete("m", version))
        .isInstanceOf(VersionConflictException.class);
    assertThat(bucket.remove("m")).isFalse();
    assertThatThrownBy(() -> bucket.deleteAll(List.of("m")))
        .isInstanceOf(KeyNotFoundException.class);
    bucket.createAll(Map.of("m", "new"));
    assertThat(bucket.read("m")).isEqualTo("new");
  }

  @Test
  void aCursorLeavesOutWhatExpiresOnTheWay() {
    putNeighbours();
    bucket.put("n", "v", MINUTE);
    try (Cursor<String, String> cursor = bucket.cursor(Range.all())) {
      assertThat(cursor.nextKey()).isEqualTo("a");
      clock.advance(SECOND);
      assertThat(cursor.nextKey()).isEqualTo("n");
      assertThat(cursor.nextKey()).isEqualTo("z");
      assertThat(cursor.hasNext()).isFalse();
    }
  }

  @Test
  void anExpiredEntryDoesNotCountTowardsALimit() {
    putNeighbours();
    clock.advance(SECOND);
    assertThat(bucket.keys(Range.<String>all().limit(2))).containsExactly("a", "z");
    assertThat(bucket.keys(Range.<String>all().reversed().limit(2))).containsExactly("z", "a");
  }

  @Test
  void anExpiredKeyIsRememberedForAMinute() {
    bucket.put("k", "v", SECOND);
    Instant deadline = clock.now().plus(SECOND);
    clock.advance(SECOND);
    for (int second = 0; second < 60; second++) {
      bucket.put("other", "at " + second);
      var refusal = catchThrowableOfType(KeyExpiredException.class, () -> bucket.read("k"));
      assertThat(refusal.deadline()).as("after %d s", second).isEqualTo(deadline);
      clock.advance(second < 59 ? SECOND : SECOND.minusMillis(1));
    }
    assertThatThrownBy(() -> bucket.read("k")).isInstanceOf(KeyExpiredException.class);
  }

  @Test
  void anExpiredKeyStaysAbsentHoweverLongAgoItWas() {
    bucket.put("k", "v", SECOND);
    for (int day = 0; day < 30; day++) {
      clock.advance(Duration.ofDays(1));
      bucket.put("other", "on day " + day);
      assertThat(bucket.get("k")).isEmpty();
      assertThatThrownBy(() -> bucket.read("k")).isInstanceOf(KeyNotFoundException.class);
    }
  }

  @Test
  void aKeyThatIsWrittenAgainIsNoLongerRememberedAsExpired() {
    bucket.put("k", "v", SECOND);
    clock.advance(SECOND);
    bucket.put("k", "w");
    bucket.delete("k");
    assertThatThrownBy(() -> bucket.read("k")).isExactlyInstanceOf(KeyNotFoundException.class);
    assertThat(store.purgeExpired()).isZero();
  }

  @Test
  void aKeyCanExpireAgainAndAgain() {
    for (int i = 0; i < 5; i++) {
      bucket.create("k", "v" + i, SECOND);
      assertThat(bucket.read("k")).isEqualTo("v" + i);
      clock.advance(SECOND);
      assertThat(bucket.get("k")).isEmpty();
    }
  }

  @Test
  void aDeadlineThatWasMovedCountsAndTheOldOneDoesNot() {
    bucket.put("later", "v", SECOND);
    bucket.expire("later", MINUTE);
    bucket.put("sooner", "v", MINUTE);
    bucket.expire("sooner", SECOND);
    bucket.put("replaced", "v", SECOND);
    bucket.put("replaced", "w");
    clock.advance(SECOND);
    bucket.put("other", "v");
    assertThat(bucket.keys()).containsExactly("later", "other", "replaced");
    clock.advance(MINUTE);
    assertThat(bucket.keys()).containsExactly("other", "replaced");
  }

  @Test
  void purgingRemovesWhatHasExpiredAndTellsHowMany() {
    Bucket<String, String> other = texts(store, "other");
    for (int i = 0; i < 20; i++) {
      bucket.put("short" + i, "v", SECOND);
      bucket.put("long" + i, "v", MINUTE);
      other.put("short" + i, "v", SECOND);
    }
    bucket.put("kept", "v");
    assertThat(store.purgeExpired()).isZero();
    clock.advance(SECOND);
    assertThat(store.purgeExpired()).isEqualTo(40);
    assertThat(store.purgeExpired()).isZero();
    assertThat(bucket.count()).isEqualTo(21);
    assertThat(other.count()).isZero();
  }

  @Test
  void purgingForgetsThatAKeyHadExpired() {
    bucket.put("k", "v", SECOND);
    clock.advance(SECOND);
    assertThatThrownBy(() -> bucket.read("k")).isInstanceOf(KeyExpiredException.class);
    store.purgeExpired();
    assertThatThrownBy(() -> bucket.read("k")).isExactlyInstanceOf(KeyNotFoundException.class);
    assertThat(store.statistics().expiredRemembered()).isZero();
  }

  @Test
  void purgingCountsWhatIsOnlyRemembered() {
    for (int i = 0; i < 10; i++) {
      bucket.put("k" + i, "v", SECOND);
    }
    clock.advance(SECOND.multipliedBy(2));
    for (int i = 0; i < 20; i++) {
      bucket.put("other", "v" + i); // gives the store the occasion to remove what has expired
    }
    assertThat(store.purgeExpired()).isEqualTo(10);
  }

  @Test
  void purgingHidesNothingFromAnOpenCursorThatIsAlive() {
    putNeighbours();
    try (Cursor<String, String> cursor = bucket.cursor(Range.all())) {
      clock.advance(SECOND);
      assertThat(store.purgeExpired()).isEqualTo(1);
      assertThat(cursor.nextKey()).isEqualTo("a");
      assertThat(cursor.nextKey()).isEqualTo("z");
    }
  }

  @Test
  void manyEntriesExpireAtOnce() {
    var items = new ArrayList<Item<String, String>>();
    for (int i = 0; i < 5000; i++) {
      items.add(Item.of("k" + i, "v", i % 2 == 0 ? SECOND : MINUTE));
    }
    bucket.putAll(items);
    clock.advance(SECOND);
    assertThat(bucket.count()).isEqualTo(2500);
    assertThat(store.purgeExpired()).isEqualTo(2500);
    clock.advance(MINUTE);
    assertThat(bucket.count()).isZero();
    assertThat(store.purgeExpired()).isEqualTo(2500);
  }

  @Test
  void byTheMachinesClockAnEntryIsThereUntilItsDeadlineAndNotAfterIt() {
    TimeSource time = TimeSource.system();
    Bucket<String, String> real = texts(open(options().withTimeSource(time)));
    real.put("k", "v", Duration.ofMillis(300));
    long deadlineMillis = real.readEntry("k").deadline().orElseThrow().toEpochMilli();
    while (true) {
      long beforeMillis = time.wallMillis();
      boolean isThere = real.contains("k");
      long afterMillis = time.wallMillis();
      if (afterMillis < deadlineMillis) {
        assertThat(isThere).isTrue();
      }
      if (beforeMillis >= deadlineMillis) {
        assertThat(isThere).isFalse();
        return;
      }
      Thread.onSpinWait();
    }
  }

  @Test
  void byTheMachinesClockSpaceComesBackWithoutAReader() {
    Store real = open(options().withTimeSource(TimeSource.system()));
    Bucket<String, String> texts = texts(real);
    long before = real.statistics().entries();
    var items = new ArrayList<Item<String, String>>();
    for (int i = 0; i < 300; i++) {
      items.add(Item.of("k" + i, "v".repeat(1000), Duration.ofMillis(300)));
    }
    texts.putAll(items);
    await("expired entries are removed", () -> real.statistics().entries() == before);
    assertThat(texts.count()).isZero();
    assertThatThrownBy(() -> texts.read("k7")).isInstanceOf(KeyExpiredException.class);
    assertThat(real.purgeExpired()).isEqualTo(300);
  }

  @Test
  void byTheMachinesClockACursorLeavesOutWhatExpiresOnTheWay() {
    Store real = open(options().withTimeSource(TimeSource.system()));
    Bucket<String, String> texts = texts(real);
    texts.put("a", "v");
    texts.put("m", "v", Duration.ofMillis(300));
    texts.put("z", "v");
    try (Cursor<String, String> cursor = texts.cursor(Range.all())) {
      assertThat(cursor.nextKey()).isEqualTo("a");
      await("the entry has expired", () -> !texts.contains("m"));
      assertThat(cursor.nextKey()).isEqualTo("z");
    }
  }
}
