package dev.larder.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// The commands about when entries end.
final class DeadlineCommands {
  private DeadlineCommands() {}

  @Command(
      name = "ttl",
      header = "Print how long an entry has to live.",
      description = "Seconds with three decimals, or 'none' where it has no deadline.",
      customSynopsis = "larder ttl KEY",
      footer = "  larder ttl session:7")
  static final class Ttl extends KeyCommands.OnKey {
    Ttl(RootCommand root) {
      super(root);
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

  @Command(
      name = "expire",
      header = "Give an entry a time to live, counted from now.",
      customSynopsis = "larder expire KEY T",
      footer = {"  larder expire session:7 30m", "  larder expire session:7 PT1H30M"})
  static final class Expire extends KeyCommands.OnKey {
    @Parameters(
        index = "1",
        paramLabel = "T",
        converter = Converters.Ttl.class,
        description = "The time to live: " + Durations.FORMS + ".")
    private Duration ttl = Duration.ZERO;

    Expire(RootCommand root) {
      super(root);
    }

    @Override
    int run() {
      documents().expire(key(), ttl);
      return Exit.DONE;
    }
  }

  @Command(
      name = "persist",
      header = "Take the deadline of an entry away.",
      customSynopsis = "larder persist KEY",
      footer = "  larder persist session:7")
  static final class Persist extends KeyCommands.OnKey {
    Persist(RootCommand root) {
      super(root);
    }

    @Override
    int run() {
      documents().persist(key());
      return Exit.DONE;
    }
  }

  @Command(
      name = "purge-expired",
      header = "Forget what has expired and print how many keys that were.",
      description =
          "The store removes expired entries by itself and remembers for a while that they were"
              + " there; this brings the space back at once.",
      customSynopsis = "larder purge-expired",
      footer = "  larder purge-expired")
  static final class PurgeExpired extends StoreCommand {
    PurgeExpired(RootCommand root) {
      super(root);
    }

    @Override
    int run() {
      print(Long.toString(root().store().purgeExpired()));
      return Exit.DONE;
    }
  }
}
