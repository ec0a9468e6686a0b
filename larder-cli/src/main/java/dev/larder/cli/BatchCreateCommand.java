package dev.larder.cli;

import dev.larder.Item;
import dev.larder.KeyExistsException;
import dev.larder.Store;
import dev.larder.json.JsonText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Stores many new entries in one atomic commit.
final class BatchCreateCommand extends StoreCommand {
  private final Argument<String> file =
      positional("FILE|-", "JSON Lines, or - for standard input.");

  BatchCreateCommand(RootCommand root) {
    super(
        root,
        CommandText.of(
                "batch-create",
                "Store the entries of a file, all or none; refuse keys that have one.",
                "larder batch-create FILE|-")
            .describedAs(
                DocumentLine.FORMS,
                "Where a line is wrong, or keys exist or are given twice, nothing is stored.")
            .withExamples(
                "  larder batch-create cities.jsonl",
                "  larder list --prefix FR. --values | larder --store copy batch-create -"));
  }

  @Override
  int run() {
    try (Source source = Source.open(file.required(), console())) {
      Store store = root().store();
      List<DocumentLine> lines = lines(source, new DocumentParser(store.options().limits()));
      long now = store.options().timeSource().wallMillis();
      for (DocumentLine line : lines) {
        if (line.hasEnded(now)) {
          throw CommandException.no(
              "line %d: %s would have expired already; import skips such lines"
                  .formatted(line.number(), JsonStrings.quote(line.key())),
              null);
        }
      }
      create(lines);
    }
    return Exit.DONE;
  }

  private void create(List<DocumentLine> lines) {
    var items = new ArrayList<Item<String, JsonText>>(lines.size());
    for (DocumentLine line : lines) {
      items.add(line.item());
    }
    try {
      documents().createAll(items);
    } catch (KeyExistsException e) {
      throw CommandException.no(DocumentLine.offenders(e, lines) + "; nothing is stored", e);
    }
  }

  private static List<DocumentLine> lines(Source source, DocumentParser parser) {
    var reader = new DocumentReader(source, parser);
    var lines = new ArrayList<DocumentLine>();
    try {
      DocumentLine line = reader.next();
      while (line != null) {
        requireGoingOn();
        lines.add(line);
        line = reader.next();
      }
      return lines;
    } catch (IOException e) {
      throw Source.cannotRead(source.name(), e);
    }
  }
}
