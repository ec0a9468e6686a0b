package dev.larder.examples;

import dev.larder.Bucket;
import dev.larder.KeyExpiredException;
import dev.larder.Larder;
import dev.larder.Store;
import dev.larder.json.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A session store: sessions end by themselves unless requests keep them alive.
///
/// Shows entries with a time to live, which verbs keep a deadline and which move it, and what
/// becomes of an entry after its deadline.
public final class SessionStore {
  private static final Duration HALF_HOUR = Duration.ofMinutes(30);

  /// What is known of a visitor.
  record Session(String user, List<String> basket) {}

  private SessionStore() {}

  public static void main(String[] arguments) throws InterruptedException {
    Path pantry = Path.of(arguments.length > 0 ? arguments[0] : "pantry");
    try (Store store = Larder.open(pantry)) {
      Bucket<String, Session> sessions = Json.bucket(store, "sessions", Session.class);

      // Signing in.
      sessions.put("7f3a", new Session("ada", List.of()), HALF_HOUR);

      // A request: update keeps the deadline, expire moves it to half an hour from now.
      sessions.update("7f3a", new Session("ada", List.of("plum jam")));
      sessions.expire("7f3a", HALF_HOUR);
      Duration left = sessions.timeToLive("7f3a").orElseThrow();
      System.out.println(sessions.read("7f3a"));
      System.out.println("ends in half an hour: " + (left.compareTo(HALF_HOUR) <= 0));

      // Signing out.
      System.out.println("signed out: " + sessions.remove("7f3a"));

      // A session that nobody keeps alive is gone at its deadline, for every verb.
      sessions.put("90c1", new Session("bob", List.of()), Duration.ofMillis(50));
      Thread.sleep(Duration.ofMillis(60));
      System.out.println("still there: " + sessions.contains("90c1"));
      try {
        sessions.read("90c1");
      } catch (KeyExpiredException e) {
        System.out.println("it has expired, and the store knows when: " + e.keys());
      }
    }
  }
}
