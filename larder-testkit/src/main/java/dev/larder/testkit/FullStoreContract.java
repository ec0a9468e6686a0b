package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.Bucket;
import dev.larder.Item;
import dev.larder.Limits;
import dev.larder.Range;
import dev.larder.Store;
import dev.larder.StoreFullException;
import dev.larder.StoreOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Full stores: only writes fail, nothing is lost, and what is removed makes room again.
@SuppressWarnings("NullAway.Init") // JUnit calls the methods that set up
abstract class FullStoreContract extends ContractTheme {
  private static final String VALUE = "x".repeat(16_000);
  private static final int PUTS_MAX = 1000;

  private Store store;
  private Bucket<String, String> bucket;

  FullStoreContract(StoreContract contract) {
    super(contract);
  }

  private StoreOptions smallOptions() {
    return options().withLimits(Limits.defaults().withStoreBytes(Limits.STORE_BYTES_MIN));
  }

  @BeforeEach
  final void openStore() {
    store = open(smallOptions());
    bucket = texts(store);
  }

  /// Puts entries until there is no room.
  ///
  /// @param prefix what the keys begin with
  /// @param ttl their time to live
  /// @return how many entries had room
  private int fill(String prefix, Duration ttl) {
    for (int i = 0; i < PUTS_MAX; i++) {
      try {
        bucket.put(prefix + i, VALUE, ttl);
      } catch (StoreFullException e) {
        return i;
      }
    }
    throw new AssertionError("%d values had room in %d bytes".formatted(PUTS_MAX, limit()));
  }

  private static long limit() {
    return Limits.STORE_BYTES_MIN;
  }

  private static Duration aYear() {
    return Duration.ofDays(365);
  }

  @Test
  void aStoreTakesAGoodPartOfItsLimitAndNoMore() {
    long taken = (long) fill("k", aYear()) * VALUE.length();
    assertThat(taken).isBetween(limit() / 4, limit());
    assertThat(store.statistics().space().directoryBytes()).isLessThanOrEqualTo(limit());
    assertThat(store.statistics().space().limitBytes()).isEqualTo(limit());
  }

  @Test
  void aFullStoreSaysWhatIsAllowedAndKeepsWhatItHas() {
    int count = fill("k", aYear());
    assertThatThrownBy(() -> bucket.put("more", VALUE))
        .isInstanceOf(StoreFullException.class)
        .hasMessageMatching(".*2[,.']?097[,.']?152.*");
    assertThat(bucket.contains("more")).isFalse();
    assertThat(bucket.count()).isEqualTo(count);
    for (int i = 0; i < count; i++) {
      assertThat(bucket.read("k" + i)).isEqualTo(VALUE);
    }
  }

  @Test
  void aFullStoreRefusesABatchWhole() {
    for (int batch = 0; batch < PUTS_MAX; batch++) {
      var items = new ArrayList<Item<String, String>>();
      for (int i = 0; i < 5; i++) {
        items.add(Item.of(batch + "/" + i, VALUE));
      }
      try {
        bucket.createAll(items);
      } catch (StoreFullException _) {
        assertThat(bucket.count(Range.prefix(batch + "/"))).isZero();
        assertThat(bucket.count()).isEqualTo(batch * 5L);
        return;
      }
    }
    throw new AssertionError("the store was never full");
  }

  @Test
  void everythingThatRemovesWorksOnAFullStore() {
    int count = fill("k", aYear());
    bucket.delete("k0");
    assertThat(bucket.remove("k1")).isTrue();
    bucket.deleteAll(List.of("k2", "k3"));
    bucket.compareAndDelete("k4", bucket.readEntry("k4").version());
    assertThat(bucket.remove("absent")).isFalse();
    assertThat(store.purgeExpired()).isZero();
    assertThat(bucket.count()).isEqualTo(count - 5);
  }

  @Test
  void whatIsDeletedMakesRoomAgain() {
    for (int round = 0; round < 3; round++) {
      int count = fill("k", aYear());
      assertThat(count).isGreaterThan(10);
      for (int i = 0; i < count; i++) {
        bucket.delete("k" + i);
      }
      assertThat(bucket.count()).isZero();
    }
  }

  @Test
  void aFewDeletesMakeRoomForAFewWrites() {
    int count = fill("k", aYear());
    for (int i = 0; i < 30; i++) {
      bucket.delete("k" + i);
    }
    for (int i = 0; i < 10; i++) {
      bucket.put("again" + i, VALUE);
    }
    assertThat(bucket.count()).isEqualTo(count - 20);
  }

  @Test
  void whatHasExpiredMakesRoomByItself() {
    int count = fill("a", MINUTE);
    clock.advance(MINUTE);
    int again = fill("b", aYear());
    assertThat(again).isGreaterThan(count / 2);
    assertThat(bucket.count()).isEqualTo(again);
  }

  @Test
  void anythingButALimitOfLiveEntriesDoesNotFillAStore() {
    for (int i = 0; i < 400; i++) {
      bucket.put("k" + i % 10, VALUE); // 6.4 MB in all, 160 kB of them live
    }
    for (int i = 0; i < 200; i++) {
      bucket.put("once", VALUE);
      bucket.delete("once");
    }
    assertThat(bucket.count()).isEqualTo(10);
  }

  @Test
  void aFullStoreCanBeClosed() {
    fill("k", aYear());
    store.close();
  }
}
