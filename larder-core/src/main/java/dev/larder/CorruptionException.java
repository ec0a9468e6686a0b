package dev.larder;

import java.nio.file.Path;

/// Stored bytes are not what was written: no crash can explain them, the disk or another program
/// can. Wrong data is never returned.
public final class CorruptionException extends LarderException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final long position;
  private final String reason;

  /// Says where and what.
  ///
  /// @param file the damaged file
  /// @param position the byte in it where the damage shows, at least 0
  /// @param reason what does not fit
  public CorruptionException(Path file, long position, String reason) {
    if (position < 0) {
      throw new IllegalArgumentException("position must not be negative: " + position);
    }
    super("%s is damaged at position %d: %s".formatted(file, position, reason));
    this.file = file.toString();
    this.position = position;
    this.reason = reason;
  }

  /// {@return the damaged file}
  public Path file() {
    return Path.of(file);
  }

  /// {@return the byte in the file where the damage shows}
  public long position() {
    return position;
  }

  /// {@return what does not fit}
  public String reason() {
    return reason;
  }
}
