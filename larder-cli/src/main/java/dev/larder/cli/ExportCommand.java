package dev.larder.cli;

import dev.larder.Bucket;
import dev.larder.Cursor;
import dev.larder.Range;
import dev.larder.json.JsonText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Writes every entry as JSON Lines.
@Command(
    name = "export",
    header = "Write every entry as JSON Lines, in the order of keys.",
    description = {
      "Each line is {\"key\":\"...\",\"value\":...}, with \"expiresAt\" where the entry has a"
          + " deadline; import takes it back. All lines come from one moment.",
      "A FILE that ends in .gz is compressed. It is written beside and renamed when it is whole, so"
          + " that a failure leaves no half file."
    },
    customSynopsis = "larder export [FILE|-] [--progress auto|none]",
    footer = {"  larder export backup.jsonl.gz", "  larder export | head -3"})
final class ExportCommand extends StoreCommand {
  private static final int STEP = 1_000;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FILE|-",
      description = "Where to; unless given, or -: standard output.")
  private String file = "-";

  @Option(
      names = "--progress",
      paramLabel = "auto|none",
      converter = Converters.Progress.class,
      description = "auto shows a bar on a terminal while writing to a file.")
  private ProgressMode progressMode = ProgressMode.AUTO;

  ExportCommand(RootCommand root) {
    super(root);
  }

  @Override
  int run() {
    if (progressMode == ProgressMode.PLAIN) {
      throw CommandException.usage("--progress of export is auto or none, not 'plain'");
    }
    Bucket<String, JsonText> documents = documents();
    if (file.equals("-")) {
      write(documents, console().out(), Progress.ofExport(ProgressMode.NONE, console(), 0));
      return Exit.DONE;
    }
    long total = root().store().statistics().entries();
    // The store has been asked by now: where there is none, no file is made either.
    try (Target target = Target.open(file)) {
      Progress progress = Progress.ofExport(progressMode, console(), total);
      try {
        write(documents, target.output(), progress);
      } finally {
        progress.clear();
      }
      target.complete();
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
