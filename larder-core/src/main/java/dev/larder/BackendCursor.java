package dev.larder;

import java.lang.foreign.MemorySegment;

/// Walks over the live entries of a snapshot. It stands before the first entry until [#next()].
///
/// **Threads.** For one thread at a time.
public interface BackendCursor extends AutoCloseable {
  /// Moves to the next live entry.
  ///
  /// @return whether there is one
  boolean next();

  /// {@return the key of the present entry}
  Bytes key();

  /// {@return the value of the present entry, read from storage and verified at this call}
  Bytes value();

  /// {@return the key of the present entry, lent: read-only memory that is valid until the cursor
  /// is used again}
  default MemorySegment lentKey() {
    return MemorySegment.ofArray(key().lend()).asReadOnly();
  }

  /// {@return the value of the present entry, verified and lent: read-only memory that is valid
  /// until the cursor is used again}
  default MemorySegment lentValue() {
    return MemorySegment.ofArray(value().lend()).asReadOnly();
  }

  /// {@return the version of the present entry}
  long version();

  /// {@return the deadline of the present entry in milliseconds since 1970, or
  /// [Expiry#NO_DEADLINE]}
  long deadlineMillis();

  /// Lets go of the cursor. Closing twice does nothing.
  @Override
  void close();
}
