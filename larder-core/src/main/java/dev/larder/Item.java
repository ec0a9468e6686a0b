package dev.larder;

import java.time.Duration;

/// One entry of a batch: what to store, and until when.
///
/// @param key the key
/// @param value the value
/// @param expiry when the entry ends
/// @param <K> the type of keys
/// @param <V> the type of values
public record Item<K, V>(K key, V value, Expiry expiry) {
  /// {@return an item without a deadline}
  ///
  /// @param key the key
  /// @param value the value
  /// @param <K> the type of keys
  /// @param <V> the type of values
  public static <K, V> Item<K, V> of(K key, V value) {
    return new Item<>(key, value, Expiry.never());
  }

  /// {@return an item with a time to live}
  ///
  /// @param key the key
  /// @param value the value
  /// @param ttl at least 1 millisecond
  /// @param <K> the type of keys
  /// @param <V> the type of values
  public static <K, V> Item<K, V> of(K key, V value, Duration ttl) {
    return new Item<>(key, value, Expiry.after(ttl));
  }
}
