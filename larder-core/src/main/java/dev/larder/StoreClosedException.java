package dev.larder;

/// A store, or a cursor of it, was used after it was closed.
public final class StoreClosedException extends LarderException {
  private static final long serialVersionUID = 1L;

  /// Says what was closed.
  ///
  /// @param message what was closed
  public StoreClosedException(String message) {
    super(message);
  }
}
