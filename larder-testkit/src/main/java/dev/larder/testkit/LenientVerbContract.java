package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.Entry;
import dev.larder.Expiry;
import dev.larder.Store;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `put`, `get`, `contains` and `remove`: verbs that take whatever stands at the key.
@SuppressWarnings("NullAway.Init") // JUnit calls the methods that set up
abstract class LenientVerbContract extends ContractTheme {
  private Store store;
  private Bucket<String, String> bucket;

  LenientVerbContract(StoreContract contract) {
    super(contract);
  }

  @BeforeEach
  final void openStore() {
    store = open();
    bucket = texts(store);
  }

  @Test
  void putStoresWhereThereIsNoLiveEntry() {
    for (String key : absentKeys(store, bucket)) {
      long version = bucket.put(key, "v");
      assertThat(bucket.getEntry(key))
          .as(key)
          .contains(new Entry<>(key, "v", version, Optional.empty()));
    }
  }

  @Test
  void putReplacesValueAndDeadline() {
    bucket.put("k", "1", MINUTE);
    bucket.put("k", "2", SECOND);
    assertThat(bucket.readEntry("k").deadline()).contains(clock.now().plus(SECOND));
    long version = bucket.put("k", "3");
    assertThat(bucket.readEntry("k")).isEqualTo(new Entry<>("k", "3", version, Optional.empty()));
  }

  @Test
  void putLeavesTheDeadlineWhereItIsAskedTo() {
    bucket.put("k", "1", MINUTE);
    var deadline = clock.now().plus(MINUTE);
    clock.advance(SECOND);
    bucket.put("k", "2", Expiry.unchanged());
    assertThat(bucket.readEntry("k").deadline()).contains(deadline);
  }

  @Test
  void putTakesNoDeadlineOverWhereThereIsNoLiveEntry() {
    for (String key : absentKeys(store, bucket)) {
      bucket.put(key, "v", Expiry.unchanged());
      assertThat(bucket.readEntry(key).deadline()).as(key).isEmpty();
    }
  }

  @Test
  void aPutWithADeadlineThatHasPassedLeavesNoEntry() {
    bucket.put("k", "old");
    bucket.put("k", "new", Expiry.at(clock.now()));
    assertThat(bucket.get("k")).isEmpty();
    assertThat(bucket.contains("k")).isFalse();
    bucket.put("other", "new", Expiry.at(clock.now().minus(Duration.ofDays(400))));
    assertThat(bucket.keys()).isEmpty();
  }

  @Test
  void getGivesWhatIsThere() {
    bucket.put("k", "v");
    assertThat(bucket.get("k")).contains("v");
    assertThat(bucket.getEntry("k")).map(Entry::value).contains("v");
    assertThat(bucket.contains("k")).isTrue();
  }

  @Test
  void getGivesNothingWhereThereIsNoLiveEntry() {
    for (String key : absentKeys(store, bucket)) {
      assertThat(bucket.get(key)).as(key).isEmpty();
      assertThat(bucket.getEntry(key)).as(key).isEmpty();
      assertThat(bucket.contains(key)).as(key).isFalse();
    }
  }

  @Test
  void removeTellsWhetherThereWasALiveEntry() {
    bucket.put("k", "v");
    assertThat(bucket.remove("k")).isTrue();
    assertThat(bucket.get("k")).isEmpty();
    assertThat(bucket.remove("k")).isFalse();
    for (String key : absentKeys(store, bucket)) {
      assertThat(bucket.remove(key)).as(key).isFalse();
    }
  }

  @Test
  void aKeyThatWasRemovedTakesAnEntryAgain() {
    for (int i = 0; i < 5; i++) {
      bucket.create("k", "v" + i);
      assertThat(bucket.remove("k")).isTrue();
    }
    bucket.put("k", "last");
    assertThat(bucket.entries()).singleElement().extracting(Entry::value).isEqualTo("last");
  }

  @Test
  void theLatestPutCounts() {
    for (int i = 0; i < 500; i++) {
      bucket.put("k" + i % 7, "v" + i);
    }
    for (int i = 493; i < 500; i++) {
      assertThat(bucket.get("k" + i % 7)).contains("v" + i);
    }
    assertThat(bucket.count()).isEqualTo(7);
  }

  @Test
  void arraysHandedInAndOutAreNotTheStores() {
    Bucket<byte[], byte[]> raw = store.bucket("raw", Codec.bytes(), Codec.bytes());
    byte[] key = {1};
    byte[] value = {2};
    raw.put(key, value);
    key[0] = 9;
    value[0] = 9;
    byte[] found = raw.read(new byte[] {1});
    assertThat(found).containsExactly(2);
    found[0] = 9;
    assertThat(raw.read(new byte[] {1})).containsExactly(2);
    raw.keys().getFirst()[0] = 9;
    assertThat(raw.keys().getFirst()).containsExactly(1);
  }
}
