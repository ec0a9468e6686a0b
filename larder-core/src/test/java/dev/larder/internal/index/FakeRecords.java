package dev.larder.internal.index;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongUnaryOperator;

/// Stands for a log: records that are nothing but a key, a number, of one bucket. The addresses go
/// up from 1.
final class FakeRecords implements KeyReader {
  private static final int BUCKET = 7;
  private static final long GONE = -1;

  private final AtomicLongArray keys;
  private final LongUnaryOperator hashOf;
  private int count;

  /// Run before the key of a record is compared, for tests of what happens at that moment.
  private Runnable beforeComparing = () -> {};

  FakeRecords(int capacity, LongUnaryOperator hashOf) {
    this.keys = new AtomicLongArray(capacity + 1);
    this.hashOf = hashOf;
  }

  /// The key as the index knows it.
  static byte[] bytes(long key) {
    return IndexKey.of(BUCKET, ByteBuffer.allocate(Long.BYTES).putLong(key).array());
  }

  /// A hash as it should be.
  static long goodHash(long key) {
    long hash = (key + 1) * 0x9e3779b97f4a7c15L;
    hash = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ hash >>> 27) * 0x94d049bb133111ebL;
    return hash ^ hash >>> 31;
  }

  /// Writes a record; returns where.
  long append(long key) {
    count++;
    keys.setPlain(count, key);
    return count;
  }

  /// Makes a record unreadable, as when what it lies in is deleted.
  void forget(long address) {
    keys.set((int) address, GONE);
  }

  boolean isFull() {
    return count == keys.length() - 1;
  }

  void beforeComparing(Runnable action) {
    beforeComparing = action;
  }

  long hashOf(long key) {
    return hashOf.applyAsLong(key);
  }

  @Override
  public boolean hasKey(long address, int bucket, byte[] key, int offset, int count) {
    beforeComparing.run();
    return bucket == BUCKET
        && count == Long.BYTES
        && keys.getPlain((int) address) == ByteBuffer.wrap(key, offset, count).getLong();
  }

  @Override
  public long hash(long address) {
    long key = keys.getPlain((int) address);
    return key == GONE ? 0 : hashOf(key);
  }

  @Override
  public byte[] key(long address) {
    return bytes(keys.getPlain((int) address));
  }
}
