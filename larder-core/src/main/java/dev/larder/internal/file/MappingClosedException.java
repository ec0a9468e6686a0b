package dev.larder.internal.file;

import java.io.IOException;

/// A mapping was closed before or while it was read: its file has been retired. The reader looks
/// the key up again.
public final class MappingClosedException extends IOException {
  private static final long serialVersionUID = 1L;

  /// Says which.
  ///
  /// @param name the file's name
  public MappingClosedException(String name) {
    super("the mapping of " + name + " is closed");
  }
}
