package dev.larder;

import java.nio.file.Path;

/// A store is of a format that this release does not know. Nothing was written.
public final class UnsupportedVersionException extends LarderException {
  private static final long serialVersionUID = 1L;

  /// Names both versions.
  ///
  /// @param file the file that says so
  /// @param found the version it has, or what it needs
  /// @param supported what this release reads
  public UnsupportedVersionException(Path file, String found, String supported) {
    super("%s needs %s; this release reads %s".formatted(file, found, supported));
  }
}
