package dev.larder.internal.engine;

import dev.larder.BackendCursor;
import dev.larder.BackendSnapshot;
import dev.larder.Bytes;
import dev.larder.KeyRange;
import dev.larder.Lookup;
import dev.larder.StoreClosedException;
import dev.larder.internal.file.MappingClosedException;
import dev.larder.internal.index.Index;
import dev.larder.internal.index.IndexCursor;
import dev.larder.internal.index.IndexEntry;
import dev.larder.internal.index.IndexKey;
import dev.larder.internal.txn.CommitPath;
import dev.larder.internal.txn.View;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A view that is held, so that nothing it refers to is deleted.
///
/// **Threads.** Safe for any number of threads.
final class LogSnapshot implements BackendSnapshot {
  private final CommitPath commits;
  private final Reader reader;
  private final View view;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  LogSnapshot(CommitPath commits, Reader reader) {
    this.commits = commits;
    this.reader = reader;
    this.view = commits.acquire();
  }

  @Override
  public long version() {
    return view.sequence();
  }

  @Override
  public Lookup find(String bucket, Bytes key) {
    requireOpen();
    try {
      return reader.find(view, bucket, key);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public BackendCursor cursor(String bucket, KeyRange range) {
    requireOpen();
    Integer number = view.buckets().get(bucket);
    if (number == null || range.isEmpty()) {
      return new Cursor(Index.EMPTY.cursor(null, null, false), 0);
    }
    Bytes from = range.from();
    Bytes to = range.to();
    byte[] lower = IndexKey.of(number, from == null ? Bytes.EMPTY : from);
    byte[] upper = to == null ? IndexKey.of(number + 1, Bytes.EMPTY) : IndexKey.of(number, to);
    return new Cursor(view.index().cursor(lower, upper, range.isReversed()), range.limit());
  }

  @Override
  public Set<String> buckets() {
    requireOpen();
    IndexCursor directory =
        view.index()
            .cursor(
                IndexKey.of(IndexKey.DIRECTORY_BUCKET, Bytes.EMPTY),
                IndexKey.of(IndexKey.DIRECTORY_BUCKET + 1, Bytes.EMPTY),
                false);
    var names = new LinkedHashSet<String>();
    while (directory.next()) {
      names.add(IndexKey.key(directory.key()).toUtf8());
    }
    return Collections.unmodifiableSet(names);
  }

  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      commits.release(view);
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

  private RuntimeException failure(IOException e) {
    // A held view's segments are closed only together with the store.
    return e instanceof MappingClosedException
        ? new StoreClosedException("the store is closed")
        : Reader.failure(e);
  }

  /// Walks over the live entries of a range.
  private final class Cursor implements BackendCursor {
    private final IndexCursor cursor;
    private long left;
    private @Nullable IndexEntry entry;
    private boolean isCursorClosed;

    Cursor(IndexCursor cursor, long limit) {
      this.cursor = cursor;
      this.left = limit;
    }

    @Override
    public boolean next() {
      if (isCursorClosed) {
        throw new StoreClosedException("the cursor is closed");
      }
      requireOpen();
      while (left > 0 && cursor.next()) {
        IndexEntry next = cursor.entry();
        if (!next.isExpired() && reader.clock().presentMillis() < next.deadlineMillis()) {
          entry = next;
          left--;
          return true;
        }
      }
      entry = null;
      return false;
    }

    @Override
    public Bytes key() {
      present();
      return IndexKey.key(cursor.key());
    }

    @Override
    public Bytes value() {
      try {
        return reader.readValue(present());
      } catch (IOException e) {
        throw failure(e);
      }
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

    private IndexEntry present() {
      if (isCursorClosed) {
        throw new StoreClosedException("the cursor is closed");
      }
      IndexEntry present = entry;
      if (present == null) {
        throw new IllegalStateException("the cursor stands before or behind its entries");
      }
      return present;
    }
  }
}
