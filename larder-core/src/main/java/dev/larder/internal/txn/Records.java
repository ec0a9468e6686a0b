package dev.larder.internal.txn;

import dev.larder.CorruptionException;
import dev.larder.internal.file.MappingClosedException;
import dev.larder.internal.file.PageFaults;
import dev.larder.internal.format.RecordHead;
import dev.larder.internal.format.RecordKind;
import dev.larder.internal.index.IndexKey;
import dev.larder.internal.index.KeyHash;
import dev.larder.internal.index.KeyReader;
import dev.larder.internal.log.Addresses;
import dev.larder.internal.log.RecordCopy;
import dev.larder.internal.log.RecordView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// Reads keys out of the log for the index, which does not hold them.
///
/// **Threads.** Safe for any number of threads.
public final class Records implements KeyReader {
  private static final int POOL_MASK = 63;
  private static final int POOL_SHIFT = 4;
  private static final long ANY_SEQUENCE = -1;

  private final Addresses addresses;
  private final KeyHash keyHash;
  private final AtomicReferenceArray<@Nullable RecordView> pool =
      new AtomicReferenceArray<>((POOL_MASK + 1) << POOL_SHIFT);

  /// Whether the index may point to segments that are gone, since what moved their records was not
  /// replayed yet.
  private volatile boolean isReplaying;

  private volatile LongPredicate dropped = _ -> false;

  /// Reads keys.
  ///
  /// @param addresses where segments stand in the space of addresses
  /// @param keyHash the hash of the store
  public Records(Addresses addresses, KeyHash keyHash) {
    this.addresses = addresses;
    this.keyHash = keyHash;
  }

  /// Says whether the index may point to segments that are gone. Their keys match no other.
  public void replaying(boolean isUnderWay) {
    isReplaying = isUnderWay;
  }

  /// Says which records that say "expired" do not count any more.
  void dropped(LongPredicate predicate) {
    dropped = predicate;
  }

  /// {@return whether a record that the index points to, and that says "expired", is not remembered
  /// any more}
  public boolean isDropped(long address) {
    return dropped.test(address);
  }

  /// {@return a view that stands nowhere}
  public RecordView view() {
    return new RecordView(addresses);
  }

  /// Takes a view out of a small pool, so that looking one key up allocates nothing. Threads mostly
  /// have a place each; where two meet, one makes a view of its own.
  ///
  /// @return a view, to be given to [#release]
  public RecordView borrow() {
    RecordView view = pool.getAndSet(place(), null);
    return view != null ? view : view();
  }

  /// Gives a view back.
  public void release(RecordView view) {
    pool.setRelease(place(), view);
  }

  /// Places are far apart, so that threads do not take the same line of memory from each other.
  private static int place() {
    return ((int) Thread.currentThread().threadId() & POOL_MASK) << POOL_SHIFT;
  }

  /// {@return the hash of the store}
  public KeyHash keyHash() {
    return keyHash;
  }

  @Override
  public boolean hasKey(long address, int bucket, byte[] key, int offset, int count) {
    RecordView view = borrow();
    try {
      return view.at(address) && view.hasKey(bucket, key, offset, count);
    } catch (MappingClosedException _) {
      if (isReplaying) {
        return false;
      }
      throw RetryException.INSTANCE;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      release(view);
    }
  }

