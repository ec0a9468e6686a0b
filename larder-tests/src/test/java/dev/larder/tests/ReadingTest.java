package dev.larder.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.Cursor;
import dev.larder.Durability;
import dev.larder.EntryVisitor;
import dev.larder.Expiry;
import dev.larder.Item;
import dev.larder.Larder;
import dev.larder.Range;
import dev.larder.Store;
import dev.larder.StoreOptions;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The ways to read and to load that are there for speed: into an array, lent, many at once, in
/// bulk, and without order.
class ReadingTest {
  @TempDir Path folder;

  enum Home {
    LOG(Larder::open),
    MEMORY((_, options) -> Larder.inMemory(options));

    @SuppressWarnings("ImmutableEnumChecker") // the functions have no state
    private final BiFunction<Path, StoreOptions, Store> opener;

    Home(BiFunction<Path, StoreOptions, Store> opener) {
      this.opener = opener;
    }

    Store open(Path path) {
      return opener.apply(path, StoreOptions.defaults().withDurability(Durability.OS));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @EnumSource
  void valueIsReadIntoAnArrayIfItFits(Home home) {
    try (Store store = home.open(folder)) {
      Bucket<byte[], byte[]> bucket = store.bucket("b", Codec.bytes(), Codec.bytes());
      bucket.put(bytes("k"), bytes("value"));
      byte[] target = bytes("..........");

      assertThat(bucket.getInto(bytes("k"), target, 3)).isEqualTo(5);
      assertThat(target).isEqualTo(bytes("...value.."));
      assertThat(bucket.getInto(bytes("k"), target, 6)).isEqualTo(5);
      assertThat(bucket.getInto(bytes("k"), target, 10)).isEqualTo(5);
      assertThat(bucket.getInto(bytes("none"), target, 0)).isEqualTo(-1);
      assertThatThrownBy(() -> bucket.getInto(bytes("k"), target, 11))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> bucket.getInto(new byte[0], target, 0))
          .withMessageContaining("empty");

      bucket.put(bytes("k"), new byte[0]);
      assertThat(bucket.getInto(bytes("k"), target, 10)).isZero();
      bucket.remove(bytes("k"));
      assertThat(bucket.getInto(bytes("k"), target, 0)).isEqualTo(-1);
      bucket.put(bytes("k"), bytes("late"), Expiry.at(Instant.ofEpochMilli(1)));
      assertThat(bucket.getInto(bytes("k"), target, 0)).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void valueIsLentForReadingOnly(Home home) {
    try (Store store = home.open(folder)) {
      Bucket<String, String> bucket = store.bucket("b", Codec.text(), Codec.text());
      bucket.put("k", "value");

      assertThat(bucket.withValue("k", memory -> memory.get(ValueLayout.JAVA_BYTE, 1)))
          .contains((byte) 'a');
      assertThat(bucket.withValue("k", memory -> memory.byteSize())).contains(5L);
      assertThat(bucket.withValue("none", memory -> 1)).isEmpty();
      assertThatIllegalArgumentException()
          .isThrownBy(() ->
              bucket.withValue(
                  "k",
                  memory -> {
                    memory.set(ValueLayout.JAVA_BYTE, 0, (byte) 0);
                    return 1;
                  }));
      assertThat(bucket.read("k")).isEqualTo("value");
    }
  }

  @ParameterizedTest
  @EnumSource
  void manyAreReadAtOnceInTheOrderAskedFor(Home home) {
    try (Store store = home.open(folder)) {
      Bucket<String, String> bucket = store.bucket("b", Codec.text(), Codec.text());
      var keys = new ArrayList<String>();
      for (int i = 0; i < 300; i++) {
        keys.add("k" + i % 250);
        if (i % 2 == 0) {
          bucket.put("k" + i, "v" + i);
        }
      }
      Map<String, String> found = bucket.getAll(keys.reversed());

      assertThat(found.keySet()).first().isEqualTo("k48");
      assertThat(found).hasSize(125).containsEntry("k0", "v0").doesNotContainKey("k1");
      assertThat(bucket.getAll(List.of())).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void scanLendsTheEntriesOfARangeInItsOrder(Home home) {
    try (Store store = home.open(folder)) {
      Bucket<Integer, String> bucket = store.bucket("b", Codec.int32(), Codec.text());
      bucket.put(1, "");
      bucket.remove(1);
      assertThat(bucket.scan(Range.all(), (_, _) -> true)).isZero();
      for (int key : new int[] {7, 3, 900, 12, 5}) {
        bucket.put(key, "v" + key);
      }
      for (int key = 1000; key < 2000; key++) {
        bucket.put(key, "x".repeat(key - 1000));
      }
      bucket.put(4, "gone");
      bucket.remove(4);
      bucket.put(6, "late", Expiry.at(Instant.ofEpochMilli(1)));
      var seen = new ArrayList<String>();
      EntryVisitor visitor =
          (key, value) -> {
            int number = Codec.int32().decode(key.toArray(ValueLayout.JAVA_BYTE));
            seen.add(number + "=" + Codec.text().decode(value.toArray(ValueLayout.JAVA_BYTE)));
            return number != 900;
          };

      assertThat(bucket.scan(Range.all(), visitor)).isEqualTo(5);
      assertThat(seen).containsExactly("3=v3", "5=v5", "7=v7", "12=v12", "900=v900");
      seen.clear();
      assertThat(bucket.scan(Range.<Integer>all().from(4).to(900).reversed(), visitor))
          .isEqualTo(3);
      assertThat(seen).containsExactly("12=v12", "7=v7", "5=v5");
      seen.clear();
      assertThat(bucket.scan(Range.<Integer>all().from(1000), visitor)).isEqualTo(1000);
      assertThat(seen).first().isEqualTo("1000=");
      assertThat(seen).last().isEqualTo("1999=" + "x".repeat(999));
    }
  }

  /// The places of the next records are looked up some time before they are read: when that comes,
  /// all of them may have been superseded, removed, and moved.
  @ParameterizedTest
  @CsvSource({"1, false", "15, false", "20, true", "60, false", "200, true"})
  void scanShowsItsSnapshotAlsoOfWhatIsReplacedAndMovedInTheMiddle(int when, boolean isReversed) {
    int count = 1500;
    try (Store store = Home.LOG.open(folder)) {
      Bucket<Integer, byte[]> bucket = store.bucket("b", Codec.int32(), Codec.bytes());
      var model = new TreeMap<Integer, byte[]>();
      var random = new SplittableRandom(when);
      for (int i = 0; i < 2 * count; i++) { // half of the records are superseded from the beginning
        byte[] value = new byte[random.nextInt(i % 50 == 0 ? 5000 : 200)];
        Arrays.fill(value, (byte) i);
        int key = (i * 7) % count;
        bucket.put(key, value);
        model.put(key, value);
      }
      for (int key = 0; key < count; key += 10) {
        bucket.remove(key);
        model.remove(key);
      }
      store.compact();
      var seen = new ArrayList<Map.Entry<Integer, byte[]>>();
      EntryVisitor visitor =
          (key, value) -> {
            byte[] shown = value.toArray(ValueLayout.JAVA_BYTE);
            int number = Codec.int32().decode(key.toArray(ValueLayout.JAVA_BYTE));
            seen.add(Map.entry(number, shown));
            if (seen.size() == when) {
              replaceAndMoveEverything(store, bucket, count);
            }
            return true;
          };
      Range<Integer> range = isReversed ? Range.<Integer>all().reversed() : Range.all();
      assertThat(bucket.scan(range, visitor)).isEqualTo(model.size());

      var expected = (isReversed ? model.descendingMap() : model).entrySet().iterator();
      for (Map.Entry<Integer, byte[]> entry : seen) {
        Map.Entry<Integer, byte[]> wanted = expected.next();
        assertThat(entry.getKey()).isEqualTo(wanted.getKey());
        assertThat(entry.getValue()).as("key %d", entry.getKey()).isEqualTo(wanted.getValue());
      }
      assertThat(bucket.scan(Range.all(), (_, value) -> value.byteSize() == 3))
          .isEqualTo(count - (count + 2) / 3);
    }
  }

  private static void replaceAndMoveEverything(
      Store store, Bucket<Integer, byte[]> bucket, int count) {
    for (int key = 0; key < count; key++) {
      if (key % 3 == 0) {
        bucket.remove(key);
      } else {
        bucket.put(key, new byte[] {1, 2, 3});
      }
    }
    store.compact();
    store.checkpoint();
    store.compact();
  }

  @ParameterizedTest
  @EnumSource
  void whatAScanLendsIsForReadingOnly(Home home) {
    try (Store store = home.open(folder)) {
      Bucket<String, String> bucket = store.bucket("b", Codec.text(), Codec.text());
      bucket.put("k", "value");
      for (boolean isKey : new boolean[] {true, false}) {
        EntryVisitor spoiler =
            (key, value) -> {
              (isKey ? key : value).set(ValueLayout.JAVA_BYTE, 0, (byte) 0);
              return true;
            };
        assertThatIllegalArgumentException().isThrownBy(() -> bucket.scan(Range.all(), spoiler));
      }
      assertThat(bucket.read("k")).isEqualTo("value");
      assertThat(store.statistics().openSnapshots()).isZero();
    }
  }

  @Test
  @Timeout(60)
  void keysComeAndGoWhileSomebodyWalks() throws Exception {
    try (Store store = Home.LOG.open(folder)) {
      Bucket<Integer, Integer> bucket = store.bucket("b", Codec.int32(), Codec.int32());
      bucket.put(0, 0);
      bucket.remove(0);
      var isDone = new AtomicBoolean();
      var walker =
          CompletableFuture.runAsync(() -> {
            while (!isDone.get()) {
              var last = new int[] {Integer.MIN_VALUE};
              bucket.scan(
                  Range.all(),
                  (key, _) -> {
                    int number = Codec.int32().decode(key.toArray(ValueLayout.JAVA_BYTE));
                    assertThat(number).isGreaterThan(last[0]);
                    last[0] = number;
                    return true;
                  });
            }
          });
      var random = new SplittableRandom(3);
      var model = new TreeMap<Integer, Integer>();
      for (int i = 0; i < 100_000; i++) {
        int key = random.nextInt(1 + i / 200);
        if (random.nextInt(3) == 0) {
          bucket.remove(key);
          model.remove(key);
        } else {
          bucket.put(key, i);
          model.put(key, i);
        }
      }
      isDone.set(true);
      walker.get();
      var found = new TreeMap<Integer, Integer>();
      try (Cursor<Integer, Integer> cursor = bucket.cursor(Range.all())) {
        cursor.forEachRemaining(entry -> found.put(entry.key(), entry.value()));
      }
      assertThat(found).isEqualTo(model);
    }
  }

  @ParameterizedTest
  @EnumSource
  void loadStoresEverythingAndTheLastValueOfAKey(Home home) {
    try (Store store = home.open(folder)) {
      Bucket<Integer, byte[]> bucket = store.bucket("b", Codec.int32(), Codec.bytes());
      var random = new SplittableRandom(1);
      var model = new HashMap<Integer, Integer>();
      Iterator<Item<Integer, byte[]>> items =
          random
              .ints(5000, 0, 3000)
              .mapToObj(key -> {
                int size = random.nextInt(1000);
                model.put(key, size);
                return new Item<>(key, new byte[size], Expiry.after(Duration.ofHours(1)));
              })
              .iterator();

      assertThat(bucket.load(items)).isEqualTo(5000);
      assertThat(bucket.count()).isEqualTo(model.size());
      model.forEach((key, size) -> assertThat(bucket.read(key)).hasSize(size));
      assertThat(bucket.timeToLive(model.keySet().iterator().next())).isPresent();
      assertThat(bucket.load(List.<Item<Integer, byte[]>>of().iterator())).isZero();
    }
  }

  @Test
  void storeWithoutOrderAnswersForSingleKeysAndCanBeOpenedWithOrderAgain() {
    StoreOptions unordered = StoreOptions.defaults().withOrdered(false);
    for (int round = 0; round < 3; round++) {
      try (Store store = Larder.open(folder, unordered.withDurability(Durability.OS))) {
        Bucket<Integer, String> bucket = store.bucket("b", Codec.int32(), Codec.text());
        for (int i = 0; i < 2000; i++) {
          bucket.put(i, "round " + round);
        }
        bucket.remove(7);
        assertThat(bucket.get(7)).isEmpty();
        assertThat(bucket.read(1999)).isEqualTo("round " + round);
        assertThatThrownBy(bucket::keys)
            .isInstanceOf(UnsupportedOperationException.class)
            .hasMessageContaining("without order");
        store.checkpoint();
      }
      try (Store store = Larder.open(folder)) {
        Bucket<Integer, String> bucket = store.bucket("b", Codec.int32(), Codec.text());
        assertThat(bucket.count()).isEqualTo(1999);
        assertThat(bucket.first().orElseThrow().key()).isZero();
      }
    }
  }
}
