package dev.larder.internal.format;

/// The version of the file format, in every file's header. A file with a higher major version, or
/// with a required flag that is not known, is refused; a higher minor version is read.
public final class FormatVersion {
  /// What this release writes and the newest that it reads.
  public static final int MAJOR = 1;

  /// What this release writes.
  public static final int MINOR = 0;

  private FormatVersion() {}

  /// Checks the version and the required flags of a file.
  ///
  /// @throws NewerFormatException if this release cannot read it
  /// @throws FormatException if there never was such a version
  static void require(int major, int requiredFlags) throws NewerFormatException, FormatException {
    if (major == 0) {
      throw new FormatException("format version 0");
    }
    if (major > MAJOR) {
      throw new NewerFormatException("format version " + major);
    }
    if (requiredFlags != 0) {
      throw new NewerFormatException("format features 0x%x".formatted(requiredFlags));
    }
  }

  /// {@return what this release reads, for messages}
  public static String supported() {
    return "format version " + MAJOR;
  }
}
