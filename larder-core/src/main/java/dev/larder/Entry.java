package dev.larder;

import java.time.Instant;
import java.util.Optional;

/// A key with its present value, version and deadline.
///
/// @param key the key
/// @param value the value
/// @param version the sequence number of the commit that wrote it, at least 1; what
///   [Bucket#compareAndSet] compares
/// @param deadline the instant from which the entry is gone; empty if it stays
/// @param <K> the type of keys
/// @param <V> the type of values
public record Entry<K, V>(K key, V value, long version, Optional<Instant> deadline) {}
