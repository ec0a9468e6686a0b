package dev.larder;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A path holds something that is no store, or cannot hold one. Nothing was changed.
public final class NotAStoreException extends LarderException {
  private static final long serialVersionUID = 1L;

  private final String location;

  /// Says what was found.
  ///
  /// @param location the path
  /// @param reason what is there instead
  public NotAStoreException(Path location, String reason) {
    this(location, reason, null);
  }

  /// Says what was found.
  ///
  /// @param location the path
  /// @param reason what is there instead
  /// @param cause the error of the file system, if there was one
  public NotAStoreException(Path location, String reason, @Nullable Throwable cause) {
    super("%s %s".formatted(location, reason), cause);
    this.location = location.toString();
  }

  /// {@return the path}
  public Path location() {
    return Path.of(location);
  }
}
