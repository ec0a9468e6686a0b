package dev.larder;

import static dev.larder.Cursor.deadline;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A named key space of a store, with codecs for its keys and values, and the verbs on it.
///
/// *Strict* verbs (`create`, `read`, `update`, `delete`) throw where the key is in the wrong state;
/// *lenient* ones (`put`, `get`, `remove`) do not mind. Every write returns the version it made:
/// the sequence number of its commit. An entry past its deadline counts as absent everywhere.
///
/// Every write is one atomic commit, as durable on return as [StoreOptions#durability()] or
/// [#with(Durability)] says. Every read sees the latest commit.
///
/// **Threads.** Safe for any number of threads. A write that has begun is not interruptible: it
/// finishes, and the interrupt flag is kept.
///
/// **Errors.** Besides what the verbs name: [KeyTooLongException], [ValueTooLargeException] and
/// [BatchTooLargeException] where a limit is exceeded, [IllegalArgumentException] for an empty key,
/// [CodecException] where a codec refuses, [StoreFullException], [StoreFailedException],
/// [CommitUnknownException], [StoreIoException], [CorruptionException], [StoreClosedException], and
/// [StoreNotFoundException] where there is no store yet and the call does not create it. Where an
/// exception is thrown nothing has changed, except that after a [CommitUnknownException] the next
/// opening decides.
///
/// @param <K> the type of keys
/// @param <V> the type of values
public final class Bucket<K, V> {
  private static final int LOAD_BATCH_MAX = 1000;
  private static final long LOAD_BYTES_MAX = 256L << 10;

  private final Backend backend;
  private final Limits limits;
  private final TimeSource timeSource;
  private final String name;
  private final Codec<K> keyCodec;
  private final Codec<V> valueCodec;
  private final @Nullable Durability durability;

  Bucket(
      Backend backend,
      StoreOptions options,
      String name,
      Codec<K> keyCodec,
      Codec<V> valueCodec,
      @Nullable Durability durability) {
    this.backend = backend;
    this.limits = options.limits();
    this.timeSource = options.timeSource();
    this.name = name;
    this.keyCodec = keyCodec;
    this.valueCodec = valueCodec;
    this.durability = durability;
  }

  private Bucket(Bucket<K, V> other, Durability durability) {
    this.backend = other.backend;
    this.limits = other.limits;
    this.timeSource = other.timeSource;
    this.name = other.name;
    this.keyCodec = other.keyCodec;
    this.valueCodec = other.valueCodec;
    this.durability = durability;
  }

  /// {@return the name of the bucket}
  public String name() {
    return name;
  }

  /// {@return the same bucket, with writes of another durability}
  ///
  /// @param level what commits survive
  public Bucket<K, V> with(Durability level) {
    return new Bucket<>(this, level);
  }

  // ---- one key, strict

  /// Stores a new entry without a deadline.
  ///
  /// @param key the key, which must have no live entry
  /// @param value the value
  /// @return the version of the entry
  /// @throws KeyExistsException if the key has a live entry
  public long create(K key, V value) {
    return create(key, value, Expiry.never());
  }

  /// Stores a new entry with a time to live.
  ///
  /// @param key the key, which must have no live entry
  /// @param value the value
  /// @param ttl at least 1 millisecond
  /// @return the version of the entry
  /// @throws KeyExistsException if the key has a live entry
  public long create(K key, V value, Duration ttl) {
    return create(key, value, Expiry.after(ttl));
  }

  /// Stores a new entry.
  ///
  /// @param key the key, which must have no live entry
  /// @param value the value
  /// @param expiry when the entry ends
  /// @return the version of the entry
  /// @throws KeyExistsException if the key has a live entry
  public long create(K key, V value, Expiry expiry) {
    Bytes encoded = encodeKey(key);
    return commit(new Precondition.Absent(name, encoded), put(encoded, value, expiry));
  }

  /// Reads the value of a live entry.
  ///
  /// @param key the key
  /// @return its value
  /// @throws KeyExpiredException if the entry has expired and is still remembered
  /// @throws KeyNotFoundException if there is no entry
  public V read(K key) {
    return readEntry(key).value();
  }

