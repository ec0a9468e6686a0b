package dev.larder.internal.memory;

import dev.larder.BackendCursor;
import dev.larder.BackendSnapshot;
import dev.larder.Bytes;
import dev.larder.KeyRange;
import dev.larder.Lookup;
import dev.larder.StoreClosedException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// One [State] of a [MemoryBackend]. Since a state never changes, nothing has to be kept for it.
///
/// **Threads.** Safe for any number of threads; each cursor is for one.
final class MemorySnapshot implements BackendSnapshot {
  private final MemoryBackend backend;
  private final State state;
  private final long sinceNanos;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  MemorySnapshot(MemoryBackend backend, State state, long sinceNanos) {
    this.backend = backend;
    this.state = state;
    this.sinceNanos = sinceNanos;
  }

  /// {@return the commit that it shows, whether it is closed or not}
  long sequence() {
    return state.version();
  }

  /// {@return when it was opened, on the monotonic clock}
  long sinceNanos() {
    return sinceNanos;
  }

  @Override
  public long version() {
    requireOpen();
    return state.version();
  }

  @Override
  public Lookup find(String bucket, Bytes key) {
    requireOpen();
    return Slot.lookup(state.slot(Bytes.ofUtf8(bucket), key), backend.presentMillis());
  }

  @Override
  public BackendCursor cursor(String bucket, KeyRange range) {
    requireOpen();
    return new MemoryCursor(state.slots(Bytes.ofUtf8(bucket)), range);
  }

  @Override
  public Set<String> buckets() {
    requireOpen();
    var names = new LinkedHashSet<String>();
    Tree.Node<?> bucket = state.buckets().first();
    while (bucket != null) {
      names.add(bucket.key.toUtf8());
      bucket = state.buckets().above(bucket.key, false);
    }
    return Collections.unmodifiableSet(names);
  }

  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      backend.closed(this);
    }
  }

  private void requireOpen() {
    backend.requireOpen();
    if (isClosed.get()) {
      throw new StoreClosedException("the snapshot is closed");
    }
  }

  /// Walks by looking up the neighbour of the key it stands at: a step costs a path of the tree,
  /// and there is nothing to keep but the place.
  private final class MemoryCursor implements BackendCursor {
    private final Tree<Slot> slots;
    private final KeyRange range;
    private Tree.@Nullable Node<Slot> present;
    private long remaining;
    private boolean hasBegun;
    private boolean isCursorClosed;

    MemoryCursor(Tree<Slot> slots, KeyRange range) {
      this.slots = slots;
      this.range = range;
      this.remaining = range.limit();
    }

    @Override
    public boolean next() {
      requireCursorOpen();
      Tree.Node<Slot> node = remaining == 0 ? null : neighbour();
      long presentMillis = backend.presentMillis();
      while (node != null && isInRange(node.key) && !node.value.isLive(presentMillis)) {
        node = neighbour(node.key);
      }
      hasBegun = true;
      present = node != null && isInRange(node.key) ? node : null;
      remaining = present == null ? 0 : remaining - 1;
      return present != null;
    }

    @Override
    public Bytes key() {
      return present().key;
    }

    @Override
    public Bytes value() {
      Bytes value = present().value.value();
      if (value == null) {
        throw new AssertionError("a cursor stands at an entry without a value");
      }
      return value;
    }

    @Override
    public long version() {
      return present().value.version();
    }

    @Override
    public long deadlineMillis() {
      return present().value.deadlineMillis();
    }

    @Override
    public void close() {
      isCursorClosed = true;
    }

    private Tree.@Nullable Node<Slot> neighbour() {
      if (hasBegun) {
        return neighbour(present().key);
      }
      if (range.isReversed()) {
        return range.to() == null ? slots.last() : slots.below(range.to());
      }
      return range.from() == null ? slots.first() : slots.above(range.from(), true);
    }

    private Tree.@Nullable Node<Slot> neighbour(Bytes key) {
      return range.isReversed() ? slots.below(key) : slots.above(key, false);
    }

    private boolean isInRange(Bytes key) {
      return range.isReversed()
          ? range.from() == null || key.compareTo(range.from()) >= 0
          : range.to() == null || key.compareTo(range.to()) < 0;
    }

    private Tree.Node<Slot> present() {
      requireCursorOpen();
      if (present == null) {
        throw new IllegalStateException("the cursor stands at no entry");
      }
      return present;
    }

    private void requireCursorOpen() {
      requireOpen();
      if (isCursorClosed) {
        throw new StoreClosedException("the cursor is closed");
      }
    }
  }
}
