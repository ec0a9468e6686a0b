package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.larder.Bucket;
import dev.larder.CodecException;
import dev.larder.Entry;
import dev.larder.Expiry;
import dev.larder.Item;
import dev.larder.KeyExistsException;
import dev.larder.KeyNotFoundException;
import dev.larder.KeyTooLongException;
import dev.larder.Store;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Batches: all or nothing, and every offending key is named.
@SuppressWarnings("NullAway.Init") // JUnit calls the methods that set up
abstract class BatchContract extends ContractTheme {
  private Store store;
  private Bucket<String, String> bucket;

  BatchContract(StoreContract contract) {
    super(contract);
  }

  @BeforeEach
  final void openStore() {
    store = open();
    bucket = texts(store);
  }

  private static Map<String, String> ordered(String... keys) {
    var map = new LinkedHashMap<String, String>();
    for (String key : keys) {
      map.put(key, "new " + key);
    }
    return map;
  }

  @Test
  void createAllStoresAllEntriesWithOneVersion() {
    long version = bucket.createAll(ordered("b", "a", "c"));
    assertThat(bucket.entries())
        .extracting(Entry::key, Entry::value, Entry::version)
        .containsExactly(
            tuple("a", "new a", version),
            tuple("b", "new b", version),
            tuple("c", "new c", version));
    assertThat(bucket.first().orElseThrow().deadline()).isEmpty();
  }

  @Test
  void createAllStoresWhereThereAreNoLiveEntries() {
    List<String> keys = absentKeys(store, bucket);
    bucket.createAll(ordered(keys.toArray(String[]::new)));
    assertThat(bucket.keys()).containsExactlyInAnyOrderElementsOf(keys);
  }

  @Test
  void createAllNamesEveryKeyThatExistsInTheOrderGivenAndStoresNothing() {
    bucket.put("b", "old");
    bucket.put("d", "old");
    var refusal =
        catchThrowableOfType(
            KeyExistsException.class, () -> bucket.createAll(ordered("e", "d", "c", "b", "a")));
    assertThat(refusal.existing()).containsExactly("d", "b");
    assertThat(refusal.repeated()).isEmpty();
    assertThat(bucket.keys()).containsExactly("b", "d");
    assertThat(bucket.read("b")).isEqualTo("old");
  }

  @Test
  void createAllNamesEveryKeyThatIsGivenTwiceAndStoresNothing() {
    List<Item<String, String>> items =
        List.of(
            Item.of("a", "1"),
            Item.of("b", "1"),
            Item.of("a", "2"),
            Item.of("c", "1"),
            Item.of("b", "2"),
            Item.of("b", "3"));
    var refusal = catchThrowableOfType(KeyExistsException.class, () -> bucket.createAll(items));
    assertThat(refusal.repeated()).containsExactlyInAnyOrder("a", "b");
    assertThat(refusal.existing()).isEmpty();
    assertThat(bucket.count()).isZero();
  }

  @Test
  void createAllNamesKeysThatExistBesideThoseGivenTwice() {
    bucket.put("a", "old");
    bucket.put("x", "old");
    List<Item<String, String>> items =
        List.of(Item.of("x", "1"), Item.of("a", "1"), Item.of("b", "1"), Item.of("b", "2"));
    var refusal = catchThrowableOfType(KeyExistsException.class, () -> bucket.createAll(items));
    assertThat(refusal.existing()).containsExactly("x", "a");
    assertThat(refusal.repeated()).containsExactly("b");
    assertThat(bucket.keys()).containsExactly("a", "x");
  }

  @Test
  void aLongListOfOffendersIsWholeInTheAccessorAndShortInTheMessage() {
    var keys = new ArrayList<String>();
    for (int i = 100; i < 150; i++) {
      keys.add("k" + i);
    }
    bucket.putAll(ordered(keys.toArray(String[]::new)));
    var refusal =
        catchThrowableOfType(
            KeyExistsException.class, () -> bucket.createAll(ordered(keys.toArray(String[]::new))));
    assertThat(refusal.existing()).containsExactlyElementsOf(keys);
    assertThat(refusal).hasMessageContaining("\"k109\" and 40 more");
  }

  @Test
  void createAllWithOneTtlGivesAllTheSameDeadline() {
    bucket.createAll(ordered("a", "b"), MINUTE);
    assertThat(bucket.entries())
        .allSatisfy(entry -> assertThat(entry.deadline()).contains(clock.now().plus(MINUTE)));
  }