  /// Reads a live entry.
  ///
  /// @param key the key
  /// @return the entry
  /// @throws KeyExpiredException if the entry has expired and is still remembered
  /// @throws KeyNotFoundException if there is no entry
  public Entry<K, V> readEntry(K key) {
    Bytes encoded = encodeKey(key);
    return switch (backend.find(name, encoded)) {
      case Lookup.Live live -> entry(key, live);
      case Lookup.Expired(long deadlineMillis) ->
          throw new KeyExpiredException(keyText(encoded), Instant.ofEpochMilli(deadlineMillis));
      case Lookup.Absent _ -> throw new KeyNotFoundException(List.of(keyText(encoded)));
    };
  }

  /// Replaces the value of a live entry. Its deadline stays.
  ///
  /// @param key the key
  /// @param value the new value
  /// @return the new version of the entry
  /// @throws KeyNotFoundException if there is no live entry
  public long update(K key, V value) {
    return update(key, value, Expiry.unchanged());
  }

  /// Replaces the value and the deadline of a live entry.
  ///
  /// @param key the key
  /// @param value the new value
  /// @param ttl at least 1 millisecond
  /// @return the new version of the entry
  /// @throws KeyNotFoundException if there is no live entry
  public long update(K key, V value, Duration ttl) {
    return update(key, value, Expiry.after(ttl));
  }

  /// Replaces a live entry.
  ///
  /// @param key the key
  /// @param value the new value
  /// @param expiry when the entry ends
  /// @return the new version of the entry
  /// @throws KeyNotFoundException if there is no live entry
  public long update(K key, V value, Expiry expiry) {
    Bytes encoded = encodeKey(key);
    return commit(new Precondition.Present(name, encoded), put(encoded, value, expiry));
  }

  /// Removes a live entry.
  ///
  /// @param key the key
  /// @return the version of the commit that removed it
  /// @throws KeyNotFoundException if there is no live entry
  public long delete(K key) {
    Bytes encoded = encodeKey(key);
    return commit(new Precondition.Present(name, encoded), new Mutation.Remove(name, encoded));
  }

  // ---- one key, lenient

  /// Stores an entry, whether there was one or not. It has no deadline, whatever the old one had.
  ///
  /// @param key the key
  /// @param value the value
  /// @return the version of the entry
  public long put(K key, V value) {
    return put(key, value, Expiry.never());
  }

  /// Stores an entry with a time to live, whether there was one or not.
  ///
  /// @param key the key
  /// @param value the value
  /// @param ttl at least 1 millisecond
  /// @return the version of the entry
  public long put(K key, V value, Duration ttl) {
    return put(key, value, Expiry.after(ttl));
  }

  /// Stores an entry, whether there was one or not.
  ///
  /// @param key the key
  /// @param value the value
  /// @param expiry when the entry ends
  /// @return the version of the entry
  public long put(K key, V value, Expiry expiry) {
    return commit(null, put(encodeKey(key), value, expiry));
  }

  /// Reads the value of a live entry.
  ///
  /// @param key the key
  /// @return its value; empty if there is no live entry
  public Optional<V> get(K key) {
    return backend.find(name, encodeKey(key)) instanceof Lookup.Live live
        ? Optional.of(valueCodec.decode(live.value().toArray()))
        : Optional.empty();
  }

  /// Reads a live entry.
  ///
  /// @param key the key
  /// @return the entry; empty if there is none
  public Optional<Entry<K, V>> getEntry(K key) {
    return backend.find(name, encodeKey(key)) instanceof Lookup.Live live
        ? Optional.of(entry(key, live))
        : Optional.empty();
  }

