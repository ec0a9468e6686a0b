package dev.larder;

/// A key is longer than the store's [Limits] allow.
public final class KeyTooLongException extends LarderException {
  private static final long serialVersionUID = 1L;

  private final long size;
  private final long limit;

  /// Says what was given and what is allowed.
  ///
  /// @param key the key
  /// @param size how long it is
  /// @param limit how long it may be
  /// @param unit what is counted: `characters` or `bytes`
  public KeyTooLongException(String key, long size, long limit, String unit) {
    super(
        "key %s has %,d %s, at most %,d are allowed"
            .formatted(KeyText.quote(key), size, unit, limit));
    this.size = size;
    this.limit = limit;
  }

  /// {@return how long the key is}
  public long size() {
    return size;
  }

  /// {@return how long a key may be}
  public long limit() {
    return limit;
  }
}
