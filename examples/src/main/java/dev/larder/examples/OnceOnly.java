package dev.larder.examples;

import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.KeyExistsException;
import dev.larder.Larder;
import dev.larder.Store;
import java.nio.file.Path;
import java.time.Duration;

/// Idempotency keys: a request that is sent twice is carried out once, across restarts too.
///
/// Shows `create` as the one who comes first wins, and a time to live in place of a clean-up job.
public final class OnceOnly {
  private static final Duration REMEMBERED = Duration.ofDays(1);

  private OnceOnly() {}

  public static void main(String[] arguments) {
    Path pantry = Path.of(arguments.length > 0 ? arguments[0] : "pantry");
    for (int attempt = 1; attempt <= 2; attempt++) {
      try (Store store = Larder.open(pantry)) {
        Bucket<String, String> requests = store.bucket("requests", Codec.text(), Codec.text());
        System.out.println(charge(requests, "order-4711"));
      }
    }
  }

  private static String charge(Bucket<String, String> requests, String requestId) {
    try {
      requests.create(requestId, "begun", REMEMBERED);
    } catch (KeyExistsException _) {
      return "sent again, and is: " + requests.read(requestId);
    }
    // Here the work is done. A crash on the way leaves "begun" for somebody to look at.
    requests.update(requestId, "charged");
    return "charged now";
  }
}