  /// Reads the stored bytes of a live entry's value into an array, without a copy of its own and,
  /// where the key is a byte array, without allocating anything. The record's checksum is verified.
  ///
  /// @param key the key
  /// @param target where the value goes, if it fits
  /// @param offset the first place in `target`, from 0 to its length
  /// @return how many bytes the value has, or -1 if there is no live entry. If that is more than
  ///   `target` has from the offset on, it was not copied, and what is in `target` from there on is
  ///   undefined
  public int getInto(K key, byte[] target, int offset) {
    Objects.checkFromToIndex(offset, target.length, target.length);
    return backend.read(name, encodeForReading(key), target, offset);
  }

  /// Lends the stored bytes of a live entry's value, without copying them. They are *not* verified:
  /// a disk that has gone wrong shows in what the reader sees. Use [#get] where that matters.
  ///
  /// @param key the key
  /// @param reader what sees the value: read-only memory, valid until the reader returns, which
  ///   must not be kept. The store keeps the value's space as long as the reader runs
  /// @param <R> what the reader makes of it
  /// @return what the reader returned, which must not be null; empty if there is no live entry
  public <R> Optional<R> withValue(K key, Function<? super MemorySegment, ? extends R> reader) {
    return backend.withValue(name, encodeKey(key), Objects.requireNonNull(reader, "reader"));
  }

  /// Reads the values of many keys at once, from one state; faster than one by one, since the waits
  /// for memory overlap.
  ///
  /// @param keys the keys; one that is given twice counts once
  /// @return the values of those that have live entries, in the order of `keys`
  public Map<K, V> getAll(Collection<? extends K> keys) {
    var distinct = List.copyOf(new LinkedHashSet<K>(keys));
    List<Lookup> found = backend.findAll(name, distinct.stream().map(this::encodeKey).toList());
    var values = LinkedHashMap.<K, V>newLinkedHashMap(distinct.size());
    for (int i = 0; i < found.size(); i++) {
      if (found.get(i) instanceof Lookup.Live live) {
        values.put(distinct.get(i), valueCodec.decode(live.value().toArray()));
      }
    }
    return values;
  }

  /// {@return whether a key has a live entry}
  ///
  /// @param key the key
  public boolean contains(K key) {
    return backend.find(name, encodeKey(key)) instanceof Lookup.Live;
  }

  /// Removes an entry if there is one.
  ///
  /// @param key the key
  /// @return whether there was a live entry
  public boolean remove(K key) {
    Bytes encoded = encodeKey(key);
    CommitResult result =
        commit(
            List.of(new Precondition.Present(name, encoded)),
            List.of(new Mutation.Remove(name, encoded)));
    return result instanceof CommitResult.Committed;
  }

  // ---- one key, by version

  /// Replaces the value of an entry if it still has the version given. Its deadline stays.
  ///
  /// @param key the key
  /// @param version the version that the entry must have, at least 1
  /// @param value the new value
  /// @return the new version
  /// @throws VersionConflictException if it has another version or there is no live entry
  public long compareAndSet(K key, long version, V value) {
    return compareAndSet(key, version, value, Expiry.unchanged());
  }

  /// Replaces an entry if it still has the version given.
  ///
  /// @param key the key
  /// @param version the version that the entry must have, at least 1
  /// @param value the new value
  /// @param expiry when the entry ends
  /// @return the new version
  /// @throws VersionConflictException if it has another version or there is no live entry
  public long compareAndSet(K key, long version, V value, Expiry expiry) {
    Bytes encoded = encodeKey(key);
    return commit(new Precondition.VersionIs(name, encoded, version), put(encoded, value, expiry));
  }

  /// Removes an entry if it still has the version given.
  ///
  /// @param key the key
  /// @param version the version that the entry must have, at least 1
  /// @return the version of the commit that removed it
  /// @throws VersionConflictException if it has another version or there is no live entry
  public long compareAndDelete(K key, long version) {
    Bytes encoded = encodeKey(key);
    return commit(
        new Precondition.VersionIs(name, encoded, version), new Mutation.Remove(name, encoded));
  }

  // ---- deadlines

  /// Gives a live entry a time to live, counted from this commit.
  ///
  /// @param key the key
  /// @param ttl at least 1 millisecond
  /// @return the new version of the entry
  /// @throws KeyNotFoundException if there is no live entry
  public long expire(K key, Duration ttl) {
    return renew(key, Expiry.after(ttl));
  }

