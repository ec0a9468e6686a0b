package dev.larder.cli;

import dev.larder.Bucket;
import dev.larder.Item;
import dev.larder.KeyExistsException;
import dev.larder.TimeSource;
import dev.larder.json.JsonText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;

/// Stores batches and keeps count, so that an import that stops half way can say how far it came.
///
/// **Threads.** For one thread at a time.
final class Importer {
  private final Bucket<String, JsonText> documents;
  private final TimeSource timeSource;
  private final ImportCommand.OnConflict onConflict;
  private final Progress progress;
  private long stored;
  private long skipped;
  private long expired;

  /// The last line that has been dealt with.
  private long lastLine;

  Importer(
      Bucket<String, JsonText> documents,
      TimeSource timeSource,
      ImportCommand.OnConflict onConflict,
      Progress progress) {
    this.documents = documents;
    this.timeSource = timeSource;
    this.onConflict = onConflict;
    this.progress = progress;
  }

  /// {@return what became of the lines}
  String summary() {
    String summary = "stored " + stored;
    if (skipped > 0) {
      summary += ", skipped " + skipped;
    }
    if (expired > 0) {
      summary += ", expired " + expired;
    }
    return summary;
  }

  /// Stores everything.
  ///
  /// @param batches gives the batches
  /// @param source what messages call the file
  /// @throws CommandException if it stops half way; it says where and how much is stored
  void storeAll(BatchReader batches, String source) {
    try {
      BatchReader.Batch batch;
      do {
        batch = batches.take();
        if (batch.failure() instanceof IOException e) {
          throw Source.cannotRead(source, e);
        }
        if (batch.failure() instanceof RuntimeException e) {
          throw e;
        }
        if (batch.failure() instanceof Error e) {
          throw e;
        }
        if (!batch.lines().isEmpty()) {
          store(batch.lines());
          progress.advanced(stored);
        }
        StoreCommand.requireGoingOn();
      } while (!batch.isLast());
    } catch (InterruptedException _) {
      throw CommandException.interrupted("interrupted; " + soFar());
    } catch (CommandException e) {
      throw CommandException.of(e.exitCode(), e.text() + "; " + soFar(), e);
    } catch (RuntimeException e) {
      throw CommandException.of(Failures.exitCode(e), Failures.message(e) + "; " + soFar(), e);
    }
  }

  private String soFar() {
    return lastLine == 0 ? "nothing is stored" : summary() + ", up to line " + lastLine;
  }

  private void store(List<DocumentLine> lines) {
    long now = timeSource.wallMillis();
    var live = new ArrayList<DocumentLine>(lines.size());
    for (DocumentLine line : lines) {
      if (!line.hasEnded(now)) {
        live.add(line);
      }
    }
    if (!live.isEmpty()) {
      switch (onConflict) {
        case FAIL -> create(live);
        case SKIP -> createMissing(live);
        case REPLACE -> replace(live);
      }
    }
    expired += lines.size() - live.size();
    lastLine = lines.getLast().number();
  }

  private void create(List<DocumentLine> lines) {
    try {
      documents.createAll(items(lines));
    } catch (KeyExistsException e) {
      throw CommandException.no(DocumentLine.offenders(e, lines), e);
    }
    stored += lines.size();
  }

  /// Creates what does not exist. Which keys exist is judged by the commit itself, so that nothing
  /// can come between looking and storing.
  private void createMissing(List<DocumentLine> lines) {
    var missing = new LinkedHashMap<String, DocumentLine>();
    for (DocumentLine line : lines) {
      missing.putIfAbsent(line.key(), line); // the first one wins, as it would line by line
    }
    while (!missing.isEmpty()) {
      try {
        documents.createAll(items(List.copyOf(missing.values())));
        break;
      } catch (KeyExistsException e) {
        missing.keySet().removeAll(new HashSet<>(e.existing()));
      }
    }
    stored += missing.size();
    skipped += lines.size() - missing.size();
  }

  private void replace(List<DocumentLine> lines) {
    var last = new LinkedHashMap<String, DocumentLine>();
    for (DocumentLine line : lines) {
      last.put(line.key(), line); // the last one wins, as it would line by line
    }
    documents.putAll(items(List.copyOf(last.values())));
    stored += lines.size();
  }

  private static List<Item<String, JsonText>> items(List<DocumentLine> lines) {
    var items = new ArrayList<Item<String, JsonText>>(lines.size());
    for (DocumentLine line : lines) {
      items.add(line.item());
    }
    return items;
  }
}
