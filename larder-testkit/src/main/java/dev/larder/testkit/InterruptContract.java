package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.Bucket;
import dev.larder.Cursor;
import dev.larder.Durability;
import dev.larder.KeyNotFoundException;
import dev.larder.Range;
import dev.larder.Store;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Interrupts: an application's interrupt damages nothing, stops nothing and stays set.
@SuppressWarnings("NullAway.Init") // JUnit calls the methods that set up
abstract class InterruptContract extends ContractTheme {
  private Store store;
  private Bucket<String, String> bucket;

  InterruptContract(StoreContract contract) {
    super(contract);
  }

  @BeforeEach
  final void openStore() {
    store = open();
    bucket = texts(store).with(Durability.SYNC);
  }

  @AfterEach
  final void clearFlag() {
    Thread.interrupted();
  }

  /// Runs a task with the interrupt flag set and checks that it still is afterwards.
  private static void interrupted(Runnable task) {
    Thread.currentThread().interrupt();
    try {
      task.run();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void everyVerbWorksWithTheFlagSetAndTheFlagStays() {
    interrupted(() -> bucket.create("k", "1"));
    interrupted(() -> assertThat(bucket.read("k")).isEqualTo("1"));
    interrupted(() -> assertThat(bucket.readEntry("k").value()).isEqualTo("1"));
    interrupted(() -> bucket.update("k", "2"));
    interrupted(() -> bucket.put("k", "3"));
    interrupted(() -> assertThat(bucket.get("k")).contains("3"));
    interrupted(() -> assertThat(bucket.contains("k")).isTrue());
    interrupted(() -> bucket.compareAndSet("k", bucket.readEntry("k").version(), "4"));
    interrupted(() -> bucket.expire("k", MINUTE));
    interrupted(() -> assertThat(bucket.timeToLive("k")).contains(MINUTE));
    interrupted(() -> bucket.persist("k"));
    interrupted(() -> bucket.createAll(Map.of("a", "1", "b", "1")));
    interrupted(() -> bucket.putAll(Map.of("a", "2", "c", "2")));
    interrupted(() -> assertThat(bucket.keys()).containsExactly("a", "b", "c", "k"));
    interrupted(() -> assertThat(bucket.entries()).hasSize(4));
    interrupted(() -> assertThat(bucket.count()).isEqualTo(4));
    interrupted(() -> assertThat(bucket.first()).isPresent());
    interrupted(() -> bucket.deleteAll(List.of("a", "b")));
    interrupted(() -> bucket.compareAndDelete("c", bucket.readEntry("c").version()));
    interrupted(() -> assertThat(bucket.remove("k")).isTrue());
    interrupted(() -> assertThat(bucket.remove("k")).isFalse());
    interrupted(() ->
        assertThatThrownBy(() -> bucket.delete("k")).isInstanceOf(KeyNotFoundException.class));
    bucket.put("after", "v");
    assertThat(bucket.keys()).containsExactly("after");
  }

  @Test
  void everyLevelOfDurabilityTakesACommitWithTheFlagSet() {
    for (Durability level :
        List.of(Durability.SYNC, Durability.batched(3, SECOND), Durability.OS, Durability.NONE)) {
      interrupted(() -> bucket.with(level).put("k", level.toString()));
      assertThat(bucket.read("k")).isEqualTo(level.toString());
    }
  }

  @Test
  void upkeepWorksWithTheFlagSetAndTheFlagStays() {
    bucket.put("k", "v");
    bucket.put("gone", "v", SECOND);
    clock.advance(SECOND);
    interrupted(() -> assertThat(store.purgeExpired()).isEqualTo(1));
    interrupted(store::force);
    interrupted(store::checkpoint);
    interrupted(store::compact);
    interrupted(() -> assertThat(store.statistics().entries()).isPositive());
    interrupted(() -> assertThat(store.bucketNames()).contains("texts"));
    assertThat(bucket.read("k")).isEqualTo("v");
  }

  @Test
  void aCursorGoesOnWithTheFlagSet() {
    bucket.putAll(Map.of("a", "1", "b", "2", "c", "3"));
    try (Cursor<String, String> cursor = bucket.cursor(Range.all())) {
      interrupted(() -> assertThat(cursor.next().value()).isEqualTo("1"));
      assertThat(cursor.next().value()).isEqualTo("2");
      interrupted(() -> assertThat(cursor.next().value()).isEqualTo("3"));
    }
  }

  @Test
  void aStoreOpensAndClosesWithTheFlagSet() {
    var location = newLocation();
    interrupted(() -> {
      Store other = open(location, options());
      texts(other).put("k", "v");
      other.close();
    });
    if (isPersistent()) {
      interrupted(() -> assertThat(texts(open(location, options())).read("k")).isEqualTo("v"));
    }
  }

  @Test
  void aThreadThatIsInterruptedAllTheTimeHarmsNobodyElse() throws Exception {
    var isDone = new AtomicBoolean();
    var crew = new Crew();
    crew.start(() -> {
      int i = 0;
      do {
        Thread.currentThread().interrupt();
        bucket.put("victim", "v" + i);
        assertThat(bucket.get("victim")).contains("v" + i);
        i++;
      } while (!isDone.get());
    });
    try {
      for (int i = 0; i < 100; i++) {
        bucket.put("k" + i, "v");
        assertThat(bucket.read("k" + i)).isEqualTo("v");
      }
    } finally {
      isDone.set(true);
    }
    crew.join();
    assertThat(bucket.count()).isEqualTo(101);
  }
}
