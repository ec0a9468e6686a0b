package dev.larder;

/// A value takes more bytes than the store's [Limits] allow.
public final class ValueTooLargeException extends LarderException {
  private static final long serialVersionUID = 1L;

  private final long size;
  private final long limit;

  /// Says what was given and what is allowed.
  ///
  /// @param key the key it was meant for
  /// @param size how many bytes it would take
  /// @param limit how many it may take
  public ValueTooLargeException(String key, long size, long limit) {
    super(
        "the value of %s takes %,d bytes, at most %,d are allowed"
            .formatted(KeyText.quote(key), size, limit));
    this.size = size;
    this.limit = limit;
  }

  /// {@return how many bytes the value would take}
  public long size() {
    return size;
  }

  /// {@return how many bytes a value may take}
  public long limit() {
    return limit;
  }
}
