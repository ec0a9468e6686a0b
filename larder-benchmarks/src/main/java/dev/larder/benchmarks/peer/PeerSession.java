package dev.larder.benchmarks.peer;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A thread's way into an open store, through the cheapest calls that the peer has for it. What
/// each call does is the same for all: a read sees what was committed before it began, and what was
/// written survives what the level says.
///
/// **Threads.** For the thread that made it.
public interface PeerSession extends Closeable {
  /// Stores a value under a key, whether or not there is one already, as a commit of its own.
  void put(byte[] key, byte[] value) throws Exception;

  /// Stores many values, in one commit where the peer has such a thing.
  ///
  /// @param keys keys, of which the first `count` count
  /// @param values their values
  void putAll(byte[][] keys, byte[][] values, int count) throws Exception;

  /// Copies the value of a key into an array.
  ///
  /// @return how many bytes it has, or -1 if there is none
  int get(byte[] key, byte[] target) throws Exception;

  /// Removes a key that is there, as a commit of its own.
  void delete(byte[] key) throws Exception;

  /// Shows entries in the order of their keys until the visitor has enough. Only for peers with
  /// [Peer.Feature#ORDER].
  ///
  /// @param from the key to begin at, the next one in the direction if it is absent; null for the
  ///   end of the store that the direction begins at
  /// @param reversed whether to go from the greatest key to the smallest
  default void scan(byte @Nullable [] from, boolean reversed, Visitor visitor) throws Exception {
    throw new UnsupportedOperationException("keys have no order");
  }

  @Override
  void close() throws IOException;

  /// Looks at entries. A peer shows of each the first and the last 8 bytes of the key and of the
  /// value, read in place where it can, so that nobody pays for copies that a program may not need.
  interface Visitor {
    /// Looks at one entry.
    ///
    /// @param keyHead the first 8 bytes of the key, as a big-endian word
    /// @param keyTail the last 8 bytes of the key, as a big-endian word
    /// @param valueHead the first 8 bytes of the value, as a little-endian word
    /// @param valueTail the last 8 bytes of the value, as a little-endian word
    /// @return whether to go on
    boolean visit(long keyHead, long keyTail, long valueHead, long valueTail);
  }
}
