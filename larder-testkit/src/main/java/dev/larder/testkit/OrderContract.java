package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.Entry;
import dev.larder.Range;
import dev.larder.Store;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Order: keys come as unsigned bytes, by range and prefix, in both directions.
@SuppressWarnings("NullAway.Init") // JUnit calls the methods that set up
abstract class OrderContract extends ContractTheme {
  private Store store;
  private Bucket<String, String> bucket;

  OrderContract(StoreContract contract) {
    super(contract);
  }

  @BeforeEach
  final void openStore() {
    store = open();
    bucket = texts(store);
  }

  /// Puts keys in a shuffled order.
  private static <K> void put(Bucket<K, String> bucket, List<K> keys) {
    var shuffled = new ArrayList<>(keys);
    Collections.shuffle(shuffled, new Random(7));
    shuffled.forEach(key -> bucket.put(key, "v"));
  }

  private static <K> List<K> reversed(List<K> keys) {
    return keys.reversed();
  }

  @Test
  void textIsOrderedByCodePoint() {
    List<String> keys =
        List.of(
            "\0",
            " ",
            "A",
            "B",
            "a",
            "a\0",
            "aa",
            "ab",
            "b",
            "\u007f",
            "\u0080",
            "\u00e9",
            "\u07ff",
            "\u0800",
            "\ud7ff",
            "\ue000",
            "\uffff",
            "\ud800\udc00", // U+10000: a String's own order has it before U+E000
            "\ud83d\ude00",
            "\udbff\udfff");
    put(bucket, keys);
    assertThat(bucket.keys()).containsExactlyElementsOf(keys);
    assertThat(bucket.keys(Range.<String>all().reversed()))
        .containsExactlyElementsOf(reversed(keys));
  }

  @Test
  void bytesAreOrderedUnsignedAndTheShorterFirst() {
    Bucket<byte[], String> raw = store.bucket("raw", Codec.bytes(), Codec.text());
    List<byte[]> keys =
        List.of(
            new byte[] {0},
            new byte[] {0, 0},
            new byte[] {0, -1},
            new byte[] {1},
            new byte[] {127, -1},
            new byte[] {-128},
            new byte[] {-1},
            new byte[] {-1, -1});
    put(raw, keys);
    assertThat(raw.keys().stream().map(Arrays::toString))
        .containsExactlyElementsOf(keys.stream().map(Arrays::toString).toList());
  }

  @Test
  void integersAreOrderedWithNegativeOnesFirst() {
    Bucket<Integer, String> ints = store.bucket("ints", Codec.int32(), Codec.text());
    List<Integer> intKeys = List.of(Integer.MIN_VALUE, -256, -1, 0, 1, 255, Integer.MAX_VALUE);
    put(ints, intKeys);
    assertThat(ints.keys()).containsExactlyElementsOf(intKeys);
    assertThat(ints.keys(Range.<Integer>all().from(-1).to(255))).containsExactly(-1, 0, 1);
    assertThat(ints.lower(0)).map(Entry::key).contains(-1);

    Bucket<Long, String> longs = store.bucket("longs", Codec.int64(), Codec.text());
    List<Long> longKeys = List.of(Long.MIN_VALUE, -(1L << 40), -1L, 0L, 1L << 40, Long.MAX_VALUE);
    put(longs, longKeys);
    assertThat(longs.keys()).containsExactlyElementsOf(longKeys);
  }

  @Test
  void aPrefixGivesTheKeysThatBeginWithIt() {
    put(bucket, List.of("FR", "FR.", "FR.a", "FR.a.b", "FR.z", "FR/", "FS", "F", "G"));
    assertThat(bucket.keys(Range.prefix("FR."))).containsExactly("FR.", "FR.a", "FR.a.b", "FR.z");
    assertThat(bucket.keys(Range.prefix("FR.").reversed()))
        .containsExactly("FR.z", "FR.a.b", "FR.a", "FR.");
    assertThat(bucket.keys(Range.prefix(""))).hasSize(9);
    assertThat(bucket.keys(Range.prefix("X"))).isEmpty();
    assertThat(bucket.count(Range.prefix("FR"))).isEqualTo(6);
  }

