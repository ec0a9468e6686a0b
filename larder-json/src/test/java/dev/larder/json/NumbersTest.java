package dev.larder.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.DecimalNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.IntNode;

class NumbersTest {
  private static JsonNode read(String json) {
    return Json.tree().decode(json.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource({
    "5,IntNode",
    "-0,IntNode",
    "2147483647,IntNode",
    "2147483648,LongNode",
    "-2147483648,IntNode",
    "-2147483649,LongNode",
    "9223372036854775807,LongNode",
    "9223372036854775808,BigIntegerNode",
    "-9223372036854775808,LongNode",
    "-9223372036854775809,BigIntegerNode",
    "0.0,DoubleNode",
    "-0.0,DoubleNode",
    "0.1,DoubleNode",
    "98.25,DoubleNode",
    "1.0E10,DoubleNode",
    "4.9E-324,DoubleNode",
    "1.7976931348623157E308,DoubleNode",
    "0.1000000000000000055,DecimalNode",
    "1.10,DecimalNode",
    "0.00,DecimalNode",
    "1e2,DecimalNode",
    "1.0e10,DecimalNode",
    "1.0E+10,DecimalNode",
    "10000000.5,DecimalNode",
    "0.0001,DecimalNode",
    "1e400,DecimalNode",
    "12345678901234567890.123456789,DecimalNode",
  })
  void theTextDecidesTheClass(String json, String nodeClass) {
    JsonNode node = read(json);
    assertThat(node.getClass().getSimpleName()).isEqualTo(nodeClass);
    assertThat(node.decimalValue()).isEqualByComparingTo(json);
  }

  @ParameterizedTest
  @CsvSource({
    "5#,LongNode",
    "5##,BigIntegerNode",
    "5###,DecimalNode",
    "5####,ShortNode",
    "5#####,IntNode",
    "1.5#,DecimalNode",
    "1.5##,FloatNode",
  })
  void tabsDecideTheClassWhereTheTextDoesNot(String json, String nodeClass) {
    JsonNode node = read(json.replace('#', '\t'));
    assertThat(node.getClass().getSimpleName()).isEqualTo(nodeClass);
    JsonNode element = read("[1,{\"a\":" + json.replace('#', '\t') + ",\"b\":1}]");
    assertThat(element.get(1).get("a")).isEqualTo(node);
    assertThat(element.get(0)).isEqualTo(IntNode.valueOf(1));
    assertThat(element.get(1).get("b")).isEqualTo(IntNode.valueOf(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "70000####",
        "5######",
        "1.5###",
        "1e39##",
        "9223372036854775808#",
        "9223372036854775808####",
        " #5",
        "#5 #",
        "5\n#",
      })
  void tabsThatDoNotFitAreWhitespace(String json) {
    assertThat(read(json.replace('#', '\t'))).isEqualTo(read(json.replace("#", "")));
  }

  @Test
  void theShortWayToADoubleAgreesWithTheLongOne() {
    var random = new SplittableRandom(11);
    for (int i = 0; i < 100_000; i++) {
      String digits = Long.toString(random.nextLong(1, 1L << random.nextInt(1, 63)));
      int point = random.nextInt(0, digits.length() + 1);
      String text =
          (random.nextBoolean() ? "-" : "")
              + (point == 0 ? "0" : digits.substring(0, point))
              + "."
              + "0".repeat(random.nextInt(3))
              + (point == digits.length() ? "0" : digits.substring(point));
      double number = Double.parseDouble(text);
      JsonNode expected =
          Double.toString(number).equals(text)
              ? DoubleNode.valueOf(number)
              : DecimalNode.valueOf(new BigDecimal(text));
      assertThat(read(text)).as(text).isEqualTo(expected);
    }
  }

  @Test
  void everyDoubleAndFloatIsReadFromItsOwnText() {
    var samples = new Samples(new SplittableRandom(13));
    for (int i = 0; i < 30_000; i++) {
      double number = samples.anyDouble();
      assertThat(read(Double.toString(number))).isEqualTo(DoubleNode.valueOf(number));
      Float small = samples.anyFloat();
      assertThat(
              Json.of(Float.class).decode(Float.toString(small).getBytes(StandardCharsets.UTF_8)))
          .isEqualTo(small);
    }
  }
}
