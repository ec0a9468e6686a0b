package dev.larder;

/// A batch holds more than the store's [Limits] or the memory set aside for one commit allow.
/// Nothing was stored.
public final class BatchTooLargeException extends LarderException {
  private static final long serialVersionUID = 1L;

  private final long size;
  private final long limit;

  /// Says what was given and what is allowed.
  ///
  /// @param size how much was given
  /// @param limit how much is allowed
  /// @param unit what is counted: `entries` or `bytes`
  public BatchTooLargeException(long size, long limit, String unit) {
    super("one commit was to have %,d %s, at most %,d are allowed".formatted(size, unit, limit));
    this.size = size;
    this.limit = limit;
  }

  /// {@return how much was given}
  public long size() {
    return size;
  }

  /// {@return how much is allowed}
  public long limit() {
    return limit;
  }
}
