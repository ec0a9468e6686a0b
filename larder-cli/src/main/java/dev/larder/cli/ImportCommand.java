package dev.larder.cli;

import dev.larder.Store;

/// Stores the entries of a file, batch by batch.
final class ImportCommand extends StoreCommand {
  private static final int BATCH_SIZE = 500;

  private final Argument<String> file =
      positional("FILE|-", "JSON Lines, or - for standard input.");
  private final Argument<OnConflict> onConflict =
      option(
          "--on-conflict",
          "WHAT",
          OnConflict.class,
          new Converters.Conflict(),
          "Where a key has an entry: fail (unless given), which stops; skip, which leaves the entry"
              + " alone; or replace.");
  private final Argument<Integer> batchSize =
      option(
          "--batch",
          "N",
          Integer.class,
          new Converters.BatchSize(),
          "How many lines are one commit. Unless given: 500.");
  private final Argument<ProgressMode> progressMode =
      option(
          "--progress",
          "HOW",
          ProgressMode.class,
          new Converters.Progress(),
          "auto (unless given) shows a bar on a terminal; plain prints 'stored N' after each batch"
              + " that is as durable as asked for; none.");

  ImportCommand(RootCommand root) {
    super(
        root,
        CommandText.of(
                "import",
                "Store the entries of a file, batch by batch.",
                "larder import FILE|- [--on-conflict fail|skip|replace] [--batch N]",
                "                     [--progress auto|plain|none]")
            .describedAs(
                DocumentLine.FORMS,
                "Each batch is one atomic commit. Lines whose expiresAt has passed are not stored"
                    + " but counted. At the end one line says how many were stored. An import that"
                    + " stops half way says at which line and how much is stored; --on-conflict"
                    + " skip goes on from there.")
            .withExamples(
                "  larder import cities.jsonl.gz",
                "  zcat cities.jsonl.gz | larder import - --on-conflict skip",
                "  larder --durability batched:10,5s import cities.jsonl.gz --progress plain"));
  }

  /// What to do where a key has an entry.
  enum OnConflict {
    FAIL("fail"),
    SKIP("skip"),
    REPLACE("replace");

    private final String word;

    OnConflict(String word) {
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  @Override
  int run() {
    try (Source source = Source.open(file.required(), console())) {
      Store store = root().store();
      Progress progress =
          Progress.ofImport(progressMode.orElse(ProgressMode.AUTO), console(), source);
      var importer =
          new Importer(
              documents(),
              store.options().timeSource(),
              onConflict.orElse(OnConflict.FAIL),
              progress);
      var parser = new DocumentParser(store.options().limits());
      try (var batches =
          new BatchReader(new DocumentReader(source, parser), batchSize.orElse(BATCH_SIZE))) {
        importer.storeAll(batches, source.name());
      } finally {
        progress.clear();
      }
      if (!progress.hasSaid(importer.summary())) {
        print(importer.summary());
      }
    }
    return Exit.DONE;
  }
}
