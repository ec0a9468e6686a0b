package dev.larder.examples;

import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.Durability;
import dev.larder.Larder;
import dev.larder.Statistics;
import dev.larder.Store;
import dev.larder.StoreOptions;
import java.nio.file.Path;
import java.time.Duration;

/// Write-behind with a bounded loss: every third write, or ten seconds after the first one, the
/// disk is forced; no write waits for it before that.
///
/// Shows `batched(3, 10s)` as a store's durability, a stricter level for one call, and how to see
/// what a power failure could take. A kill of the process alone takes nothing.
public final class WriteBehind {
  private WriteBehind() {}

  public static void main(String[] arguments) {
    Path pantry = Path.of(arguments.length > 0 ? arguments[0] : "pantry");
    var options =
        StoreOptions.defaults().withDurability(Durability.batched(3, Duration.ofSeconds(10)));
    try (Store store = Larder.open(pantry, options)) {
      Bucket<String, String> events = store.bucket("events", Codec.text(), Codec.text());
      for (int i = 1; i <= 4; i++) {
        events.put("event-" + i, "something happened");
        report("after write " + i, store);
      }

      // This one must not be lost, and takes everything before it along.
      events.with(Durability.SYNC).put("payment", "12.50");
      report("after a SYNC write", store);

      events.put("event-5", "something happened");
      report("after write 5", store);
      store.force();
      report("after force()", store);
    }
  }

  private static void report(String when, Store store) {
    Statistics now = store.statistics();
    System.out.printf("%s: %d not forced yet%n", when, now.version() - now.durableVersion());
  }
}
