package dev.larder.examples;

import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.Cursor;
import dev.larder.Larder;
import dev.larder.Range;
import dev.larder.Store;
import java.nio.file.Path;
import java.util.Map;

/// Keys in order: what a `NavigableMap` offers, from a store.
///
/// Shows prefixes, ranges in both directions with a limit, the nearest keys, and a cursor, which
/// walks over one snapshot however many entries there are.
public final class OrderedRanges {
  private OrderedRanges() {}

  public static void main(String[] arguments) {
    Path pantry = Path.of(arguments.length > 0 ? arguments[0] : "pantry");
    try (Store store = Larder.open(pantry)) {
      Bucket<String, String> cities = store.bucket("cities", Codec.text(), Codec.text());
      cities.putAll(
          Map.of(
              "DE.10115", "Berlin",
              "FR.13001", "Marseille",
              "FR.69001", "Lyon",
              "FR.75001", "Paris",
              "IT.00118", "Rome"));

      System.out.println("France: " + cities.keys(Range.prefix("FR.")));
      System.out.println("from D to G: " + cities.count(Range.<String>all().from("D").to("G")));
      System.out.println("the last two: " + cities.keys(Range.<String>all().reversed().limit(2)));
      System.out.println("at or after FR.5: " + cities.ceiling("FR.5").orElseThrow().value());
      System.out.println("before FR.13001: " + cities.lower("FR.13001").orElseThrow().value());

      try (Cursor<String, String> cursor = cities.cursor(Range.prefix("FR."))) {
        cities.put("FR.99999", "seen by later cursors only");
        cursor.forEachRemaining(entry -> System.out.println(entry.key() + " " + entry.value()));
      }
      cities.remove("FR.99999");
    }
  }
}
