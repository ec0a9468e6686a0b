package dev.larder.testkit;

import java.io.IOException;

/// Thrown by an [OperationListener] to have a write fail half way.
public final class ShortWriteException extends IOException {
  private static final long serialVersionUID = 1L;

  private final long writtenBytes;
  private final transient IOException error;

  /// Says what happens.
  ///
  /// @param writtenBytes how much is written; all of it if that is less
  /// @param error what the writer gets
  public ShortWriteException(long writtenBytes, IOException error) {
    super("short write of " + writtenBytes, error);
    this.writtenBytes = writtenBytes;
    this.error = error;
  }

  long writtenBytes() {
    return writtenBytes;
  }

  IOException error() {
    return error;
  }
}
