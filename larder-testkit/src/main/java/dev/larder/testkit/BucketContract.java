package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.CodecException;
import dev.larder.Durability;
import dev.larder.Entry;
import dev.larder.Store;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Buckets: key spaces that know nothing of each other.
@SuppressWarnings("NullAway.Init") // JUnit calls the methods that set up
abstract class BucketContract extends ContractTheme {
  private Store store;

  BucketContract(StoreContract contract) {
    super(contract);
  }

  @BeforeEach
  final void openStore() {
    store = open();
  }

  @Test
  void theSameKeyInAnotherBucketIsAnotherEntry() {
    Bucket<String, String> one = texts(store, "one");
    Bucket<String, String> two = texts(store, "two");
    one.create("k", "in one");
    two.create("k", "in two", MINUTE);
    assertThat(one.read("k")).isEqualTo("in one");
    assertThat(two.read("k")).isEqualTo("in two");
    one.delete("k");
    assertThat(two.read("k")).isEqualTo("in two");
    assertThat(one.contains("k")).isFalse();
    assertThat(two.count()).isEqualTo(1);
  }

  @Test
  void listsEndAtTheEdgesOfTheBucket() {
    // Names and keys that would run together if one were put before the other.
    List<String> names = List.of("a", "aa", "aaa", "b");
    for (String name : names) {
      for (String key : List.of("a", "aa", "b", "\uffff", "\udbff\udfff")) {
        texts(store, name).put(key, name);
      }
    }
    for (String name : names) {
      Bucket<String, String> bucket = texts(store, name);
      assertThat(bucket.entries()).hasSize(5).extracting(Entry::value).containsOnly(name);
      assertThat(bucket.first()).map(Entry::key).contains("a");
      assertThat(bucket.last()).map(Entry::key).contains("\udbff\udfff");
      assertThat(bucket.lower("a")).isEmpty();
      assertThat(bucket.higher("\udbff\udfff")).isEmpty();
    }
  }

  @Test
  void twoBucketsOfOneNameAreTheSame() {
    texts(store).put("k", "v");
    assertThat(texts(store).read("k")).isEqualTo("v");
    assertThat(texts(store).with(Durability.NONE).read("k")).isEqualTo("v");
  }

  @Test
  void aBucketKnowsItsName() {
    assertThat(texts(store, "jars").name()).isEqualTo("jars");
    assertThat(texts(store, "jars").with(Durability.OS).name()).isEqualTo("jars");
  }

  @Test
  void bucketNamesAreTheOnesThatWereWrittenToInTheOrderOfCodePoints() {
    for (String name : List.of("b", "\ud800\udc00", "\uffff", "a", "B", "aa")) {
      texts(store, name).put("k", "v");
    }
    texts(store, "never written to").get("k");
    assertThat(store.bucketNames())
        .containsExactly("B", "a", "aa", "b", FOUNDATION, "\uffff", "\ud800\udc00");
  }

  @Test
  void aWriteThatIsRefusedMakesNoBucket() {
    Bucket<String, String> bucket = texts(store);
    assertThat(bucket.remove("k")).isFalse();
    assertThatThrownBy(() -> bucket.update("k", "v")).isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> bucket.create("", "v")).isInstanceOf(RuntimeException.class);
    assertThat(store.bucketNames()).containsExactly(FOUNDATION);
  }

  @Test
  void aBucketStaysWhenItsLastEntryGoes() {
    Bucket<String, String> bucket = texts(store, "emptied");
    bucket.put("k", "v");
    bucket.delete("k");
    bucket.put("k", "v", SECOND);
    clock.advance(SECOND);
    store.purgeExpired();
    assertThat(store.bucketNames()).containsExactly("emptied", FOUNDATION);
  }

  @Test
  void bucketNamesDoNotChangeAfterwards() {
    var names = store.bucketNames();
    texts(store, "later").put("k", "v");
    assertThat(names).containsExactly(FOUNDATION);
    assertThatThrownBy(() -> names.add("x")).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void namesMayHave64CharactersOfAnyKind() {
    for (String name :
        List.of("x", "x".repeat(64), "\ud83d\ude00".repeat(64), "a b/c\\d:e.f", "..", " ")) {
      texts(store, name).put("k", "in " + name);
      assertThat(texts(store, name).read("k")).isEqualTo("in " + name);
      assertThat(store.bucketNames()).contains(name);
    }
  }

  @Test
  void otherNamesAreRefused() {
    for (String name :
        List.of(
            "", "x".repeat(65), "\ud83d\ude00".repeat(65), "a\0b", "a\nb", "\u007f", "\u0085")) {
      assertThatThrownBy(() -> texts(store, name))
          .as(name)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> texts(store, "\ud83d"))
        .isInstanceOfAny(IllegalArgumentException.class, CodecException.class);
  }

  @Test
  void aBucketOpenedWithOtherCodecsSaysWhatDoesNotFit() {
    Bucket<byte[], byte[]> raw = store.bucket("mixed", Codec.bytes(), Codec.bytes());
    raw.put(new byte[] {'k'}, new byte[] {(byte) 0xff});
    Bucket<String, String> text = texts(store, "mixed");
    assertThatThrownBy(() -> text.read("k"))
        .isInstanceOf(CodecException.class)
        .hasMessage("invalid UTF-8 at byte 0");
    assertThatThrownBy(() -> text.get("k")).isInstanceOf(CodecException.class);
    assertThatThrownBy(text::entries).isInstanceOf(CodecException.class);
    assertThat(text.keys()).containsExactly("k");
    assertThat(text.contains("k")).isTrue();

    raw.put(new byte[] {(byte) 0xc3}, new byte[] {1});
    assertThatThrownBy(text::keys).isInstanceOf(CodecException.class);
    assertThat(text.count()).isEqualTo(2);

    Bucket<Integer, Integer> ints = store.bucket("mixed", Codec.int32(), Codec.int32());
    assertThatThrownBy(ints::keys)
        .isInstanceOf(CodecException.class)
        .hasMessage("an integer of 4 bytes was expected, 1 are stored");
    assertThat(store.statistics().openSnapshots()).isZero();
  }

  @Test
  void aCodecOfOnesOwnDecidesBytesAndOrder() {
    Codec<Integer> falling =
        new Codec<>() {
          @Override
          public byte[] encode(Integer value) {
            return Codec.int32().encode(~value);
          }

          @Override
          public Integer decode(byte[] bytes) {
            return ~Codec.int32().decode(bytes);
          }
        };
    Bucket<Integer, Integer> bucket = store.bucket("falling", falling, Codec.int32());
    for (int i = -3; i <= 3; i++) {
      bucket.put(i, i * i);
    }
    assertThat(bucket.keys()).containsExactly(3, 2, 1, 0, -1, -2, -3);
    assertThat(bucket.read(-3)).isEqualTo(9);
    assertThat(bucket.higher(2)).map(Entry::key).contains(1);
  }
}
