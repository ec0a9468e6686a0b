package dev.larder.internal.format;

/// A file is of a format that this release does not know.
public final class NewerFormatException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  /// Says what the file needs.
  public NewerFormatException(String needed) {
    super(needed);
    reason = needed;
  }

  /// {@return what the file needs}
  @Override
  public String getMessage() {
    return reason;
  }
}
