package dev.larder.examples;

import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.Durability;
import dev.larder.Entry;
import dev.larder.Larder;
import dev.larder.Store;
import dev.larder.VersionConflictException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A counter that many threads raise at once without losing a hit.
///
/// Shows compare-and-set: read an entry with its version, write only if it still has that version,
/// and begin again if somebody else was faster.
public final class HitCounter {
  private static final int THREAD_COUNT = 4;
  private static final int HIT_COUNT = 250;

  private HitCounter() {}

  public static void main(String[] arguments) throws InterruptedException {
    Path pantry = Path.of(arguments.length > 0 ? arguments[0] : "pantry");
    try (Store store = Larder.open(pantry)) {
      Bucket<String, Long> counters =
          store.bucket("counters", Codec.text(), Codec.int64()).with(Durability.OS);
      counters.put("hits", 0L);

      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREAD_COUNT; i++) {
        threads.add(
            Thread.startVirtualThread(() -> {
              for (int hit = 0; hit < HIT_COUNT; hit++) {
                raise(counters, "hits");
              }
            }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      System.out.println("hits: " + counters.read("hits"));
    }
  }

  private static void raise(Bucket<String, Long> counters, String key) {
    while (true) {
      Entry<String, Long> seen = counters.readEntry(key);
      try {
        counters.compareAndSet(key, seen.version(), seen.value() + 1);
        return;
      } catch (VersionConflictException _) {
        // Another thread has raised it since it was read: read it again.
      }
    }
  }
}
