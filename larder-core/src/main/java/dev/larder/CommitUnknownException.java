package dev.larder;

/// A commit met an error between its first byte and its acknowledgement: whether it happened is
/// decided when the store is opened again, and stays decided.
public final class CommitUnknownException extends LarderException {
  private static final long serialVersionUID = 1L;

  /// Says what failed.
  ///
  /// @param message what failed, in one sentence
  /// @param cause the first error
  public CommitUnknownException(String message, Throwable cause) {
    super(message, cause);
  }
}
