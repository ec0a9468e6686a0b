package dev.larder.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/// Reads batches ahead on a thread of its own, so that reading and parsing go on while a commit
/// waits for the disk. At most a few batches are in memory.
///
/// **Threads.** The thread it starts fills the queue; one thread takes from it.
final class BatchReader implements AutoCloseable {
  private static final int AHEAD = 3;

  private final DocumentReader reader;
  private final int batchSize;
  private final BlockingQueue<Batch> queue = new ArrayBlockingQueue<>(AHEAD);
  private final Thread thread;

  /// Starts reading.
  ///
  /// @param reader gives the lines
  /// @param batchSize how many lines make a batch
  BatchReader(DocumentReader reader, int batchSize) {
    this.reader = reader;
    this.batchSize = batchSize;
    this.thread = Thread.ofPlatform().name("larder-import-reader").daemon().unstarted(this::read);
    thread.start();
  }

  /// Lines that are stored together.
  ///
  /// @param lines at least one, unless it is the last batch
  /// @param isLast whether none follows
  /// @param failure why none follows; null where the file has ended. The lines read before it,
  ///   since the last whole batch, are not stored
  record Batch(List<DocumentLine> lines, boolean isLast, @Nullable Throwable failure) {}

  /// Waits for the next batch.
  ///
  /// @throws InterruptedException if the caller is asked to stop
  Batch take() throws InterruptedException {
    return queue.take();
  }

  /// Stops reading.
  @Override
  public void close() {
    thread.interrupt(); // a read that blocks goes on; the thread is a daemon
  }

  private void read() {
    Throwable failure = null;
    List<DocumentLine> lines = new ArrayList<>();
    try {
      DocumentLine line = reader.next();
      while (line != null) {
        lines.add(line);
        if (lines.size() == batchSize) {
          queue.put(new Batch(lines, false, null));
          lines = new ArrayList<>();
        }
        line = reader.next();
      }
    } catch (InterruptedException _) {
      return; // nobody takes any more
    } catch (IOException | RuntimeException | Error e) {
      // Whatever it was, the taker must hear of it or wait for ever.
      failure = e;
      lines = List.of();
    }
    try {
      queue.put(new Batch(lines, true, failure));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // nobody takes any more
    }
  }
}