  /// Gives a live entry a deadline.
  ///
  /// @param key the key
  /// @param deadline from when on the entry is gone; an instant that has passed removes it
  /// @return the new version of the entry
  /// @throws KeyNotFoundException if there is no live entry
  public long expireAt(K key, Instant deadline) {
    return renew(key, Expiry.at(deadline));
  }

  /// Takes the deadline of a live entry away.
  ///
  /// @param key the key
  /// @return the new version of the entry
  /// @throws KeyNotFoundException if there is no live entry
  public long persist(K key) {
    return renew(key, Expiry.never());
  }

  /// {@return how long a live entry has to live, to the millisecond; empty if it has no deadline}
  ///
  /// @param key the key
  /// @throws KeyNotFoundException if there is no live entry
  public Optional<Duration> timeToLive(K key) {
    Optional<Instant> deadline = readEntry(key).deadline();
    // The clock may have gone on since the entry was found live; less than nothing is never left.
    return deadline.map(instant ->
        Duration.ofMillis(Math.max(1, instant.toEpochMilli() - timeSource.wallMillis())));
  }

  // ---- many keys at once, atomically

  /// Stores new entries, all or none.
  ///
  /// @param entries keys, none of which may have a live entry, and values
  /// @return the version of all of them
  /// @throws KeyExistsException if keys have live entries; it names them all
  public long createAll(Map<? extends K, ? extends V> entries) {
    return createAll(items(entries, Expiry.never()));
  }

  /// Stores new entries with one time to live, all or none.
  ///
  /// @param entries keys, none of which may have a live entry, and values
  /// @param ttl at least 1 millisecond
  /// @return the version of all of them
  /// @throws KeyExistsException if keys have live entries; it names them all
  public long createAll(Map<? extends K, ? extends V> entries, Duration ttl) {
    return createAll(items(entries, Expiry.after(ttl)));
  }

  /// Stores new entries, each with its own expiry, all or none.
  ///
  /// @param items what to store
  /// @return the version of all of them
  /// @throws KeyExistsException if keys have live entries or are given twice; it names them all
  public long createAll(Collection<Item<K, V>> items) {
    List<Mutation> puts = puts(items);
    List<Bytes> repeated = repeated(puts);
    if (!repeated.isEmpty()) {
      throw new KeyExistsException(keyTexts(existing(puts)), keyTexts(repeated));
    }
    var absent = new ArrayList<Precondition>(puts.size());
    puts.forEach(put -> absent.add(new Precondition.Absent(name, put.key())));
    return require(commit(absent, puts));
  }

  /// Stores entries without deadlines, whether there were any or not, all or none.
  ///
  /// @param entries keys and values
  /// @return the version of all of them
  public long putAll(Map<? extends K, ? extends V> entries) {
    return putAll(items(entries, Expiry.never()));
  }

  /// Stores entries with one time to live, whether there were any or not, all or none.
  ///
  /// @param entries keys and values
  /// @param ttl at least 1 millisecond
  /// @return the version of all of them
  public long putAll(Map<? extends K, ? extends V> entries, Duration ttl) {
    return putAll(items(entries, Expiry.after(ttl)));
  }

  /// Stores entries, each with its own expiry, whether there were any or not, all or none.
  ///
  /// @param items what to store
  /// @return the version of all of them
  /// @throws IllegalArgumentException if a key is given twice
  public long putAll(Collection<Item<K, V>> items) {
    List<Mutation> puts = puts(items);
    List<Bytes> repeated = repeated(puts);
    if (!repeated.isEmpty()) {
      throw new IllegalArgumentException(
          "a batch holds each key at most once: " + KeyText.list(keyTexts(repeated)));
    }
    return require(commit(List.of(), puts));
  }

