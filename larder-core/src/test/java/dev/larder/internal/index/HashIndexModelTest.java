package dev.larder.internal.index;

import static dev.larder.internal.index.FakeRecords.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Compares an index with a map that is given the same changes. The seed decides everything, but
/// where threads are said to take part.
@SuppressWarnings({"IntLongMath", "NarrowCalculation", "OperatorPrecedence", "ThreadPriorityCheck"})
@ParameterizedClass
@EnumSource(PagesKind.class)
class HashIndexModelTest {
  /// What hashes look like, and how many keys are there at most.
  enum Hashes {
    GOOD(20_000, FakeRecords::goodHash),
    GOOD_AND_MANY(80_000, FakeRecords::goodHash),
    SAME_TOP(29_000, key -> FakeRecords.goodHash(key) >>> 20),
    FEW_LINES(1_500, key -> (FakeRecords.goodHash(key) & ~0xfffL) | ((0xffe + (key & 3)) & 0xfff)),
    LINES_APART(8_000, key -> FakeRecords.goodHash(key) & ~0xc11L),
    ALL_SAME(500, _ -> -1L),
    FEW(1_000, key -> FakeRecords.goodHash(key % 60)),
    THE_KEY_ITSELF(28_500, key -> key),
    THE_KEY_REVERSED(1_000, Long::reverse);

    private final int keyCount;

    @SuppressWarnings("ImmutableEnumChecker") // the functions have no state
    private final LongUnaryOperator hashOf;

    Hashes(int keyCount, LongUnaryOperator hashOf) {
      this.keyCount = keyCount;
      this.hashOf = hashOf;
    }
  }

  /// An image that is being taken, and what it must hold.
  private record Taken(PagesCopy copy, Map<Long, Long> model) {}

  @Parameter PagesKind kind;

  private Pages pages;
  private FakeRecords records;
  private HashIndex index;
  private Map<Long, Long> model;
  private SplittableRandom random;
  private Hashes hashes;

  private void begin(Hashes chosen, long seed) {
    hashes = chosen;
    random = new SplittableRandom(seed);
    pages = kind.create();
    records = new FakeRecords(6 * chosen.keyCount + 100_000, chosen.hashOf);
    index = HashIndex.create(pages, records);
    model = new HashMap<>();
  }

  @ParameterizedTest
  @EnumSource(Hashes.class)
  void indexAnswersLikeAMap(Hashes chosen) {
    for (long seed = 0; seed < 2; seed++) {
      begin(chosen, seed);
      try {
        grow();
        change(8_000);
        shrink();
        change(3_000);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      } finally {
        pages.close();
      }
    }
  }

  /// Images are taken page by page while the index goes on changing. Each must be what the index
  /// was when it was begun. Now and then an image takes the place of the index.
  @ParameterizedTest
  @EnumSource(Hashes.class)
  void imagesAreOfTheMomentTheyWereBegun(Hashes chosen) {
    for (long seed = 0; seed < 2; seed++) {
      begin(chosen, seed);
      try {
        for (int image = 0; image < 3; image++) {
          fill(model.size() + chosen.keyCount / 3);
          change(500);
          takeImage();
        }
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      } finally {
        pages.close();
      }
    }
  }

  private void takeImage() {
    var taken = new Taken(new PagesCopy(pages), new HashMap<>(model));
    int pageCount = taken.copy.pageCount();
    for (int step = 0; step < 300; step++) {
      changeOnce();
      for (int i = random.nextInt(4); i > 0; i--) {
        taken.copy.savePage(random.nextInt(pageCount));
      }
    }
    fill(model.size() + random.nextInt(hashes.keyCount / 4));
    taken.copy.finish();
    int metaPage = index.metaPage();
    if (random.nextBoolean()) {
      pages.close();
      pages = taken.copy.open();
      index = HashIndex.open(pages, records, metaPage);
      model = taken.model;
      compare();
    } else {
      try (Pages opened = taken.copy.open()) {
        compare(HashIndex.open(opened, records, metaPage), taken.model);
      }
    }
  }

