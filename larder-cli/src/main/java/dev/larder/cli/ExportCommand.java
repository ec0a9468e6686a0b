package dev.larder.cli;

import dev.larder.Bucket;
import dev.larder.Cursor;
import dev.larder.Range;
import dev.larder.json.JsonText;

/// Writes every entry as JSON Lines.
final class ExportCommand extends StoreCommand {
  private static final int STEP = 1_000;

  private final Argument<String> target =
      optional("FILE|-", "Where to; unless given, or -: standard output.");
  private final Argument<ProgressMode> progressMode =
      option(
          "--progress",
          "HOW",
          ProgressMode.class,
          new Converters.Progress(),
          "auto (unless given) shows a bar on a terminal while writing to a file; none.");

  ExportCommand(RootCommand root) {
    super(
        root,
        CommandText.of(
                "export",
                "Write every entry as JSON Lines, in the order of keys.",
                "larder export [FILE|-] [--progress auto|none]")
            .describedAs(
                "Each line is {\"key\":\"...\",\"value\":...}, with \"expiresAt\" where the entry"
                    + " has a deadline; import takes it back. All lines come from one moment.",
                "A FILE that ends in .gz is compressed. It is written beside and renamed when it is"
                    + " whole, so that a failure leaves no half file.")
            .withExamples("  larder export backup.jsonl.gz", "  larder export | head -3"));
  }

  @Override
  int run() {
    String file = target.orElse("-");
    ProgressMode mode = progressMode.orElse(ProgressMode.AUTO);
    if (mode == ProgressMode.PLAIN) {
      throw CommandException.usage("--progress of export is auto or none, not 'plain'");
    }
    Bucket<String, JsonText> documents = documents();
    if (file.equals("-")) {
      write(documents, console().out(), Progress.ofExport(ProgressMode.NONE, console(), 0));
      return Exit.DONE;
    }
    long total = root().store().statistics().entries();
    // The store has been asked by now: where there is none, no file is made either.
    try (Target whole = Target.open(file)) {
      Progress progress = Progress.ofExport(mode, console(), total);
      try {
        write(documents, whole.output(), progress);
      } finally {
        progress.clear();
      }
      whole.complete();
    }
    return Exit.DONE;
  }

  private static void write(Bucket<String, JsonText> documents, Output output, Progress progress) {
    long count = 0;
    try (Cursor<String, JsonText> cursor = documents.cursor(Range.all())) {
      while (cursor.hasNext()) {
        requireGoingOn();
        output.line(DocumentText.line(cursor.next()));
        count++;
        if (count % STEP == 0) {
          progress.advanced(count);
        }
      }
    }
  }
}
