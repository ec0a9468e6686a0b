package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.Bucket;
import dev.larder.Cursor;
import dev.larder.Entry;
import dev.larder.Item;
import dev.larder.Range;
import dev.larder.Store;
import dev.larder.StoreClosedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Cursors: each shows one snapshot, whatever is committed meanwhile.
@SuppressWarnings("NullAway.Init") // JUnit calls the methods that set up
abstract class CursorContract extends ContractTheme {
  private Store store;
  private Bucket<String, String> bucket;

  CursorContract(StoreContract contract) {
    super(contract);
  }

  @BeforeEach
  final void openStore() {
    store = open();
    bucket = texts(store);
  }

  private static List<String> rest(Cursor<String, String> cursor) {
    var rest = new ArrayList<String>();
    cursor.forEachRemaining(entry -> rest.add(entry.key() + "=" + entry.value()));
    return rest;
  }

  @Test
  void aCursorGivesEntriesWhole() {
    long version = bucket.put("k", "v", MINUTE);
    try (Cursor<String, String> cursor = bucket.cursor(Range.all())) {
      assertThat(cursor.next())
          .isEqualTo(new Entry<>("k", "v", version, Optional.of(clock.now().plus(MINUTE))));
    }
  }

  @Test
  void aCursorDoesNotSeeWhatIsCommittedAfterItWasOpened() {
    bucket.putAll(Map.of("a", "1", "b", "1", "c", "1", "d", "1"));
    try (Cursor<String, String> cursor = bucket.cursor(Range.all())) {
      bucket.put("a", "2");
      bucket.put("aa", "2");
      assertThat(cursor.next().value()).isEqualTo("1");
      bucket.delete("b");
      bucket.put("c", "2", MINUTE);
      bucket.expire("d", MINUTE);
      bucket.put("z", "2");
      assertThat(rest(cursor)).containsExactly("b=1", "c=1", "d=1");
    }
    assertThat(bucket.keys()).containsExactly("a", "aa", "c", "d", "z");
  }

  @Test
  void aReversedCursorDoesNotSeeThemEither() {
    bucket.putAll(Map.of("a", "1", "b", "1", "c", "1"));
    try (Cursor<String, String> cursor = bucket.cursor(Range.<String>all().reversed())) {
      bucket.deleteAll(List.of("a", "b", "c"));
      bucket.put("bb", "2");
      assertThat(rest(cursor)).containsExactly("c=1", "b=1", "a=1");
    }
  }

  @Test
  void cursorsOpenedAtDifferentTimesSeeDifferentStates() {
    var cursors = new ArrayList<Cursor<String, String>>();
    for (int i = 0; i < 20; i++) {
      bucket.put("k", "v" + i);
      cursors.add(bucket.cursor(Range.all()));
    }
    bucket.delete("k");
    for (int i = 19; i >= 0; i--) {
      assertThat(rest(cursors.get(i))).containsExactly("k=v" + i);
      cursors.get(i).close();
    }
  }

  @Test
  void aCursorOutlivesManyCommitsAndACompaction() {
    var items = new ArrayList<Item<String, String>>();
    for (int i = 0; i < 200; i++) {
      items.add(Item.of("k%03d".formatted(i), "first" + i));
    }
    bucket.putAll(items);
    try (Cursor<String, String> cursor = bucket.cursor(Range.all())) {
      assertThat(cursor.next().value()).isEqualTo("first0");
      for (int round = 0; round < 10; round++) {
        for (int i = 0; i < 200; i++) {
          bucket.put("k%03d".formatted(i), "round " + round);
        }
      }
      store.compact();
      store.checkpoint();
      for (int i = 1; i < 200; i++) {
        assertThat(cursor.next().value()).isEqualTo("first" + i);
      }
      assertThat(cursor.hasNext()).isFalse();
    }
    assertThat(bucket.read("k007")).isEqualTo("round 9");
  }

  @Test
  void theVersionOfACursorIsThatOfTheLastCommitItSees() {
    long version = bucket.put("k", "v");
    try (Cursor<String, String> cursor = bucket.cursor(Range.all())) {
      bucket.put("k", "w");
      assertThat(cursor.version()).isEqualTo(version);
    }
  }

