package dev.larder;

import org.jspecify.annotations.Nullable;

/// The store has no room for a write: its limit is reached by live entries, or the disk is full.
/// Nothing was changed; reads, deletes, expiry and closing go on working.
public final class StoreFullException extends LarderException {
  private static final long serialVersionUID = 1L;

  /// Says what is full.
  ///
  /// @param message what is full, how much was asked for, what is allowed
  /// @param cause the error of the file system, if there was one
  public StoreFullException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
