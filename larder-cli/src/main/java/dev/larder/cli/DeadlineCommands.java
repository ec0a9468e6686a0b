package dev.larder.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// The commands about when entries end.
final class DeadlineCommands {
  private DeadlineCommands() {}

  /// `ttl`
  static final class Ttl extends KeyCommands.OnKey {
    Ttl(RootCommand root) {
      super(
          root,
          CommandText.of("ttl", "Print how long an entry has to live.", "larder ttl KEY")
              .describedAs("Seconds with three decimals, or 'none' where it has no deadline.")
              .withExamples("  larder ttl session:7"));
    }

    @Override
    int run() {
      Optional<Duration> left = documents().timeToLive(key());
      print(left.isEmpty() ? "none" : seconds(left.get().toMillis()));
      return Exit.DONE;
    }

    private static String seconds(long millis) {
      return String.format(Locale.ROOT, "%d.%03d", millis / 1000, millis % 1000);
    }
  }

  /// `expire`
  static final class Expire extends KeyCommands.OnKey {
    private final Argument<Duration> ttl =
        positional(
            "T",
            Duration.class,
            new Converters.Ttl(),
            "1",
            "The time to live: " + Durations.FORMS + ".");

    Expire(RootCommand root) {
      super(
          root,
          CommandText.of(
                  "expire",
                  "Give an entry a time to live, counted from now.",
                  "larder expire KEY T")
              .withExamples("  larder expire session:7 30m", "  larder expire session:7 PT1H30M"));
    }

    @Override
    int run() {
      documents().expire(key(), ttl.required());
      return Exit.DONE;
    }
  }

  /// `persist`
  static final class Persist extends KeyCommands.OnKey {
    Persist(RootCommand root) {
      super(
          root,
          CommandText.of("persist", "Take the deadline of an entry away.", "larder persist KEY")
              .withExamples("  larder persist session:7"));
    }

    @Override
    int run() {
      documents().persist(key());
      return Exit.DONE;
    }
  }

  /// `purge-expired`
  static final class PurgeExpired extends StoreCommand {
    PurgeExpired(RootCommand root) {
      super(
          root,
          CommandText.of(
                  "purge-expired",
                  "Forget what has expired and print how many keys that were.",
                  "larder purge-expired")
              .describedAs(
                  "The store removes expired entries by itself and remembers for a while that they"
                      + " were there; this brings the space back at once.")
              .withExamples("  larder purge-expired"));
    }

    @Override
    int run() {
      print(Long.toString(root().store().purgeExpired()));
      return Exit.DONE;
    }
  }
}
