package dev.larder.internal.index;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Keys by their handles, for tests of [OrderIndex].
final class KeyTable implements OrderIndex.Keys {
  final AtomicLong readCount = new AtomicLong();
  private final Map<Long, byte[]> keys = new ConcurrentHashMap<>();

  /// {@return the handle of a key, which is known from now on}
  long add(byte[] key) {
    long handle = handle(key);
    add(key, handle);
    return handle;
  }

  void add(byte[] key, long handle) {
    keys.putIfAbsent(handle, key);
  }

  void remove(long handle) {
    keys.remove(handle);
  }

  /// {@return a number that stands for a key}
  static long handle(byte[] key) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : key) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    hash ^= hash >>> 32;
    return hash == 0 ? 1 : hash;
  }

  @Override
  public byte[] key(long handle) {
    readCount.incrementAndGet();
    byte[] key = keys.get(handle);
    if (key == null) {
      throw KeyReader.RetryException.INSTANCE;
    }
    return key.clone();
  }
}
