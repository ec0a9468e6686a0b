package dev.larder.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.Codec;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NumericNode;
import tools.jackson.databind.node.ObjectNode;

class RandomJsonTest {
  private static final int RUNS = 1_000;
  private static final JsonMapper PLAIN = JsonMapper.shared();
  private static final JsonMapper DECIMAL =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  /// Nodes of different classes are the same if they are the same number.
  private static final Comparator<JsonNode> BY_VALUE =
      (a, b) ->
          a instanceof NumericNode && b instanceof NumericNode
              ? decimal(a).compareTo(decimal(b))
              : a.equals(b) ? 0 : 1;

  private static BigDecimal decimal(JsonNode number) {
    return new BigDecimal(number.numberValue().toString()); // a float's own digits, not a double's
  }

  @Test
  void treesComeBackEqualWhateverTheyHold() {
    Codec<JsonNode> codec = Json.tree();
    for (long seed = 0; seed < RUNS; seed++) {
      JsonNode tree = new Samples(new SplittableRandom(seed)).tree(5);
      byte[] bytes = codec.encode(tree);
      assertThat(codec.decode(bytes)).as("seed %d", seed).isEqualTo(tree);
      // Others read the same document, and stored as text it is the same number for number.
      JsonText text = Json.text().decode(bytes);
      assertThat(DECIMAL.readTree(bytes).equals(BY_VALUE, tree)).as("seed %d", seed).isTrue();
      assertThat(text.toTree().equals(BY_VALUE, tree)).as("seed %d", seed).isTrue();
      assertThat(text.toString()).doesNotContain("\t");
    }
  }

  @Test
  void treesThatAMapperParsedComeBackEqualWithoutATab() {
    for (long seed = 0; seed < RUNS; seed++) {
      String json = new Samples(new SplittableRandom(seed)).spelled(5).compact();
      JsonNode tree = PLAIN.readTree(json);
      if (isFinite(tree)) {
        byte[] bytes = Json.tree().encode(tree);
        assertThat(Json.tree().decode(bytes)).as("seed %d", seed).isEqualTo(tree);
        assertThat(bytes).as("seed %d", seed).doesNotContain('\t');
      }
      JsonNode exact = DECIMAL.readTree(json);
      assertThat(Json.tree().decode(Json.tree().encode(exact)))
          .as("seed %d", seed)
          .isEqualTo(exact);
    }
  }

  private static boolean isFinite(JsonNode tree) {
    return tree.isContainer()
        ? tree.valueStream().allMatch(RandomJsonTest::isFinite)
        : !tree.isDouble() || Double.isFinite(tree.doubleValue());
  }

  @Test
  void treesInsideRecordsComeBackEqual() {
    record Holder(String id, JsonNode tree, ObjectNode object, ArrayNode array) {}
    Codec<Holder> codec = Json.of(Holder.class);
    for (long seed = 0; seed < RUNS; seed++) {
      var samples = new Samples(new SplittableRandom(seed));
      var holder =
          new Holder(
              samples.text(),
              samples.tree(3),
              JsonNodeFactory.instance.objectNode().set(samples.text(), samples.tree(2)),
              JsonNodeFactory.instance.arrayNode().add(samples.tree(2)));
      assertThat(codec.decode(codec.encode(holder))).as("seed %d", seed).isEqualTo(holder);
    }
  }

  @Test
  void untypedValuesComeBackEqualWithTheClassesOfTheirNumbers() {
    Codec<Object> codec = Json.of(Object.class);
    for (long seed = 0; seed < RUNS; seed++) {
      Object value = plain(new Samples(new SplittableRandom(seed)).tree(5));
      if (value != null) {
        assertThat(codec.decode(codec.encode(value))).as("seed %d", seed).isEqualTo(value);
      }
    }
  }

  private static Object plain(JsonNode tree) {
    return switch (tree.getNodeType()) {
      case NULL -> null;
      case BOOLEAN -> tree.booleanValue();
      case STRING -> tree.stringValue();
      case NUMBER -> tree.numberValue();
      case ARRAY -> {
        List<Object> list = new ArrayList<>();
        tree.forEach(element -> list.add(plain(element)));
        yield list;
      }
      default -> {
        Map<String, Object> map = new LinkedHashMap<>();
        tree.forEachEntry((name, member) -> map.put(name, plain(member)));
        yield map;
      }
    };
  }

  @Test
  void textKeepsEverySpellingAndMeansWhatJacksonReadsInIt() {
    for (long seed = 0; seed < RUNS; seed++) {
      Samples.Spelled spelled = new Samples(new SplittableRandom(seed)).spelled(5);
      JsonText text = JsonText.parse(spelled.text());
      assertThat(text.toString()).as("seed %d", seed).isEqualTo(spelled.compact());
      byte[] utf8 = spelled.text().getBytes(StandardCharsets.UTF_8);
      assertThat(JsonText.parse(utf8)).as("seed %d", seed).isEqualTo(text);
      assertThat(text.toTree().equals(BY_VALUE, DECIMAL.readTree(spelled.text())))
          .as("seed %d", seed)
          .isTrue();
    }
  }

  @Test
  void wideAndDeepTreesComeBackEqual() {
    var samples = new Samples(new SplittableRandom(7));
    ObjectNode wide = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < 5_000; i++) {
      wide.set(i + samples.text(), samples.number());
    }
    assertThat(Json.tree().decode(Json.tree().encode(wide))).isEqualTo(wide);
    JsonNode deep = IntNode.valueOf(1);
    for (int i = 0; i < 250; i++) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode().add(deep);
      deep = JsonNodeFactory.instance.objectNode().set("n", array);
    }
    assertThat(Json.tree().decode(Json.tree().encode(deep))).isEqualTo(deep);
  }

  @Test
  void textCrossesTheBuffersOfTheWriterUnharmed() {
    for (int length = 0; length < 9_000; length += 31) {
      String text = "x".repeat(length) + "\uD83D\uDE00\u20AC\u00E9".repeat(3);
      byte[] expected = ("{\"" + text + "\":\"" + text + "\"}").getBytes(StandardCharsets.UTF_8);
      assertThat(Json.tree().encode(JsonNodeFactory.instance.objectNode().put(text, text)))
          .isEqualTo(expected);
      assertThat(Json.of(Object.class).encode(Map.of(text, text))).isEqualTo(expected);
    }
  }
}
