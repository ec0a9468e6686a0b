package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.BatchTooLargeException;
import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.Cursor;
import dev.larder.Durability;
import dev.larder.Entry;
import dev.larder.KeyExpiredException;
import dev.larder.KeyNotFoundException;
import dev.larder.Limits;
import dev.larder.Range;
import dev.larder.Store;
import dev.larder.StoreClosedException;
import dev.larder.StoreFullException;
import dev.larder.StoreLockedException;
import dev.larder.StoreOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Restarts: a store that was closed and opened again is the same store.
@SuppressWarnings("NullAway.Init") // JUnit calls the methods that set up
abstract class RestartContract extends ContractTheme {
  private Path location;
  private Store store;
  private Bucket<String, String> bucket;

  RestartContract(StoreContract contract) {
    super(contract);
  }

  @BeforeEach
  final void openStore() {
    location = newLocation();
    openAgain(options());
  }

  private void openAgain(StoreOptions options) {
    store = open(location, options);
    bucket = texts(store);
  }

  private void restart() {
    store.close();
    openAgain(options());
  }

  @Test
  void entriesAreTheSameToTheLastDetail() {
    bucket.put("a", "1");
    bucket.put("b", "2", MINUTE);
    bucket.createAll(Map.of("c", "", "\ud83d\ude00", "\uffff\0"));
    List<Entry<String, String>> before = bucket.entries();
    restart();
    assertThat(bucket.entries()).isEqualTo(before);
    assertThat(bucket.readEntry("b")).isEqualTo(before.get(1));
    restart();
    assertThat(bucket.entries()).isEqualTo(before);
  }

  @Test
  void versionsGoOnRising() {
    long version = bucket.put("k", "v");
    for (int i = 0; i < 5; i++) {
      restart();
      long next = bucket.put("k", "v" + i);
      assertThat(next).isGreaterThan(version);
      version = next;
    }
    bucket.delete("k");
    restart();
    assertThat(bucket.put("k", "v")).isGreaterThan(version + 1);
  }

  @Test
  void bucketsAreTheSame() {
    for (String name : List.of("one", "two", "\ud83d\ude00")) {
      texts(store, name).put("k", "in " + name);
    }
    texts(store, "emptied").put("k", "v");
    texts(store, "emptied").delete("k");
    restart();
    assertThat(store.bucketNames()).containsExactly("emptied", "one", "two", "\ud83d\ude00");
    assertThat(texts(store, "two").read("k")).isEqualTo("in two");
    assertThat(texts(store, "emptied").count()).isZero();
  }

  @Test
  void everyLevelSurvivesACleanClose() {
    for (Durability level :
        List.of(
            Durability.SYNC,
            Durability.batched(1000, Duration.ofHours(1)),
            Durability.OS,
            Durability.NONE)) {
      for (int i = 0; i < 20; i++) {
        bucket.with(level).put(level + "/" + i, "v" + i);
      }
      restart();
      assertThat(bucket.count(Range.prefix(level + "/"))).isEqualTo(20);
      assertThat(bucket.read(level + "/19")).isEqualTo("v19");
    }
  }

  @Test
  void whatWasRemovedStaysRemoved() {
    bucket.putAll(Map.of("a", "1", "b", "1", "c", "1", "d", "1"));
    bucket.delete("a");
    bucket.deleteAll(List.of("b", "c"));
    restart();
    assertThat(bucket.keys()).containsExactly("d");
    bucket.delete("d");
    store.compact();
    store.checkpoint();
    restart();
    assertThat(bucket.keys()).isEmpty();
    assertThatThrownBy(() -> bucket.read("a")).isExactlyInstanceOf(KeyNotFoundException.class);
  }

  @Test
  void whatExpiresWhileTheStoreIsClosedIsGoneAndRemembered() {
    bucket.put("k", "v", MINUTE);
    bucket.put("kept", "v", Duration.ofDays(1));
    Instant deadline = clock.now().plus(MINUTE);
    store.close();
    clock.advance(MINUTE);
    openAgain(options());
    assertThat(bucket.keys()).containsExactly("kept");
    assertThatThrownBy(() -> bucket.read("k"))
        .isInstanceOfSatisfying(
            KeyExpiredException.class, e -> assertThat(e.deadline()).isEqualTo(deadline));
    assertThat(store.purgeExpired()).isEqualTo(1);
  }

