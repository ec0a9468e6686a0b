/// JSON documents over Larder: as trees of Jackson's nodes, as records, beans, maps and lists, or
/// as text.
///
/// ```java
/// record Address(String street, String city) {}
///
/// record Person(String name, int age, Address address, List<String> tags) {}
///
/// try (Store store = Larder.open(Path.of("pantry"))) {
///   Bucket<String, Person> people = Json.bucket(store, "people", Person.class);
///   people.create("grace", new Person("Grace", 36, new Address("Elm St", "York"), List.of()));
///   Person grace = people.read("grace"); // equal to the one put in
///
///   Bucket<String, JsonNode> documents = Json.documents(store);
///   documents.put("config", JsonNodeFactory.instance.objectNode().put("retries", 3));
///
///   Bucket<String, JsonText> texts = Json.texts(store); // the same documents, as text
///   texts.put("price", JsonText.parse("{ \"amount\": 19.90 }"));
///   System.out.println(texts.read("price")); // {"amount":19.90}
/// }
/// ```
///
/// **What comes back is equal to what was put in**, numbers and Unicode included. What could not
/// come back is refused when it is put, with a [dev.larder.json.JsonException] that names the
/// place: NaN and infinities, text with half a surrogate pair, an object of a class that its
/// declared type does not tell, a type that can be written but not read. Two things the codecs
/// cannot see: whether a class of one's own has an `equals`, and private state of a bean without a
/// getter.
///
/// **What is stored** is one line of UTF-8 without whitespace, and the limit on values counts its
/// bytes. There is one exception. JSON has one kind of number where Java has eight, so trees, and
/// values that are declared as `Object` or `Number`, have tabs after a number whose text does not
/// tell its class:
///
/// | tabs | after an integer | after another number |
/// |---|---|---|
/// | none | `int`, `long` or `BigInteger` | `double` or `BigDecimal` |
/// | 1 | `long` | `BigDecimal` |
/// | 2 | `BigInteger` | `float` |
/// | 3 | `BigDecimal` | |
/// | 4 | `short` | |
/// | 5 | `byte` | |
///
/// Without a tab, an integer is of the first of the three that holds it, and another number is a
/// `double` if it is spelled as `Double.toString` spells one, so that no digit is lost.
///
/// A tree parsed by a mapper with default settings has none. To every other reader of JSON the tabs
/// are whitespace; [dev.larder.json.JsonText] drops them, and with them the distinction.
///
/// **What is read** is strict JSON: RFC 8259, no name twice in an object, at most 500 objects and
/// arrays inside each other, numbers of at most 1,000 characters.
package dev.larder.json;
