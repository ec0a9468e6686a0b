package dev.larder.internal.index;

import dev.larder.CorruptionException;
import org.jspecify.annotations.Nullable;

/// Reads the keys of records, so that an index need not hold them.
///
/// Whoever looks without a lock may ask for an address that is no longer true. The answer may then
/// be anything, but no exception other than [RetryException].
///
/// **Threads.** Safe for any number of threads.
public interface KeyReader {
  /// {@return whether the record at an address is one of a key}
  ///
  /// @param address where the record is
  /// @param bucket the number of the key's bucket
  /// @param key an array with the key
  /// @param offset where in the array the key begins
  /// @param count how many bytes it has
  boolean hasKey(long address, int bucket, byte[] key, int offset, int count);

  /// {@return whether the record at an address is one of a key of the index}
  default boolean hasKey(long address, byte[] indexKey) {
    int prefix = IndexKey.PREFIX_SIZE;
    return hasKey(address, IndexKey.bucket(indexKey), indexKey, prefix, indexKey.length - prefix);
  }

  /// {@return what is wrong with the record at an address; null if it is what was written, or if
  /// nothing can be said since it went away}
  default @Nullable CorruptionException damage(long address) {
    return null;
  }

  /// {@return the hash of the key of the record at an address, as of [KeyHash]}
  long hash(long address);

  /// {@return the key of the index of the record at an address, see [IndexKey], as a new array}
  byte[] key(long address);

  /// What was looked at went away meanwhile; looking again from the beginning will do.
  final class RetryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// The only one: it is thrown often, and nobody looks at its stack.
    @SuppressWarnings("StaticAssignmentOfThrowable") // it has no stack
    public static final RetryException INSTANCE = new RetryException();

    private RetryException() {
      super("look again", null, false, false);
    }
  }
}
