package dev.larder;

/// The file system refused something: a read, a permission, a full table of open files.
public final class StoreIoException extends LarderException {
  private static final long serialVersionUID = 1L;

  /// Says what was tried.
  ///
  /// @param message what was tried, and the reason
  /// @param cause the error of the file system
  public StoreIoException(String message, Throwable cause) {
    super(message, cause);
  }
}