  @Override
  public @Nullable CorruptionException damage(long address) {
    try {
      RecordView view = view();
      if (!view.at(address)) {
        return view.damaged();
      }
      view.verify();
      return null;
    } catch (CorruptionException e) {
      return e;
    } catch (MappingClosedException _) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public long hash(long address) {
    RecordView view = borrow();
    try {
      if (!view.at(address)) {
        return 0;
      }
      return hash(view);
    } catch (MappingClosedException _) {
      if (isReplaying) {
        return 0;
      }
      throw RetryException.INSTANCE;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      release(view);
    }
  }

  /// {@return the hash of the key that stands where a view stands, whatever that is}
  ///
  /// @throws MappingClosedException if its segment is gone
  public long hash(RecordView view) throws IOException {
    RecordHead head = view.head();
    long position = head.keyPosition();
    try {
      long hash = keyHash.of(head.bucket(), view.memory(), position, head.keySize());
      PageFaults.raise();
      return hash;
    } catch (IllegalStateException _) {
      throw new MappingClosedException(view.segment().name());
    } catch (InternalError e) {
      throw PageFaults.lost(view.segment().name(), position, position + head.keySize(), e);
    }
  }

  /// {@return the hash of the key of a record that was copied}
  public long hash(RecordCopy copy) {
    return keyHash.of(copy.bucket(), copy.array(), copy.keyAt(), copy.keySize());
  }

  @Override
  public byte[] key(long address) {
    byte[] key = key(address, ANY_SEQUENCE);
    if (key == null) {
      throw RetryException.INSTANCE;
    }
    return key;
  }

  /// {@return the key of the index of the record at an address, if it is one of a commit; null if
  /// something else is there by now}
  ///
  /// @param sequence the sequence number of the commit
  public byte @Nullable [] key(long address, long sequence) {
    RecordView view = borrow();
    try {
      boolean isThere =
          view.at(address) && (sequence == ANY_SEQUENCE || view.head().sequence() == sequence);
      if (!isThere) {
        return null;
      }
      byte[] key = IndexKey.begin(view.head().bucket(), view.head().keySize());
      view.copyKey(key, IndexKey.PREFIX_SIZE);
      return key;
    } catch (MappingClosedException _) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      release(view);
    }
  }

  /// Has the processor load some records, all at once; see [Addresses#peek].
  ///
  /// @param some where they probably are, or 0
  /// @param count how many
  /// @return something that depends on them, so that no compiler leaves it out
  public long peek(long[] some, int count) {
    return addresses.peek(some, count);
  }

  /// {@return the hash of the key of the record at an address; 0 if nothing is there any more}
  public long hashOrNone(long address) {
    try {
      return hash(address);
    } catch (RetryException _) {
      return 0;
    }
  }

  /// {@return the number of the bucket of the record at an address}
  public int bucket(long address) {
    return IndexKey.bucket(key(address));
  }

  /// {@return what stands at an address that the index points to, which cannot change meanwhile}
  ///
  /// @throws CorruptionException if that is no record
  /// @throws dev.larder.internal.index.KeyReader.RetryException if the store is closed meanwhile
  public Entry entry(long address) {
    RecordView view = borrow();
    try {
      if (!view.at(address)) {
        throw view.damaged();
      }
      return Entry.of(address, view.head());
    } catch (MappingClosedException _) {
      throw RetryException.INSTANCE;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      release(view);
    }
  }

  /// What the head of a record says.
  ///
  /// @param address where the record is
  /// @param kind what it says of its key
  /// @param isForgotten whether an expired key is not to be remembered
  /// @param version the sequence number of its commit
  /// @param deadlineMillis the deadline, or [dev.larder.Expiry#NO_DEADLINE]
  /// @param size the whole record, in bytes
  public record Entry(
      long address,
      RecordKind kind,
      boolean isForgotten,
      long version,
      long deadlineMillis,
      int size) {
    static Entry of(long address, RecordHead head) {
      return new Entry(
          address,
          head.kind(),
          head.isForgotten(),
          head.sequence(),
          head.deadlineMillis(),
          head.size());
    }

    /// {@return the same, no longer remembered}
    Entry forgotten() {
      return new Entry(address, kind, true, version, deadlineMillis, size);
    }

    /// {@return whether there was no entry any more after this commit, and none is remembered}
    public boolean isGone() {
      return kind == RecordKind.TOMBSTONE || isForgotten;
    }

    /// {@return whether this commit expired the entry, and it is remembered}
    public boolean isRemembered() {
      return kind == RecordKind.EXPIRED && !isForgotten;
    }

    /// {@return whether there is an entry at an instant}
    public boolean isLive(long presentMillis) {
      return kind == RecordKind.PUT && presentMillis < deadlineMillis;
    }
  }
}
