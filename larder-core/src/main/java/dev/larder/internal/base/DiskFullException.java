package dev.larder.internal.base;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The file system has no room, or a quota or file size limit is reached.
public final class DiskFullException extends IOException {
  private static final long serialVersionUID = 1L;

  /// Passes on what the file system said.
  ///
  /// @param message what was tried, and what the file system said
  /// @param cause its error, if there is one
  public DiskFullException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
