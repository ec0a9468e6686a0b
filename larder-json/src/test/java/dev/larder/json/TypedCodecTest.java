package dev.larder.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.larder.Codec;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

class TypedCodecTest {
  enum Color {
    RED {
      @Override
      public String toString() {
        return "the red one";
      }
    },
    BLUE
  }

  record Address(String street, List<String> lines) {}

  record Person(
      String name,
      int age,
      Address address,
      List<Address> former,
      Map<String, Integer> scores,
      Optional<String> nick,
      Color color) {
    boolean isOld() {
      return age > 100;
    }

    public String getInitial() {
      return name.substring(0, 1);
    }
  }

  record Numbers(
      byte tiny,
      short small,
      int normal,
      long large,
      float single,
      double twice,
      Long boxed,
      BigDecimal decimal,
      BigInteger integer,
      Number any) {}

  record Times(
      Instant instant,
      LocalDate date,
      LocalTime time,
      LocalDateTime dateTime,
      OffsetDateTime offset,
      ZonedDateTime zoned,
      Duration duration,
      Period period,
      Year year,
      YearMonth month,
      ZoneId zone) {}

  record Assorted(
      UUID id,
      URI uri,
      Locale locale,
      Path path,
      char letter,
      Set<Color> colors,
      EnumMap<Color, Long> byColor,
      TreeMap<Integer, String> byNumber,
      OptionalInt maybe,
      JsonNode tree,
      Object any) {}

  record Box<T>(T value, List<T> more) {}

  record Nothing() {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
  sealed interface Shape {}

  record Circle(double radius, Object note) implements Shape {}

  record Square(int side) implements Shape {}

  /// A bean as it was written before there were records.
  public static class Account {
    private String owner = "";
    private long balance;
    private final List<String> entries = new ArrayList<>();

    public String getOwner() {
      return owner;
    }

    public void setOwner(String owner) {
      this.owner = owner;
    }

    public long getBalance() {
      return balance;
    }

    public void setBalance(long balance) {
      this.balance = balance;
    }

    public List<String> getEntries() {
      return entries;
    }

    public boolean isOverdrawn() {
      return balance < 0;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Account that
          && owner.equals(that.owner)
          && balance == that.balance
          && entries.equals(that.entries);
    }

    @Override
    public int hashCode() {
      return Objects.hash(owner, balance, entries);
    }
  }

  /// A class that cannot be changed once it is made.
  public static final class Point {
    private final int x;
    private final int y;

    @JsonCreator
    public Point(@JsonProperty("x") int x, @JsonProperty("y") int y) {
      this.x = x;
      this.y = y;
    }

    public int getX() {
      return x;
    }

    public int getY() {
      return y;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Point that && x == that.x && y == that.y;
    }

    @Override
    public int hashCode() {
      return Objects.hash(x, y);
    }
  }

