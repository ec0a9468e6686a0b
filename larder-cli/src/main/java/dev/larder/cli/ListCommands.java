package dev.larder.cli;

import dev.larder.Cursor;
import dev.larder.Range;
import dev.larder.json.JsonText;

/// The commands about many keys.
final class ListCommands {
  private static final String PREFIX_HELP = "Keys that begin with this.";

  private ListCommands() {}

  /// `list`
  static final class ListKeys extends StoreCommand {
    private final Argument<String> prefix = option("--prefix", "P", PREFIX_HELP);
    private final Argument<String> from = option("--from", "K", "Keys at or above this one.");
    private final Argument<String> to = option("--to", "K", "Keys below this one.");
    private final Argument<Boolean> isReversed =
        flag("--reverse", "The same keys, the highest first.");
    private final Argument<Long> limit =
        option("--limit", "N", Long.class, new Converters.Limit(), "At most so many.");
    private final Argument<Boolean> wantsValues =
        flag("--values", "Print the entries as JSON Lines.");

    ListKeys(RootCommand root) {
      super(
          root,
          CommandText.of(
                  "list",
                  "Print the keys in order, one a line.",
                  "larder list [--prefix P] [--from K] [--to K] [--reverse] [--limit N] [--values]")
              .describedAs(
                  "A key that holds control characters or begins with a quote is printed as a JSON"
                      + " string.",
                  "--values prints a line {\"key\",\"value\"} for each entry, with \"expiresAt\""
                      + " where it has a deadline; import and batch-create take these lines back.")
              .withExamples(
                  "  larder list --prefix FR.",
                  "  larder list --from a --to m --reverse --limit 10",
                  "  larder list --prefix session: --values"));
    }

    @Override
    int run() {
      var range =
          new Range<>(
              prefix.orNull(),
              from.orNull(),
              to.orNull(),
              isReversed.orElse(false),
              limit.orElse(Long.MAX_VALUE));
      boolean isWithValues = wantsValues.orElse(false);
      try (Cursor<String, JsonText> cursor = documents().cursor(range)) {
        while (cursor.hasNext()) {
          requireGoingOn();
          print(
              isWithValues ? DocumentText.line(cursor.next()) : JsonStrings.line(cursor.nextKey()));
        }
      }
      return Exit.DONE;
    }
  }

  /// `count`
  static final class Count extends StoreCommand {
    private final Argument<String> prefix = option("--prefix", "P", PREFIX_HELP);

    Count(RootCommand root) {
      super(
          root,
          CommandText.of("count", "Print how many entries there are.", "larder count [--prefix P]")
              .withExamples("  larder count", "  larder count --prefix FR."));
    }

    @Override
    int run() {
      String text = prefix.orNull();
      Range<String> range = text == null ? Range.all() : Range.prefix(text);
      print(Long.toString(documents().count(range)));
      return Exit.DONE;
    }
  }
}
