package dev.larder;

import org.jspecify.annotations.Nullable;

/// What can go wrong in a store beyond a caller's mistake. The hierarchy is closed, so that a
/// caller can list the cases in a `switch`; mistakes in arguments are [IllegalArgumentException]s.
///
/// Messages name keys (escaped, at most 128 bytes of each, the first ten); they never show values.
public abstract sealed class LarderException extends RuntimeException
    permits KeyExistsException,
        KeyNotFoundException,
        VersionConflictException,
        KeyTooLongException,
        ValueTooLargeException,
        BatchTooLargeException,
        StoreFullException,
        CodecException,
        StoreNotFoundException,
        NotAStoreException,
        UnsupportedVersionException,
        CorruptionException,
        StoreLockedException,
        StoreFailedException,
        CommitUnknownException,
        StoreIoException,
        StoreClosedException {
  private static final long serialVersionUID = 1L;

  LarderException(String message) {
    super(message);
  }

  LarderException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