  /// Stores many entries fast, whether there were any or not: in commits of many entries each,
  /// which are made durable together at the end. Each commit is atomic, the whole is not: where
  /// this throws, some first part of the entries is stored.
  ///
  /// @param items what to store, read as it goes; a key that comes twice has its last value
  /// @return how many items there were. When this returns all of them are as durable as the
  ///   bucket's level says
  public long load(Iterator<Item<K, V>> items) {
    Durability level = durability;
    boolean isForced = level == null || level instanceof Durability.Sync;
    Bucket<K, V> quick = isForced ? with(Durability.OS) : this;
    long count = 0;
    var batch = new LinkedHashMap<Bytes, Mutation>();
    int batchMax = Math.min(LOAD_BATCH_MAX, limits.batchCount());
    long bytes = 0;
    while (items.hasNext()) {
      Item<K, V> item = items.next();
      Bytes key = encodeKey(item.key());
      Mutation put = put(key, item.value(), item.expiry());
      batch.put(key, put);
      bytes += key.size() + ((Mutation.Put) put).value().size();
      count++;
      if (batch.size() >= batchMax || bytes >= LOAD_BYTES_MAX) {
        quick.commit(List.of(), List.copyOf(batch.values()));
        batch.clear();
        bytes = 0;
      }
    }
    if (!batch.isEmpty()) {
      quick.commit(List.of(), List.copyOf(batch.values()));
    }
    if (isForced && count > 0) {
      backend.force();
    }
    return count;
  }

  /// Removes live entries, all or none. A key that is given twice is removed once.
  ///
  /// @param keys keys, all of which must have live entries
  /// @return the version of the commit that removed them
  /// @throws KeyNotFoundException if keys have no live entry; it names them all
  public long deleteAll(Collection<? extends K> keys) {
    var distinct = new LinkedHashSet<Bytes>();
    keys.forEach(key -> distinct.add(encodeKey(key)));
    requireBatch(distinct.size());
    var present = new ArrayList<Precondition>(distinct.size());
    var removes = new ArrayList<Mutation>(distinct.size());
    for (Bytes key : distinct) {
      present.add(new Precondition.Present(name, key));
      removes.add(new Mutation.Remove(name, key));
    }
    return require(commit(present, removes));
  }

  // ---- in order

  /// {@return every key, in order}
  public List<K> keys() {
    return keys(Range.all());
  }

  /// {@return the keys of a range, in its order, from one snapshot}
  ///
  /// @param range which keys
  public List<K> keys(Range<K> range) {
    var keys = new ArrayList<K>();
    try (Cursor<K, V> cursor = cursor(range)) {
      while (cursor.hasNext()) {
        keys.add(cursor.nextKey());
      }
    }
    return keys;
  }

  /// {@return every entry, in order of keys}
  public List<Entry<K, V>> entries() {
    return entries(Range.all());
  }

  /// {@return the entries of a range, in its order, from one snapshot}
  ///
  /// @param range which keys
  public List<Entry<K, V>> entries(Range<K> range) {
    var entries = new ArrayList<Entry<K, V>>();
    try (Cursor<K, V> cursor = cursor(range)) {
      cursor.forEachRemaining(entries::add);
    }
    return entries;
  }

  /// Opens a cursor, for more entries than fit into memory at once.
  ///
  /// @param range which keys
  /// @return a cursor over one snapshot, which must be closed
  public Cursor<K, V> cursor(Range<K> range) {
    KeyRange encoded = range.encode(keyCodec);
    BackendSnapshot snapshot = backend.snapshot();
    try {
      return new Cursor<>(snapshot, snapshot.cursor(name, encoded), keyCodec, valueCodec);
    } catch (RuntimeException e) {
      snapshot.close();
      throw e;
    }
  }

  /// Shows the stored bytes of the entries of a range, in its order, from one snapshot: the fastest
  /// way to see many entries. Every record's checksum is verified before it is shown.
  ///
  /// @param range which keys
  /// @param visitor what sees them, and says whether to go on. The memory that it is lent must not
  ///   be kept
  /// @return how many entries it saw
  /// @throws CorruptionException if a record is damaged
  public long scan(Range<K> range, EntryVisitor visitor) {
    Objects.requireNonNull(visitor, "visitor");
    long count = 0;
    try (BackendSnapshot snapshot = backend.snapshot();
        BackendCursor cursor = snapshot.cursor(name, range.encode(keyCodec))) {
      while (cursor.next()) {
        count++;
        if (!visitor.visit(cursor.lentKey(), cursor.lentValue())) {
          break;
        }
      }
    }
    return count;
  }

