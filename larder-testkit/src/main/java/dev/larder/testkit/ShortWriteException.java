package dev.larder.testkit;

import java.io.IOException;

/// Thrown by an [OperationListener] to have a write fail half way: a part of it is done.
public final class ShortWriteException extends IOException {
  private static final long serialVersionUID = 1L;

  private final long skippedBytes;
  private final long writtenBytes;
  private final transient IOException error;

  /// Says that the beginning is written.
  ///
  /// @param writtenBytes how much is written; all of it if that is less
  /// @param error what the writer gets
  public ShortWriteException(long writtenBytes, IOException error) {
    this(0, writtenBytes, error);
  }

  /// Says which part is written. A mapped write may leave out its beginning, where it goes over
  /// several pages; no other one does that.
  ///
  /// @param skippedBytes how much is left out first
  /// @param writtenBytes how much is written then; all that follows if that is less
  /// @param error what the writer gets
  public ShortWriteException(long skippedBytes, long writtenBytes, IOException error) {
    super("short write of %d behind %d".formatted(writtenBytes, skippedBytes), error);
    this.skippedBytes = skippedBytes;
    this.writtenBytes = writtenBytes;
    this.error = error;
  }

  long skippedBytes() {
    return skippedBytes;
  }

  long writtenBytes() {
    return writtenBytes;
  }

  IOException error() {
    return error;
  }
}
