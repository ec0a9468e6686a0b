package dev.larder;

/// Storage behind a [Store]: one door to change it, [#commit], and one to read it, [#snapshot()].
/// The rest is upkeep.
///
/// **Threads.** Safe for any number of threads. An interrupt never damages anything: a commit that
/// has begun waits on, and the interrupt flag is kept.
///
/// **Errors.** Every method throws [StoreClosedException] after [#close()], [StoreFailedException]
/// when it would write after a failed write, [StoreIoException] and [CorruptionException] when the
/// files do not yield what was asked for, and [StoreNotFoundException] where there is no storage
/// and the call does not create it.
public interface Backend extends AutoCloseable {
  /// Applies mutations if all preconditions hold, all together or not at all.
  ///
  /// Preconditions are judged against everything committed before. When the call returns, the
  /// commit is as durable as it asked for and every later snapshot sees it. A commit without
  /// mutations only judges.
  ///
  /// @param commit preconditions, mutations, durability
  /// @return [CommitResult.Committed], or [CommitResult.Rejected] with every precondition that
  ///   failed
  /// @throws StoreFullException if there is no room; nothing was changed
  /// @throws CommitUnknownException if an error came between the first byte and the acknowledgement
  CommitResult commit(Commit commit);

  /// {@return an unchanging view of everything committed; it must be closed}
  BackendSnapshot snapshot();

  /// Looks one key up in the present: what a snapshot taken for this one call would answer.
  ///
  /// @param bucket the bucket's name
  /// @param key the key
  /// @return what stands there
  default Lookup find(String bucket, Bytes key) {
    try (BackendSnapshot snapshot = snapshot()) {
      return snapshot.find(bucket, key);
    }
  }

  /// Removes every entry past its deadline, and forgets that it was there.
  ///
  /// @return how many expired keys were removed, those included that were only remembered as
  ///   expired
  long purgeExpired();

  /// Makes everything committed so far durable.
  void force();

  /// Writes an image of the index, so that the next opening is fast. Nothing depends on it.
  void checkpoint();

  /// Rewrites what is live and gives the space of everything else back.
  void compact();

  /// {@return figures of this moment}
  Statistics statistics();

  /// Makes everything durable, stops every thread and lets go of the files. Closing twice does
  /// nothing.
  ///
  /// @throws StoreFailedException if what was committed could not be made durable; everything is
  ///   let go of nevertheless
  @Override
  void close();
}
