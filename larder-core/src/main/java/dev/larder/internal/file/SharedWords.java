package dev.larder.internal.file;

/// Words of 64 bits in a file that several processes map. Writes are seen by all of them at once.
///
/// Every access throws `IllegalStateException` after [#close()], and [java.io.UncheckedIOException]
/// if somebody has cut the file.
///
/// **Threads.** Safe for any number of threads and processes.
public interface SharedWords extends AutoCloseable {
  /// {@return a word; everything its writer did before is visible}
  long get(int index);

  /// Sets a word; everything done before is visible to who reads it.
  void set(int index, long value);

  /// Sets a word if it has an expected value.
  ///
  /// @return whether it had
  boolean compareAndSet(int index, long expected, long value);

  /// Unmaps. Closing twice does nothing.
  @Override
  void close();
}
