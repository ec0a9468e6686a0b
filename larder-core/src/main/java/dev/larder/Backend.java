package dev.larder;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

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

  /// Reads the value of one live entry in the present into an array.
  ///
  /// @param bucket the bucket's name
  /// @param key the key; it is not kept
  /// @param target where the value goes, if it fits
  /// @param offset the first place in `target`
  /// @return how many bytes the value has, or -1 if there is no live entry. If that is more than
  ///   `target` has from the offset on, nothing was copied
  default int read(String bucket, byte[] key, byte[] target, int offset) {
    if (!(find(bucket, Bytes.wrap(key)) instanceof Lookup.Live live)) {
      return -1;
    }
    byte[] value = live.value().lend();
    if (value.length <= target.length - offset) {
      System.arraycopy(value, 0, target, offset, value.length);
    }
    return value.length;
  }

  /// Lends the value of one live entry in the present, without copying it where that is possible.
  ///
  /// @param bucket the bucket's name
  /// @param key the key
  /// @param reader what sees the value; read-only memory that is valid until it returns. It is not
  ///   verified where it is not copied
  /// @param <R> what the reader makes of it
  /// @return what the reader returned; empty if there is no live entry
  default <R> Optional<R> withValue(
      String bucket, Bytes key, Function<? super MemorySegment, ? extends R> reader) {
    return find(bucket, key) instanceof Lookup.Live live
        ? Optional.of(reader.apply(MemorySegment.ofArray(live.value().lend()).asReadOnly()))
        : Optional.empty();
  }

  /// Looks many keys up in one state.
  ///
  /// @param bucket the bucket's name
  /// @param keys the keys
  /// @return what stands there, in the order of the keys
  default List<Lookup> findAll(String bucket, List<Bytes> keys) {
    try (BackendSnapshot snapshot = snapshot()) {
      return keys.stream().map(key -> snapshot.find(bucket, key)).toList();
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