  @Test
  void aPrefixOfTheHighestBytesHasNoEnd() {
    Bucket<byte[], String> raw = store.bucket("raw", Codec.bytes(), Codec.text());
    put(
        raw,
        List.of(new byte[] {-2}, new byte[] {-1}, new byte[] {-1, -1}, new byte[] {-1, -1, 5}));
    assertThat(raw.count(Range.prefix(new byte[] {-1}))).isEqualTo(3);
    assertThat(raw.count(Range.prefix(new byte[] {-1, -1}))).isEqualTo(2);
    assertThat(raw.count(Range.prefix(new byte[] {-1, -1}).reversed())).isEqualTo(2);
  }

  @Test
  void aRangeIncludesItsLowerBoundAndNotItsUpperOne() {
    put(bucket, List.of("a", "b", "c", "d", "e"));
    assertThat(bucket.keys(Range.<String>all().from("b").to("d"))).containsExactly("b", "c");
    assertThat(bucket.keys(Range.<String>all().from("b"))).containsExactly("b", "c", "d", "e");
    assertThat(bucket.keys(Range.<String>all().to("d"))).containsExactly("a", "b", "c");
    assertThat(bucket.keys(Range.<String>all().from("b").to("d").reversed()))
        .containsExactly("c", "b");
    assertThat(bucket.keys(Range.<String>all().from("aa").to("cc"))).containsExactly("b", "c");
    assertThat(bucket.keys(Range.<String>all().from("aa").to("cc").reversed()))
        .containsExactly("c", "b");
  }

  @Test
  void aRangeWhoseBoundsMeetOrCrossIsEmpty() {
    put(bucket, List.of("a", "b", "c"));
    for (Range<String> range :
        List.of(
            Range.<String>all().from("b").to("b"),
            Range.<String>all().from("c").to("a"),
            Range.<String>all().from("c").to("a").reversed(),
            Range.<String>all().from("d"),
            Range.<String>all().to("a"),
            Range.prefix("a").from("b"),
            Range.prefix("b").to("b"))) {
      assertThat(bucket.keys(range)).as("%s", range).isEmpty();
      assertThat(bucket.count(range)).as("%s", range).isZero();
    }
  }

  @Test
  void prefixAndBoundsBothHold() {
    put(bucket, List.of("a1", "b1", "b3", "b5", "c1"));
    assertThat(bucket.keys(Range.prefix("b").from("b2"))).containsExactly("b3", "b5");
    assertThat(bucket.keys(Range.prefix("b").to("b5"))).containsExactly("b1", "b3");
    assertThat(bucket.keys(Range.prefix("b").from("a").to("z"))).hasSize(3);
    assertThat(bucket.keys(Range.prefix("b").from("b2").to("b9").reversed().limit(1)))
        .containsExactly("b5");
  }

  @Test
  void aLimitTakesTheFirstKeysInTheOrderAskedFor() {
    put(bucket, List.of("a", "b", "c", "d"));
    assertThat(bucket.keys(Range.<String>all().limit(2))).containsExactly("a", "b");
    assertThat(bucket.keys(Range.<String>all().reversed().limit(2))).containsExactly("d", "c");
    assertThat(bucket.keys(Range.<String>all().limit(0))).isEmpty();
    assertThat(bucket.keys(Range.<String>all().limit(4))).hasSize(4);
    assertThat(bucket.keys(Range.<String>all().limit(Long.MAX_VALUE))).hasSize(4);
    assertThat(bucket.count(Range.<String>all().limit(3))).isEqualTo(3);
    assertThat(bucket.entries(Range.<String>all().from("b").limit(2)))
        .extracting(Entry::key)
        .containsExactly("b", "c");
  }

