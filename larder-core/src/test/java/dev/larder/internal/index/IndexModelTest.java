package dev.larder.internal.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.Expiry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Compares an index with a sorted map that is given the same changes. The seed decides everything:
/// what keys look like, how many there are, and what is done to them.
class IndexModelTest {
  private static final int STEP_COUNT = 3_000;
  private static final int FROZEN_MAX = 8;

  /// A built index and what it must hold for ever.
  private record Frozen(Index index, TreeMap<byte[], IndexEntry> model) {}

  private final List<Frozen> frozen = new ArrayList<>();
  private TreeMap<byte[], IndexEntry> model = new TreeMap<>(Arrays::compareUnsigned);
  private Index.Editor editor = Index.EMPTY.edit();
  private long version;

  static LongStream seeds() {
    return LongStream.range(0, 80);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void indexAnswersLikeASortedMap(long seed) {
    try {
      run(new SplittableRandom(seed));
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed, e);
    }
  }

  private void run(RandomGenerator random) {
    Keys keys = Keys.values()[random.nextInt(Keys.values().length)];
    int keySpace = 1 << random.nextInt(1, 15);
    if (random.nextBoolean()) {
      load(random, keys, keySpace);
    }
    int putPercent = 50;
    // Every build is followed by a walk over everything, so large trees are built less often.
    int stepsPerBuild = random.nextInt(1 + keySpace / 64, 300);
    for (int step = 0; step < STEP_COUNT; step++) {
      if (step % 500 == 0) {
        putPercent = random.nextInt(5, 95);
      }
      byte[] key = keys.key(random.nextInt(keySpace));
      if (random.nextInt(100) < putPercent) {
        put(key);
      } else {
        assertThat(editor.remove(key)).isSameAs(model.remove(key));
      }
      byte[] other = keys.key(random.nextInt(keySpace));
      assertThat(editor.get(other)).isSameAs(model.get(other));
      if (step % stepsPerBuild == 0) {
        buildAndCompare(random, keys, keySpace);
      }
    }
    removeAll();
    for (Frozen old : frozen) {
      compare(old, null, null);
    }
  }

  /// Fills most of the key space at once, so that a tree of some depth is there to be taken apart.
  private void load(RandomGenerator random, Keys keys, int keySpace) {
    for (int number = 0; number < keySpace; number++) {
      if (random.nextInt(10) > 0) {
        put(keys.key(number));
      }
    }
  }

  private void put(byte[] key) {
    version++;
    var entry =
        new IndexEntry(version % 7 == 0, 1, version * 100, 100, version, Expiry.NO_DEADLINE);
    assertThat(editor.put(key, entry)).isSameAs(model.put(key, entry));
  }

  private void buildAndCompare(RandomGenerator random, Keys keys, int keySpace) {
    Index index = editor.build();
    var present = new Frozen(index, model);
    byte[] from = random.nextInt(4) == 0 ? null : keys.key(random.nextInt(keySpace));
    byte[] to = random.nextInt(4) == 0 ? null : keys.key(random.nextInt(keySpace));
    compare(present, from, to);
    if (random.nextInt(4) == 0) {
      // Another editor of the same version goes on; the first is abandoned half way.
      editor.put(keys.key(random.nextInt(keySpace)), new IndexEntry(false, 9, 9, 9, 9, 9));
      editor = index.edit();
    }
    if (frozen.size() < FROZEN_MAX) {
      frozen.add(new Frozen(index, new TreeMap<>(model)));
    } else if (random.nextInt(10) == 0) {
      frozen.set(random.nextInt(FROZEN_MAX), new Frozen(index, new TreeMap<>(model)));
    }
  }

  private void removeAll() {
    for (byte[] key : List.copyOf(model.keySet())) {
      assertThat(editor.remove(key)).isSameAs(model.remove(key));
    }
    assertThat(editor.build()).isSameAs(Index.EMPTY);
  }

  private static void compare(Frozen frozen, byte @Nullable [] from, byte @Nullable [] to) {
    frozen.index.checkInvariants();
    assertThat(frozen.index.size()).isEqualTo(frozen.model.size());
    NavigableMap<byte[], IndexEntry> range = range(frozen.model, from, to);
    compare(frozen.index.cursor(from, to, false), range);
    compare(frozen.index.cursor(from, to, true), range.descendingMap());
  }

  private static void compare(IndexCursor cursor, NavigableMap<byte[], IndexEntry> range) {
    range.forEach((key, entry) -> {
      assertThat(cursor.next()).isTrue();
      assertThat(Arrays.equals(cursor.key(), key)).isTrue();
      assertThat(cursor.entry()).isSameAs(entry);
    });
    assertThat(cursor.next()).isFalse();
    assertThat(cursor.next()).isFalse();
  }

  private static NavigableMap<byte[], IndexEntry> range(
      NavigableMap<byte[], IndexEntry> model, byte @Nullable [] from, byte @Nullable [] to) {
    if (from != null && to != null) {
      boolean isEmpty = Arrays.compareUnsigned(from, to) >= 0;
      return model.subMap(from, true, isEmpty ? from : to, false);
    }
    if (from != null) {
      return model.tailMap(from, true);
    }
    return to != null ? model.headMap(to, false) : model;
  }

  /// Ways to turn a number into a key. The same number always gives the same key.
  private enum Keys {
    ASCENDING {
      @Override
      byte[] key(int number) {
        return new byte[] {(byte) (number >> 8), (byte) number};
      }
    },
    DESCENDING {
      @Override
      byte[] key(int number) {
        return ASCENDING.key(0xFFFF - number);
      }
    },
    SCATTERED {
      @Override
      byte[] key(int number) {
        var key = new byte[1 + number % 20];
        new SplittableRandom(number).nextBytes(key);
        return key;
      }
    },
    NESTED_PREFIXES {
      @Override
      byte[] key(int number) {
        var key = new byte[1 + number % 40];
        key[key.length - 1] = (byte) (number / 40);
        return key;
      }
    },
    LONG_COMMON_PREFIX {
      @Override
      byte[] key(int number) {
        var key = new byte[200];
        Arrays.fill(key, (byte) 0x80);
        key[150] = (byte) (number >> 8);
        key[199] = (byte) number;
        return key;
      }
    };

    abstract byte[] key(int number);
  }
}
