package dev.larder.internal.engine;

import dev.larder.Bytes;
import dev.larder.Expiry;
import dev.larder.Lookup;
import dev.larder.StoreClosedException;
import dev.larder.StoreIoException;
import dev.larder.internal.base.PresentClock;
import dev.larder.internal.base.Reasons;
import dev.larder.internal.file.MappingClosedException;
import dev.larder.internal.file.PageFaults;
import dev.larder.internal.format.RecordHead;
import dev.larder.internal.format.RecordKind;
import dev.larder.internal.index.DamagedImageException;
import dev.larder.internal.index.Index;
import dev.larder.internal.index.IndexKey;
import dev.larder.internal.index.KeyReader.RetryException;
import dev.larder.internal.log.Log;
import dev.larder.internal.log.RecordCopy;
import dev.larder.internal.log.RecordView;
import dev.larder.internal.txn.CommitPath;
import dev.larder.internal.txn.Records;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Answers lookups as of a commit: the index says where the newest record of the key is, from there
/// the log leads back to the one that counts, and its checksum says that it is so.
///
/// **Threads.** Safe for any number of threads; no lock is taken.
final class Reader {
  /*
   * Nothing keeps a segment from being deleted while a reader is on its way to it. Then the reader
   * meets a closed mapping, or, where the segment's addresses went to another one, a record of
   * another key or bytes that are no record; and begins again at the index, which by then knows
   * better. What is still so after that is damage.
   */
  private static final int MOVED = -2;
  private static final int PREFETCH_COUNT = 64;

  private final Log log;
  private final CommitPath commits;
  private final Index index;
  private final Records records;
  private final PresentClock clock;

  /// Takes what would otherwise be computed for nothing.
  long prefetched;

  Reader(Log log, CommitPath commits, PresentClock clock) {
    this.log = log;
    this.commits = commits;
    this.index = commits.index();
    this.records = commits.records();
    this.clock = clock;
  }

  Index index() {
    return index;
  }

  CommitPath commits() {
    return commits;
  }

  /// Looks a key up in the visible state.
  Lookup findPresent(String bucket, Bytes key) {
    while (true) {
      Lookup found = tryFind(commits.visible(), bucket, key);
      if (found != null) {
        return found;
      }
    }
  }

  /// Looks a key up as of a commit, which is held.
  Lookup find(long sequence, String bucket, Bytes key) {
    while (true) {
      Lookup found = tryFind(sequence, bucket, key);
      if (found != null) {
        return found;
      }
    }
  }

  /// {@return whether a bucket was there as of a commit, which is held}
  boolean findBucket(long sequence, Bytes name) {
    while (true) {
      Lookup found = tryFind(sequence, IndexKey.DIRECTORY_BUCKET, name.lend());
      if (found != null) {
        return found instanceof Lookup.Live;
      }
    }
  }

  private @Nullable Lookup tryFind(long sequence, String bucket, Bytes key) {
    Integer number = commits.buckets().get(bucket);
    return number == null ? Lookup.Absent.INSTANCE : tryFind(sequence, number, key.lend());
  }

