package dev.larder.internal.recovery;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.larder.StoreClosedException;
import dev.larder.internal.format.CheckpointHeader;
import dev.larder.internal.format.FileNames;
import dev.larder.internal.index.IndexCursor;
import dev.larder.internal.log.Log;
import dev.larder.internal.log.Space;
import dev.larder.internal.txn.CommitPath;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// Writes images of the index while the store is in use.
///
/// **Threads.** Safe for any number of threads; one image is written at a time.
public final class Checkpointer {
  /// How much log to read at opening is not worth an image.
  private static final long TAIL_MIN = 8L << 20;

  /// An image is written again when the log after it is so many times its size.
  private static final int TAIL_FACTOR = 4;

  private static final long HEAD_BOUND = 4L << 10;
  private static final long ENTRY_BOUND = 48;

  private final Log log;
  private final CommitPath commits;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private boolean isClosed;

  private volatile long writtenAtBytes;
  private final AtomicLong count = new AtomicLong();

  /// Writes checkpoints of a store.
  ///
  /// @param log its log
  /// @param commits its commit path
  /// @param tailBytes how many bytes of log were read when it was opened
  public Checkpointer(Log log, CommitPath commits, long tailBytes) {
    this.log = log;
    this.commits = commits;
    this.writtenAtBytes = appendedBytes() - tailBytes;
  }

  /// Waits for an image that is being written, and refuses others from now on.
  public void close() {
    lock.lock();
    try {
      isClosed = true;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void requireOpen() {
    if (isClosed) {
      throw new StoreClosedException("the store at " + log.location() + " is closed");
    }
  }

  /// {@return how many checkpoints were written since the store was opened}
  public long count() {
    return count.get();
  }

  /// Takes note that segments the image refers to are gone: it is of no use any more.
  public void invalidated() {
    writtenAtBytes = Math.min(writtenAtBytes, appendedBytes() - log.segmentBytes());
  }

  /// Gives the space of the image back.
  public void drop() throws IOException {
    lock.lock();
    try {
      requireOpen();
      if (log.checkpointBytes() > 0) {
        log.directory().delete(FileNames.CHECKPOINT);
        log.checkpointBytes(0);
        invalidated();
      }
    } finally {
      lock.unlock();
    }
  }

  /// {@return whether enough log has gathered for a new image to be worth its writing}
  public boolean isDue() {
    long tail = appendedBytes() - writtenAtBytes;
    return tail > Math.max(TAIL_MIN, TAIL_FACTOR * log.checkpointBytes());
  }

  /// Writes an image of the newest state. What it describes is made durable first.
  ///
  /// @return false if there is no room for it within the store's limit
  public boolean write() throws IOException {
    lock.lock();
    try {
      requireOpen();
      CommitPath.Cut cut = commits.cut();
      commits.force();
      long bound = sizeBound();
      if (log.usedBytes() + bound > log.boundFor(Space.Purpose.GROW)) {
        return false;
      }
      long appended = appendedBytes();
      var header = header(cut);
      log.checkpointBytes(CheckpointFile.write(log.directory(), header, cut.view().index()));
      writtenAtBytes = appended;
      count.incrementAndGet();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// The image refers to the segments that its entries point to. A compaction may just have taken
  /// some of them out of the manifest: then the next opening sees that the image is of no use.
  private CheckpointHeader header(CommitPath.Cut cut) {
    var usages = new TreeMap<Long, CheckpointHeader.SegmentUsage>();
    cut.usages().forEach(usage -> usages.put(usage.number(), usage));
    IndexCursor cursor = cut.view().index().cursor(null, null, false);
    while (cursor.next()) {
      long number = cursor.entry().segment();
      usages.computeIfAbsent(number, n -> new CheckpointHeader.SegmentUsage(n, 0, 0));
    }
    return new CheckpointHeader(
        log.storeId(),
        cut.view().sequence(),
        cut.segment(),
        cut.position(),
        cut.presentMillis(),
        log.epoch(),
        cut.view().index().size(),
        List.copyOf(usages.values()));
  }

  /// {@return how many bytes an image takes at most; neighbours that share the beginning of their
  /// keys make it smaller}
  public long sizeBound() {
    long bound = HEAD_BOUND;
    IndexCursor cursor = commits.visible().index().cursor(null, null, false);
    while (cursor.next()) {
      bound += ENTRY_BOUND + cursor.key().length;
    }
    return bound;
  }

  private long appendedBytes() {
    return log.appendedBytes();
  }
}
