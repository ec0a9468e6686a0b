package dev.larder;

import java.time.Instant;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/// Walks over the entries of a bucket in key order, from one snapshot: what is committed after it
/// was opened is not seen. Entries whose deadline passes on the way are left out.
///
/// It must be closed; until then the store keeps the space of what it may still show.
///
/// **Threads.** For one thread at a time.
///
/// @param <K> the type of keys
/// @param <V> the type of values
public final class Cursor<K, V> implements Iterator<Entry<K, V>>, AutoCloseable {
  private final BackendSnapshot snapshot;
  private final BackendCursor cursor;
  private final Codec<K> keyCodec;
  private final Codec<V> valueCodec;
  private boolean isAhead;
  private boolean isAtEnd;

  Cursor(BackendSnapshot snapshot, BackendCursor cursor, Codec<K> keyCodec, Codec<V> valueCodec) {
    this.snapshot = snapshot;
    this.cursor = cursor;
    this.keyCodec = keyCodec;
    this.valueCodec = valueCodec;
  }

  /// {@return the sequence number of the last commit that the cursor sees}
  public long version() {
    return snapshot.version();
  }

  /// {@return whether there is another entry; one whose deadline passes after this is still
  /// returned by [#next()]}
  @Override
  public boolean hasNext() {
    if (!isAhead && !isAtEnd) {
      isAhead = cursor.next();
      isAtEnd = !isAhead;
    }
    return isAhead;
  }

  /// Moves to the next entry and reads it.
  ///
  /// @return the entry
  /// @throws NoSuchElementException if there is none
  /// @throws CorruptionException if its record is damaged
  @Override
  public Entry<K, V> next() {
    advance();
    return new Entry<>(
        keyCodec.decode(cursor.key().toArray()),
        valueCodec.decode(cursor.value().toArray()),
        cursor.version(),
        deadline(cursor.deadlineMillis()));
  }

  /// Moves to the next entry without reading its value.
  ///
  /// @return its key
  /// @throws NoSuchElementException if there is none
  public K nextKey() {
    advance();
    return keyCodec.decode(cursor.key().toArray());
  }

  /// Lets go of the snapshot. Closing twice does nothing.
  @Override
  public void close() {
    cursor.close();
    snapshot.close();
  }

  static Optional<Instant> deadline(long deadlineMillis) {
    return deadlineMillis == Expiry.NO_DEADLINE
        ? Optional.empty()
        : Optional.of(Instant.ofEpochMilli(deadlineMillis));
  }

  private void advance() {
    if (!hasNext()) {
      throw new NoSuchElementException("the cursor is at its end");
    }
    isAhead = false;
  }
}
