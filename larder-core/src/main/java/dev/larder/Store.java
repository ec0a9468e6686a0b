package dev.larder;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An open store: buckets of entries in one directory, or in memory.
///
/// ```java
/// try (Store store = Larder.open(Path.of("pantry"))) {
///   Bucket<String, String> jars = store.bucket("jars", Codec.text(), Codec.text());
///   jars.put("plum", "2026", Duration.ofDays(365));
/// }
/// ```
///
/// **Threads.** Safe for any number of threads, [#close()] included: an operation that runs into it
/// finishes or throws [StoreClosedException].
public final class Store implements AutoCloseable {
  private static final int BUCKET_NAME_CHARACTERS_MAX = 64;

  private final @Nullable Path location;
  private final Backend backend;
  private final StoreOptions options;

  Store(@Nullable Path location, Backend backend, StoreOptions options) {
    this.location = location;
    this.backend = backend;
    this.options = options;
  }

  /// Makes a store of a backend of one's own. [Larder] does this for the backends it finds.
  ///
  /// @param backend the open backend, which closing the store closes
  /// @param options what the backend was opened with; limits are checked here
  /// @return the store
  public static Store over(Backend backend, StoreOptions options) {
    return new Store(null, backend, options);
  }

  /// {@return where the store is; empty for one that has no place}
  public Optional<Path> location() {
    return Optional.ofNullable(location);
  }

  /// {@return how the store was opened}
  public StoreOptions options() {
    return options;
  }

  /// {@return a bucket, which need not exist yet: the first write to it makes it}
  ///
  /// A bucket does not remember its codecs. Opening it with others than it was written with leads
  /// to [CodecException]s, or to values that mean nothing.
  ///
  /// @param name 1 to 64 characters, none of them a control character
  /// @param keyCodec makes the bytes of keys
  /// @param valueCodec makes the bytes of values
  /// @param <K> the type of keys
  /// @param <V> the type of values
  /// @throws IllegalArgumentException if the name is none
  public <K, V> Bucket<K, V> bucket(String name, Codec<K> keyCodec, Codec<V> valueCodec) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(keyCodec, "keyCodec");
    Objects.requireNonNull(valueCodec, "valueCodec");
    try {
      Codec.text().encode(name);
    } catch (CodecException e) {
      throw new IllegalArgumentException("a bucket's name is whole Unicode text", e);
    }
    int size = name.codePointCount(0, name.length());
    if (size < 1 || size > BUCKET_NAME_CHARACTERS_MAX) {
      throw new IllegalArgumentException(
          "a bucket's name has 1 to %d characters, not %d"
              .formatted(BUCKET_NAME_CHARACTERS_MAX, size));
    }
    if (name.codePoints().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "a bucket's name has no control characters: " + KeyText.quote(name));
    }
    return new Bucket<>(backend, options, name, keyCodec, valueCodec, null);
  }

  /// {@return the names of the buckets that were ever written to, in order of code points}
  public Set<String> bucketNames() {
    try (BackendSnapshot snapshot = backend.snapshot()) {
      return snapshot.buckets();
    }
  }

  /// Removes every entry past its deadline from every bucket and forgets that it was there. The
  /// store does this by itself; calling it brings the space and the memory back at once.
  ///
  /// @return how many expired keys were removed, those included that were only remembered as
  ///   expired
  public long purgeExpired() {
    return backend.purgeExpired();
  }

  /// Makes everything committed so far durable, whatever its level. When it returns, all of it
  /// survives a power failure.
  public void force() {
    backend.force();
  }

  /// Writes an image of the index, so that the next opening need not read the whole log. Nothing
  /// but the speed of opening depends on it; the store writes one by itself now and then.
  public void checkpoint() {
    backend.checkpoint();
  }

  /// Rewrites what is live and gives the space of everything else back. The store does this by
  /// itself; calling it waits until there is nothing to gain, or, while others write, until about
  /// twice as much has been rewritten as there was.
  public void compact() {
    backend.compact();
  }

  /// {@return figures of this moment}
  public Statistics statistics() {
    return backend.statistics();
  }

  /// Makes everything durable, stops the store's threads and lets go of its files. Closing twice
  /// does nothing.
  ///
  /// @throws StoreFailedException if what was committed could not be made durable; the files are
  ///   let go of nevertheless
  @Override
  public void close() {
    if (options.closeAtShutdown()) {
      OpenStores.forget(this);
    }
    backend.close();
  }
}