  /// The same, with the pages saved by another thread meanwhile.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void imagesAreOfTheMomentTheyWereBegunWhenAnotherThreadSavesThem(long seed) throws Exception {
    begin(Hashes.GOOD_AND_MANY, seed);
    fill(10_000 + random.nextInt(20_000));
    var taken = new Taken(new PagesCopy(pages), new HashMap<>(model));
    var isSaved = new AtomicBoolean();
    Thread saver =
        Thread.ofPlatform()
            .start(() -> {
              taken.copy.finish();
              isSaved.set(true);
            });
    int target = model.size() + 30_000; // tables are split meanwhile
    while (!isSaved.get() || model.size() < target) {
      if (model.size() < target) {
        fill(model.size() + 1);
      }
      changeOnce();
    }
    saver.join();
    compare();
    try (Pages opened = taken.copy.open()) {
      compare(HashIndex.open(opened, records, index.metaPage()), taken.model);
    }
    pages.close();
  }

  private void grow() {
    int step = Math.max(1, hashes.keyCount / 3);
    for (int size = step; size <= hashes.keyCount; size += step) {
      fill(size);
      change(500);
    }
  }

  private void fill(int size) {
    for (int tries = 0; model.size() < size && tries < 4 * hashes.keyCount; tries++) {
      long key = anyKey();
      if (!model.containsKey(key) && !records.isFull()) {
        insert(key);
      }
    }
  }

  private void shrink() {
    List<Long> keys = new ArrayList<>(model.keySet());
    for (int i = 0; i < keys.size() * 9 / 10; i++) {
      remove(keys.get(i));
      if (random.nextInt(16) == 0) {
        look(anyKey());
      }
    }
    compare();
  }

  private void change(int count) {
    for (int i = 0; i < count; i++) {
      changeOnce();
      look(anyKey());
    }
    compare();
  }

  private void changeOnce() {
    long key = anyKey();
    if (!model.containsKey(key)) {
      if (!records.isFull()) {
        insert(key);
      }
    } else if (random.nextBoolean()) {
      remove(key);
    } else if (!records.isFull()) {
      replace(key);
    }
  }

  private long anyKey() {
    return random.nextInt(hashes.keyCount);
  }

  private void insert(long key) {
    long address = records.append(key);
    index.insert(records.hashOf(key), address);
    model.put(key, address);
  }

  private void remove(long key) {
    long hash = records.hashOf(key);
    long address = model.remove(key);
    check(index.remove(hash, address), key);
    check(!index.remove(hash, address), key);
  }

  private void replace(long key) {
    long hash = records.hashOf(key);
    long address = records.append(key);
    check(index.replace(hash, model.get(key), address), key);
    model.put(key, address);
  }

  private void look(long key) {
    long hash = records.hashOf(key);
    @Nullable Long address = model.get(key);
    long found = index.find(hash, bytes(key));
    check(found == (address == null ? 0 : address), key);
    check(address == null || index.contains(hash, address), key);
    check(!index.contains(hash, HashIndex.ADDRESS_MAX), key);
    long sameHash = index.findByHash(hash);
    check(sameHash == 0 ? address == null : records.hash(sameHash) == hash, key);
    check(index.size() == model.size(), key);
  }

  // Quicker than AssertJ, of which a million calls would be most of the time.
  private static void check(boolean isRight, long key) {
    if (!isRight) {
      throw new AssertionError("key " + key);
    }
  }

  private void compare() {
    compare(index, model);
  }

  private void compare(HashIndex actual, Map<Long, Long> expected) {
    actual.checkInvariants();
    assertThat(actual.size()).isEqualTo(expected.size());
    Set<Long> addresses = new HashSet<>();
    actual.forEach(address -> check(addresses.add(address), address));
    assertThat(addresses.equals(new HashSet<>(expected.values()))).isTrue();
    expected.forEach(
        (key, address) -> check(actual.find(records.hashOf(key), bytes(key)) == address, key));
  }
}
