package dev.larder.internal.index;

/// What happened to an index after its image, from where it was written down. Nothing of it is read
/// before it is asked for.
///
/// **Threads.** Safe for any number of threads.
public interface IndexDeltas extends AutoCloseable {
  /// {@return how many parts there are, one behind the other}
  int count();

  /// {@return the changes of the table that are about the hashes of a partition, in order;
  /// [DeltaBuffer#ROW] numbers each}
  ///
  /// @throws DamagedImageException if they are not what was written
  long[] rows(int partition);

  /// {@return the keys that were new to the tree in a part; [DeltaBuffer#PAIR] numbers each}
  ///
  /// @throws DamagedImageException if they are not what was written
  long[] newKeys(int part);

  /// {@return the deadlines that were added in a part; [DeltaBuffer#PAIR] numbers each}
  ///
  /// @throws DamagedImageException if they are not what was written
  long[] deadlines(int part);

  /// Shows the keys that the tree let go of in a part.
  ///
  /// @throws DamagedImageException if they are not what was written
  void departed(int part, Visitor visitor);

  /// {@return what to throw where the parts or the image are not what was written; the next opening
  /// will not use them}
  DamagedImageException damaged(String reason);

  /// Lets go of the files.
  @Override
  void close();

  /// Sees keys.
  @FunctionalInterface
  interface Visitor {
    /// Sees a key.
    void visit(long hash, byte[] key);
  }
}
