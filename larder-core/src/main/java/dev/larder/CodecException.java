package dev.larder;

import org.jspecify.annotations.Nullable;

/// A codec cannot store a value, or cannot make a value from what is stored. Codecs may have
/// subclasses of their own.
public non-sealed class CodecException extends LarderException {
  private static final long serialVersionUID = 1L;

  /// Says what is wrong, and where.
  ///
  /// @param message what is wrong
  public CodecException(String message) {
    super(message);
  }

  /// Says what is wrong, and where.
  ///
  /// @param message what is wrong
  /// @param cause what the codec met, if anything
  public CodecException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
