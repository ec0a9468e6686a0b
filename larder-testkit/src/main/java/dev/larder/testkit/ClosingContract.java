package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.Bucket;
import dev.larder.Cursor;
import dev.larder.Durability;
import dev.larder.Item;
import dev.larder.Range;
import dev.larder.Store;
import dev.larder.StoreClosedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// Closing: everything ends, and whoever comes later is told.
abstract class ClosingContract extends ContractTheme {
  ClosingContract(StoreContract contract) {
    super(contract);
  }

  private static void assertClosed(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(StoreClosedException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void everyCallOnAClosedStoreIsRefused() {
    Store store = open();
    store.close();
    List<ThrowingCallable> calls =
        List.of(
            store::bucketNames,
            store::purgeExpired,
            store::force,
            store::checkpoint,
            store::compact,
            store::statistics);
    calls.forEach(ClosingContract::assertClosed);
  }

  @Test
  void everyVerbOnAClosedStoreIsRefused() {
    Store store = open();
    Bucket<String, String> bucket = texts(store);
    bucket.put("k", "v");
    store.close();
    List<ThrowingCallable> calls =
        List.of(
            () -> bucket.create("k", "v"),
            () -> bucket.read("k"),
            () -> bucket.readEntry("k"),
            () -> bucket.update("k", "v"),
            () -> bucket.delete("k"),
            () -> bucket.put("k", "v"),
            () -> bucket.with(Durability.NONE).put("k", "v"),
            () -> bucket.get("k"),
            () -> bucket.getEntry("k"),
            () -> bucket.contains("k"),
            () -> bucket.remove("k"),
            () -> bucket.compareAndSet("k", 1, "v"),
            () -> bucket.compareAndDelete("k", 1),
            () -> bucket.expire("k", SECOND),
            () -> bucket.expireAt("k", clock.now()),
            () -> bucket.persist("k"),
            () -> bucket.timeToLive("k"),
            () -> bucket.createAll(Map.of("k", "v")),
            () -> bucket.createAll(List.of(Item.of("k", "v"), Item.of("k", "w"))),
            () -> bucket.putAll(Map.of("k", "v")),
            () -> bucket.deleteAll(List.of("k")),
            bucket::keys,
            bucket::entries,
            () -> bucket.cursor(Range.all()),
            bucket::count,
            bucket::first,
            bucket::last,
            () -> bucket.floor("k"),
            () -> bucket.ceiling("k"),
            () -> bucket.lower("k"),
            () -> bucket.higher("k"));
    calls.forEach(ClosingContract::assertClosed);
  }

  @Test
  void aClosedStoreStillTellsWhatItWas() {
    Store store = open();
    store.close();
    assertThat(store.options().timeSource()).isSameAs(clock);
    store.location();
    assertThat(texts(store).name()).isEqualTo("texts");
    assertClosed(() -> texts(store).get("k"));
  }

  @Test
  void closingTwiceDoesNothing() {
    Store store = open();
    store.close();
    store.close();
  }

  @Test
  void aCursorThatIsOpenWhenTheStoreClosesRefusesToGoOn() {
    Store store = open();
    Bucket<String, String> bucket = texts(store);
    bucket.putAll(Map.of("a", "1", "b", "2", "c", "3"));
    Cursor<String, String> begun = bucket.cursor(Range.all());
    Cursor<String, String> fresh = bucket.cursor(Range.<String>all().reversed());
    assertThat(begun.next().key()).isEqualTo("a");
    store.close();
    assertClosed(begun::next);
    assertClosed(begun::hasNext);
    assertClosed(fresh::nextKey);
    begun.close();
    fresh.close();
    begun.close();
  }

  @Test
  void noThreadOfTheStoreOutlivesIt() {
    Set<Thread> before = larderThreads();
    Store store = open();
    Bucket<String, String> bucket = texts(store);
    bucket.put("k", "v", MINUTE);
    bucket.with(Durability.batched(100, MINUTE)).put("k", "v", SECOND);
    store.close();
    assertThat(larderThreads()).isSubsetOf(before);
  }

  private static Set<Thread> larderThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("larder"))
        .collect(Collectors.toSet());
  }

  @Test
  void threadsThatRunIntoClosingFinishOrAreTold() throws Exception {
    Store store = open();
    Bucket<String, String> bucket = texts(store);
    var written = new AtomicInteger();
    var crew = new Crew();
    for (int thread = 0; thread < 4; thread++) {
      String prefix = "t" + thread + ".";
      crew.start(() -> {
        try {
          for (int i = 0; true; i++) {
            bucket.put(prefix + i % 50, "v" + i);
            assertThat(bucket.get(prefix + i % 50)).contains("v" + i);
            bucket.keys(Range.prefix(prefix));
            written.incrementAndGet();
          }
        } catch (StoreClosedException _) {
          return;
        }
      });
    }
    await("all are at work", () -> written.get() > 50);
    store.close();
    crew.join();
    assertClosed(() -> bucket.get("t0.0"));
  }

  @Test
  void manyThreadsMayCloseAtOnce() throws Exception {
    Store store = open();
    texts(store).put("k", "v");
    var crew = new Crew();
    for (int thread = 0; thread < 4; thread++) {
      crew.start(store::close);
    }
    crew.join();
    assertClosed(store::statistics);
  }

  @Test
  void storesComeAndGo() {
    var open = new ArrayList<Store>();
    for (int i = 0; i < 10; i++) {
      Store store = open();
      texts(store).put("k", "store " + i);
      open.add(store);
    }
    for (int i = 0; i < 10; i++) {
      assertThat(texts(open.get(i)).read("k")).isEqualTo("store " + i);
      open.get(i).close();
    }
  }
}