  /// {@return how many live entries the bucket has; the cost is in proportion to it}
  public long count() {
    return count(Range.all());
  }

  /// {@return how many live entries a range has; the cost is in proportion to it}
  ///
  /// @param range which keys
  public long count(Range<K> range) {
    return scan(range, (_, _) -> true);
  }

  /// {@return the entry with the lowest key; empty if there is none}
  public Optional<Entry<K, V>> first() {
    return first(KeyRange.ALL);
  }

  /// {@return the entry with the highest key; empty if there is none}
  public Optional<Entry<K, V>> last() {
    return first(new KeyRange(null, null, true, 1));
  }

  /// {@return the entry with the highest key at or below the one given; empty if there is none}
  ///
  /// @param key the key to look from
  public Optional<Entry<K, V>> floor(K key) {
    return first(new KeyRange(null, next(encodeKey(key)), true, 1));
  }

  /// {@return the entry with the lowest key at or above the one given; empty if there is none}
  ///
  /// @param key the key to look from
  public Optional<Entry<K, V>> ceiling(K key) {
    return first(new KeyRange(encodeKey(key), null, false, 1));
  }

  /// {@return the entry with the highest key below the one given; empty if there is none}
  ///
  /// @param key the key to look from
  public Optional<Entry<K, V>> lower(K key) {
    return first(new KeyRange(null, encodeKey(key), true, 1));
  }

  /// {@return the entry with the lowest key above the one given; empty if there is none}
  ///
  /// @param key the key to look from
  public Optional<Entry<K, V>> higher(K key) {
    return first(new KeyRange(next(encodeKey(key)), null, false, 1));
  }

  private Optional<Entry<K, V>> first(KeyRange range) {
    try (BackendSnapshot snapshot = backend.snapshot();
        Cursor<K, V> cursor =
            new Cursor<>(snapshot, snapshot.cursor(name, range), keyCodec, valueCodec)) {
      return cursor.hasNext() ? Optional.of(cursor.next()) : Optional.empty();
    }
  }

  /// The lowest byte string above the given one.
  private static Bytes next(Bytes key) {
    byte[] bytes = new byte[key.size() + 1];
    System.arraycopy(key.lend(), 0, bytes, 0, key.size());
    return Bytes.wrap(bytes);
  }

  private long renew(K key, Expiry expiry) {
    Bytes encoded = encodeKey(key);
    return commit(
        new Precondition.Present(name, encoded), new Mutation.Renew(name, encoded, expiry));
  }

  /// A key that is only compared need not be copied.
  private byte[] encodeForReading(K key) {
    if (Codec.bytes().equals(keyCodec)) {
      byte[] bytes = (byte[]) Objects.requireNonNull(key, "key");
      if (bytes.length > 0 && bytes.length <= limits.keyBytes()) {
        return bytes;
      }
    }
    return encodeKey(key).lend();
  }

  private Bytes encodeKey(K key) {
    Bytes encoded = Bytes.wrap(keyCodec.encode(Objects.requireNonNull(key, "key")));
    if (encoded.size() == 0) {
      throw new IllegalArgumentException("a key must not be empty");
    }
    if (keyCodec.isText()) {
      // Characters need counting only where there are more bytes than the limit allows of them.
      if (encoded.size() > limits.keyCharacters()) {
        String text = encoded.toUtf8();
        if (limits.keyCharacters() < Limits.KEY_BYTES_MAX) {
          int count = text.codePointCount(0, text.length());
          requireKeySize(encoded, count, limits.keyCharacters(), "characters");
        }
        requireKeySize(encoded, encoded.size(), Limits.KEY_BYTES_MAX, "bytes");
      }
    } else {
      requireKeySize(encoded, encoded.size(), limits.keyBytes(), "bytes");
    }
    return encoded;
  }

