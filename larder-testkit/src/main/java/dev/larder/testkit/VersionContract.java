package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.larder.Bucket;
import dev.larder.Cursor;
import dev.larder.Entry;
import dev.larder.Expiry;
import dev.larder.Range;
import dev.larder.Store;
import dev.larder.VersionConflictException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Versions: they rise, reads return what writes returned, and writes can depend on them.
@SuppressWarnings("NullAway.Init") // JUnit calls the methods that set up
abstract class VersionContract extends ContractTheme {
  private Store store;
  private Bucket<String, String> bucket;

  VersionContract(StoreContract contract) {
    super(contract);
  }

  @BeforeEach
  final void openStore() {
    store = open();
    bucket = texts(store);
  }

  @Test
  void everyWriteHasAHigherVersionThanAllBefore() {
    Bucket<String, String> other = texts(store, "other");
    var versions = new ArrayList<Long>();
    versions.add(bucket.create("a", "v"));
    versions.add(bucket.put("b", "v"));
    versions.add(other.put("a", "v"));
    versions.add(bucket.update("a", "w"));
    versions.add(bucket.expire("a", SECOND));
    versions.add(bucket.expireAt("a", clock.now().plus(MINUTE)));
    versions.add(bucket.persist("a"));
    versions.add(bucket.compareAndSet("b", bucket.readEntry("b").version(), "w"));
    versions.add(bucket.createAll(Map.of("c", "v", "d", "v")));
    versions.add(other.putAll(Map.of("c", "v", "d", "v")));
    versions.add(bucket.compareAndDelete("b", bucket.readEntry("b").version()));
    versions.add(bucket.delete("a"));
    versions.add(bucket.deleteAll(List.of("c", "d")));
    assertThat(versions).isSorted().doesNotHaveDuplicates().allMatch(version -> version >= 1);
  }

  @Test
  void everyReadReturnsTheVersionOfTheWrite() {
    bucket.put("k", "old");
    long version = bucket.put("k", "v");
    assertThat(bucket.readEntry("k").version()).isEqualTo(version);
    assertThat(bucket.getEntry("k")).map(Entry::version).contains(version);
    assertThat(bucket.entries()).extracting(Entry::version).containsExactly(version);
    assertThat(bucket.first()).map(Entry::version).contains(version);
    assertThat(bucket.last()).map(Entry::version).contains(version);
    assertThat(bucket.floor("k")).map(Entry::version).contains(version);
    assertThat(bucket.ceiling("k")).map(Entry::version).contains(version);
    assertThat(bucket.lower("l")).map(Entry::version).contains(version);
    assertThat(bucket.higher("j")).map(Entry::version).contains(version);
    try (Cursor<String, String> cursor = bucket.cursor(Range.all())) {
      assertThat(cursor.version()).isGreaterThanOrEqualTo(version);
      assertThat(cursor.next().version()).isEqualTo(version);
    }
  }

  @Test
  void aBatchHasOneVersion() {
    long version = bucket.putAll(Map.of("a", "1", "b", "2", "c", "3"));
    assertThat(bucket.entries())
        .extracting(Entry::version)
        .containsExactly(version, version, version);
  }

  @Test
  void settingAndClearingADeadlineMakesANewVersion() {
    long put = bucket.put("k", "v");
    long expire = bucket.expire("k", MINUTE);
    assertThat(bucket.readEntry("k").version()).isEqualTo(expire).isGreaterThan(put);
    long persist = bucket.persist("k");
    assertThat(bucket.readEntry("k").version()).isEqualTo(persist).isGreaterThan(expire);
  }

  @Test
  void compareAndSetReplacesAnEntryOfThatVersion() {
    long version = bucket.put("k", "old");
    long next = bucket.compareAndSet("k", version, "new");
    assertThat(bucket.readEntry("k")).isEqualTo(new Entry<>("k", "new", next, Optional.empty()));
    assertThat(next).isGreaterThan(version);
  }