  @Test
  void anExpiredKeyIsRememberedAcrossRestarts() {
    bucket.put("k", "v", SECOND);
    clock.advance(SECOND.multipliedBy(2));
    for (int i = 0; i < 5; i++) {
      bucket.put("other", "v" + i); // gives the store the occasion to remove what has expired
    }
    restart();
    assertThatThrownBy(() -> bucket.read("k")).isInstanceOf(KeyExpiredException.class);
    store.compact();
    restart();
    clock.advance(SECOND.multipliedBy(57));
    assertThatThrownBy(() -> bucket.read("k")).isInstanceOf(KeyExpiredException.class);
    assertThat(store.purgeExpired()).isEqualTo(1);
  }

  @Test
  void whatWasPurgedStaysForgotten() {
    bucket.put("k", "v", SECOND);
    clock.advance(SECOND);
    assertThat(store.purgeExpired()).isEqualTo(1);
    restart();
    assertThatThrownBy(() -> bucket.read("k")).isExactlyInstanceOf(KeyNotFoundException.class);
    assertThat(store.purgeExpired()).isZero();
  }

  /// A random history found it: the opening judged by the wall clock alone, which stood behind the
  /// store's present, and remembered keys again that were forgotten.
  @Test
  void aClockThatWasSetBackALittleMeanwhileBringsNoMemoryOfAKeyBack() {
    bucket.put("k", "v", SECOND);
    clock.advance(MINUTE.plus(SECOND));
    bucket.put("other", "v");
    await(
        "the key is forgotten",
        () -> store.statistics().expiredRemembered() == 0 && store.statistics().entries() == 1);
    assertThat(store.purgeExpired()).isZero();
    store.close();
    clock.jumpWall(SECOND.multipliedBy(-30));
    openAgain(options());
    assertThat(store.purgeExpired()).isZero();
    assertThatThrownBy(() -> bucket.read("k")).isExactlyInstanceOf(KeyNotFoundException.class);
  }

  @Test
  void aDeadlineThatWasClearedOrMovedStaysSo() {
    bucket.put("cleared", "v", SECOND);
    bucket.persist("cleared");
    bucket.put("moved", "v", SECOND);
    bucket.expire("moved", MINUTE);
    store.close();
    clock.advance(SECOND);
    openAgain(options());
    assertThat(bucket.keys()).containsExactly("cleared", "moved");
    assertThat(bucket.timeToLive("moved")).contains(MINUTE.minus(SECOND));
    assertThat(bucket.timeToLive("cleared")).isEmpty();
  }

  @Test
  void aClockThatWasSetBackALittleMeanwhileBringsNothingBack() {
    bucket.put("k", "v", MINUTE);
    clock.advance(MINUTE.multipliedBy(2));
    bucket.put("other", "v");
    Instant last = clock.now();
    store.close();
    clock.jumpWall(MINUTE.multipliedBy(-4));
    openAgain(options());
    assertThat(bucket.get("k")).isEmpty();
    bucket.put("later", "v", SECOND);
    assertThat(bucket.readEntry("later").deadline()).contains(last.plus(SECOND));
  }

  /// A random history found it: after a compaction nothing may be left of the last commit but its
  /// time, which was then forgotten at the next opening.
  @Test
  void theTimeOfTheLastCommitOutlivesCompactionAndRestarts() {
    bucket.put("k", "v");
    bucket.put("k", "v");
    Instant last = clock.now();
    clock.jumpWall(MINUTE.negated());
    restart();
    store.compact();
    restart();
    bucket.put("later", "v", SECOND);
    assertThat(bucket.readEntry("later").deadline()).contains(last.plus(SECOND));
    store.checkpoint();
    restart();
    bucket.put("later still", "v", SECOND);
    assertThat(bucket.readEntry("later still").deadline()).contains(last.plus(SECOND));
  }

  @Test
  void manyCommitsOverManyRestarts() {
    var model = new TreeMap<String, String>();
    for (int round = 0; round < 6; round++) {
      for (int i = 0; i < 150; i++) {
        String key = "k" + (i * 7 + round * 13) % 97;
        if (i % 4 == 3) {
          bucket.remove(key);
          model.remove(key);
        } else {
          String value = "v".repeat(i * 10) + round;
          bucket.put(key, value);
          model.put(key, value);
        }
      }
      if (round == 2) {
        store.checkpoint();
      }
      if (round == 4) {
        store.compact();
      }
      restart();
      assertThat(bucket.keys()).containsExactlyElementsOf(model.keySet());
      assertThat(bucket.entries())
          .extracting(Entry::value)
          .containsExactlyElementsOf(model.values());
    }
  }

  @Test
  void aStoreThatWasOnlyReadIsTheSame() {
    bucket.put("k", "v");
    for (int i = 0; i < 5; i++) {
      restart();
      assertThat(bucket.read("k")).isEqualTo("v");
    }
  }

