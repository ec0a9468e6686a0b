package dev.larder.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.larder.Codec;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TypedRefusalTest {
  enum Color {
    RED
  }

  record Address(String street, List<String> lines) {
    Address {
      if ("nowhere".equals(street)) {
        throw new IllegalArgumentException("no such street");
      }
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // an array is one more thing that may not fit
  record Person(
      String name,
      int age,
      boolean admin,
      double score,
      float part,
      Double maybe,
      Address address,
      List<Address> former,
      Color color,
      Map<Color, Integer> counts,
      Instant since,
      Duration lasts,
      Optional<Integer> level,
      BigDecimal price,
      BigInteger count,
      long[] marks,
      double[] weights,
      byte[] photo,
      Path home,
      Number any,
      Map<String, Object> data,
      JsonNode tree) {}

  interface Animal {}

  record Cat(int lives) implements Animal {}

  record Owner(Animal pet) {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
  sealed interface Shape permits Circle {}

  record Circle(double radius) implements Shape {}

  public static class Base {
    public int a;
  }

  public static class Derived extends Base {
    public int b;
  }

  public static class SameMembers extends Base {}

  public static class Unmakeable {
    public final int a;

    public Unmakeable(int a, int b) {
      this.a = a + b;
    }
  }

  public static class Node {
    public Node next;
  }

  record Thrower(int a) {
    @Override
    public int a() {
      throw new IllegalStateException("not today");
    }
  }

  private static JsonException refused(Codec<?> codec, String json) {
    return catchThrowableOfType(
        JsonException.class, () -> codec.decode(json.getBytes(StandardCharsets.UTF_8)));
  }

  private static <T> JsonException refused(Codec<T> codec, T value) {
    JsonException e = catchThrowableOfType(JsonException.class, () -> codec.encode(value));
    assertThat(e.line()).isZero();
    assertThat(e.column()).isZero();
    return e;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"age\":\"12\"}                 | 8  | .age is no int (found text)",
        "{\"age\":1.0}                    | 8  | .age is no int (found a number)",
        "{\"age\":2147483648}             | 8  | .age is no int (found a number)",
        "{\"age\":null}                   | 8  | .age is no int (found null)",
        "{\"age\":true}                   | 8  | .age is no int (found true)",
        "{\"age\":\"\"}                   | 8  | .age is no int (found text)",
        "{\"age\":[1]}                    | 8  | .age is no int (found an array)",
        "{\"name\":12}                    | 9  | .name is no text (found a number)",
        "{\"name\":1.5}                   | 9  | .name is no text (found a number)",
        "{\"name\":false}                 | 9  | .name is no text (found false)",
        "{\"name\":{}}                    | 9  | .name is no text (found an object)",
        "{\"admin\":1}                    | 10 | .admin is no boolean (found a number)",
        "{\"admin\":\"true\"}             | 10 | .admin is no boolean (found text)",
        "{\"score\":\"1\"}                | 10 | .score is no double (found text)",
        "{\"score\":\"NaN\"}              | 10 | .score is no double (found text)",
        "{\"score\":1e400}                | 10 | .score is a number that is out of range",
        "{\"part\":1e39}                  | 9  | .part is a number that is out of range",
        "{\"maybe\":-1e309}               | 10 | .maybe is a number that is out of range",
        "{\"weights\":[1,1e309]}          | 15 | .weights[1] is a number that is out of range",
        "{\"nick\":1}                     | 2  | .nick is unknown",
        "{\"address\":{\"city\":\"x\"}}   | 13 | .address.city is unknown",
        "{\"address\":{\"lines\":[\"a\",2]}} | 26 | .address.lines[1] is no text (found a number)",
        "{\"address\":{\"lines\":{}}}     | 21 | .address.lines is no list (found an object)",
        "{\"address\":\"\"}               | 12 | .address is no Address (found text)",
        "{\"address\":{\"street\":\"nowhere\"}} | 12 | .address is refused"
            + " (IllegalArgumentException)",
        "{\"former\":[{},{\"street\":[]}]} | 25 | .former[1].street is no text (found an array)",
        "{\"color\":\"GREEN\"}            | 10 | .color is no Color (found text)",
        "{\"color\":0}                    | 10 | .color is no Color (found a number)",
        "{\"color\":\"\"}                 | 10 | .color is no Color (found text)",
        "{\"counts\":{\"BLUE\":1}}        | 11 | a name in .counts is no Color",
        "{\"counts\":{\"RED\":\"1\"}}     | 18 | .counts.RED is no Integer (found text)",
        "{\"counts\":[]}                  | 11 | .counts is no map (found an array)",
        "{\"since\":\"yesterday\"}        | 10 | .since is no Instant (found text)",
        "{\"since\":\"\"}                 | 10 | .since is no Instant (found text)",
        "{\"lasts\":\"1h\"}               | 10 | .lasts is no Duration (found text)",
        "{\"level\":\"1\"}                | 10 | .level is no Integer (found text)",
        "{\"price\":\"1.5\"}              | 10 | .price is no BigDecimal (found text)",
        "{\"price\":1e99999999999}        | 10 | .price is a number that is out of range",
        "{\"count\":1.5}                  | 10 | .count is no BigInteger (found a number)",
        "{\"marks\":{}}                   | 10 | .marks is no long[] (found an object)",
        "{\"photo\":\"?\"}                | 10 | .photo is no byte[] (found text)",
        "{\"home\":\"a\\u0000\"}          | 9  | .home is no Path (found text)",
        "{\"home\":5}                     | 9  | .home is no Path (found a number)",
        "{\"any\":\"5\"}                  | 8  | .any is no Number (found text)",
        "{\"data\":{\"a b\":[1e99999999999]}} | 17 | .data[\"a b\"][0] is a number whose exponent"
            + " is out of range",
        "{\"tree\":[0,1e99999999999]}     | 12 | .tree[1] is a number whose exponent is out of"
            + " range",
        "{\"weights\":[1,\"NaN\"]}        | 15 | .weights[1] is no double (found text)",
        "{\"weights\":\"NaN\"}            | 12 | .weights is no double[] (found text)",
        "[]                               | 1  | the value is no Person (found an array)",
        "\"\"                             | 1  | the value is no Person (found text)",
        "null                             | 1  | the value is null",
      })
  void saysWhichMemberDoesNotFitAndWhere(String json, int column, String reason) {
    JsonException e = refused(Json.of(Person.class), json);
    assertThat(e)
        .hasMessage(
            "the JSON does not fit Person: %s at line 1, column %d".formatted(reason, column));
    assertThat(e.line()).isEqualTo(1);
    assertThat(e.column()).isEqualTo(column);
  }

  @Test
  void countsLines() {
    JsonException e =
        refused(Json.of(Person.class), "{\n  \"name\": \"\u20AC\", \"age\": \"x\"\n}");
    assertThat(e.line()).isEqualTo(2);
    assertThat(e.column()).isEqualTo(23);
  }

  @Test
  void whatIsNoJsonIsNoJsonWhateverTheType() {
    for (Codec<?> codec : List.of(Json.of(Person.class), Json.of(Object.class), Json.tree())) {
      assertThat(refused(codec, "{\"age\":}"))
          .hasMessage(
              "no JSON: unexpected character '}' at line 1, column 8; a value was expected");
      assertThat(refused(codec, "{} {}"))
          .hasMessage(
              "no JSON: unexpected character '{' at line 1, column 4; the value was complete");
      assertThat(refused(codec, "{\"age\":1,\"age\":2}"))
          .hasMessage("no JSON: the name \"age\" stands twice in one object at line 1, column 10");
      assertThat(refused(codec, ""))
          .hasMessage("no JSON: unexpected end at line 1, column 1; a value was expected");
      assertThat(refused(codec, "\uFEFF{}").getMessage())
          .startsWith("no JSON: unexpected character");
    }
  }

  @Test
  void keepsTheExceptionOfTheTypeAsTheCauseAndNoOther() {
    assertThat(refused(Json.of(Address.class), "{\"street\":\"nowhere\"}"))
        .hasMessage(
            "the JSON does not fit Address: the value is refused (IllegalArgumentException)"
                + " at line 1, column 1")
        .hasCauseExactlyInstanceOf(IllegalArgumentException.class);
    assertThat(refused(Json.of(Person.class), "{\"age\":\"secret\"}")).hasNoCause();
    assertThat(refused(Json.of(Person.class), "{\"price\":1e99999999999}")).hasNoCause();
    assertThat(refused(Json.of(Thrower.class), new Thrower(1)))
        .hasMessage("Thrower cannot be stored as JSON: .a threw IllegalStateException")
        .hasCauseExactlyInstanceOf(IllegalStateException.class);
  }

  @Test
  void namesGenericTypes() {
    assertThat(
            refused(Json.of(new TypeReference<Map<String, List<Integer>>>() {}), "{\"a\":[true]}"))
        .hasMessage(
            "the JSON does not fit Map<String, List<Integer>>: .a[0] is no Integer (found true)"
                + " at line 1, column 7");
    assertThat(refused(Json.of(int[].class), "[1,\"2\"]").getMessage())
        .startsWith("the JSON does not fit int[]: ");
  }

  @Test
  void saysThatASubtypeIsNotNamed() {
    assertThat(refused(Json.of(Shape.class), "{\"radius\":1}"))
        .hasMessage(
            "the JSON does not fit Shape: the value does not say which Shape it is"
                + " at line 1, column 1");
    assertThat(refused(Json.of(Shape.class), "{\"@type\":\"Square\"}"))
        .hasMessageContaining("does not say which Shape it is");
  }

  @Test
  void refusesNumbersThatJsonDoesNotHave() {
    assertThat(refused(Json.of(Circle.class), new Circle(Double.NaN)))
        .hasMessage("Circle cannot be stored as JSON: .radius is NaN, and JSON has no such number");
    assertThat(refused(Json.of(double[].class), new double[] {1, Double.NEGATIVE_INFINITY}))
        .hasMessage(
            "double[] cannot be stored as JSON: [1] is -Infinity, and JSON has no such number");
    assertThat(refused(Json.of(float[].class), new float[] {Float.NaN}))
        .hasMessage("float[] cannot be stored as JSON: [0] is NaN, and JSON has no such number");
    assertThat(
            refused(
                Json.of(new TypeReference<Map<String, Object>>() {}),
                Map.of("a", List.of(1, Map.of("b", Float.POSITIVE_INFINITY)))))
        .hasMessage(
            "Map<String, Object> cannot be stored as JSON: .a[1].b is Infinity, and JSON has no"
                + " such number");
  }

  @Test
  void refusesTextWithHalfASurrogatePair() {
    assertThat(refused(Json.of(Address.class), new Address("x", Arrays.asList(null, "ab\uD800"))))
        .hasMessage(
            "Address cannot be stored as JSON: .lines[1] has an unpaired surrogate at index 2");
    assertThat(refused(Json.of(new TypeReference<Map<String, Integer>>() {}), Map.of("\uDC00", 1)))
        .hasMessage(
            "Map<String, Integer> cannot be stored as JSON: a name in the value has an unpaired"
                + " surrogate at index 0");
    assertThat(refused(Json.of(char[].class), new char[] {'\uD800'}))
        .hasMessageContaining("has an unpaired surrogate at index 0");
    assertThat(refused(Json.of(String[].class), new String[] {null, "\uD800"}))
        .hasMessageContaining("[1] has an unpaired surrogate at index 0");
  }

  @Test
  void refusesWhatAnOpenTypeWouldTurnIntoSomethingElse() {
    Codec<Map<String, Object>> codec = Json.of(new TypeReference<>() {});
    assertThat(refused(codec, Map.of("when", Instant.EPOCH)))
        .hasMessage(
            "Map<String, Object> cannot be stored as JSON: .when is of class Instant, which JSON"
                + " does not tell: declare its type");
    assertThat(refused(codec, Map.of("a", List.of(new Cat(9)))))
        .hasMessageContaining(".a[0] is of class Cat");
    assertThat(refused(codec, Map.of("a", Map.of(1, 2))))
        .hasMessageContaining("a key in .a is of class Integer");
    Map<String, Object> nullKey = new HashMap<>();
    nullKey.put(null, 1);
    assertThat(refused(codec, nullKey)).hasMessageContaining("Null key");
    assertThat(refused(Json.of(Number.class), new AtomicLong(1)))
        .hasMessageContaining("the value is of class AtomicLong");
    assertThat(refused(Json.of(Object.class), new Object()))
        .hasMessageContaining("of class Object");
  }

  @Test
  void refusesWhatCouldNotBeReadAgain() {
    assertThat(refused(Json.of(Unmakeable.class), new Unmakeable(1, 2)))
        .hasMessageStartingWith("Unmakeable cannot be stored, it could not be read again: ")
        .hasMessageContaining("Jackson has no way to make a Unmakeable");
    assertThat(refused(Json.of(Owner.class), new Owner(new Cat(9))))
        .hasMessageContaining(".pet cannot be read, Jackson has no way to make a Animal");
    assertThat(refused(Json.of(new TypeReference<List<Base>>() {}), List.of(new Derived())))
        .hasMessageContaining("could not be read again")
        .hasMessageContaining("[0].b is unknown");
    assertThat(
            refused(
                Json.of(new TypeReference<Map<String, List<Base>>>() {}),
                Map.of("m", List.of(new Derived()))))
        .hasMessageContaining(".m[0].b is unknown");
    assertThat(refused(Json.of(new TypeReference<Optional<Base>>() {}), Optional.of(new Derived())))
        .hasMessageContaining(".b is unknown");
    assertThat(refused(Json.of(Base[].class), new Base[] {new Derived()}))
        .hasMessageContaining("[0].b is unknown");
    assertThat(refused(Json.of(Base.class), new Derived())).hasMessageContaining(".b is unknown");
    assertThat(refused(Json.of(Base.class), new SameMembers()))
        .hasMessage("Base cannot be stored: a SameMembers would come back as a Base");
  }

  @Test
  void refusesCyclesAndDepth() {
    var self = new Node();
    self.next = self;
    assertThat(refused(Json.of(Node.class), self))
        .hasMessageStartingWith("Node cannot be stored as JSON: .next");
    var one = new Node();
    one.next = new Node();
    one.next.next = one;
    assertThat(refused(Json.of(Node.class), one))
        .hasMessage(
            "Node cannot be stored as JSON: more than 500 objects and arrays inside each other, or"
                + " one inside itself");
  }

  @Test
  void refusesNamesThatBecomeTheSame() {
    Map<Object, Integer> map = new HashMap<>();
    map.put(1, 1);
    map.put("1", 2);
    assertThat(refused(Json.of(new TypeReference<Map<Object, Integer>>() {}), map))
        .hasMessageContaining("cannot be stored");
  }

  @Test
  void messagesAreOneLineAndShowNoValues() {
    for (String json :
        List.of(
            "{\"age\":\"secret\"}",
            "{\"since\":\"secret\"}",
            "{\"color\":\"secret\"}",
            "{\"photo\":\"secret!\"}",
            "{\"counts\":{\"secret\":1}}",
            "{\"home\":\"secret\\u0000\"}")) {
      JsonException e = refused(Json.of(Person.class), json);
      assertThat(e.getMessage()).doesNotContain("secret", "\n", "Source", "REDACTED");
    }
  }

  @Test
  void aMapperOfOnesOwnIsHeldToTheSameMessages() {
    Codec<Circle> codec = Json.of(JsonMapper.shared(), Circle.class);
    assertThat(refused(codec, "{\"@type\":\"Circle\",\"radius\":[]}"))
        .hasMessage(
            "the JSON does not fit Circle: .radius is no double (found an array)"
                + " at line 1, column 28");
    assertThat(refused(codec, "{\"radius\""))
        .hasMessage("no JSON: unexpected end at line 1, column 10; ':' was expected");
    assertThat(refused(codec, new Circle(Double.NaN))).hasMessageContaining(".radius is NaN");
    assertThat(refused(Json.of(JsonMapper.shared(), Base.class), new Derived()))
        .hasMessage("Base cannot be stored: a Derived would come back as a Base");
  }

  @Test
  void aMapperForAnotherFormatIsTheCallersMistake() {
    var other =
        new tools.jackson.databind.ObjectMapper(
            new tools.jackson.core.json.JsonFactory() {
              private static final long serialVersionUID = 1L;

              @Override
              public String getFormatName() {
                return "CBOR";
              }
            });
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Json.of(other, Circle.class))
        .withMessage("the mapper is for CBOR, not for JSON");
  }

  @Test
  void nullIsTheCallersMistake() {
    assertThatNullPointerException().isThrownBy(() -> Json.of(Circle.class).encode(null));
    assertThatNullPointerException().isThrownBy(() -> Json.tree().encode(null));
    assertThatNullPointerException().isThrownBy(() -> Json.text().encode(null));
  }
}
