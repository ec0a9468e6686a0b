package dev.larder.internal.log;

import dev.larder.internal.file.SharedWords;
import dev.larder.internal.format.ByteReader;
import dev.larder.internal.format.ControlLayout;
import dev.larder.internal.format.FormatException;
import dev.larder.internal.format.FormatVersion;

/// What the writer tells every process that has the store open: how far the log is published and
/// durable, and whether it has failed. See docs/FILE_FORMAT.md, section "Control file".
///
/// **Threads.** Safe for any number of threads.
public final class Control implements AutoCloseable {
  private final SharedWords words;

  /// Wraps the words of a control file.
  public Control(SharedWords words) {
    this.words = words;
  }

  /// Fills the file for a new writer.
  ///
  /// @param storeId the identity of the store
  /// @param epoch the writer's epoch
  public void begin(byte[] storeId, int epoch) {
    words.set(ControlLayout.VERSION_WORD, FormatVersion.MAJOR);
    try {
      words.set(ControlLayout.STORE_ID_WORD, new ByteReader(storeId, 0, storeId.length).u64());
    } catch (FormatException e) {
      throw new AssertionError("an identity of 16 bytes", e);
    }
    words.set(ControlLayout.EPOCH_WORD, epoch);
    words.set(ControlLayout.FAILED_WORD, 0);
    words.set(ControlLayout.MAGIC_WORD, ControlLayout.MAGIC);
  }

  /// Says who has the store, before it is read: for the messages of those who wait.
  ///
  /// @param processId the writer's process, 0 for none
  /// @param sinceMillis since when, in milliseconds since 1970
  public void writer(long processId, long sinceMillis) {
    words.set(ControlLayout.WRITER_SINCE_WORD, sinceMillis);
    words.set(ControlLayout.WRITER_PROCESS_WORD, processId);
  }

  /// Says how far commits are visible.
  public void published(long sequence, long segment, long position) {
    words.set(ControlLayout.PUBLISHED_SEGMENT_WORD, segment);
    words.set(ControlLayout.PUBLISHED_POSITION_WORD, position);
    words.set(ControlLayout.PUBLISHED_WORD, sequence);
  }

  /// Says how far commits are durable.
  public void durable(long sequence) {
    words.set(ControlLayout.DURABLE_WORD, sequence);
  }

  /// Says that the store has failed.
  public void failed() {
    words.set(ControlLayout.FAILED_WORD, 1);
  }

  @Override
  public void close() {
    words.close();
  }
}