  @Test
  void askingWhetherThereIsMoreDoesNotMove() {
    bucket.putAll(Map.of("a", "1", "b", "1"));
    try (Cursor<String, String> cursor = bucket.cursor(Range.all())) {
      for (int i = 0; i < 3; i++) {
        assertThat(cursor.hasNext()).isTrue();
      }
      assertThat(cursor.next().key()).isEqualTo("a");
      assertThat(cursor.nextKey()).isEqualTo("b");
      assertThat(cursor.hasNext()).isFalse();
      assertThat(cursor.hasNext()).isFalse();
    }
  }

  @Test
  void aCursorAtItsEndStaysThere() {
    try (Cursor<String, String> cursor = bucket.cursor(Range.all())) {
      assertThatThrownBy(cursor::next).isInstanceOf(NoSuchElementException.class);
      bucket.put("k", "v");
      assertThat(cursor.hasNext()).isFalse();
      assertThatThrownBy(cursor::nextKey).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void aCursorDoesNotRemove() {
    bucket.put("k", "v");
    try (Cursor<String, String> cursor = bucket.cursor(Range.all())) {
      cursor.next();
      assertThatThrownBy(cursor::remove).isInstanceOf(UnsupportedOperationException.class);
    }
    assertThat(bucket.contains("k")).isTrue();
  }

  @Test
  void aClosedCursorRefusesToGoOn() {
    bucket.putAll(Map.of("a", "1", "b", "1"));
    Cursor<String, String> cursor = bucket.cursor(Range.all());
    cursor.next();
    cursor.close();
    cursor.close();
    assertThatThrownBy(cursor::next).isInstanceOf(StoreClosedException.class);
    assertThatThrownBy(cursor::nextKey).isInstanceOf(StoreClosedException.class);
    assertThatThrownBy(cursor::hasNext).isInstanceOf(StoreClosedException.class);
    assertThat(bucket.keys()).containsExactly("a", "b");
  }

  @Test
  void aCursorThatWasClosedBehindAnEntryLookedAheadAtRefusesToo() {
    bucket.put("a", "1");
    Cursor<String, String> cursor = bucket.cursor(Range.all());
    assertThat(cursor.hasNext()).isTrue();
    cursor.close();
    assertThatThrownBy(cursor::next).isInstanceOf(StoreClosedException.class);
  }

  @Test
  void openCursorsAreCountedAndClosedOnesAreNot() {
    bucket.put("k", "v");
    int before = store.statistics().openSnapshots();
    Cursor<String, String> cursor = bucket.cursor(Range.all());
    assertThat(store.statistics().openSnapshots()).isGreaterThan(before);
    cursor.close();
    cursor.close();
    assertThat(store.statistics().openSnapshots()).isEqualTo(before);
    bucket.keys();
    bucket.entries();
    bucket.count();
    bucket.first();
    bucket.floor("k");
    store.bucketNames();
    assertThat(store.statistics().openSnapshots()).isEqualTo(before);
  }

  @Test
  void aCursorHasTheLimitOfItsRange() {
    bucket.putAll(Map.of("a", "1", "b", "1", "c", "1"));
    try (Cursor<String, String> cursor = bucket.cursor(Range.<String>all().limit(2))) {
      assertThat(rest(cursor)).containsExactly("a=1", "b=1");
      assertThat(cursor.hasNext()).isFalse();
    }
    try (Cursor<String, String> cursor = bucket.cursor(Range.<String>all().limit(0))) {
      assertThat(cursor.hasNext()).isFalse();
    }
  }

  @Test
  void oneThreadMayDeleteWhatItsCursorShows() {
    for (int i = 0; i < 100; i++) {
      bucket.put("k" + i, "v");
    }
    try (Cursor<String, String> cursor = bucket.cursor(Range.all())) {
      while (cursor.hasNext()) {
        bucket.delete(cursor.nextKey());
      }
    }
    assertThat(bucket.count()).isZero();
  }
}
