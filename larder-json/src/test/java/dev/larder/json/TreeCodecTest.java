package dev.larder.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.BigIntegerNode;
import tools.jackson.databind.node.DecimalNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.FloatNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

class TreeCodecTest {
  private static String stored(JsonNode tree) {
    return new String(Json.tree().encode(tree), StandardCharsets.UTF_8);
  }

  private static JsonNode read(String json) {
    return Json.tree().decode(json.getBytes(StandardCharsets.UTF_8));
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  @Test
  void storesOneLineInTheOrderOfTheMembers() {
    JsonNode tree =
        JsonMapper.shared()
            .readTree("{ \"z\" : [ 1, 2.5, null ],\n \"a\" : { \"b\" : \"\\u00e9\" } }");
    assertThat(stored(tree)).isEqualTo("{\"z\":[1,2.5,null],\"a\":{\"b\":\"\u00E9\"}}");
    assertThat(read(stored(tree))).isEqualTo(tree);
  }

  @Test
  void aTreeBuiltByHandComesBackEqual() {
    ObjectNode tree =
        object()
            .put("int", 5)
            .put("long", 5L)
            .put("large", 1L << 40)
            .put("short", (short) 5)
            .put("float", 1.1f)
            .put("double", 1.1)
            .put("whole", 5.0)
            .put("minus zero", -0.0)
            .put("big", BigInteger.TWO)
            .put("bigger", BigInteger.TWO.pow(200))
            .put("price", new BigDecimal("19.99"))
            .put("rate", new BigDecimal("1.10"))
            .put("count", new BigDecimal("7"))
            .put("thousand", new BigDecimal("1E+3"))
            .put("text", "\u0000\u001F\"\\/\u2028\uFFFF\uD83D\uDE00")
            .put("yes", true)
            .putNull("none");
    tree.putArray("list").addObject().putObject("");
    assertThat(read(stored(tree))).isEqualTo(tree);
  }

  @Test
  void marksOnlyNumbersWhoseTextDoesNotTellTheirClass() {
    assertThat(
            stored(
                object()
                    .put("a", 5)
                    .put("b", 1L << 40)
                    .put("c", 1.5)
                    .put("d", new BigDecimal("1.50"))))
        .isEqualTo("{\"a\":5,\"b\":1099511627776,\"c\":1.5,\"d\":1.50}");
    assertThat(stored(object().put("a", 5L).put("b", new BigDecimal("1.5")).put("c", 1.5f)))
        .isEqualTo("{\"a\":5\t,\"b\":1.5\t,\"c\":1.5\t\t}");
  }

  @Test
  void topLevelScalarsComeBackEqual() {
    for (JsonNode tree :
        new JsonNode[] {
          NullNode.instance,
          JsonNodeFactory.instance.stringNode(""),
          JsonNodeFactory.instance.booleanNode(false),
          JsonNodeFactory.instance.numberNode(5L),
          DecimalNode.valueOf(new BigDecimal("0.5")),
        }) {
      assertThat(read(stored(tree))).isEqualTo(tree);
    }
  }

  @Test
  void readsWhatOthersWroteWithWhitespace() {
    JsonNode tree = JsonMapper.shared().readTree("{\"a\":[1,2.5,{\"b\":[]}],\"c\":7}");
    assertThat(read(tree.toPrettyString())).isEqualTo(tree);
  }

  @Test
  void refusesNodesThatAreNoJson() {
    assertRefused(
        object().put("blob", new byte[] {1}),
        ".blob is a binary node, which would come back as text");
    assertRefused(
        JsonNodeFactory.instance.arrayNode().add(1).addPOJO(new Object()),
        "[1] is a POJONode, which would come back as another node");
    assertRefused(MissingNode.getInstance(), "the value is a missing node");
  }

  @Test
  void refusesNumbersThatJsonDoesNotHave() {
    assertRefused(DoubleNode.valueOf(Double.NaN), "the value is NaN, and JSON has no such number");
    assertRefused(
        object()
            .set("a", JsonNodeFactory.instance.arrayNode().add(1).add(Double.NEGATIVE_INFINITY)),
        ".a[1] is -Infinity, and JSON has no such number");
    assertRefused(
        object().set("odd name", FloatNode.valueOf(Float.POSITIVE_INFINITY)),
        "[\"odd name\"] is Infinity, and JSON has no such number");
  }

  @Test
  void refusesNumbersThatItWouldNotRead() {
    assertRefused(
        BigIntegerNode.valueOf(BigInteger.TEN.pow(1_000)),
        "the value is a number of more than 1,000 characters");
    assertRefused(
        BigIntegerNode.valueOf(BigInteger.ONE.shiftLeft(10_000_000)),
        "the value is a number of more than 1,000 characters");
    assertRefused(
        DecimalNode.valueOf(new BigDecimal(BigInteger.TEN.pow(1_000), 500)),
        "the value is a number of more than 1,000 characters");
    assertRefused(
        DecimalNode.valueOf(new BigDecimal(BigInteger.ONE, Integer.MIN_VALUE)),
        "the value is a number whose exponent is out of range");
  }

  @Test
  void numbersAtTheEdgesComeBackEqual() {
    for (BigDecimal number :
        new BigDecimal[] {
          new BigDecimal(BigInteger.ONE, 2_000_000_000),
          new BigDecimal(BigInteger.TEN, -2_000_000_000),
          new BigDecimal(BigInteger.TEN.pow(900), 450),
          new BigDecimal("0E+7"),
          new BigDecimal("0E-7"),
          new BigDecimal("-0.00"),
        }) {
      JsonNode tree = DecimalNode.valueOf(number);
      assertThat(read(stored(tree))).isEqualTo(tree);
    }
    JsonNode long999 =
        BigIntegerNode.valueOf(BigInteger.TEN.pow(999).subtract(BigInteger.ONE).negate());
    assertThat(read(stored(long999))).isEqualTo(long999);
  }

  @Test
  void refusesTextWithHalfASurrogatePair() {
    assertRefused(
        object().set("a", JsonNodeFactory.instance.arrayNode().add("x\uD800y")),
        ".a[0] has an unpaired surrogate at index 1");
    assertRefused(
        object().set("a", object().put("\uDE00\uD83D", 1)),
        "a name in .a has an unpaired surrogate at index 0");
    assertRefused(
        JsonNodeFactory.instance.stringNode("x".repeat(20_000) + "\uD800"),
        "the value has an unpaired surrogate at index 20000");
  }

  @Test
  void refusesMoreThanFiveHundredLevels() {
    JsonNode tree = JsonNodeFactory.instance.arrayNode();
    for (int i = 1; i < 500; i++) {
      tree = JsonNodeFactory.instance.arrayNode().add(tree);
    }
    assertThat(read(stored(tree)).toString()).isEqualTo(tree.toString());
    assertRefused(
        object().set("a", tree),
        "more than 500 objects and arrays inside each other, or one inside itself");
    ObjectNode cycle = object();
    cycle.set("self", cycle);
    assertThatThrownBy(() -> Json.tree().encode(cycle)).isInstanceOf(JsonException.class);
  }

  @Test
  void refusesBytesThatAreNoJson() {
    assertThatThrownBy(() -> read(""))
        .hasMessage("no JSON: unexpected end at line 1, column 1; a value was expected");
    assertThatThrownBy(() -> read("{\"a\":\n[1,2}"))
        .hasMessage(
            "no JSON: unexpected character '}' at line 2, column 5; ',' or ']' was expected");
    assertThatThrownBy(() -> read("1 2"))
        .hasMessage(
            "no JSON: unexpected character '2' at line 1, column 3; the value was complete");
    assertThatThrownBy(() -> read("{\"a\":1,\"b\":{\"c\":1,\"c\":2}}"))
        .hasMessage("no JSON: the name \"c\" stands twice in one object at line 1, column 19");
    assertThatThrownBy(() -> read("\uFEFF1"))
        .hasMessage(
            "no JSON: unexpected character U+FEFF at line 1, column 1; a value was expected");
  }

  private static void assertRefused(JsonNode tree, String reason) {
    JsonException e = catchThrowableOfType(JsonException.class, () -> Json.tree().encode(tree));
    assertThat(e).hasMessage("the tree cannot be stored as JSON: " + reason);
    assertThat(e.line()).isZero();
    assertThat(e.column()).isZero();
  }
}
