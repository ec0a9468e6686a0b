package dev.larder.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.Codec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Bytes that were JSON before a few of them were changed.
class MutationTest {
  private static final int RUNS = 10_000;
  private static final byte[] TELLING =
      "{}[]\",:\\ \t\n0123456789.-+eEutrfalsn/\u0000\u001F\u007F".getBytes(StandardCharsets.UTF_8);

  record Part(String name, double weight, Optional<Integer> size) {}

  record Whole(
      int id, boolean on, List<Part> parts, Map<String, Object> data, Instant at, JsonNode tree) {}

  private static final String DOCUMENT =
      "{\"id\":12,\"on\":true,\"parts\":[{\"name\":\"caf\u00E9"
          + " \\u00e9\",\"weight\":1.5,\"size\":3}],\"data\":{\"l\":5"
          + "\t,\"d\":[1.50,null,\"\uD83D\uDE00\"]},\"at\":\"2026-01-02T03:04:05Z\","
          + "\"tree\":{\"a\":[-0.5e-7,{}]}}";

  private static byte[] mutate(byte[] bytes, RandomGenerator random) {
    byte[] mutated = bytes;
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      int at = random.nextInt(mutated.length + 1);
      int until = Math.min(mutated.length, at + random.nextInt(4));
      byte[] middle =
          switch (random.nextInt(5)) {
            case 0 -> new byte[0];
            case 1 -> new byte[] {TELLING[random.nextInt(TELLING.length)]};
            case 2 -> new byte[] {(byte) random.nextInt()};
            case 3 -> Arrays.copyOfRange(mutated, at, Math.min(mutated.length, at + 20));
            default -> {
              int from = random.nextInt(mutated.length);
              yield Arrays.copyOfRange(mutated, from, Math.min(mutated.length, from + 6));
            }
          };
      byte[] next = new byte[at + middle.length + mutated.length - until];
      System.arraycopy(mutated, 0, next, 0, at);
      System.arraycopy(middle, 0, next, at, middle.length);
      System.arraycopy(mutated, until, next, at + middle.length, mutated.length - until);
      mutated = next.length == 0 ? bytes : next;
    }
    return mutated;
  }

  private static <T> T decodeOrNull(Codec<T> codec, byte[] bytes, long seed) {
    try {
      return codec.decode(bytes);
    } catch (JsonException e) {
      assertThat(e.getMessage())
          .as("seed %d", seed)
          .doesNotContain("\n", "\r", "Source", "REDACTED");
      assertThat(e.line()).as("seed %d", seed).isPositive();
      assertThat(e.column()).as("seed %d", seed).isPositive();
      return null;
    }
  }

  @Test
  void onlyJsonExceptionsComeOutAndOurGrammarIsJacksons() {
    int valid = 0;
    for (long seed = 0; seed < RUNS; seed++) {
      var random = new SplittableRandom(seed);
      byte[] original =
          seed % 2 == 0
              ? DOCUMENT.getBytes(StandardCharsets.UTF_8)
              : new Samples(random).spelled(3).text().getBytes(StandardCharsets.UTF_8);
      byte[] bytes = mutate(original, random);

      JsonText text = decodeOrNull(Json.text(), bytes, seed);
      JsonNode tree = decodeOrNull(Json.tree(), bytes, seed);
      assertThat(tree != null).as("seed %d", seed).isEqualTo(text != null && isReadable(text));
      if (tree != null) {
        valid++;
        assertThat(JsonText.parse(text.toString())).as("seed %d", seed).isEqualTo(text);
        assertThat(JsonMapper.shared().readTree(bytes).size())
            .as("seed %d", seed)
            .isEqualTo(tree.size());
      }
    }
    assertThat(valid).isBetween(RUNS / 20, RUNS - RUNS / 20);
  }

  private static boolean isReadable(JsonText text) {
    try {
      text.toTree();
      return true;
    } catch (JsonException _) {
      return false;
    }
  }

  @Test
  void typedCodecsThrowNothingElseEither() {
    Codec<Whole> typed = Json.of(Whole.class);
    Codec<Map<String, Object>> map = Json.of(new TypeReference<>() {});
    Codec<Whole> own = Json.of(JsonMapper.shared(), Whole.class);
    byte[] original = DOCUMENT.getBytes(StandardCharsets.UTF_8);
    assertThat(typed.decode(original)).isNotNull();
    for (long seed = 0; seed < RUNS / 2; seed++) {
      byte[] bytes = mutate(original, new SplittableRandom(seed));
      decodeOrNull(own, bytes, seed);
      Whole whole = decodeOrNull(typed, bytes, seed);
      assertThat(decodeOrNull(map, bytes, seed) == null && whole != null)
          .as("seed %d", seed)
          .isFalse();
      if (whole != null && isStorable(typed, whole)) {
        assertThat(typed.decode(typed.encode(whole))).as("seed %d", seed).isEqualTo(whole);
      }
    }
  }

  /// An escape can spell half a surrogate pair, which is read and not stored.
  private static boolean isStorable(Codec<Whole> codec, Whole whole) {
    try {
      codec.encode(whole);
      return true;
    } catch (JsonException e) {
      assertThat(e).hasMessageContaining("surrogate");
      return false;
    }
  }
}