  private @Nullable Lookup tryFind(long sequence, int number, byte[] bytes) {
    try {
      long hash = index.keyHash().of(number, bytes, 0, bytes.length);
      long address = index.find(hash, number, bytes, 0, bytes.length);
      if (address == 0) {
        return Lookup.Absent.INSTANCE;
      }
      RecordView view = records.view();
      if (!toVersion(view, hash, address, sequence)) {
        return Lookup.Absent.INSTANCE;
      }
      byte[] value = new byte[view.head().valueSize()];
      view.copyValue(value, 0);
      if (!view.isIntact(bytes, 0, value, 0)) {
        requireMoved(view, hash, number, bytes, address);
        return null;
      }
      return lookup(view, value);
    } catch (RetryException | MappingClosedException | IllegalStateException e) {
      requireOpen(e);
      return null;
    } catch (UncheckedIOException | DamagedImageException e) {
      throw translated(e);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /// Reads the value of a live entry in the visible state into an array.
  ///
  /// @return how many bytes it has, or -1 if there is none
  int read(String bucket, byte[] key, byte[] target, int offset) {
    Integer number = commits.buckets().get(bucket);
    if (number == null) {
      return -1;
    }
    RecordView view = records.borrow();
    try {
      while (true) {
        int size = tryRead(view, number, key, target, offset);
        if (size != MOVED) {
          return size;
        }
      }
    } finally {
      records.release(view);
    }
  }

  private int tryRead(RecordView view, int bucket, byte[] key, byte[] target, int offset) {
    try {
      long sequence = commits.visible();
      long hash = index.keyHash().of(bucket, key, 0, key.length);
      long address = index.find(hash, bucket, key, 0, key.length);
      if (address == 0 || !toVersion(view, hash, address, sequence)) {
        return -1;
      }
      RecordHead head = view.head();
      int size = head.valueSize();
      boolean fits = size <= target.length - offset;
      byte[] value = fits ? target : new byte[size];
      int at = fits ? offset : 0;
      view.copyValue(value, at);
      if (!view.isIntact(key, 0, value, at)) {
        requireMoved(view, hash, bucket, key, address);
        return MOVED;
      }
      return isLive(head) ? size : -1;
    } catch (RetryException | MappingClosedException | IllegalStateException e) {
      requireOpen(e);
      return MOVED;
    } catch (UncheckedIOException | DamagedImageException e) {
      throw translated(e);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /// Lends the value of an entry as of a commit, which is held.
  <R> Optional<R> withValue(
      long sequence,
      String bucket,
      Bytes key,
      Function<? super MemorySegment, ? extends R> reader) {
    while (true) {
      RecordView view = view();
      MemorySegment value;
      try {
        Integer number = commits.buckets().get(bucket);
        byte[] bytes = key.lend();
        long hash = number == null ? 0 : index.keyHash().of(number, bytes, 0, bytes.length);
        long address = number == null ? 0 : index.find(hash, number, bytes, 0, bytes.length);
        if (number == null || address == 0 || !toVersion(view, hash, address, sequence)) {
          return Optional.empty();
        }
        RecordHead head = view.head();
        if (!view.hasKey(number, bytes, 0, bytes.length)) {
          continue; // the record was moved and something else is there now
        }
        if (!isLive(head)) {
          return Optional.empty();
        }
        value = view.memory().asSlice(head.valuePosition(), head.valueSize());
      } catch (RetryException | MappingClosedException | IllegalStateException e) {
        requireOpen(e);
        continue;
      } catch (UncheckedIOException | DamagedImageException e) {
        throw translated(e);
      } catch (IOException e) {
        throw failure(e);
      }
      return lend(view, value, reader);
    }
  }

  private static <R> Optional<R> lend(
      RecordView view, MemorySegment value, Function<? super MemorySegment, ? extends R> reader) {
    try {
      R made = reader.apply(value);
      PageFaults.raise();
      return Optional.of(made);
    } catch (InternalError e) {
      throw failure(
          PageFaults.lost(
              view.segment().name(), view.position(), view.position() + value.byteSize(), e));
    }
  }

  /// Looks many keys up as of a commit, which is held.
  List<Lookup> findAll(long sequence, String bucket, List<Bytes> keys) {
    Integer number = commits.buckets().get(bucket);
    var found = new ArrayList<Lookup>(keys.size());
    for (int start = 0; start < keys.size(); start += PREFETCH_COUNT) {
      List<Bytes> some = keys.subList(start, Math.min(keys.size(), start + PREFETCH_COUNT));
      if (number != null) {
        prefetch(number, some);
      }
      for (Bytes key : some) {
        found.add(find(sequence, bucket, key));
      }
    }
    return found;
  }

  /// Has the processor load what the lookups will need, all at once: the table's lines first.
  private void prefetch(int bucket, List<Bytes> keys) {
    long sum = 0;
    for (Bytes key : keys) {
      byte[] bytes = key.lend();
      sum += index.prefetch(index.keyHash().of(bucket, bytes, 0, bytes.length));
    }
    prefetched = sum;
  }

  /// Has the processor load the records of some keys, all at once.
  ///
  /// @param hashes has the hashes of the keys
  /// @param count how many
  /// @param guesses is filled with where the records probably are; see [#load]
  void prefetch(long[] hashes, int count, long[] guesses) {
    index.guess(hashes, count, guesses);
    prefetched = records.peek(guesses, count);
  }

  private Lookup lookup(RecordView view, byte[] value) {
    RecordHead head = view.head();
    if (head.kind() == RecordKind.TOMBSTONE || head.isForgotten()) {
      return Lookup.Absent.INSTANCE;
    }
    if (isLive(head)) {
      return new Lookup.Live(Bytes.wrap(value), head.sequence(), head.deadlineMillis());
    }
    return head.kind() == RecordKind.EXPIRED && records.isDropped(view.address())
        ? Lookup.Absent.INSTANCE
        : new Lookup.Expired(head.deadlineMillis());
  }

  /// {@return whether a record says that there is an entry now}
  boolean isLive(RecordHead head) {
    return head.kind() == RecordKind.PUT
        && (head.deadlineMillis() == Expiry.NO_DEADLINE
            || clock.presentMillis() < head.deadlineMillis());
  }

  /// Goes from the newest record of a key to the one that counts as of a commit.
  ///
  /// @return whether there is one
  boolean toVersion(RecordView view, long hash, long address, long sequence) throws IOException {
    if (!view.at(address)) {
      throw RetryException.INSTANCE;
    }
    return view.head().sequence() <= sequence || toOlder(view, hash, address, sequence);
  }

  /// What leads back must be what was written, or an entry might seem to be younger than it is.
  private boolean toOlder(RecordView view, long hash, long address, long sequence)
      throws IOException {
    if (!view.isIntact()) {
      if (index.pointsTo(hash, address)) {
        throw view.damaged();
      }
      throw RetryException.INSTANCE;
    }
    while (view.head().sequence() > sequence) {
      if (!view.toPrevious(log)) {
        return false;
      }
      view.verify();
    }
    return true;
  }

  /// A record that is not what was written is damaged, unless the address was kept too long.
  private void requireMoved(RecordView view, long hash, int bucket, byte[] key, long address) {
    if (index.find(hash, bucket, key, 0, key.length) == address) {
      throw view.damaged();
    }
  }

  /// Reads the record that counts as of a commit for a key that the index has under a hash.
  ///
  /// @param view where it is read
  /// @param hash the hash of the key
  /// @param guess where the index said after the commit that the newest record probably is, or 0
  /// @param sequence the commit, which is held
  /// @param into what takes key and value
  /// @return whether there is an entry
  boolean load(RecordView view, long hash, long guess, long sequence, RecordCopy into) {
    try {
      if (guess != 0 && loadGuessed(view, hash, guess, sequence, into)) {
        return isLive(view.head());
      }
    } catch (MappingClosedException | IllegalStateException _) {
      // the record was moved
    } catch (IOException e) {
      throw failure(e);
    }
    return load(view, hash, sequence, into);
  }

  /// {@return whether the record is the one, and was read}
  private boolean loadGuessed(
      RecordView view, long hash, long guess, long sequence, RecordCopy into) throws IOException {
    return into.read(view, guess)
        && into.version() <= sequence
        && records.hash(into) == hash
        && into.isIntact(view);
  }

  private boolean load(RecordView view, long hash, long sequence, RecordCopy into) {
    while (true) {
      try {
        long address = index.findByHash(hash);
        return address != 0 && loadAt(view, address, hash, sequence, into);
      } catch (RetryException | MappingClosedException | IllegalStateException e) {
        requireOpen(e);
      } catch (UncheckedIOException | DamagedImageException e) {
        throw translated(e);
      } catch (IOException e) {
        throw failure(e);
      }
    }
  }

  /// Reads the record that counts as of a commit for a key that shares its hash with another.
  boolean loadCollided(RecordView view, byte[] indexKey, long sequence, RecordCopy into) {
    long hash = index.keyHash().of(indexKey);
    while (true) {
      try {
        long address = index.find(hash, indexKey);
        return address != 0 && loadAt(view, address, hash, sequence, into);
      } catch (RetryException | MappingClosedException | IllegalStateException e) {
        requireOpen(e);
      } catch (UncheckedIOException | DamagedImageException e) {
        throw translated(e);
      } catch (IOException e) {
        throw failure(e);
      }
    }
  }

  private boolean loadAt(RecordView view, long address, long hash, long sequence, RecordCopy into)
      throws IOException {
    if (!toVersion(view, hash, address, sequence)) {
      return false;
    }
    into.read(view);
    if (!into.isIntact(view)) {
      if (index.pointsTo(hash, address)) {
        throw view.damaged();
      }
      throw RetryException.INSTANCE;
    }
    return isLive(view.head());
  }

  RecordView view() {
    return records.view();
  }

  /// {@return what callers are told of something that kept the index from being read}
  static RuntimeException translated(RuntimeException e) {
    if (e instanceof UncheckedIOException io) {
      return failure(Objects.requireNonNull(io.getCause()));
    }
    return e instanceof DamagedImageException
        ? new StoreIoException(DamagedImageException.ADVICE, e)
        : e;
  }

  private void requireOpen(Exception cause) {
    if (commits.isShut()) {
      throw new StoreClosedException("the store is closed");
    }
    if (cause instanceof IllegalStateException broken) {
      throw broken;
    }
    Thread.onSpinWait();
  }

  static StoreIoException failure(IOException e) {
    return new StoreIoException("cannot read the store: " + Reasons.of(e), e);
  }
}
