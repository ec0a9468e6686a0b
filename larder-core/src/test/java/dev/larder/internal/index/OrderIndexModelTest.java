package dev.larder.internal.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Compares an index with a sorted map that is given the same changes. The seed decides everything:
/// what keys look like, how many there are, where pages live, and what is done.
class OrderIndexModelTest {
  private static final int STEP_COUNT = 1_000;

  private final TreeMap<byte[], Long> model = new TreeMap<>(Arrays::compareUnsigned);
  private final KeyTable keys = new KeyTable();

  static Stream<Arguments> cases() {
    return Stream.of(KeyShape.values())
        .flatMap(shape -> LongStream.range(0, 5).mapToObj(seed -> arguments(shape, seed)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void indexAnswersLikeASortedMap(KeyShape shape, long seed) {
    try (Pages pages = seed % 3 == 0 ? Pages.onHeap() : Pages.offHeap()) {
      run(pages, shape, seed);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(shape + ", seed " + seed, e);
    }
  }

  private void run(Pages pages, KeyShape shape, long seed) {
    var random = new SplittableRandom(seed);
    long pagesBefore = pages.usedBytes();
    OrderIndex index = OrderIndex.create(pages, keys);
    // The longer the keys, the fewer.
    int spaceMax = shape == KeyShape.LONGEST ? 9 : shape == KeyShape.PREFIX_5000 ? 12 : 14;
    int keySpace = 1 << random.nextInt(1, spaceMax);
    int insertPercent = 60;
    for (int step = 0; step < STEP_COUNT; step++) {
      if (step % 200 == 0) {
        insertPercent = random.nextInt(5, 95);
      }
      if (random.nextInt(100) < insertPercent) {
        insertSome(index, shape, random, keySpace);
      } else {
        removeSome(index, shape, random, keySpace);
      }
      if (random.nextInt(20) == 0) {
        compareRange(index, shape, random, keySpace);
      }
      if (random.nextInt(300) == 0) {
        index.checkInvariants();
        assertThat(pages.usedBytes() - pagesBefore).isEqualTo(index.usedBytes());
      }
    }
    index.checkInvariants();
    compare(index, null, null);
    for (byte[] key : List.copyOf(model.keySet())) {
      remove(index, key, random);
    }
    index.checkInvariants();
    assertThat(index.usedBytes()).isEqualTo(2 * Pages.PAGE_SIZE);
    assertThat(pages.usedBytes() - pagesBefore).isEqualTo(index.usedBytes());
  }

  private void insertSome(OrderIndex index, KeyShape shape, SplittableRandom random, int keySpace) {
    int number = random.nextInt(keySpace);
    switch (random.nextInt(12)) {
      case 0 -> insertRun(index, shape, number, 1, random.nextInt(1 + keySpace / 8));
      case 1 -> insertRun(index, shape, number, -1, random.nextInt(1 + keySpace / 8));
      case 2 -> insertSorted(index, shape, random, keySpace);
      default -> insert(index, shape.key(number));
    }
  }

  private void insertRun(OrderIndex index, KeyShape shape, int number, int step, int count) {
    for (int i = 0; i < count; i++) {
      insert(index, shape.key(Math.max(0, number + i * step)));
    }
  }

  private void insert(OrderIndex index, byte[] key) {
    long handle = keys.add(key);
    boolean isNew = model.putIfAbsent(key, handle) == null;
    assertThat(index.insert(key, handle)).isEqualTo(isNew);
    assertThat(index.size()).isEqualTo(model.size());
  }

  private void insertSorted(
      OrderIndex index, KeyShape shape, SplittableRandom random, int keySpace) {
    TreeMap<byte[], Long> added = new TreeMap<>(Arrays::compareUnsigned);
    for (int i = random.nextInt(1 + keySpace / 2); i > 0; i--) {
      byte[] key = shape.key(random.nextInt(keySpace));
      added.put(key, keys.add(key));
    }
    int from = random.nextInt(3);
    byte[][] sorted = new byte[from + added.size() + 1][];
    long[] handles = new long[sorted.length];
    int to = from;
    for (var entry : added.entrySet()) {
      sorted[to] = entry.getKey();
      handles[to++] = entry.getValue();
    }
    index.insertSorted(sorted, handles, from, to);
    model.putAll(added);
    assertThat(index.size()).isEqualTo(model.size());
  }

  private void removeSome(OrderIndex index, KeyShape shape, SplittableRandom random, int keySpace) {
    byte[] key = shape.key(random.nextInt(keySpace));
    if (random.nextInt(8) > 0) {
      remove(index, key, random);
      return;
    }
    List<byte[]> range = new ArrayList<>(model.tailMap(key, true).keySet());
    for (byte[] present : range.subList(0, Math.min(range.size(), random.nextInt(600)))) {
      remove(index, present, random);
    }
  }

  private void remove(OrderIndex index, byte[] key, SplittableRandom random) {
    boolean wasThere = model.remove(key) != null;
    boolean isRemoved =
        random.nextBoolean() ? index.remove(key) : index.remove(key, KeyTable.handle(key));
    assertThat(isRemoved).isEqualTo(wasThere);
    keys.remove(KeyTable.handle(key));
  }

  private void compareRange(
      OrderIndex index, KeyShape shape, SplittableRandom random, int keySpace) {
    compare(index, bound(shape, random, keySpace), bound(shape, random, keySpace));
  }

  /// {@return a key, something near it, or nothing}
  private static byte @Nullable [] bound(KeyShape shape, SplittableRandom random, int keySpace) {
    byte[] key = shape.key(random.nextInt(keySpace));
    return switch (random.nextInt(5)) {
      case 0 -> null;
      case 1 -> Arrays.copyOf(key, random.nextInt(key.length));
      case 2 -> Arrays.copyOf(key, key.length + 1);
      default -> key;
    };
  }

  private void compare(OrderIndex index, byte @Nullable [] from, byte @Nullable [] to) {
    NavigableMap<byte[], Long> range = model;
    if (from != null && to != null && Arrays.compareUnsigned(from, to) >= 0) {
      range = new TreeMap<>(Arrays::compareUnsigned);
    } else {
      range = from == null ? range : range.tailMap(from, true);
      range = to == null ? range : range.headMap(to, false);
    }
    assertThat(OrderIndexTest.handles(index, from, to, false))
        .isEqualTo(List.copyOf(range.values()));
    assertThat(OrderIndexTest.handles(index, from, to, true))
        .isEqualTo(List.copyOf(range.descendingMap().values()));
  }
}
