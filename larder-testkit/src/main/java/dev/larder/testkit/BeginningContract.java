package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.Bucket;
import dev.larder.Item;
import dev.larder.KeyExistsException;
import dev.larder.NotAStoreException;
import dev.larder.Range;
import dev.larder.Store;
import dev.larder.StoreNotFoundException;
import dev.larder.ValueTooLargeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Where nothing is yet: reading says so and creates nothing, the first write makes the store.
@SuppressWarnings("NullAway.Init") // JUnit calls the methods that set up
abstract class BeginningContract extends ContractTheme {
  private Path location;
  private Store store;
  private Bucket<String, String> bucket;

  BeginningContract(StoreContract contract) {
    super(contract);
  }

  @BeforeEach
  final void openNothing() {
    location = newLocation();
    store = open(location, options());
    bucket = texts(store);
  }

  private void assertNotFound(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StoreNotFoundException.class, e -> assertThat(e.location()).isEqualTo(location));
    assertThat(location).doesNotExist();
  }

  @Test
  void openingCreatesNothing() {
    assertThat(store.location()).contains(location);
    assertThat(location).doesNotExist();
    store.close();
    assertThat(location).doesNotExist();
  }

  @Test
  void readingSaysThatThereIsNoStore() {
    List<ThrowingCallable> calls =
        List.of(
            () -> bucket.read("k"),
            () -> bucket.readEntry("k"),
            () -> bucket.get("k"),
            () -> bucket.getEntry("k"),
            () -> bucket.contains("k"),
            () -> bucket.timeToLive("k"),
            bucket::keys,
            bucket::entries,
            () -> bucket.cursor(Range.all()),
            bucket::count,
            bucket::first,
            bucket::last,
            () -> bucket.floor("k"),
            () -> bucket.ceiling("k"),
            () -> bucket.lower("k"),
            () -> bucket.higher("k"),
            store::bucketNames);
    calls.forEach(this::assertNotFound);
  }

  @Test
  void writesThatNeedAnEntrySayThatThereIsNoStore() {
    List<ThrowingCallable> calls =
        List.of(
            () -> bucket.update("k", "v"),
            () -> bucket.delete("k"),
            () -> bucket.remove("k"),
            () -> bucket.compareAndSet("k", 1, "v"),
            () -> bucket.compareAndDelete("k", 1),
            () -> bucket.expire("k", SECOND),
            () -> bucket.persist("k"),
            () -> bucket.deleteAll(List.of("k")));
    calls.forEach(this::assertNotFound);
  }

  @Test
  void aWriteThatIsRefusedCreatesNothing() {
    assertThatThrownBy(() -> bucket.put("", "v")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> bucket.put("k", "x".repeat(20_000)))
        .isInstanceOf(ValueTooLargeException.class);
    assertThatThrownBy(() -> bucket.createAll(List.of(Item.of("a", "1"), Item.of("a", "2"))))
        .isInstanceOf(KeyExistsException.class);
    assertThat(location).doesNotExist();
  }

  @Test
  void theFirstWriteMakesTheStore() {
    assertThat(bucket.create("k", "v")).isPositive();
    assertThat(location).exists();
    assertThat(bucket.read("k")).isEqualTo("v");
    assertThat(store.bucketNames()).containsExactly("texts");
  }

  @Test
  void anyWriteOfAnEntryMakesTheStore() {
    List<ThrowingCallable> writes =
        List.of(
            () -> texts(open(newLocation(), options())).put("k", "v"),
            () -> texts(open(newLocation(), options())).create("k", "v", SECOND),
            () -> texts(open(newLocation(), options())).createAll(Map.of("k", "v")),
            () -> texts(open(newLocation(), options())).putAll(Map.of("k", "v")));
    for (ThrowingCallable write : writes) {
      assertThatCode(write).doesNotThrowAnyException();
    }
  }

  @Test
  void foldersOnTheWayAreMade() {
    Path deep = newLocation().resolve("a").resolve("b");
    texts(open(deep, options())).put("k", "v");
    assertThat(deep).exists();
  }

  @Test
  void somethingElseAtTheLocationIsLeftAlone() throws IOException {
    Path other = newLocation();
    Files.writeString(other, "a letter to my aunt");
    assertThatThrownBy(
            () -> {
              try (Store opened = open(other, options())) {
                texts(opened).put("k", "v");
              }
            })
        .isInstanceOf(NotAStoreException.class)
        .hasMessageContaining(other.toString());
    assertThat(other).hasContent("a letter to my aunt");
    Files.delete(other);
  }

  @Test
  void manyThreadsMayWriteFirst() throws Exception {
    var crew = new Crew();
    for (int thread = 0; thread < 4; thread++) {
      String key = "k" + thread;
      crew.start(() -> bucket.create(key, "v"));
    }
    crew.join();
    assertThat(bucket.keys()).containsExactly("k0", "k1", "k2", "k3");
  }
}
