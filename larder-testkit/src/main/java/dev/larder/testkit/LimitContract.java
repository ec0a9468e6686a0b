package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.larder.BatchTooLargeException;
import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.Item;
import dev.larder.KeyTooLongException;
import dev.larder.Limits;
import dev.larder.Store;
import dev.larder.ValueTooLargeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// Limits: at the edge all is well, one beyond it is refused with both numbers.
abstract class LimitContract extends ContractTheme {
  private static final String FACE = "\ud83d\ude00"; // one character, two chars, four bytes

  LimitContract(StoreContract contract) {
    super(contract);
  }

  private static void assertTooLong(ThrowingCallable call, long size, long limit, String unit) {
    var refusal = catchThrowableOfType(KeyTooLongException.class, call);
    assertThat(refusal.size()).isEqualTo(size);
    assertThat(refusal.limit()).isEqualTo(limit);
    assertThat(refusal).hasMessageContaining(unit);
  }

  private static List<Item<String, String>> items(int count) {
    var items = new ArrayList<Item<String, String>>();
    for (int i = 0; i < count; i++) {
      items.add(Item.of("k" + i, "v"));
    }
    return items;
  }

  @Test
  void aTextKeyHasUpTo32CharactersWhateverTheirBytes() {
    Bucket<String, String> bucket = texts(open());
    for (String character : List.of("x", "\u00e9", "\u4e2d", FACE, "\0")) {
      String longest = character.repeat(32);
      bucket.put(longest, "v");
      assertThat(bucket.read(longest)).isEqualTo("v");
      assertTooLong(() -> bucket.put(character.repeat(33), "v"), 33, 32, "characters");
    }
    assertThat(bucket.count()).isEqualTo(5);
    assertTooLong(() -> bucket.put("x".repeat(31) + FACE + "y", "v"), 33, 32, "characters");
  }

  @Test
  void everyVerbRefusesAKeyThatIsTooLong() {
    Bucket<String, String> bucket = texts(open());
    String key = "x".repeat(33);
    List<ThrowingCallable> calls =
        List.of(
            () -> bucket.create(key, "v"),
            () -> bucket.read(key),
            () -> bucket.readEntry(key),
            () -> bucket.update(key, "v"),
            () -> bucket.delete(key),
            () -> bucket.put(key, "v"),
            () -> bucket.get(key),
            () -> bucket.getEntry(key),
            () -> bucket.contains(key),
            () -> bucket.remove(key),
            () -> bucket.compareAndSet(key, 1, "v"),
            () -> bucket.compareAndDelete(key, 1),
            () -> bucket.expire(key, SECOND),
            () -> bucket.expireAt(key, clock.now()),
            () -> bucket.persist(key),
            () -> bucket.timeToLive(key),
            () -> bucket.createAll(Map.of(key, "v")),
            () -> bucket.putAll(Map.of(key, "v")),
            () -> bucket.deleteAll(List.of(key)),
            () -> bucket.floor(key),
            () -> bucket.ceiling(key),
            () -> bucket.lower(key),
            () -> bucket.higher(key));
    for (ThrowingCallable call : calls) {
      assertTooLong(call, 33, 32, "characters");
    }
  }

  @Test
  void aKeyThatIsNoTextHasUpTo128Bytes() {
    Bucket<byte[], String> raw = open().bucket("raw", Codec.bytes(), Codec.text());
    raw.put(new byte[128], "v");
    assertThat(raw.read(new byte[128])).isEqualTo("v");
    assertTooLong(() -> raw.put(new byte[129], "v"), 129, 128, "bytes");
  }

  @Test
  void theLimitsOfKeysAreSettings() {
    Store store =
        open(options().withLimits(Limits.defaults().withKeyCharacters(10).withKeyBytes(3)));
    Bucket<String, String> bucket = texts(store);
    bucket.put(FACE.repeat(10), "v");
    assertTooLong(() -> bucket.put("x".repeat(11), "v"), 11, 10, "characters");
    Bucket<Integer, String> ints = store.bucket("ints", Codec.int32(), Codec.text());
    assertTooLong(() -> ints.put(7, "v"), 4, 3, "bytes");
  }

  @Test
  void aValueHasUpTo16384Bytes() {
    Store store = open();
    Bucket<String, String> bucket = texts(store);
    bucket.put("ascii", "x".repeat(16_384));
    bucket.put("accents", "\u00e9".repeat(8_192));
    assertThat(bucket.read("ascii")).hasSize(16_384);
    assertThat(bucket.read("accents")).hasSize(8_192);
    var refusal =
        catchThrowableOfType(
            ValueTooLargeException.class, () -> bucket.put("k", "x".repeat(16_385)));
    assertThat(refusal.size()).isEqualTo(16_385);
    assertThat(refusal.limit()).isEqualTo(16_384);
    assertThatThrownBy(() -> bucket.put("k", "\u00e9".repeat(8_193)))
        .isInstanceOf(ValueTooLargeException.class);
    assertThat(bucket.contains("k")).isFalse();
  }

