package dev.larder;

import java.util.Set;

/// An unchanging view of one state of a [Backend]. Only time goes on in it: an entry whose deadline
/// passes while the view is open is no longer found.
///
/// **Threads.** Safe for any number of threads; each cursor is for one.
public interface BackendSnapshot extends AutoCloseable {
  /// {@return the sequence number of the last commit in this view, 0 if there was none}
  long version();

  /// Looks one key up.
  ///
  /// @param bucket the bucket's name
  /// @param key the key
  /// @return what stands there
  Lookup find(String bucket, Bytes key);

  /// Walks over live entries in the order of their keys.
  ///
  /// @param bucket the bucket's name
  /// @param range which keys, in which direction, and how many
  /// @return a cursor before the first entry; it must be closed before the snapshot
  BackendCursor cursor(String bucket, KeyRange range);

  /// {@return the names of the buckets that were ever written to, in order of code points}
  Set<String> buckets();

  /// Lets go of the view. Closing twice does nothing.
  @Override
  void close();
}
