package dev.larder.benchmarks.peer;

import java.io.Closeable;
import java.io.IOException;

/// An open store.
///
/// **Threads.** Safe for several threads, each with a session of its own.
public interface PeerStore extends Closeable {
  /// Makes what a thread needs to use the store: buffers, statements, transactions.
  PeerSession session() throws Exception;

  /// Gives back the space of what is no longer needed, where the peer has a call for it. No session
  /// is open meanwhile.
  default void compact() throws Exception {}

  /// Closes the store in good order.
  @Override
  void close() throws IOException;
}
