package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.Durability;
import dev.larder.Entry;
import dev.larder.KeyExistsException;
import dev.larder.Store;
import dev.larder.VersionConflictException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Many threads: each commit stands alone, each read sees whole commits.
@SuppressWarnings("NullAway.Init") // JUnit calls the methods that set up
abstract class ConcurrencyContract extends ContractTheme {
  private static final int THREADS = 4;

  private Store store;
  private Bucket<String, String> bucket;
  private Bucket<String, Integer> counters;

  ConcurrencyContract(StoreContract contract) {
    super(contract);
  }

  @BeforeEach
  final void openStore() {
    store = open();
    bucket = texts(store);
    counters = store.bucket("counters", Codec.text(), Codec.int32());
  }

  private static void increment(Bucket<String, Integer> counters) {
    while (true) {
      Entry<String, Integer> entry = counters.readEntry("n");
      try {
        counters.compareAndSet("n", entry.version(), entry.value() + 1);
        return;
      } catch (VersionConflictException e) {
        assertThat(e.present()).isGreaterThan(entry.version());
      }
    }
  }

  @Test
  void noIncrementThroughCompareAndSetIsLost() throws Exception {
    counters.create("n", 0);
    var crew = new Crew();
    for (int thread = 0; thread < THREADS; thread++) {
      crew.start(() -> {
        for (int i = 0; i < 200; i++) {
          increment(counters);
        }
      });
    }
    crew.join();
    assertThat(counters.read("n")).isEqualTo(THREADS * 200);
  }

  @Test
  void noIncrementIsLostWhateverTheDurabilityOfEachThread() throws Exception {
    counters.create("n", 0);
    List<Durability> levels =
        List.of(Durability.SYNC, Durability.batched(5, SECOND), Durability.OS, Durability.NONE);
    var crew = new Crew();
    for (Durability level : levels) {
      crew.start(() -> {
        for (int i = 0; i < 25; i++) {
          increment(counters.with(level));
        }
      });
    }
    crew.join();
    assertThat(counters.read("n")).isEqualTo(levels.size() * 25);
  }

  @Test
  void distinctKeysAreAllCreatedWithDistinctVersions() throws Exception {
    Set<Long> versions = ConcurrentHashMap.newKeySet();
    var crew = new Crew();
    for (int thread = 0; thread < THREADS; thread++) {
      String prefix = "t" + thread + ".";
      crew.start(() -> {
        for (int i = 0; i < 200; i++) {
          versions.add(bucket.create(prefix + i, prefix));
        }
      });
    }
    crew.join();
    assertThat(bucket.count()).isEqualTo(THREADS * 200L);
    assertThat(versions).hasSize(THREADS * 200);
  }

  @Test
  void ofManyThatCreateOneKeyExactlyOneWins() throws Exception {
    var wins = new AtomicInteger();
    Map<String, String> winners = new ConcurrentHashMap<>();
    var crew = new Crew();
    for (int thread = 0; thread < THREADS; thread++) {
      String name = "t" + thread;
      crew.start(() -> {
        for (int i = 0; i < 200; i++) {
          try {
            bucket.create("k" + i, name);
            wins.incrementAndGet();
            winners.put("k" + i, name);
          } catch (KeyExistsException e) {
            assertThat(e.existing()).containsExactly("k" + i);
          }
        }
      });
    }
    crew.join();
    assertThat(wins.get()).isEqualTo(200);
    for (int i = 0; i < 200; i++) {
      assertThat(bucket.get("k" + i)).contains(winners.getOrDefault("k" + i, "nobody"));
    }
  }

  @Test
  void ofManyThatRemoveOneKeyExactlyOneSucceeds() throws Exception {
    for (int i = 0; i < 200; i++) {
      bucket.put("k" + i, "v");
    }
    var removed = new AtomicInteger();
    var crew = new Crew();
    for (int thread = 0; thread < THREADS; thread++) {
      crew.start(() -> {
        for (int i = 0; i < 200; i++) {
          if (bucket.remove("k" + i)) {
            removed.incrementAndGet();
          }
        }
      });
    }
    crew.join();
    assertThat(removed.get()).isEqualTo(200);
    assertThat(bucket.count()).isZero();
  }

