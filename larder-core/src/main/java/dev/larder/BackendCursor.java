package dev.larder;

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

  /// {@return the version of the present entry}
  long version();

  /// {@return the deadline of the present entry in milliseconds since 1970, or
  /// [Expiry#NO_DEADLINE]}
  long deadlineMillis();

  /// Lets go of the cursor. Closing twice does nothing.
  @Override
  void close();
}
