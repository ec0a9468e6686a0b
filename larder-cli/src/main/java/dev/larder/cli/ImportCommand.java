package dev.larder.cli;

import dev.larder.Store;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Stores the entries of a file, batch by batch.
@Command(
    name = "import",
    header = "Store the entries of a file, batch by batch.",
    description = {
      "Each line is {\"key\":\"...\",\"value\":...}, with \"ttl\" (seconds or a duration) or"
          + " \"expiresAt\" (an ISO instant) where the entry is to end. Blank lines are skipped;"
          + " gzip is unpacked.",
      "Each batch is one atomic commit. Lines whose expiresAt has passed are not stored but"
          + " counted. At the end one line says how many were stored. An import that stops half way"
          + " says at which line and how much is stored; --on-conflict skip goes on from there."
    },
    customSynopsis =
        "larder import FILE|- [--on-conflict fail|skip|replace] [--batch N]"
            + " [--progress auto|plain|none]",
    footer = {
      "  larder import cities.jsonl.gz",
      "  zcat cities.jsonl.gz | larder import - --on-conflict skip",
      "  larder --durability batched:10,5s import cities.jsonl.gz --progress plain"
    })
final class ImportCommand extends StoreCommand {
  @Parameters(
      index = "0",
      paramLabel = "FILE|-",
      description = "JSON Lines, or - for standard input.")
  private String file = "";

  @Option(
      names = "--on-conflict",
      paramLabel = "fail|skip|replace",
      converter = Converters.Conflict.class,
      description =
          "What to do where a key has an entry: stop, leave the entry alone, or replace it. Unless"
              + " given: fail.")
  private OnConflict onConflict = OnConflict.FAIL;

  @Option(
      names = "--batch",
      paramLabel = "N",
      converter = Converters.BatchSize.class,
      description = "How many lines are one commit. Unless given: 500.")
  private int batchSize = 500;

  @Option(
      names = "--progress",
      paramLabel = "auto|plain|none",
      converter = Converters.Progress.class,
      description =
          "auto shows a bar on a terminal; plain prints 'stored N' after each batch that is as"
              + " durable as asked for. Unless given: auto.")
  private ProgressMode progressMode = ProgressMode.AUTO;

  ImportCommand(RootCommand root) {
    super(root);
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
    try (Source source = Source.open(file, console())) {
      Store store = root().store();
      Progress progress = Progress.ofImport(progressMode, console(), source);
      var importer = new Importer(documents(), store.options().timeSource(), onConflict, progress);
      var parser = new DocumentParser(store.options().limits());
      try (var batches = new BatchReader(new DocumentReader(source, parser), batchSize)) {
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
