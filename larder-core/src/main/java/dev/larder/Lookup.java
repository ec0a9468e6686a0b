package dev.larder;

/// What stands at a key.
public sealed interface Lookup {
  /// A live entry.
  ///
  /// @param value its value
  /// @param version the sequence number of the commit that wrote it
  /// @param deadlineMillis its deadline in milliseconds since 1970, or [Expiry#NO_DEADLINE]
  record Live(Bytes value, long version, long deadlineMillis) implements Lookup {}

  /// No live entry, but one whose deadline has passed and that is still remembered.
  ///
  /// @param deadlineMillis its deadline in milliseconds since 1970
  record Expired(long deadlineMillis) implements Lookup {}

  /// Nothing.
  enum Absent implements Lookup {
    /// The only one.
    INSTANCE
  }
}
