package dev.larder;

/// An entry does not have the version that a compare-and-set or compare-and-delete asked for.
/// Nothing was changed.
public final class VersionConflictException extends LarderException {
  private static final long serialVersionUID = 1L;

  private final String key;
  private final long expected;
  private final long present;

  /// Names the key and both versions.
  ///
  /// @param key the key
  /// @param expected the version that was asked for
  /// @param present the version of the entry, 0 if there is none
  public VersionConflictException(String key, long expected, long present) {
    super(
        "%s has %s, not version %d"
            .formatted(
                KeyText.quote(key), present == 0 ? "no entry" : "version " + present, expected));
    this.key = key;
    this.expected = expected;
    this.present = present;
  }

  /// {@return the key}
  public String key() {
    return key;
  }

  /// {@return the version that was asked for}
  public long expected() {
    return expected;
  }

  /// {@return the version of the entry at present, 0 if there is no live entry}
  public long present() {
    return present;
  }
}
