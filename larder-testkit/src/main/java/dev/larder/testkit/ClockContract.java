package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.Bucket;
import dev.larder.KeyNotFoundException;
import dev.larder.Store;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Wall clocks that jump. The store's present is the later of the wall clock and the last commit,
/// as long as the two are within five minutes.
@SuppressWarnings("NullAway.Init") // JUnit calls the methods that set up
abstract class ClockContract extends ContractTheme {
  private Store store;
  private Bucket<String, String> bucket;

  ClockContract(StoreContract contract) {
    super(contract);
  }

  @BeforeEach
  final void openStore() {
    store = open();
    bucket = texts(store);
  }

  @Test
  void aClockSetBackALittleBringsNoExpiredEntryBack() {
    bucket.put("k", "v", MINUTE);
    clock.advance(SECOND.multipliedBy(90));
    bucket.put("other", "v");
    clock.jumpWall(MINUTE.multipliedBy(-4));
    assertThat(bucket.get("k")).isEmpty();
    assertThat(bucket.keys()).containsExactly("other");
    assertThatThrownBy(() -> bucket.update("k", "w")).isInstanceOf(KeyNotFoundException.class);
    assertThat(store.purgeExpired()).isEqualTo(1);
  }

  @Test
  void aTtlGivenAfterTheClockWasSetBackALittleCountsFromTheLastCommit() {
    bucket.put("other", "v");
    Instant last = clock.now();
    clock.jumpWall(MINUTE.multipliedBy(-4));
    bucket.put("k", "v", SECOND);
    assertThat(bucket.readEntry("k").deadline()).contains(last.plus(SECOND));
    clock.advance(MINUTE.multipliedBy(4));
    assertThat(bucket.contains("k")).isTrue();
    clock.advance(SECOND);
    assertThat(bucket.contains("k")).isFalse();
  }

  @Test
  void exactlyFiveMinutesAreALittle() {
    bucket.put("other", "v");
    Instant last = clock.now();
    clock.jumpWall(MINUTE.multipliedBy(-5));
    bucket.put("k", "v", SECOND);
    assertThat(bucket.readEntry("k").deadline()).contains(last.plus(SECOND));
  }

  @Test
  void aClockSetBackFarIsBelieved() {
    bucket.put("other", "v");
    clock.jumpWall(MINUTE.multipliedBy(-5).minusMillis(1));
    bucket.put("k", "v", SECOND);
    assertThat(bucket.readEntry("k").deadline()).contains(clock.now().plus(SECOND));
    clock.advance(SECOND);
    assertThat(bucket.contains("k")).isFalse();
    assertThat(bucket.contains("other")).isTrue();
  }

  @Test
  void afterAClockSetBackFarTheLastCommitCountsAgain() {
    bucket.put("other", "v");
    clock.jumpWall(Duration.ofHours(-1));
    bucket.put("other", "w");
    Instant last = clock.now();
    clock.jumpWall(MINUTE.negated());
    bucket.put("k", "v", SECOND);
    assertThat(bucket.readEntry("k").deadline()).contains(last.plus(SECOND));
  }

  @Test
  void versionsRiseHoweverTheClockJumps() {
    long last = bucket.put("k", "v");
    for (Duration jump :
        new Duration[] {
          Duration.ofMinutes(-1),
          Duration.ofHours(-5),
          Duration.ofDays(40),
          Duration.ofDays(-400),
          Duration.ofDays(360)
        }) {
      clock.jumpWall(jump);
      long next = bucket.put("k", "after " + jump);
      assertThat(next).isGreaterThan(last);
      assertThat(bucket.read("k")).isEqualTo("after " + jump);
      last = next;
    }
  }

  @Test
  void entriesWithoutADeadlineDoNotMindTheClock() {
    bucket.put("k", "v");
    for (int i = 0; i < 4; i++) {
      clock.jumpWall(Duration.ofDays(i % 2 == 0 ? 10_000 : -10_000));
      assertThat(bucket.read("k")).isEqualTo("v");
      assertThat(store.purgeExpired()).isZero();
    }
  }

  @Test
  void whileTheClockHasLeaptAheadEntriesPastTheirDeadlineAreInvisible() {
    bucket.put("k", "v", MINUTE);
    clock.jumpWall(Duration.ofDays(2));
    assertThat(bucket.get("k")).isEmpty();
    assertThat(bucket.count()).isZero();
  }

  @Test
  void aLeapAheadThatIsTakenBackHasRemovedNothing() {
    bucket.put("k", "v", MINUTE);
    clock.jumpWall(Duration.ofDays(2));
    for (int i = 0; i < 50; i++) {
      bucket.put("other", "v" + i); // gives the store the occasion to remove what has expired
      clock.advance(SECOND);
    }
    clock.jumpWall(Duration.ofDays(-2));
    assertThat(bucket.read("k")).isEqualTo("v");
    clock.advance(Duration.ofSeconds(10));
    assertThat(bucket.get("k")).isEmpty();
  }

  @Test
  void aKeyThatWasPurgedDoesNotComeBackHoweverTheClockJumps() {
    bucket.put("k", "v", MINUTE);
    clock.advance(MINUTE);
    assertThat(store.purgeExpired()).isEqualTo(1);
    clock.jumpWall(Duration.ofHours(-1));
    assertThat(bucket.get("k")).isEmpty();
    assertThat(bucket.keys()).isEmpty();
  }
}
