package dev.larder.examples;

import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.Larder;
import dev.larder.Store;
import dev.larder.json.Json;
import dev.larder.json.JsonException;
import dev.larder.json.JsonText;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Java records as JSON documents.
///
/// Shows that what comes back is equal to what was put in, also after the store was closed; how the
/// same document looks as text; and that JSON which does not fit a type is refused with its place.
public final class TypedRecords {
  /// A device with nested values.
  record Device(String name, Instant seen, List<Port> ports, Map<String, BigDecimal> limits) {}

  /// A part of it.
  record Port(int number, boolean isOpen) {}

  /// Something that a device is not.
  record Sensor(String name, double celsius) {}

  private TypedRecords() {}

  public static void main(String[] arguments) {
    Path pantry = Path.of(arguments.length > 0 ? arguments[0] : "pantry");
    var pump =
        new Device(
            "pump",
            Instant.parse("2026-03-01T12:00:00Z"),
            List.of(new Port(22, false), new Port(443, true)),
            Map.of("bar", new BigDecimal("6.50")));

    try (Store store = Larder.open(pantry)) {
      Json.bucket(store, "devices", Device.class).put("pump", pump);
    }
    try (Store store = Larder.open(pantry)) {
      Device read = Json.bucket(store, "devices", Device.class).read("pump");
      System.out.println("equal: " + read.equals(pump));

      Bucket<String, JsonText> texts = store.bucket("devices", Codec.text(), Json.text());
      System.out.println(texts.read("pump"));

      Json.bucket(store, "devices", Sensor.class).read("pump");
    } catch (JsonException e) {
      System.out.println(e.getMessage());
    }
  }
}
