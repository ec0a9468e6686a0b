package dev.larder.cli;

import dev.larder.Cursor;
import dev.larder.Range;
import dev.larder.json.JsonText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The commands about many keys.
final class ListCommands {
  private ListCommands() {}

  @Command(
      name = "list",
      header = "Print the keys in order, one a line.",
      description = {
        "A key that holds control characters or begins with a quote is printed as a JSON string.",
        "--values prints a line {\"key\",\"value\"} for each entry, with \"expiresAt\" where it has"
            + " a deadline; import and batch-create take these lines back."
      },
      customSynopsis =
          "larder list [--prefix P] [--from K] [--to K] [--reverse] [--limit N] [--values]",
      footer = {
        "  larder list --prefix FR.",
        "  larder list --from a --to m --reverse --limit 10",
        "  larder list --prefix session: --values"
      })
  static final class ListKeys extends StoreCommand {
    @Option(names = "--prefix", paramLabel = "P", description = "Keys that begin with this.")
    private @Nullable String prefix;

    @Option(names = "--from", paramLabel = "K", description = "Keys at or above this one.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "K", description = "Keys below this one.")
    private @Nullable String to;

    @Option(names = "--reverse", description = "The same keys, the highest first.")
    private boolean isReversed;

    @Option(
        names = "--limit",
        paramLabel = "N",
        converter = Converters.Limit.class,
        description = "At most so many.")
    private @Nullable Long limit;

    @Option(names = "--values", description = "Print the entries as JSON Lines.")
    private boolean wantsValues;

    ListKeys(RootCommand root) {
      super(root);
    }

    @Override
    int run() {
      long count = limit == null ? Long.MAX_VALUE : limit;
      var range = new Range<>(prefix, from, to, isReversed, count);
      try (Cursor<String, JsonText> cursor = documents().cursor(range)) {
        while (cursor.hasNext()) {
          requireGoingOn();
          print(
              wantsValues ? DocumentText.line(cursor.next()) : JsonStrings.line(cursor.nextKey()));
        }
      }
      return Exit.DONE;
    }
  }

  @Command(
      name = "count",
      header = "Print how many entries there are.",
      customSynopsis = "larder count [--prefix P]",
      footer = {"  larder count", "  larder count --prefix FR."})
  static final class Count extends StoreCommand {
    @Option(names = "--prefix", paramLabel = "P", description = "Keys that begin with this.")
    private @Nullable String prefix;

    Count(RootCommand root) {
      super(root);
    }

    @Override
    int run() {
      Range<String> range = prefix == null ? Range.all() : Range.prefix(prefix);
      print(Long.toString(documents().count(range)));
      return Exit.DONE;
    }
  }
}
