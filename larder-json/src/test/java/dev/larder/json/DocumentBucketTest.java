package dev.larder.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.Bucket;
import dev.larder.Larder;
import dev.larder.Store;
import dev.larder.ValueTooLargeException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class DocumentBucketTest {
  private static final int VALUE_BYTES_MAX = 16 << 10;

  record Person(String name, int age, List<String> tags) {}

  private final Store store = Larder.inMemory();

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void documentsComeBackEqual() {
    Bucket<String, JsonNode> documents = Json.documents(store);
    JsonNode document =
        JsonNodeFactory.instance.objectNode().put("name", "Zo\u00EB").put("visits", 5L);
    documents.create("zoe", document);
    assertThat(documents.read("zoe")).isEqualTo(document);
    assertThat(store.bucketNames()).containsExactly("documents");
  }

  @Test
  void textsAreTheSameDocuments() {
    Json.texts(store).put("a", JsonText.parse("{ \"n\" : 1.10 }"));
    assertThat(Json.documents(store).read("a").get("n").decimalValue()).isEqualTo("1.10");
    Json.documents(store).put("b", JsonNodeFactory.instance.objectNode().put("n", 5L));
    assertThat(Json.texts(store).read("b")).hasToString("{\"n\":5}");
  }

  @Test
  void recordsHaveABucketOfTheirOwn() {
    Bucket<String, Person> people = Json.bucket(store, "people", Person.class);
    var grace = new Person("Grace", 36, List.of("navy"));
    people.create("grace", grace);
    assertThat(people.read("grace")).isEqualTo(grace);
    assertThat(people.name()).isEqualTo("people");
  }

  @Test
  void theLimitCountsTheBytesThatAreStored() {
    for (String character : List.of("x", "\u00E9", "\u20AC", "\uD83D\uDE00", "\n", "\"")) {
      int size = Json.tree().encode(JsonNodeFactory.instance.stringNode(character)).length - 2;
      int count = (VALUE_BYTES_MAX - 2) / size;
      JsonNode fits =
          JsonNodeFactory.instance.stringNode(
              character.repeat(count) + "x".repeat(VALUE_BYTES_MAX - 2 - count * size));
      JsonNode tooLarge = JsonNodeFactory.instance.stringNode(fits.stringValue() + "x");

      Json.documents(store).put("k", fits);
      assertThat(Json.documents(store).read("k")).isEqualTo(fits);
      assertThat(Json.texts(store).read("k").utf8()).hasSize(VALUE_BYTES_MAX);
      assertThatThrownBy(() -> Json.documents(store).put("k", tooLarge))
          .isInstanceOfSatisfying(
              ValueTooLargeException.class,
              e -> {
                assertThat(e.size()).isEqualTo(VALUE_BYTES_MAX + 1);
                assertThat(e.limit()).isEqualTo(VALUE_BYTES_MAX);
              });
      assertThat(Json.documents(store).read("k")).isEqualTo(fits);
    }
  }

  @Test
  void theLimitCountsTextWithoutItsWhitespace() {
    String json = "[" + " ".repeat(20_000) + "\"" + "\u20AC".repeat(5_460) + "\"]";
    Json.texts(store).put("k", JsonText.parse(json));
    assertThat(Json.texts(store).read("k").utf8()).hasSize(16_384);
    JsonText tooLarge = JsonText.parse(json.replace("\"]", ".\"]"));
    assertThatThrownBy(() -> Json.texts(store).put("k", tooLarge))
        .isInstanceOf(ValueTooLargeException.class);
  }

  @Test
  void whatIsRefusedChangesNothing() {
    Bucket<String, JsonNode> documents = Json.documents(store);
    documents.put("k", JsonNodeFactory.instance.numberNode(1));
    assertThatThrownBy(() -> documents.put("k", JsonNodeFactory.instance.numberNode(Double.NaN)))
        .isInstanceOf(JsonException.class);
    assertThat(documents.read("k").intValue()).isEqualTo(1);
  }

  @Test
  void bytesThatAreNoJsonSayWhereTheyAreWrong() {
    store
        .bucket(Json.DOCUMENTS, dev.larder.Codec.text(), dev.larder.Codec.bytes())
        .put("k", "{\"a\": }".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> Json.documents(store).read("k"))
        .hasMessage("no JSON: unexpected character '}' at line 1, column 7; a value was expected");
    assertThatThrownBy(() -> Json.bucket(store, Json.DOCUMENTS, Person.class).read("k"))
        .isInstanceOf(JsonException.class);
  }
}
