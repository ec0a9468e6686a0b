package dev.larder.testkit;

/// Which changes of names that were not forced a power failure may leave behind.
public enum NameOrder {
  /// Any of them: all that POSIX allows.
  ANY,
  /// Those before some moment, as journaling file systems do it.
  ORDERED
}