  @Test
  void everyWriteRefusesAValueThatIsTooLargeAndChangesNothing() {
    Bucket<String, String> bucket = texts(open());
    long version = bucket.put("k", "old");
    String value = "x".repeat(16_385);
    List<ThrowingCallable> calls =
        List.of(
            () -> bucket.create("new", value),
            () -> bucket.update("k", value),
            () -> bucket.put("k", value),
            () -> bucket.compareAndSet("k", version, value),
            () -> bucket.createAll(Map.of("new", "v", "other", value)),
            () -> bucket.putAll(Map.of("k", "v", "other", value)));
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call).isInstanceOf(ValueTooLargeException.class);
    }
    assertThat(bucket.keys()).containsExactly("k");
    assertThat(bucket.read("k")).isEqualTo("old");
  }

  @Test
  void theLimitOfValuesIsASettingAndMayBeNothing() {
    Store store = open(options().withLimits(Limits.defaults().withValueBytes(5)));
    texts(store).put("k", "12345");
    assertThatThrownBy(() -> texts(store).put("k", "123456"))
        .isInstanceOf(ValueTooLargeException.class);
    Store empty = open(newLocation(), options().withLimits(Limits.defaults().withValueBytes(0)));
    texts(empty).put("k", "");
    assertThat(texts(empty).read("k")).isEmpty();
    assertThatThrownBy(() -> texts(empty).put("k", "1")).isInstanceOf(ValueTooLargeException.class);
  }

  @Test
  void aBatchLimitBoundsEveryBatch() {
    Bucket<String, String> bucket = texts(open(options().withBatchLimit(10)));
    bucket.createAll(items(10));
    bucket.putAll(items(10));
    List<String> keys = items(11).stream().map(Item::key).toList();
    List<ThrowingCallable> calls =
        List.of(
            () -> bucket.createAll(items(11)),
            () -> bucket.putAll(items(11)),
            () -> bucket.deleteAll(keys));
    for (ThrowingCallable call : calls) {
      var refusal = catchThrowableOfType(BatchTooLargeException.class, call);
      assertThat(refusal.size()).isEqualTo(11);
      assertThat(refusal.limit()).isEqualTo(10);
    }
    assertThat(bucket.count()).isEqualTo(10);
    bucket.deleteAll(keys.subList(0, 10));
    assertThat(bucket.count()).isZero();
  }

  @Test
  void aBatchLimitDoesNotConcernSingleVerbs() {
    Bucket<String, String> bucket = texts(open(options().withBatchLimit(1)));
    bucket.create("a", "v");
    bucket.putAll(Map.of("b", "v"));
    bucket.update("a", "w");
    assertThat(bucket.remove("a")).isTrue();
    assertThatThrownBy(() -> bucket.putAll(Map.of("a", "v", "b", "v")))
        .isInstanceOf(BatchTooLargeException.class);
  }

  @Test
  void withoutLimitsKeysAndValuesGoUpToTheFormats() {
    Store store = open(options().withLimits(Limits.none()));
    Bucket<String, byte[]> bucket = store.bucket("large", Codec.text(), Codec.bytes());
    String longest = "x".repeat(65_536);
    byte[] value = new byte[3 << 20];
    value[value.length - 1] = 7;
    bucket.put(longest, value);
    assertThat(bucket.read(longest)).isEqualTo(value);
    assertThat(bucket.keys()).containsExactly(longest);
    assertTooLong(() -> bucket.put("x".repeat(65_537), value), 65_537, 65_536, "characters");
    assertTooLong(() -> bucket.put("\u00e9".repeat(40_000), value), 80_000, 65_536, "bytes");

    Bucket<byte[], String> raw = store.bucket("raw", Codec.bytes(), Codec.text());
    raw.put(new byte[65_536], "v");
    assertThat(raw.contains(new byte[65_536])).isTrue();
    assertTooLong(() -> raw.put(new byte[65_537], "v"), 65_537, 65_536, "bytes");
  }

  @Test
  void keysInMessagesAreEscapedAndCut() {
    Bucket<String, String> bucket = texts(open(options().withLimits(Limits.none())));
    assertThatThrownBy(() -> bucket.read("\u001b[2J\n" + "x".repeat(1000)))
        .hasMessageStartingWith("\"\\u{1b}[2J\\nxxx")
        .hasMessageContaining("...\" (1005 characters)")
        .hasMessageNotContaining("\u001b");
  }

  @Test
  void valuesAreInNoMessage() {
    Bucket<String, String> bucket = texts(open());
    String secret = "secret";
    long version = bucket.put("k", secret);
    List<ThrowingCallable> calls =
        List.of(
            () -> bucket.create("k", secret),
            () -> bucket.create("x".repeat(33), secret),
            () -> bucket.update("absent", secret),
            () -> bucket.compareAndSet("k", version + 1, secret),
            () -> bucket.put("k", secret.repeat(10_000)),
            () -> bucket.createAll(Map.of("k", secret)));
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call).hasMessageNotContaining(secret);
    }
  }
}