  @Test
  void eachItemMayHaveAnExpiryOfItsOwn() {
    bucket.createAll(
        List.of(
            Item.of("none", "v"),
            Item.of("minute", "v", MINUTE),
            new Item<>("at", "v", Expiry.at(clock.now().plusMillis(5)))));
    assertThat(bucket.readEntry("none").deadline()).isEmpty();
    assertThat(bucket.readEntry("minute").deadline()).contains(clock.now().plus(MINUTE));
    assertThat(bucket.readEntry("at").deadline()).contains(clock.now().plusMillis(5));
    clock.advance(SECOND);
    assertThat(bucket.keys()).containsExactly("minute", "none");
  }

  @Test
  void putAllStoresAndReplaces() {
    bucket.put("a", "old", MINUTE);
    long version = bucket.putAll(ordered("a", "b"));
    assertThat(bucket.readEntry("a").value()).isEqualTo("new a");
    assertThat(bucket.readEntry("a").deadline()).isEmpty();
    assertThat(bucket.entries()).extracting(Entry::version).containsOnly(version);
    bucket.putAll(ordered("a", "c"), SECOND);
    assertThat(bucket.readEntry("a").deadline()).contains(clock.now().plus(SECOND));
    assertThat(bucket.readEntry("b").deadline()).isEmpty();
  }

  @Test
  void putAllLeavesTheDeadlinesThatItIsAskedToLeave() {
    bucket.put("a", "old", MINUTE);
    bucket.putAll(
        List.of(
            new Item<>("a", "new", Expiry.unchanged()),
            new Item<>("b", "new", Expiry.unchanged())));
    assertThat(bucket.readEntry("a").deadline()).contains(clock.now().plus(MINUTE));
    assertThat(bucket.readEntry("b").deadline()).isEmpty();
  }

  @Test
  void putAllRefusesAKeyThatIsGivenTwice() {
    assertThatThrownBy(
            () -> bucket.putAll(List.of(Item.of("a", "1"), Item.of("b", "1"), Item.of("a", "2"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"a\"");
    assertThat(bucket.count()).isZero();
  }

  @Test
  void deleteAllRemovesAllEntries() {
    bucket.putAll(ordered("a", "b", "c", "d"));
    long version = bucket.deleteAll(List.of("d", "a", "b"));
    assertThat(bucket.keys()).containsExactly("c");
    assertThat(bucket.put("x", "v")).isGreaterThan(version);
  }

  @Test
  void deleteAllNamesEveryKeyWithoutALiveEntryInTheOrderGivenAndRemovesNothing() {
    List<String> absent = absentKeys(store, bucket);
    bucket.putAll(ordered("a", "b"));
    var keys = new ArrayList<String>();
    keys.add("a");
    keys.addAll(absent);
    keys.add("b");
    var refusal = catchThrowableOfType(KeyNotFoundException.class, () -> bucket.deleteAll(keys));
    assertThat(refusal.keys()).containsExactlyElementsOf(absent);
    assertThat(bucket.keys()).containsExactly("a", "b");
  }

  @Test
  void deleteAllTakesAKeyThatIsGivenTwiceOnce() {
    bucket.putAll(ordered("a", "b"));
    bucket.deleteAll(List.of("a", "b", "a"));
    assertThat(bucket.count()).isZero();
  }

  @Test
  void anEmptyBatchChangesNothing() {
    long version = bucket.put("k", "v");
    assertThat(bucket.createAll(Map.of())).isEqualTo(version);
    assertThat(bucket.createAll(List.of())).isEqualTo(version);
    assertThat(bucket.putAll(Map.of())).isEqualTo(version);
    assertThat(bucket.putAll(List.of())).isEqualTo(version);
    assertThat(bucket.deleteAll(List.of())).isEqualTo(version);
    assertThat(bucket.entries()).extracting(Entry::version).containsExactly(version);
  }

  @Test
  void aLargeBatchIsOneCommit() {
    var items = new ArrayList<Item<String, String>>();
    for (int i = 0; i < 10_000; i++) {
      items.add(Item.of("k" + i, "v" + i));
    }
    long version = bucket.createAll(items);
    assertThat(bucket.count()).isEqualTo(10_000);
    assertThat(bucket.entries()).extracting(Entry::version).containsOnly(version);
    bucket.deleteAll(items.stream().map(Item::key).toList());
    assertThat(bucket.count()).isZero();
  }

  @Test
  void oneBadEntrySpoilsTheWholeBatch() {
    assertThatThrownBy(() -> bucket.putAll(ordered("a", "", "b")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> bucket.createAll(ordered("a", "x".repeat(40), "b")))
        .isInstanceOf(KeyTooLongException.class);
    assertThatThrownBy(() -> bucket.putAll(Map.of("a", "v", "b", "\ud800")))
        .isInstanceOf(CodecException.class);
    assertThat(bucket.count()).isZero();
  }
}
