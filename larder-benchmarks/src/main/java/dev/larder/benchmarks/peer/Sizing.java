package dev.larder.benchmarks.peer;

/// What a peer may know beforehand of what it is to hold, for its caches and tables.
///
/// @param keys how many keys
/// @param keySize how many bytes each key has
/// @param valueSize how many bytes each value has
/// @param cacheBytes how much it may cache for itself: enough for everything, as those that read
///   from mapped files have the operating system's whole page cache
/// @param isCompressible whether values can be compressed
public record Sizing(
    long keys, int keySize, int valueSize, long cacheBytes, boolean isCompressible) {
  /// {@return the bytes of all keys and values}
  public long payloadBytes() {
    return keys * (keySize + valueSize);
  }
}
