package dev.larder.internal.recovery;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.larder.StoreClosedException;
import dev.larder.internal.format.FileNames;
import dev.larder.internal.index.Pages;
import dev.larder.internal.log.Log;
import dev.larder.internal.log.Space;
import dev.larder.internal.txn.CommitPath;
import dev.larder.internal.txn.Cut;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// Writes images of the index while the store is in use.
///
/// **Threads.** Safe for any number of threads; one image is written at a time.
public final class Checkpointer {
  /// How much log to read at opening is not worth an image.
  private static final long TAIL_MIN = 32L << 20;

  /// An image is written again when the log after it is so many times its size.
  private static final long TAIL_FACTOR = 1;

  /// So much log is read in much less than a second.
  private static final long TAIL_MAX = 128L << 20;

  private static final long TAIL_WORTH_WHEN_IDLE = 4L << 20;
  private static final long TAIL_WORTH_AT_CLOSE = 256L << 10;

  /// A larger image is not written at a close, which would take the longer the larger the store is.
  private static final long SIZE_AT_CLOSE_MAX = 64L << 20;

  private static final long HEAD_BOUND = 64L << 10;

  private final Log log;
  private final CommitPath commits;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private boolean isClosed;

  private volatile boolean isStopping;
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

  /// Has an image given up that is being written, and refuses others from now on, but that of a
  /// close.
  public void stop() {
    isStopping = true;
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

  /// Gives the space of the image back.
  public void drop() throws IOException {
    lock.lock();
    try {
      requireOpen();
      if (log.checkpointBytes() > 0) {
        log.directory().delete(FileNames.CHECKPOINT);
        log.checkpointBytes(0);
        log.checkpointSegment(Long.MAX_VALUE);
        writtenAtBytes = appendedBytes() - log.segmentBytes();
      }
    } finally {
      lock.unlock();
    }
  }

  /// {@return whether enough log has gathered for a new image to be worth its writing}
  public boolean isDue() {
    return tailBytes() > Math.clamp(TAIL_FACTOR * log.checkpointBytes(), TAIL_MIN, TAIL_MAX);
  }

  /// {@return whether so much log has gathered that an image is worth its writing when there is
  /// nothing else to do}
  public boolean isWorthWhenIdle() {
    return tailBytes() > TAIL_WORTH_WHEN_IDLE;
  }

  /// {@return how many bytes of log there are behind the last image}
  public long tailBytes() {
    return appendedBytes() - writtenAtBytes;
  }

  /// Writes an image of the newest state. What it describes is made durable first.
  ///
  /// @return false if there is no room for it within the store's limit
  public boolean write() throws IOException {
    return write(true);
  }

  /// Writes an image at a close, if it is small and makes the next opening faster. It is not
  /// forced: all of it is verified when it is opened, and what a power failure leaves of it costs
  /// time only.
  public void writeAtClose() throws IOException {
    if (tailBytes() > TAIL_WORTH_AT_CLOSE && sizeBound() <= SIZE_AT_CLOSE_MAX) {
      write(false);
    }
  }

  private boolean write(boolean isForced) throws IOException {
    lock.lock();
    try {
      requireOpen();
      if (!commits.index().collisions().isEmpty()) {
        return true; // the image has no place for such keys; nobody has ever seen one
      }
      if (log.usedBytes() + sizeBound() > log.boundFor(Space.Purpose.GROW)) {
        return false;
      }
      var taken = new Taken();
      long size =
          CheckpointFile.write(
              log.directory(),
              isForced,
              commits.index().pages().pageCount(),
              saver -> taken.cut(commits.cut(saver), appendedBytes()),
              () -> {
                if (isForced && isStopping) {
                  throw new GivenUpException();
                }
              },
              this::settle);
      log.checkpointBytes(size);
      log.checkpointSegment(taken.replaySegment);
      log.checkpointing(false);
      writtenAtBytes = taken.appendedBytes;
      count.incrementAndGet();
      return true;
    } catch (GivenUpException _) {
      return true; // the next one will do
    } finally {
      log.checkpointing(false);
      lock.unlock();
    }
  }

  /// What the image describes must be durable before it is used.
  private void settle() throws IOException {
    commits.force();
    if (log.isCheckpointSpoilt()) {
      throw new GivenUpException();
    }
  }

  /// Something has happened to the index that the log does not tell, or the store is being closed.
  private static final class GivenUpException extends IOException {
    private static final long serialVersionUID = 1L;

    GivenUpException() {
      super("the checkpoint was given up");
    }
  }

  /// Where in the log the image was taken.
  private static final class Taken {
    private long replaySegment;
    private long appendedBytes;

    Cut cut(Cut cut, long appended) {
      replaySegment = cut.header().replaySegment();
      appendedBytes = appended;
      return cut;
    }
  }

  /// {@return how many bytes an image takes, about}
  public long sizeBound() {
    return (long) commits.index().pages().pageCount() * Pages.PAGE_SIZE + HEAD_BOUND;
  }

  private long appendedBytes() {
    return log.appendedBytes();
  }
}
