package dev.larder.internal.engine;

import dev.larder.BackendCursor;
import dev.larder.BackendSnapshot;
import dev.larder.Bytes;
import dev.larder.KeyRange;
import dev.larder.Lookup;
import dev.larder.Statistics.Holder;
import dev.larder.StoreClosedException;
import dev.larder.internal.index.DamagedImageException;
import dev.larder.internal.index.IndexKey;
import dev.larder.internal.index.OrderIndex;
import dev.larder.internal.log.RecordCopy;
import dev.larder.internal.log.RecordView;
import dev.larder.internal.txn.CommitPath;
import dev.larder.internal.txn.Hold;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The state as of a commit that is held, so that nothing that it can see is deleted.
///
/// **Threads.** Safe for any number of threads.
final class LogSnapshot implements BackendSnapshot {
  private final CommitPath commits;
  private final Reader reader;
  private final Hold hold;
  private final long sequence;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  LogSnapshot(CommitPath commits, Reader reader) {
    this.commits = commits;
    this.reader = reader;
    this.hold = commits.acquire(Holder.Kind.SNAPSHOT);
    this.sequence = hold.sequence();
  }

  @Override
  public long version() {
    return sequence;
  }

  @Override
  public Lookup find(String bucket, Bytes key) {
    requireOpen();
    return reader.find(sequence, bucket, key);
  }

  @Override
  public BackendCursor cursor(String bucket, KeyRange range) {
    requireOpen();
    Integer number = commits.buckets().get(bucket);
    if (number == null || range.isEmpty()) {
      return new Cursor(null, List.of(), range);
    }
    Bytes from = range.from();
    Bytes to = range.to();
    byte[] lower = IndexKey.of(number, from == null ? Bytes.EMPTY : from);
    byte[] upper = to == null ? IndexKey.of(number + 1, Bytes.EMPTY) : IndexKey.of(number, to);
    try {
      OrderIndex.Walk walk = reader.index().walk(lower, upper, range.isReversed());
      return new Cursor(walk, collisions(lower, upper, range.isReversed()), range);
    } catch (UncheckedIOException | DamagedImageException e) {
      throw Reader.translated(e);
    }
  }

  /// Keys that share their hash with another are not in the tree.
  private List<byte[]> collisions(byte[] lower, byte[] upper, boolean isReversed) {
    if (reader.index().collisions().isEmpty()) {
      return List.of();
    }
    NavigableMap<byte[], Long> all = new TreeMap<>(Arrays::compareUnsigned);
    all.putAll(reader.index().collisions());
    NavigableMap<byte[], Long> within = all.subMap(lower, true, upper, false);
    return List.copyOf((isReversed ? within.descendingMap() : within).keySet());
  }

