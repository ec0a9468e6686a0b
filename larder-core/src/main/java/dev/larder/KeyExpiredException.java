package dev.larder;

import java.time.Instant;
import java.util.List;

/// A key had an entry whose deadline has passed. This is told for at least a minute after the
/// deadline, or until the key is purged or written again.
public final class KeyExpiredException extends KeyNotFoundException {
  private static final long serialVersionUID = 1L;

  private final Instant deadline;

  /// Names the key and when it expired.
  ///
  /// @param key the key
  /// @param deadline from when on it was gone
  public KeyExpiredException(String key, Instant deadline) {
    super(List.of(key), KeyText.quote(key) + " expired at " + deadline);
    this.deadline = deadline;
  }

  /// {@return from when on the entry was gone}
  public Instant deadline() {
    return deadline;
  }
}
