package dev.larder.internal.index;

import dev.larder.Bytes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The hash of the keys of one store: 64 bits, never 0, from a secret of the store, so that nobody
/// outside can choose keys that collide. Multiply and fold, eight bytes at a time, in the manner of
/// wyhash (Wang Yi, 2019).
///
/// **Threads.** Immutable.
public final class KeyHash {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG_IN_MEMORY =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final long FIRST = 0xa0761d6478bd642fL;
  private static final long SECOND = 0xe7037ed1a0b428dbL;

  private final long seed;

  /// Makes the hash of a store.
  ///
  /// @param seed its secret
  public KeyHash(long seed) {
    this.seed = fold(seed ^ FIRST, SECOND);
  }

  /// {@return the hash of a store, whose identity nobody can guess}
  public static KeyHash of(Bytes storeId) {
    byte[] id = storeId.lend();
    return new KeyHash((long) LONG.get(id, 0) ^ (long) LONG.get(id, Long.BYTES) * SECOND);
  }

  /// {@return the hash of a key of the index}
  public long of(byte[] indexKey) {
    int prefix = IndexKey.PREFIX_SIZE;
    return of(IndexKey.bucket(indexKey), indexKey, prefix, indexKey.length - prefix);
  }

  /// {@return the hash of a key of a bucket}
  ///
  /// @param bucket the number of the bucket
  /// @param bytes an array with the key
  /// @param offset where in the array the key begins
  /// @param count how many bytes it has
  public long of(int bucket, byte[] bytes, int offset, int count) {
    long hash = seed ^ ((long) bucket << 32 | count);
    int whole = count & -Long.BYTES;
    for (int at = 0; at < whole; at += Long.BYTES) {
      hash = fold(hash ^ (long) LONG.get(bytes, offset + at), FIRST);
    }
    long tail = 0;
    for (int at = whole; at < count; at++) {
      tail = tail << Byte.SIZE | (bytes[offset + at] & 0xff);
    }
    return nonZero(fold(hash ^ tail, SECOND));
  }

  /// {@return the hash of a key of a bucket}
  ///
  /// @param bucket the number of the bucket
  /// @param memory the memory with the key
  /// @param offset where in the memory the key begins
  /// @param count how many bytes it has
  public long of(int bucket, MemorySegment memory, long offset, int count) {
    long hash = seed ^ ((long) bucket << 32 | count);
    int whole = count & -Long.BYTES;
    for (int at = 0; at < whole; at += Long.BYTES) {
      hash = fold(hash ^ memory.get(LONG_IN_MEMORY, offset + at), FIRST);
    }
    long tail = 0;
    for (int at = whole; at < count; at++) {
      tail = tail << Byte.SIZE | (memory.get(ValueLayout.JAVA_BYTE, offset + at) & 0xff);
    }
    return nonZero(fold(hash ^ tail, SECOND));
  }

  /// Zero stands for "none".
  private static long nonZero(long hash) {
    return hash == 0 ? 1 : hash;
  }

  /// The 128 bits of a product, folded together. A factor of zero would swallow the other, so no
  /// factor may be one that somebody outside can choose.
  private static long fold(long a, long b) {
    return (a * b ^ Math.unsignedMultiplyHigh(a, b)) + a;
  }
}