  @Test
  void compareAndSetLeavesTheDeadlineUnlessOneIsGiven() {
    long version = bucket.put("k", "1", MINUTE);
    var deadline = clock.now().plus(MINUTE);
    clock.advance(SECOND);
    version = bucket.compareAndSet("k", version, "2");
    assertThat(bucket.readEntry("k").deadline()).contains(deadline);
    version = bucket.compareAndSet("k", version, "3", Expiry.after(SECOND));
    assertThat(bucket.readEntry("k").deadline()).contains(clock.now().plus(SECOND));
    bucket.compareAndSet("k", version, "4", Expiry.never());
    assertThat(bucket.readEntry("k").deadline()).isEmpty();
  }

  @Test
  void compareAndSetRefusesAnotherVersionAndNamesThePresentOne() {
    long old = bucket.put("k", "old");
    long present = bucket.put("k", "present");
    for (long wrong : new long[] {old, present + 1, Long.MAX_VALUE}) {
      var conflict =
          catchThrowableOfType(
              VersionConflictException.class, () -> bucket.compareAndSet("k", wrong, "new"));
      assertThat(conflict.key()).isEqualTo("k");
      assertThat(conflict.expected()).isEqualTo(wrong);
      assertThat(conflict.present()).isEqualTo(present);
    }
    assertThat(bucket.readEntry("k"))
        .isEqualTo(new Entry<>("k", "present", present, Optional.empty()));
  }

  @Test
  void compareAndDeleteRemovesAnEntryOfThatVersion() {
    long version = bucket.put("k", "v");
    assertThat(bucket.compareAndDelete("k", version)).isGreaterThan(version);
    assertThat(bucket.contains("k")).isFalse();
  }

  @Test
  void compareAndDeleteRefusesAnotherVersionAndNamesThePresentOne() {
    long old = bucket.put("k", "old");
    long present = bucket.put("k", "present");
    var conflict =
        catchThrowableOfType(
            VersionConflictException.class, () -> bucket.compareAndDelete("k", old));
    assertThat(conflict.expected()).isEqualTo(old);
    assertThat(conflict.present()).isEqualTo(present);
    assertThat(bucket.read("k")).isEqualTo("present");
  }

  @Test
  void whereThereIsNoLiveEntryEveryVersionConflicts() {
    for (String key : absentKeys(store, bucket)) {
      for (long version = 1; version < 12; version++) {
        long expected = version;
        var conflict =
            catchThrowableOfType(
                VersionConflictException.class, () -> bucket.compareAndSet(key, expected, "v"));
        assertThat(conflict.present()).as(key).isZero();
        assertThatThrownBy(() -> bucket.compareAndDelete(key, expected))
            .isInstanceOf(VersionConflictException.class);
      }
    }
    assertThat(bucket.count()).isZero();
  }

  @Test
  void anEntryThatWasRemovedAndMadeAgainHasAnotherVersion() {
    long first = bucket.put("k", "v");
    bucket.delete("k");
    long second = bucket.put("k", "v");
    assertThat(second).isGreaterThan(first);
    assertThatThrownBy(() -> bucket.compareAndSet("k", first, "w"))
        .isInstanceOf(VersionConflictException.class);
  }

  @Test
  void aVersionBelowOneIsAMistake() {
    bucket.put("k", "v");
    for (long version : new long[] {0, -1, Long.MIN_VALUE}) {
      assertThatThrownBy(() -> bucket.compareAndSet("k", version, "w"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> bucket.compareAndDelete("k", version))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(bucket.read("k")).isEqualTo("v");
  }

  @Test
  void refusedWritesLeaveTheVersionsOfEntriesAlone() {
    long version = bucket.put("k", "v");
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(() -> bucket.create("k", "w")).isInstanceOf(RuntimeException.class);
    }
    assertThat(bucket.readEntry("k").version()).isEqualTo(version);
    assertThat(bucket.put("other", "v")).isGreaterThan(version);
  }
}
