package dev.larder.internal.index;

import dev.larder.Bytes;
import dev.larder.internal.format.RecordData;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Keys of the index: the bucket's number, big-endian so that buckets stay together, then the key.
public final class IndexKey {
  /// The number of the bucket that holds the names of the others.
  public static final int DIRECTORY_BUCKET = 0;

  /// How many bytes the bucket's number takes.
  public static final int PREFIX_SIZE = Integer.BYTES;

  private static final VarHandle PREFIX =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private IndexKey() {}

  /// {@return the key of the index for a key of a bucket}
  public static byte[] of(int bucket, Bytes key) {
    return of(bucket, key.lend());
  }

  /// {@return the key of the index for a key of a bucket}
  public static byte[] of(int bucket, byte[] key) {
    byte[] indexKey = new byte[PREFIX_SIZE + key.length];
    PREFIX.set(indexKey, 0, bucket);
    System.arraycopy(key, 0, indexKey, PREFIX_SIZE, key.length);
    return indexKey;
  }

  /// {@return the key of the index for the key of a record}
  public static byte[] of(RecordData record) {
    byte[] indexKey = begin(record.bucket(), record.keySize());
    record.copyKey(indexKey, PREFIX_SIZE);
    return indexKey;
  }

  /// {@return the key of the index for a key of some size, without the key itself}
  public static byte[] begin(int bucket, int keySize) {
    byte[] indexKey = new byte[PREFIX_SIZE + keySize];
    PREFIX.set(indexKey, 0, bucket);
    return indexKey;
  }

  /// Begins the key of the index for a key, in a part of an array.
  public static void begin(byte[] target, int offset, int bucket) {
    PREFIX.set(target, offset, bucket);
  }

  /// {@return the number of the bucket of an index key}
  public static int bucket(byte[] indexKey) {
    return (int) PREFIX.get(indexKey, 0);
  }

  /// {@return a copy of the key without its bucket}
  public static Bytes key(byte[] indexKey) {
    return Bytes.wrap(Arrays.copyOfRange(indexKey, PREFIX_SIZE, indexKey.length));
  }
}