  @Override
  public Set<String> buckets() {
    requireOpen();
    var names = new TreeSet<Bytes>();
    for (String name : commits.buckets().keySet()) {
      Bytes key = Bytes.ofUtf8(name);
      if (reader.findBucket(sequence, key)) {
        names.add(key);
      }
    }
    var inOrder = new LinkedHashSet<String>();
    names.forEach(name -> inOrder.add(name.toUtf8()));
    return Collections.unmodifiableSet(inOrder);
  }

  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      commits.release(hold);
    }
  }

  private void requireOpen() {
    if (isClosed.get()) {
      throw new StoreClosedException("the snapshot is closed");
    }
    if (commits.isShut()) {
      throw new StoreClosedException("the store is closed");
    }
  }

  /// Walks over the live entries of a range.
  private final class Cursor implements BackendCursor {
    /*
     * The walk gives hashes, some at a time; the table is asked for all of them, and then all of the
     * records are begun to be read, before the first is looked at, so that the waits for memory
     * overlap. The more at a time, the more is begun for nothing when a scan ends early; and of more
     * than some dozens, the first have left the nearest cache before they are looked at.
     */
    private static final int BATCH_FIRST = 16;
    private static final int BATCH_MAX = 64;

    private final OrderIndex.@Nullable Walk walk;
    private final List<byte[]> collided;
    private final boolean isReversed;
    private final RecordView view = reader.view();
    private final RecordCopy entry = new RecordCopy();

    /// Where a key of the walk stands while one that shares its hash with another comes first.
    private final @Nullable RecordCopy ahead;

    private boolean isAhead;
    private int collidedNext;
    private RecordCopy present = entry;
    private long[] handles;
    private long[] guesses;
    private int handleCount;
    private int handleNext;
    private long left;
    private boolean isAtEntry;
    private boolean isCursorClosed;

    Cursor(OrderIndex.@Nullable Walk walk, List<byte[]> collided, KeyRange range) {
      this.walk = walk;
      this.collided = collided;
      this.isReversed = range.isReversed();
      this.left = range.limit();
      this.ahead = collided.isEmpty() ? null : new RecordCopy();
      this.handles = new long[(int) Math.min(BATCH_FIRST, Math.max(1, left))];
      this.guesses = new long[handles.length];
    }

    @Override
    public boolean next() {
      if (isCursorClosed) {
        throw new StoreClosedException("the cursor is closed");
      }
      requireOpen();
      isAtEntry = left > 0 && (ahead == null ? nextOfWalk(entry) : nextMerged(ahead));
      if (isAtEntry) {
        left--;
      }
      return isAtEntry;
    }

    private boolean nextOfWalk(RecordCopy into) {
      while (handleNext < handleCount || fill()) {
        int at = handleNext++;
        if (reader.load(view, handles[at], guesses[at], sequence, into)) {
          return true;
        }
      }
      return false;
    }

    private boolean fill() {
      OrderIndex.Walk source = walk;
      if (source == null) {
        return false;
      }
      if (handleCount == handles.length && handles.length < BATCH_MAX) {
        handles = new long[Math.min(BATCH_MAX, 2 * handles.length)];
        guesses = new long[handles.length];
      }
      handleNext = 0;
      try {
        handleCount = source.next(handles);
      } catch (UncheckedIOException | DamagedImageException e) {
        throw Reader.translated(e);
      }
      reader.prefetch(handles, handleCount, guesses);
      return handleCount > 0;
    }

    private boolean nextMerged(RecordCopy waiting) {
      if (!isAhead) {
        isAhead = nextOfWalk(waiting);
      }
      while (collidedNext < collided.size()) {
        byte[] key = collided.get(collidedNext);
        if (isAhead && comesBefore(indexKey(waiting), key)) {
          break;
        }
        collidedNext++;
        if (reader.loadCollided(view, key, sequence, entry)) {
          present = entry;
          return true;
        }
      }
      present = waiting;
      boolean isFound = isAhead;
      isAhead = false;
      return isFound;
    }

    private static byte[] indexKey(RecordCopy copy) {
      byte[] indexKey = IndexKey.begin(copy.bucket(), copy.keySize());
      System.arraycopy(copy.array(), copy.keyAt(), indexKey, IndexKey.PREFIX_SIZE, copy.keySize());
      return indexKey;
    }

    private boolean comesBefore(byte[] one, byte[] other) {
      int order = Arrays.compareUnsigned(one, other);
      return isReversed ? order > 0 : order < 0;
    }

    @Override
    public Bytes key() {
      return Bytes.wrap(present().key());
    }

    @Override
    public Bytes value() {
      return Bytes.wrap(present().value());
    }

    @Override
    public MemorySegment lentKey() {
      return present().lentKey();
    }

    @Override
    public MemorySegment lentValue() {
      return present().lentValue();
    }

    @Override
    public long version() {
      return present().version();
    }

    @Override
    public long deadlineMillis() {
      return present().deadlineMillis();
    }

    @Override
    public void close() {
      isCursorClosed = true;
    }

    private RecordCopy present() {
      if (isCursorClosed) {
        throw new StoreClosedException("the cursor is closed");
      }
      if (!isAtEntry) {
        throw new IllegalStateException("the cursor is not at an entry");
      }
      return present;
    }
  }
}