  @Test
  void aCursorLeftOpenDoesNotKeepTheStoreFromClosing() {
    bucket.putAll(Map.of("a", "1", "b", "1"));
    Cursor<String, String> cursor = bucket.cursor(Range.all());
    cursor.next();
    bucket.put("a", "2");
    restart();
    assertThat(bucket.read("a")).isEqualTo("2");
    assertThatThrownBy(cursor::next).isInstanceOf(StoreClosedException.class);
    cursor.close();
  }

  @Test
  void everythingThatWasAcknowledgedBeforeClosingIsThere() throws Exception {
    var acknowledged = new ConcurrentSkipListSet<String>();
    var crew = new Crew();
    for (int thread = 0; thread < 4; thread++) {
      String prefix = "t" + thread + ".";
      crew.start(() -> {
        try {
          for (int i = 0; true; i++) {
            bucket.put(prefix + i, "v");
            acknowledged.add(prefix + i);
          }
        } catch (StoreClosedException _) {
          return;
        }
      });
    }
    await("all are at work", () -> acknowledged.size() > 200);
    store.close();
    crew.join();
    openAgain(options());
    // Whoever was told that the store is closed has changed nothing.
    assertThat(bucket.keys()).containsExactlyElementsOf(acknowledged);
  }

  @Test
  void openingTwiceSharesTheStore() {
    Store second = open(location, options());
    texts(second).put("k", "from the second");
    assertThat(bucket.read("k")).isEqualTo("from the second");
    long version = bucket.put("k", "from the first");
    assertThat(texts(second).readEntry("k").version()).isEqualTo(version);
    store.close();
    assertThat(texts(second).read("k")).isEqualTo("from the first");
    texts(second).put("k", "still open");
    second.close();
    openAgain(options());
    assertThat(bucket.read("k")).isEqualTo("still open");
  }

  @Test
  void whoOpensAStoreASecondTimeMayHaveLimitsAndADurabilityOfItsOwn() {
    Store second = open(location, options().withBatchLimit(1).withDurability(Durability.NONE));
    assertThatThrownBy(() -> texts(second).putAll(Map.of("a", "1", "b", "1")))
        .isInstanceOf(BatchTooLargeException.class);
    bucket.putAll(Map.of("a", "1", "b", "1"));
    texts(second).put("c", "1");
    assertThat(bucket.keys()).containsExactly("a", "b", "c");
  }

  @Test
  void openingTwiceWithAnotherSizeLimitOrClockIsRefused() {
    bucket.put("k", "v");
    StoreOptions quick = options().withLockWait(Duration.ZERO);
    StoreOptions smaller =
        quick.withLimits(Limits.defaults().withStoreBytes(Limits.STORE_BYTES_MIN));
    assertThatThrownBy(() -> open(location, smaller)).isInstanceOf(StoreLockedException.class);
    assertThatThrownBy(() -> open(location, quick.withTimeSource(new ManualClock())))
        .isInstanceOf(StoreLockedException.class);
    store.close();
    openAgain(smaller);
    assertThat(bucket.read("k")).isEqualTo("v");
  }

  @Test
  void otherCodecsAndTypesSurviveToo() {
    Bucket<Long, byte[]> blobs = store.bucket("blobs", Codec.int64(), Codec.bytes());
    byte[] all = new byte[256];
    for (int i = 0; i < 256; i++) {
      all[i] = (byte) i;
    }
    blobs.put(Long.MIN_VALUE, all);
    blobs.put(Long.MAX_VALUE, new byte[0]);
    restart();
    blobs = store.bucket("blobs", Codec.int64(), Codec.bytes());
    assertThat(blobs.keys()).containsExactly(Long.MIN_VALUE, Long.MAX_VALUE);
    assertThat(blobs.read(Long.MIN_VALUE)).isEqualTo(all);
    assertThat(blobs.read(Long.MAX_VALUE)).isEmpty();
  }

  @Test
  void aStoreThatWasFullIsWholeAndMayBeEmptied() {
    StoreOptions small =
        options().withLimits(Limits.defaults().withStoreBytes(Limits.STORE_BYTES_MIN));
    store.close();
    openAgain(small);
    String value = "x".repeat(16_000);
    int count = 0;
    try {
      while (count < 1000) {
        bucket.put("k" + count, value);
        count++;
      }
    } catch (StoreFullException _) {
      store.close();
    }
    openAgain(small);
    assertThat(bucket.count()).isEqualTo(count);
    assertThat(bucket.read("k" + (count - 1))).isEqualTo(value);
    bucket.deleteAll(bucket.keys());
    bucket.put("k", value);
    assertThat(bucket.keys()).containsExactly("k");
  }
}