  private static <T> String assertComesBack(Codec<T> codec, T value) {
    byte[] bytes = codec.encode(value);
    assertThat(codec.decode(bytes)).isEqualTo(value);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static <T> T read(Codec<T> codec, String json) {
    return codec.decode(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void recordsComeBackEqual() {
    var person =
        new Person(
            "Z\u00EB \uD83D\uDE00",
            36,
            new Address("1 Elm St", Arrays.asList("a", null)),
            List.of(new Address(null, List.of())),
            Map.of("", -1),
            Optional.of("z"),
            Color.RED);
    assertThat(assertComesBack(Json.of(Person.class), person))
        .isEqualTo(
            "{\"name\":\"Z\u00EB \uD83D\uDE00\",\"age\":36,"
                + "\"address\":{\"street\":\"1 Elm St\",\"lines\":[\"a\",null]},"
                + "\"former\":[{\"street\":null,\"lines\":[]}],"
                + "\"scores\":{\"\":-1},\"nick\":\"z\",\"color\":\"RED\"}");
    assertComesBack(
        Json.of(Person.class), new Person("x", 0, null, null, null, Optional.empty(), Color.BLUE));
    assertThat(assertComesBack(Json.of(Nothing.class), new Nothing())).isEqualTo("{}");
  }

  @Test
  void numbersComeBackEqual() {
    Codec<Numbers> codec = Json.of(Numbers.class);
    var samples = new Samples(new SplittableRandom(3));
    for (int i = 0; i < 3_000; i++) {
      JsonNode any = samples.number();
      assertComesBack(
          codec,
          new Numbers(
              (byte) i,
              (short) i,
              any.numberValue().intValue(),
              any.numberValue().longValue(),
              samples.anyFloat(),
              samples.anyDouble(),
              (long) i,
              samples.decimal(),
              samples.integer(200),
              any.numberValue()));
    }
  }

  @Test
  void timesComeBackEqualAndAreIsoText() {
    var times =
        new Times(
            Instant.parse("2026-01-02T03:04:05.123456789Z"),
            LocalDate.of(2024, 2, 29),
            LocalTime.of(1, 2),
            LocalDateTime.of(1999, 12, 31, 23, 59, 59, 1),
            OffsetDateTime.of(2026, 1, 2, 3, 4, 5, 6, ZoneOffset.ofHours(-7)),
            ZonedDateTime.of(2026, 7, 2, 3, 4, 5, 0, ZoneId.of("Europe/Zurich")),
            Duration.ofNanos(1_234_567_890_123L),
            Period.of(1, 2, 3),
            Year.of(1066),
            YearMonth.of(2026, 1),
            ZoneId.of("UTC"));
    assertThat(assertComesBack(Json.of(Times.class), times))
        .contains(
            "\"2026-01-02T03:04:05.123456789Z\"",
            "\"2024-02-29\"",
            "\"2026-07-02T03:04:05+02:00[Europe/Zurich]\"",
            "\"PT20M34.567890123S\"");
    assertComesBack(Json.of(Instant.class), Instant.MAX);
    assertComesBack(Json.of(Instant.class), Instant.MIN);
    for (String zone : List.of("Z", "UTC", "GMT+2", "+02:00", "Asia/Kolkata")) {
      assertComesBack(
          Json.of(ZonedDateTime.class), ZonedDateTime.of(2026, 7, 2, 3, 4, 5, 0, ZoneId.of(zone)));
    }
  }

  @Test
  void whateverElseComesBackEqual() {
    assertComesBack(
        Json.of(Assorted.class),
        new Assorted(
            new UUID(1, 2),
            URI.create("https://example.org/?q=%20"),
            Locale.of("de", "CH"),
            Path.of("relative path", "\u00E9"),
            '\u00E9',
            Set.of(Color.BLUE, Color.RED),
            new EnumMap<>(Map.of(Color.RED, 5L)),
            new TreeMap<>(Map.of(5, "five")),
            OptionalInt.of(3),
            JsonNodeFactory.instance.objectNode().put("l", 5L).put("d", new BigDecimal("1.5")),
            List.of(5L, Map.of("f", 1.5f))));
  }

  @Test
  void beansComeBackEqualWithoutWhatTheyCompute() {
    var account = new Account();
    account.setOwner("o");
    account.setBalance(-5);
    account.getEntries().add("first");
    assertThat(assertComesBack(Json.of(Account.class), account)).doesNotContain("overdrawn");
    assertComesBack(Json.of(Point.class), new Point(3, -4));
  }

  @Test
  void genericTypesComeBackEqual() {
    assertComesBack(
        Json.of(new TypeReference<Map<String, List<Address>>>() {}),
        Map.of("a", List.of(new Address("s", List.of()))));
    assertComesBack(Json.of(new TypeReference<Box<Long>>() {}), new Box<>(5L, List.of(6L)));
    assertComesBack(
        Json.of(new TypeReference<Map<Color, Set<Instant>>>() {}),
        Map.of(Color.RED, Set.of(Instant.EPOCH)));
    assertComesBack(Json.of(new TypeReference<Optional<Address>>() {}), Optional.empty());
    assertComesBack(
        Json.of(new TypeReference<List<Shape>>() {}),
        List.of(new Circle(1.5, new BigDecimal("0.5")), new Square(2)));
    assertComesBack(Json.of(Shape.class), new Circle(0, List.of(5L)));
  }

  @Test
  void declaredTypesNeedNoTabs() {
    assertThat(
            assertComesBack(Json.of(new TypeReference<Box<Long>>() {}), new Box<>(5L, List.of(6L))))
        .isEqualTo("{\"value\":5,\"more\":[6]}");
    assertThat(
            assertComesBack(
                Json.of(new TypeReference<Map<String, BigDecimal>>() {}),
                Map.of("a", new BigDecimal("1.5"))))
        .isEqualTo("{\"a\":1.5}");
  }

  @Test
  void openTypesComeBackWithTheClassesOfTheirNumbers() {
    var numbers =
        List.<Object>of(
            1,
            2L,
            3L << 40,
            (short) 4,
            (byte) 5,
            6.5f,
            7.5,
            8.0,
            new BigDecimal("9.5"),
            new BigDecimal("9.50"),
            new BigDecimal("10"),
            BigInteger.TWO,
            BigInteger.TWO.pow(90));
    Map<String, Object> map = Map.of("n", numbers, "t", "x", "b", true, "m", Map.of("l", 5L));
    assertComesBack(Json.of(new TypeReference<Map<String, Object>>() {}), map);
    assertComesBack(Json.of(Object.class), map);
    assertComesBack(Json.of(List.class), numbers);
    assertComesBack(Json.of(Number.class), 5L);
    assertComesBack(Json.of(new TypeReference<Map<Integer, Object>>() {}), Map.of(1, 5L));
    assertComesBack(Json.of(new TypeReference<Set<Object>>() {}), Set.of(5L, 6));
    assertComesBack(Json.of(new TypeReference<List<Number>>() {}), List.of(5L, 6, 1.5f));
    assertComesBack(Json.of(new TypeReference<Optional<Object>>() {}), Optional.of(5L));
    assertComesBack(Json.of(new TypeReference<Box<Object>>() {}), new Box<>(5L, List.of(6L, "x")));
    assertComesBack(
        Json.of(new TypeReference<Map<String, List<Map<String, Object>>>>() {}),
        Map.of("a", List.of(Map.of("b", 5L))));
    assertThat(Json.of(Object[].class).decode(Json.of(Object[].class).encode(new Object[] {5L, 1})))
        .containsExactly(5L, 1);
  }

  @Test
  void trees() {
    assertComesBack(Json.of(JsonNode.class), NullNode.instance);
    assertComesBack(Json.of(ObjectNode.class), JsonNodeFactory.instance.objectNode().put("a", 5L));
    assertThat(Json.of(JsonText.class)).isSameAs(Json.text());
  }

  @Test
  void nullIsNoNodeInARecordAndTheJsonNullIs() {
    Codec<Box<JsonNode>> codec = Json.of(new TypeReference<Box<JsonNode>>() {});
    record Holder(String id, JsonNode tree) {}
    assertThat(assertComesBack(Json.of(Holder.class), new Holder("x", null)))
        .isEqualTo("{\"id\":\"x\"}");
    assertThat(assertComesBack(Json.of(Holder.class), new Holder("x", NullNode.instance)))
        .isEqualTo("{\"id\":\"x\",\"tree\":null}");
    assertComesBack(codec, new Box<>(NullNode.instance, List.of(NullNode.instance)));
  }

  @Test
  void aMemberThatIsMissingIsNullZeroOrEmpty() {
    assertThat(read(Json.of(Person.class), "{\"name\":\"x\"}"))
        .isEqualTo(new Person("x", 0, null, null, null, Optional.empty(), null));
  }

  @Test
  void anIntegerFitsADouble() {
    assertThat(read(Json.of(Circle.class), "{\"@type\":\"Circle\",\"radius\":5}"))
        .isEqualTo(new Circle(5.0, null));
  }

  @Test
  void oneCodecReadsWhatAnotherWrote() {
    var box = new Box<Object>(5L, List.of("x", new BigDecimal("0.5")));
    byte[] bytes = Json.of(new TypeReference<Box<Object>>() {}).encode(box);
    assertThat(Json.tree().decode(bytes).get("value"))
        .isEqualTo(JsonNodeFactory.instance.numberNode(5L));
    assertThat(Json.text().decode(bytes)).hasToString("{\"value\":5,\"more\":[\"x\",0.5]}");
    assertThat(Json.of(new TypeReference<Map<String, Object>>() {}).decode(bytes))
        .isEqualTo(Map.of("value", 5L, "more", List.of("x", new BigDecimal("0.5"))));
  }

  @Test
  void aMapperOfOnesOwnRules() {
    JsonMapper mapper =
        JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.UPPER_CAMEL_CASE)
            .build();
    Codec<Point> codec = Json.of(mapper, Point.class);
    Codec<List<Address>> list = Json.of(mapper, new TypeReference<List<Address>>() {});
    assertThat(assertComesBack(codec, new Point(1, 2))).contains("\"x\":1");
    assertThat(assertComesBack(list, List.of(new Address("s", List.of()))))
        .isEqualTo("[{\"Street\":\"s\",\"Lines\":[]}]");
    assertThat(read(list, "[{\"Street\":\"s\",\"Unknown\":1}]"))
        .containsExactly(new Address("s", null));
  }

  @Test
  void manyThreadsUseOneCodec() throws Exception {
    Codec<Numbers> typed = Json.of(Numbers.class);
    try (var threads = Executors.newFixedThreadPool(4)) {
      var tasks = new ArrayList<Callable<Void>>();
      for (int t = 0; t < 4; t++) {
        long seed = t;
        tasks.add(() -> {
          var samples = new Samples(new SplittableRandom(seed));
          for (int i = 0; i < 300; i++) {
            JsonNode tree = samples.tree(3);
            assertThat(Json.tree().decode(Json.tree().encode(tree))).isEqualTo(tree);
            assertComesBack(
                typed,
                new Numbers(
                    (byte) 1,
                    (short) 2,
                    i,
                    4,
                    5,
                    6,
                    7L,
                    samples.decimal(),
                    samples.integer(9),
                    samples.number().numberValue()));
          }
          return null;
        });
      }
      for (var result : threads.invokeAll(tasks)) {
        result.get();
      }
    }
  }
}
