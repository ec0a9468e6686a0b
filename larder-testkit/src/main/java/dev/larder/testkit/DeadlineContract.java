package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.Bucket;
import dev.larder.Entry;
import dev.larder.Expiry;
import dev.larder.Item;
import dev.larder.KeyNotFoundException;
import dev.larder.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Times to live: how deadlines are set, cleared and told, and which are refused.
@SuppressWarnings("NullAway.Init") // JUnit calls the methods that set up
abstract class DeadlineContract extends ContractTheme {
  private Store store;
  private Bucket<String, String> bucket;

  DeadlineContract(StoreContract contract) {
    super(contract);
  }

  @BeforeEach
  final void openStore() {
    store = open();
    bucket = texts(store);
  }

  @Test
  void expireGivesALiveEntryADeadlineAndLeavesItsValue() {
    bucket.put("k", "v");
    clock.advance(SECOND);
    long version = bucket.expire("k", MINUTE);
    assertThat(bucket.readEntry("k"))
        .isEqualTo(new Entry<>("k", "v", version, Optional.of(clock.now().plus(MINUTE))));
    bucket.expire("k", SECOND);
    assertThat(bucket.readEntry("k").deadline()).contains(clock.now().plus(SECOND));
    clock.advance(SECOND);
    assertThat(bucket.get("k")).isEmpty();
  }

  @Test
  void expireAtGivesALiveEntryADeadline() {
    bucket.put("k", "v");
    var deadline = clock.now().plusMillis(1234);
    long version = bucket.expireAt("k", deadline);
    assertThat(bucket.readEntry("k"))
        .isEqualTo(new Entry<>("k", "v", version, Optional.of(deadline)));
  }

  @Test
  void expireAtAnInstantThatHasPassedRemovesTheEntry() {
    bucket.put("now", "v");
    bucket.put("past", "v");
    bucket.expireAt("now", clock.now());
    bucket.expireAt("past", clock.now().minus(Duration.ofDays(1)));
    assertThat(bucket.get("now")).isEmpty();
    assertThat(bucket.get("past")).isEmpty();
    assertThat(bucket.count()).isZero();
    assertThatThrownBy(() -> bucket.update("now", "w")).isInstanceOf(KeyNotFoundException.class);
  }

  @Test
  void persistTakesTheDeadlineAway() {
    bucket.put("k", "v", SECOND);
    long version = bucket.persist("k");
    assertThat(bucket.readEntry("k")).isEqualTo(new Entry<>("k", "v", version, Optional.empty()));
    clock.advance(Duration.ofDays(1000));
    assertThat(bucket.read("k")).isEqualTo("v");
  }

  @Test
  void persistDoesNotMindThatThereIsNoDeadline() {
    bucket.put("k", "v");
    bucket.persist("k");
    assertThat(bucket.timeToLive("k")).isEmpty();
  }

  @Test
  void timeToLiveTellsWhatIsLeft() {
    bucket.put("without", "v");
    bucket.put("with", "v", MINUTE);
    assertThat(bucket.timeToLive("without")).isEmpty();
    assertThat(bucket.timeToLive("with")).contains(MINUTE);
    clock.advance(MINUTE.minusMillis(1));
    assertThat(bucket.timeToLive("with")).contains(Duration.ofMillis(1));
  }

  @Test
  void deadlinesOfKeysWithoutALiveEntryAreRefused() {
    for (String key : absentKeys(store, bucket)) {
      List<ThrowingCallable> calls =
          List.of(
              () -> bucket.expire(key, SECOND),
              () -> bucket.expireAt(key, clock.now().plus(SECOND)),
              () -> bucket.persist(key),
              () -> bucket.timeToLive(key));
      for (ThrowingCallable call : calls) {
        assertThatThrownBy(call)
            .as(key)
            .isInstanceOfSatisfying(
                KeyNotFoundException.class, e -> assertThat(e.keys()).containsExactly(key));
      }
      assertThat(bucket.contains(key)).isFalse();
    }
  }

  @Test
  void aTtlIsCountedFromItsCommit() {
    clock.advance(Duration.ofMillis(1234));
    bucket.put("k", "v", SECOND);
    assertThat(bucket.readEntry("k").deadline()).contains(clock.now().plus(SECOND));
  }

  @Test
  void partsOfAMillisecondAreCutOff() {
    bucket.put("k", "v", Duration.ofNanos(2_999_999));
    assertThat(bucket.readEntry("k").deadline()).contains(clock.now().plusMillis(2));
    bucket.expireAt("k", clock.now().plusNanos(5_999_999));
    assertThat(bucket.readEntry("k").deadline()).contains(clock.now().plusMillis(5));
  }

  @Test
  void theShortestAndTheLongestTtlWork() {
    bucket.put("short", "v", Duration.ofMillis(1));
    bucket.put("long", "v", Expiry.TTL_MAX);
    assertThat(bucket.keys()).containsExactly("long", "short");
    assertThat(bucket.readEntry("long").deadline()).contains(clock.now().plus(Expiry.TTL_MAX));
    clock.advance(Duration.ofMillis(1));
    assertThat(bucket.keys()).containsExactly("long");
    clock.advance(Duration.ofDays(100_000));
    assertThat(bucket.keys()).containsExactly("long");
  }

  @Test
  void aTtlThatIsNoneIsRefusedByEveryVerbAndChangesNothing() {
    bucket.put("k", "v");
    Entry<String, String> before = bucket.readEntry("k");
    for (Duration ttl :
        List.of(
            Duration.ZERO,
            Duration.ofNanos(999_999),
            Duration.ofMillis(-1),
            Duration.ofSeconds(Long.MIN_VALUE),
            Expiry.TTL_MAX.plusNanos(1),
            Duration.ofSeconds(Long.MAX_VALUE, 999_999_999))) {
      List<ThrowingCallable> calls =
          List.of(
              () -> bucket.create("new", "v", ttl),
              () -> bucket.put("new", "v", ttl),
              () -> bucket.put("k", "w", ttl),
              () -> bucket.update("k", "w", ttl),
              () -> bucket.expire("k", ttl),
              () -> bucket.createAll(Map.of("new", "v"), ttl),
              () -> bucket.putAll(Map.of("k", "w"), ttl),
              () -> bucket.putAll(List.of(Item.of("k", "w", ttl))),
              () -> bucket.compareAndSet("k", before.version(), "w", Expiry.after(ttl)));
      for (ThrowingCallable call : calls) {
        assertThatThrownBy(call)
            .as("ttl %s", ttl)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining(ttl.toString());
      }
    }
    assertThat(bucket.entries()).containsExactly(before);
  }

  @Test
  void aDeadlineOutsideTheCalendarIsRefused() {
    bucket.put("k", "v");
    for (var instant : List.of(Instant.MIN, Instant.MAX)) {
      assertThatThrownBy(() -> bucket.expireAt("k", instant))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(bucket.timeToLive("k")).isEmpty();
  }

  @Test
  void everyReadTellsTheDeadline() {
    bucket.put("k", "v", MINUTE);
    var deadline = clock.now().plus(MINUTE);
    assertThat(bucket.readEntry("k").deadline()).contains(deadline);
    assertThat(bucket.getEntry("k").orElseThrow().deadline()).contains(deadline);
    assertThat(bucket.first().orElseThrow().deadline()).contains(deadline);
    assertThat(bucket.entries().getFirst().deadline()).contains(deadline);
  }
}
