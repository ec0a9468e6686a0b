package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.larder.Bucket;
import dev.larder.Entry;
import dev.larder.Expiry;
import dev.larder.KeyExistsException;
import dev.larder.KeyExpiredException;
import dev.larder.KeyNotFoundException;
import dev.larder.Store;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `create`, `read`, `update` and `delete`: verbs that mind what stands at the key.
@SuppressWarnings("NullAway.Init") // JUnit calls the methods that set up
abstract class StrictVerbContract extends ContractTheme {
  private Store store;
  private Bucket<String, String> bucket;

  StrictVerbContract(StoreContract contract) {
    super(contract);
  }

  @BeforeEach
  final void openStore() {
    store = open();
    bucket = texts(store);
  }

  @Test
  void createStoresWhereThereIsNoLiveEntry() {
    for (String key : absentKeys(store, bucket)) {
      long version = bucket.create(key, "value of " + key);
      assertThat(bucket.readEntry(key))
          .as(key)
          .isEqualTo(new Entry<>(key, "value of " + key, version, Optional.empty()));
    }
  }

  @Test
  void createWithATtlStoresTheDeadline() {
    for (String key : absentKeys(store, bucket)) {
      bucket.create(key, "v", MINUTE);
      assertThat(bucket.readEntry(key).deadline()).as(key).contains(clock.now().plus(MINUTE));
    }
  }

  @Test
  void createWithAnExpiryStoresTheDeadline() {
    bucket.create("at", "v", Expiry.at(clock.now().plusMillis(77)));
    bucket.create("never", "v", Expiry.never());
    bucket.create("unchanged", "v", Expiry.unchanged());
    assertThat(bucket.readEntry("at").deadline()).contains(clock.now().plusMillis(77));
    assertThat(bucket.readEntry("never").deadline()).isEmpty();
    assertThat(bucket.readEntry("unchanged").deadline()).isEmpty();
  }

  @Test
  void createTakesNoDeadlineOverFromAnEntryThatExpired() {
    bucket.put("k", "old", SECOND);
    clock.advance(SECOND);
    bucket.create("k", "new", Expiry.unchanged());
    assertThat(bucket.readEntry("k").deadline()).isEmpty();
  }

  @Test
  void createRefusesAKeyThatHasALiveEntryAndChangesNothing() {
    bucket.put("k", "old", MINUTE);
    Entry<String, String> before = bucket.readEntry("k");
    var refusal =
        catchThrowableOfType(KeyExistsException.class, () -> bucket.create("k", "new", SECOND));
    assertThat(refusal.existing()).containsExactly("k");
    assertThat(refusal.repeated()).isEmpty();
    assertThat(refusal).hasMessage("\"k\" exists already");
    assertThatThrownBy(() -> bucket.create("k", "new")).isInstanceOf(KeyExistsException.class);
    assertThat(bucket.readEntry("k")).isEqualTo(before);
  }

  @Test
  void readGivesTheValueOfALiveEntry() {
    long version = bucket.put("k", "v", MINUTE);
    assertThat(bucket.read("k")).isEqualTo("v");
    assertThat(bucket.readEntry("k"))
        .isEqualTo(new Entry<>("k", "v", version, Optional.of(clock.now().plus(MINUTE))));
  }

  @Test
  void readRefusesAKeyWithoutALiveEntry() {
    for (String key : absentKeys(store, bucket)) {
      var refusal = catchThrowableOfType(KeyNotFoundException.class, () -> bucket.read(key));
      assertThat(refusal.keys()).containsExactly(key);
      assertThatThrownBy(() -> bucket.readEntry(key)).isInstanceOf(KeyNotFoundException.class);
    }
  }

  @Test
  void readTellsAnExpiredEntryFromOneThatNeverWas() {
    for (String key : absentKeys(store, bucket)) {
      assertThatThrownBy(() -> bucket.read(key))
          .as(key)
          .isExactlyInstanceOf(
              key.equals("absent.expired")
                  ? KeyExpiredException.class
                  : KeyNotFoundException.class);
    }
  }