  @Test
  void anEmptyBucketHasNothingInAnyOrder() {
    assertThat(bucket.keys()).isEmpty();
    assertThat(bucket.entries()).isEmpty();
    assertThat(bucket.count()).isZero();
    assertThat(bucket.first()).isEmpty();
    assertThat(bucket.last()).isEmpty();
    assertThat(bucket.floor("k")).isEmpty();
    assertThat(bucket.ceiling("k")).isEmpty();
    assertThat(bucket.lower("k")).isEmpty();
    assertThat(bucket.higher("k")).isEmpty();
    assertThat(bucket.keys(Range.prefix("k").reversed())).isEmpty();
  }

  @Test
  void neighboursOfAKeyAreFound() {
    put(bucket, List.of("b", "d", "f"));
    assertThat(bucket.first()).map(Entry::key).contains("b");
    assertThat(bucket.last()).map(Entry::key).contains("f");

    assertThat(bucket.floor("d")).map(Entry::key).contains("d");
    assertThat(bucket.floor("e")).map(Entry::key).contains("d");
    assertThat(bucket.floor("a")).isEmpty();
    assertThat(bucket.floor("z")).map(Entry::key).contains("f");

    assertThat(bucket.ceiling("d")).map(Entry::key).contains("d");
    assertThat(bucket.ceiling("c")).map(Entry::key).contains("d");
    assertThat(bucket.ceiling("g")).isEmpty();
    assertThat(bucket.ceiling("a")).map(Entry::key).contains("b");

    assertThat(bucket.lower("d")).map(Entry::key).contains("b");
    assertThat(bucket.lower("b")).isEmpty();
    assertThat(bucket.lower("z")).map(Entry::key).contains("f");

    assertThat(bucket.higher("d")).map(Entry::key).contains("f");
    assertThat(bucket.higher("f")).isEmpty();
    assertThat(bucket.higher("a")).map(Entry::key).contains("b");
  }

  @Test
  void aKeyAndTheSameKeyWithAZeroByteAreNeighbours() {
    put(bucket, List.of("a", "a\0", "a\0\0"));
    assertThat(bucket.higher("a")).map(Entry::key).contains("a\0");
    assertThat(bucket.lower("a\0")).map(Entry::key).contains("a");
    assertThat(bucket.floor("a\0")).map(Entry::key).contains("a\0");
    assertThat(bucket.keys(Range.<String>all().from("a").to("a\0"))).containsExactly("a");
  }

  @Test
  void entriesComeWithTheirValues() {
    for (int i = 0; i < 100; i++) {
      bucket.put("k%02d".formatted(i), "v" + i);
    }
    List<Entry<String, String>> entries = bucket.entries(Range.<String>all().from("k50"));
    for (int i = 50; i < 100; i++) {
      assertThat(entries.get(i - 50).value()).isEqualTo("v" + i);
    }
    assertThat(entries).hasSize(50);
  }

  @Test
  void manyKeysThatComeAndGoStayInOrder() {
    var model = new TreeMap<String, String>();
    var random = new Random(11);
    for (int i = 0; i < 3000; i++) {
      String key = "k" + random.nextInt(800);
      if (random.nextInt(3) == 0) {
        assertThat(bucket.remove(key)).isEqualTo(model.remove(key) != null);
      } else {
        bucket.put(key, "v" + i);
        model.put(key, "v" + i);
      }
    }
    assertThat(bucket.keys()).containsExactlyElementsOf(model.keySet());
    assertThat(bucket.entries()).extracting(Entry::value).containsExactlyElementsOf(model.values());
    assertThat(bucket.keys(Range.<String>all().reversed()))
        .containsExactlyElementsOf(model.descendingKeySet());
    assertThat(bucket.keys(Range.<String>all().from("k2").to("k5")))
        .containsExactlyElementsOf(model.subMap("k2", "k5").keySet());
    assertThat(bucket.count()).isEqualTo(model.size());
  }
}