  private void requireKeySize(Bytes key, int size, int limit, String unit) {
    if (size > limit) {
      throw new KeyTooLongException(keyText(key), size, limit, unit);
    }
  }

  private Mutation put(Bytes key, V value, Expiry expiry) {
    Objects.requireNonNull(expiry, "expiry");
    Bytes encoded = Bytes.wrap(valueCodec.encode(Objects.requireNonNull(value, "value")));
    if (encoded.size() > limits.valueBytes()) {
      throw new ValueTooLargeException(keyText(key), encoded.size(), limits.valueBytes());
    }
    return new Mutation.Put(name, key, encoded, expiry);
  }

  private List<Item<K, V>> items(Map<? extends K, ? extends V> entries, Expiry expiry) {
    var items = new ArrayList<Item<K, V>>(entries.size());
    entries.forEach((key, value) -> items.add(new Item<>(key, value, expiry)));
    return items;
  }

  private List<Mutation> puts(Collection<Item<K, V>> items) {
    requireBatch(items.size());
    var puts = new ArrayList<Mutation>(items.size());
    items.forEach(item -> puts.add(put(encodeKey(item.key()), item.value(), item.expiry())));
    return puts;
  }

  private void requireBatch(int size) {
    if (size > limits.batchCount()) {
      throw new BatchTooLargeException(size, limits.batchCount(), "entries");
    }
  }

  private static List<Bytes> repeated(List<Mutation> puts) {
    var seen = HashSet.<Bytes>newHashSet(puts.size());
    var repeated = new LinkedHashSet<Bytes>();
    for (Mutation put : puts) {
      if (!seen.add(put.key())) {
        repeated.add(put.key());
      }
    }
    return List.copyOf(repeated);
  }

  private List<Bytes> existing(List<Mutation> puts) {
    var existing = new LinkedHashSet<Bytes>();
    for (Mutation put : puts) {
      try {
        if (backend.find(name, put.key()) instanceof Lookup.Live) {
          existing.add(put.key());
        }
      } catch (StoreNotFoundException _) {
        return List.of(); // where there is no store, no key exists
      }
    }
    return List.copyOf(existing);
  }

  private long commit(@Nullable Precondition precondition, Mutation mutation) {
    return require(
        commit(precondition == null ? List.of() : List.of(precondition), List.of(mutation)));
  }

  private CommitResult commit(List<Precondition> preconditions, List<Mutation> mutations) {
    return backend.commit(new Commit(preconditions, mutations, durability));
  }

  private long require(CommitResult result) {
    return switch (result) {
      case CommitResult.Committed(long version) -> version;
      case CommitResult.Rejected(List<CommitResult.Conflict> conflicts) ->
          throw rejection(conflicts);
    };
  }

  private LarderException rejection(List<CommitResult.Conflict> conflicts) {
    List<String> keys = keyTexts(conflicts.stream().map(c -> c.precondition().key()).toList());
    CommitResult.Conflict first = conflicts.getFirst();
    return switch (first.precondition()) {
      case Precondition.Absent _ -> new KeyExistsException(keys, List.of());
      case Precondition.Present _ when conflicts.size() == 1 && first.isExpired() ->
          new KeyExpiredException(keys.getFirst(), Instant.ofEpochMilli(first.deadlineMillis()));
      case Precondition.Present _ -> new KeyNotFoundException(keys);
      case Precondition.VersionIs(_, _, long version) ->
          new VersionConflictException(keys.getFirst(), version, first.version());
    };
  }

  private Entry<K, V> entry(K key, Lookup.Live live) {
    return new Entry<>(
        key,
        valueCodec.decode(live.value().toArray()),
        live.version(),
        deadline(live.deadlineMillis()));
  }

  private String keyText(Bytes key) {
    return KeyText.of(key, keyCodec.isText());
  }

  private List<String> keyTexts(List<Bytes> keys) {
    return keys.stream().map(this::keyText).toList();
  }
}