  @Test
  void anExpiredEntryIsReportedWithItsDeadline() {
    bucket.put("k", "v", SECOND);
    var deadline = clock.now().plus(SECOND);
    clock.advance(SECOND);
    var refusal = catchThrowableOfType(KeyExpiredException.class, () -> bucket.read("k"));
    assertThat(refusal.deadline()).isEqualTo(deadline);
    assertThat(refusal.keys()).containsExactly("k");
    assertThat(refusal).hasMessage("\"k\" expired at %s", deadline);
  }

  @Test
  void updateReplacesTheValueAndLeavesTheDeadline() {
    bucket.put("with", "old", MINUTE);
    bucket.put("without", "old");
    var deadline = clock.now().plus(MINUTE);
    clock.advance(SECOND);
    long version = bucket.update("with", "new");
    assertThat(bucket.readEntry("with"))
        .isEqualTo(new Entry<>("with", "new", version, Optional.of(deadline)));
    bucket.update("without", "new");
    assertThat(bucket.readEntry("without").deadline()).isEmpty();
    assertThat(bucket.read("without")).isEqualTo("new");
  }

  @Test
  void updateWithATtlReplacesTheDeadline() {
    bucket.put("k", "old", MINUTE);
    clock.advance(SECOND);
    bucket.update("k", "new", SECOND);
    assertThat(bucket.readEntry("k").deadline()).contains(clock.now().plus(SECOND));
    bucket.update("k", "newer", Expiry.never());
    assertThat(bucket.readEntry("k").deadline()).isEmpty();
    bucket.update("k", "newest", Expiry.at(clock.now().plusSeconds(9)));
    assertThat(bucket.readEntry("k").deadline()).contains(clock.now().plusSeconds(9));
  }

  @Test
  void updateRefusesAKeyWithoutALiveEntryAndChangesNothing() {
    for (String key : absentKeys(store, bucket)) {
      var refusal =
          catchThrowableOfType(KeyNotFoundException.class, () -> bucket.update(key, "new"));
      assertThat(refusal.keys()).containsExactly(key);
      assertThatThrownBy(() -> bucket.update(key, "new", SECOND))
          .isInstanceOf(KeyNotFoundException.class);
      assertThat(bucket.get(key)).as(key).isEmpty();
    }
    assertThat(bucket.count()).isZero();
  }

  @Test
  void deleteRemovesALiveEntry() {
    long created = bucket.create("k", "v");
    assertThat(bucket.delete("k")).isGreaterThan(created);
    assertThat(bucket.get("k")).isEmpty();
    assertThat(bucket.keys()).isEmpty();
    assertThatThrownBy(() -> bucket.read("k")).isExactlyInstanceOf(KeyNotFoundException.class);
  }

  @Test
  void deleteRefusesAKeyWithoutALiveEntry() {
    for (String key : absentKeys(store, bucket)) {
      var refusal = catchThrowableOfType(KeyNotFoundException.class, () -> bucket.delete(key));
      assertThat(refusal.keys()).as(key).containsExactly(key);
    }
  }

  @Test
  void aDeletedEntryWithADeadlineDoesNotCountAsExpired() {
    bucket.put("k", "v", SECOND);
    bucket.delete("k");
    clock.advance(SECOND);
    assertThatThrownBy(() -> bucket.read("k")).isExactlyInstanceOf(KeyNotFoundException.class);
    assertThat(store.purgeExpired()).isZero();
  }

  @Test
  void keysAndValuesMayHoldAnyCharacterAndAnyByte() {
    String odd = "\0\t\"\\\u00e9\u4e2d\ud83d\ude00\uffff";
    bucket.create(odd, odd);
    assertThat(bucket.read(odd)).isEqualTo(odd);
    assertThat(bucket.keys()).containsExactly(odd);
    bucket.create("empty", "");
    assertThat(bucket.read("empty")).isEmpty();
  }
}