  @Test
  void whatOneThreadWroteTheNextOneReads() throws Exception {
    var turn = new AtomicInteger();
    var crew = new Crew();
    for (int thread = 0; thread < 2; thread++) {
      int self = thread;
      crew.start(() -> {
        for (int i = 0; i < 200; i++) {
          int mine = 2 * i + self;
          while (turn.get() != mine) {
            Thread.onSpinWait();
          }
          if (mine > 0) {
            assertThat(counters.read("ball")).isEqualTo(mine - 1);
          }
          counters.put("ball", mine);
          turn.set(mine + 1);
        }
      });
    }
    crew.join();
  }

  @Test
  void versionsThatAReaderSeesNeverFall() throws Exception {
    counters.put("n", 0);
    var isDone = new AtomicBoolean();
    var reads = new AtomicLong();
    var crew = new Crew();
    for (int thread = 0; thread < 2; thread++) {
      crew.start(() -> {
        Entry<String, Integer> last = counters.readEntry("n");
        while (!isDone.get()) {
          Entry<String, Integer> next = counters.readEntry("n");
          assertThat(next.version()).isGreaterThanOrEqualTo(last.version());
          assertThat(next.value()).isGreaterThanOrEqualTo(last.value());
          last = next;
          reads.incrementAndGet();
        }
      });
    }
    try {
      for (int i = 1; i <= 500 || reads.get() < 100; i++) {
        counters.put("n", i);
      }
    } finally {
      isDone.set(true);
    }
    crew.join();
  }

  @Test
  void aSnapshotHoldsABatchWholeOrNotAtAll() throws Exception {
    counters.putAll(Map.of("a", 0, "b", 0, "c", 0));
    var isDone = new AtomicBoolean();
    var scans = new AtomicLong();
    var crew = new Crew();
    for (int thread = 0; thread < 2; thread++) {
      crew.start(() -> {
        while (!isDone.get()) {
          List<Entry<String, Integer>> entries = counters.entries();
          assertThat(entries).hasSize(3);
          assertThat(entries).extracting(Entry::version).containsOnly(entries.getFirst().version());
          assertThat(entries).extracting(Entry::value).containsOnly(entries.getFirst().value());
          scans.incrementAndGet();
        }
      });
    }
    try {
      for (int i = 1; i <= 500 || scans.get() < 100; i++) {
        if (i % 10 == 0) {
          counters.putAll(Map.of("a", i, "b", i, "c", i), MINUTE);
        } else {
          counters.putAll(Map.of("a", i, "b", i, "c", i));
        }
      }
    } finally {
      isDone.set(true);
    }
    crew.join();
  }

  @Test
  void aTransferBetweenTwoKeysNeverShowsInBothOrNeither() throws Exception {
    bucket.put("left", "coin");
    var isDone = new AtomicBoolean();
    var crew = new Crew();
    crew.start(() -> {
      while (!isDone.get()) {
        assertThat(bucket.count()).isBetween(1L, 2L);
      }
    });
    try {
      for (int i = 0; i < 300; i++) {
        String from = i % 2 == 0 ? "left" : "right";
        bucket.createAll(Map.of(i % 2 == 0 ? "right" : "left", "coin"));
        bucket.delete(from);
      }
    } finally {
      isDone.set(true);
    }
    crew.join();
    assertThat(bucket.count()).isEqualTo(1);
  }

  @Test
  void upkeepRunsBesideReadersAndWriters() throws Exception {
    var isDone = new AtomicBoolean();
    var crew = new Crew();
    for (int thread = 0; thread < 2; thread++) {
      String prefix = "t" + thread + ".";
      crew.start(() -> {
        for (int i = 0; !isDone.get(); i++) {
          String key = prefix + i % 40;
          bucket.put(key, "v" + i);
          bucket.put(key + ".short", "v" + i, SECOND);
          assertThat(bucket.read(key)).isEqualTo("v" + i);
          if (i % 5 == 0) {
            bucket.remove(key);
          }
        }
      });
    }
    try {
      for (int i = 0; i < 10; i++) {
        clock.advance(SECOND);
        assertThat(store.purgeExpired()).isNotNegative();
        store.force();
        store.compact();
        store.checkpoint();
        assertThat(store.statistics().entries()).isPositive();
        assertThat(bucket.keys()).isSorted();
      }
    } finally {
      isDone.set(true);
    }
    crew.join();
  }
}
