package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.CodecException;
import dev.larder.Item;
import dev.larder.Range;
import dev.larder.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Arguments that are a caller's mistake: refused before anything changes.
@SuppressWarnings("NullAway.Init") // JUnit calls the methods that set up
abstract class ArgumentContract extends ContractTheme {
  private Store store;
  private Bucket<String, String> bucket;

  ArgumentContract(StoreContract contract) {
    super(contract);
  }

  @BeforeEach
  final void openStore() {
    store = open();
    bucket = texts(store);
    bucket.put("k", "v");
  }

  /// Every verb that takes a key, with the one given.
  private List<ThrowingCallable> verbs(String key) {
    return List.of(
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
        () -> bucket.createAll(List.of(Item.of("ok", "v"), Item.of(key, "v"))),
        () -> bucket.putAll(List.of(Item.of("ok", "v"), Item.of(key, "v"))),
        () -> bucket.deleteAll(Arrays.asList("k", key)),
        () -> bucket.floor(key),
        () -> bucket.ceiling(key),
        () -> bucket.lower(key),
        () -> bucket.higher(key));
  }

  private void assertUnharmed() {
    assertThat(bucket.keys()).containsExactly("k");
    assertThat(bucket.read("k")).isEqualTo("v");
    assertThat(store.statistics().openSnapshots()).isZero();
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // what a careless caller passes
  private static <T> T nothing() {
    return (T) null;
  }

  @Test
  void anEmptyKeyIsRefusedByEveryVerb() {
    for (ThrowingCallable verb : verbs("")) {
      assertThatThrownBy(verb)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a key must not be empty");
    }
    Bucket<byte[], String> raw = store.bucket("raw", Codec.bytes(), Codec.text());
    assertThatThrownBy(() -> raw.put(new byte[0], "v"))
        .isInstanceOf(IllegalArgumentException.class);
    assertUnharmed();
  }

  @Test
  void anUnpairedSurrogateInAKeyIsRefusedByEveryVerb() {
    for (ThrowingCallable verb : verbs("a\ud83db")) {
      assertThatThrownBy(verb)
          .isInstanceOf(CodecException.class)
          .hasMessageContaining("unpaired surrogate at index 1");
    }
    assertUnharmed();
  }

  @Test
  void anUnpairedSurrogateInAValueIsRefusedByEveryWrite() {
    String value = "\ude00";
    List<ThrowingCallable> writes =
        List.of(
            () -> bucket.create("new", value),
            () -> bucket.update("k", value),
            () -> bucket.put("k", value),
            () -> bucket.compareAndSet("k", 1, value),
            () -> bucket.createAll(Map.of("new", value)),
            () -> bucket.putAll(Map.of("k", value)));
    for (ThrowingCallable write : writes) {
      assertThatThrownBy(write).isInstanceOf(CodecException.class);
    }
    assertUnharmed();
  }

  @Test
  void anUnpairedSurrogateInARangeIsRefused() {
    for (Range<String> range :
        List.of(
            Range.prefix("\ud83d"),
            Range.<String>all().from("\ud83d"),
            Range.<String>all().to("\ud83d"))) {
      assertThatThrownBy(() -> bucket.keys(range)).isInstanceOf(CodecException.class);
      assertThatThrownBy(() -> bucket.entries(range)).isInstanceOf(CodecException.class);
      assertThatThrownBy(() -> bucket.cursor(range)).isInstanceOf(CodecException.class);
      assertThatThrownBy(() -> bucket.count(range)).isInstanceOf(CodecException.class);
    }
    assertUnharmed();
  }

  @Test
  void aNegativeLimitIsRefused() {
    assertThatThrownBy(() -> bucket.keys(Range.<String>all().limit(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertUnharmed();
  }

  @Test
  void nothingInsteadOfAKeyIsRefusedByEveryVerb() {
    for (ThrowingCallable verb : verbs(ArgumentContract.<String>nothing())) {
      assertThatThrownBy(verb).isInstanceOf(NullPointerException.class);
    }
    assertUnharmed();
  }

  @Test
  void nothingInsteadOfAnythingElseIsRefusedByEveryVerb() {
    var calls = new ArrayList<ThrowingCallable>();
    calls.add(() -> bucket.create("new", ArgumentContract.<String>nothing()));
    calls.add(() -> bucket.put("k", ArgumentContract.<String>nothing()));
    calls.add(() -> bucket.update("k", ArgumentContract.<String>nothing()));
    calls.add(() -> bucket.compareAndSet("k", 1, ArgumentContract.<String>nothing()));
    calls.add(() -> bucket.put("k", "w", ArgumentContract.<Duration>nothing()));
    calls.add(() -> bucket.expire("k", ArgumentContract.<Duration>nothing()));
    calls.add(() -> bucket.expireAt("k", nothing()));
    calls.add(() -> bucket.createAll(ArgumentContract.<Map<String, String>>nothing()));
    calls.add(() -> bucket.putAll(ArgumentContract.<List<Item<String, String>>>nothing()));
    calls.add(() -> bucket.deleteAll(nothing()));
    calls.add(() -> bucket.keys(nothing()));
    calls.add(() -> bucket.cursor(nothing()));
    calls.add(() -> bucket.count(nothing()));
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call).isInstanceOf(NullPointerException.class);
    }
    assertUnharmed();
  }

  @Test
  void aCodecThatThrowsHarmsNothing() {
    Codec<String> broken =
        new Codec<>() {
          @Override
          public byte[] encode(String value) {
            if (value.equals("bad")) {
              throw new IllegalStateException("refused");
            }
            return Codec.text().encode(value);
          }

          @Override
          public String decode(byte[] bytes) {
            throw new IllegalStateException("refused");
          }
        };
    Bucket<String, String> odd = store.bucket("odd", broken, broken);
    assertThatThrownBy(() -> odd.put("bad", "v")).hasMessage("refused");
    assertThatThrownBy(() -> odd.put("good", "bad")).hasMessage("refused");
    odd.put("good", "v");
    assertThatThrownBy(() -> odd.get("good")).hasMessage("refused");
    assertThatThrownBy(odd::keys).hasMessage("refused");
    assertThatThrownBy(odd::first).hasMessage("refused");
    assertThat(odd.count()).isEqualTo(1);
    assertUnharmed();
  }
}
