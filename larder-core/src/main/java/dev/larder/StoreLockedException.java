package dev.larder;

/// Another process, or another class loader of this one, has the store open.
public final class StoreLockedException extends LarderException {
  private static final long serialVersionUID = 1L;

  /// Says who holds the store.
  ///
  /// @param message who holds it since when, and how long was waited
  public StoreLockedException(String message) {
    super(message);
  }
}
