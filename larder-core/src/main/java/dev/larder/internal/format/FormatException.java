package dev.larder.internal.format;

/// Bytes that are not what the format says. The caller, who knows file and position, decides
/// whether it is a torn tail, corruption, or a file that is not ours.
public final class FormatException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  /// Says what does not fit.
  public FormatException(String message) {
    super(message);
    reason = message;
  }

  /// {@return what does not fit}
  @Override
  public String getMessage() {
    return reason;
  }
}
