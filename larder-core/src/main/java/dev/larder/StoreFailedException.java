package dev.larder;

/// The store met an error after which it must not write: the first failed write or force, or a
/// fault of its own. Reads go on; only closing and opening again leads out.
public final class StoreFailedException extends LarderException {
  private static final long serialVersionUID = 1L;

  /// Says what failed.
  ///
  /// @param message what failed, in one sentence
  /// @param cause the first error
  public StoreFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
