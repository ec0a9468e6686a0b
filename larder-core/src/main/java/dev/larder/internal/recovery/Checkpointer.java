package dev.larder.internal.recovery;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.larder.StoreClosedException;
import dev.larder.internal.format.CheckpointHeader;
import dev.larder.internal.index.DeltaBuffer;
import dev.larder.internal.index.Pages;
import dev.larder.internal.log.Log;
import dev.larder.internal.log.Space;
import dev.larder.internal.log.StoreFiles;
import dev.larder.internal.txn.CommitPath;
import dev.larder.internal.txn.Cut;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Writes images of the index while the store is in use.
///
/// **Threads.** Safe for any number of threads; one image is written at a time.
public final class Checkpointer {
  /// How much log to read at opening is not worth an image.
  private static final long TAIL_MIN = 32L << 20;

  /// The same where deltas stand for nearly all of it. To apply those takes time too.
  private static final long CHAINED_TAIL_MIN = 64L << 20;

  /// So much log is read in much less than a second. Where deltas stand for most of it there may be
  /// more.
  private static final long TAIL_MAX = 128L << 20;

  /// What happens to the index is written down after so many bytes of log, which are read in about
  /// the time that is left when everything else about an opening is done.
  public static final long DELTA_WORTH = 8L << 20;

  /// More files would take long to open; then an image takes their place.
  private static final int DELTA_COUNT_MAX = 512;

  /// There are so many only if the store was never open for long enough for an image.
  private static final int DELTA_COUNT_AT_CLOSE_MAX = 2 * DELTA_COUNT_MAX;

  private static final long TAIL_WORTH_WHEN_IDLE = 4L << 20;
  private static final long DELTA_WORTH_WHEN_IDLE = 1L << 20;

  /// Behind a small image, which share of it in log is worth a new one at a close.
  private static final long IMAGE_SHARE = 4;

  private static final long TAIL_WORTH_AT_CLOSE = 256L << 10;

  /// Behind a large image the opening would apply, for each key in the log behind the last delta,
  /// all that is pending about keys like it: some hundred keys have all of it applied.
  private static final long TAIL_WORTH_AT_CLOSE_OF_LARGE = 4L << 10;

  /// A larger image is not written at a close, which would take the longer the larger the store is.
  private static final long SIZE_AT_CLOSE_MAX = 64L << 20;

  private static final long HEAD_BOUND = 64L << 10;

  private final Log log;
  private final CommitPath commits;
  private final long deltaWorth;

  /// What had been appended when the store was open.
  private final long openedAtBytes;

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private boolean isClosed;

  private volatile boolean isStopping;
  private volatile long writtenAtBytes;

  /// Where in the bytes that were appended the last delta ends, or else the image.
  private volatile long deltaAtBytes;

  /// Whether the image and the deltas on the disk, together with what is being gathered, are what
  /// the index is now.
  private volatile boolean isChained;

  private volatile long imageBytes;

  private final AtomicInteger deltaCount = new AtomicInteger();

  @GuardedBy("lock")
  private long deltaBytes;

  @GuardedBy("lock")
  private long nextDelta;

  /// Where the log goes on behind the last delta, or else the image.
  @GuardedBy("lock")
  private long segment;

  @GuardedBy("lock")
  private long position;

  private final AtomicLong count = new AtomicLong();
  private final AtomicLong writtenBytes = new AtomicLong();

  /// Writes checkpoints of a store.
  ///
  /// @param log its log
  /// @param commits its commit path
  /// @param behind the checkpoint that the store was opened from
  /// @param readBytes how many bytes of log were read then
  /// @param deltaWorth after how many bytes of log a delta is written
  public Checkpointer(
      Log log, CommitPath commits, Recovery.Behind behind, long readBytes, long deltaWorth) {
    this.log = log;
    this.deltaWorth = deltaWorth;
    this.commits = commits;
    openedAtBytes = appendedBytes();
    isChained = behind.imageBytes() > 0;
    imageBytes = behind.imageBytes();
    deltaCount.set(behind.deltaCount());
    deltaBytes = behind.deltaBytes();
    nextDelta = behind.nextDelta();
    segment = behind.segment();
    position = behind.position();
    writtenAtBytes = appendedBytes() - (isChained ? behind.logBytes() : readBytes);
    deltaAtBytes = appendedBytes() - readBytes;
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

  /// {@return how many bytes they and the deltas took that were written since then}
  public long writtenBytes() {
    return writtenBytes.get();
  }

  /// Gives the space of the image back.
  public void drop() throws IOException {
    lock.lock();
    try {
      requireOpen();
      if (log.checkpoint().bytes() > 0) {
        breakChain();
        StoreFiles.removeCheckpoint(log.directory());
        log.checkpoint().bytes(0);
        log.checkpoint().gone();
        imageBytes = 0;
        deltaBytes = 0;
        deltaCount.set(0);
        writtenAtBytes = appendedBytes() - log.segmentBytes();
      }
    } finally {
      lock.unlock();
    }
  }

  /// {@return whether enough log has gathered for a new image to be worth its writing: as much as
  /// the image takes; where there are deltas, not before some of it was appended since the store
  /// was opened: else they will do}
  public boolean isDue() {
    if (!isChained) {
      return tailBytes() > Math.clamp(log.checkpoint().bytes(), TAIL_MIN, TAIL_MAX);
    }
    boolean isWritten = appendedBytes() - openedAtBytes > Math.min(deltaWorth, DELTA_WORTH);
    return (isWritten && tailBytes() > Math.max(imageBytes, CHAINED_TAIL_MIN))
        || deltaCount.get() >= DELTA_COUNT_MAX;
  }

  /// {@return whether enough has happened since the last delta for a new one to be worth its
  /// writing}
  public boolean isDeltaDue() {
    return isChained
        && (appendedBytes() - deltaAtBytes > deltaWorth || commits.index().changes().isDue());
  }

  /// {@return whether so much log has gathered that an image is worth its writing when there is
  /// nothing else to do, since what happened is not written down otherwise}
  public boolean isWorthWhenIdle() {
    return !isChained && tailBytes() > TAIL_WORTH_WHEN_IDLE;
  }

  /// {@return whether so much has happened since the last delta that a new one is worth its writing
  /// when there is nothing else to do}
  public boolean isDeltaWorthWhenIdle() {
    return isChained
        && appendedBytes() - deltaAtBytes > Math.min(deltaWorth, DELTA_WORTH_WHEN_IDLE);
  }

  /// {@return how many bytes of log compaction cannot have, since an opening needs them: those
  /// behind the last image, or the last delta behind that}
  public long heldBytes() {
    return isChained ? appendedBytes() - deltaAtBytes : tailBytes();
  }

  /// Lets compaction have more: writes what happened since the last image or delta down, or an
  /// image if that cannot be done.
  public void release() throws IOException {
    if (isChained) {
      writeDelta();
    } else {
      write();
    }
  }

  private long tailBytes() {
    return appendedBytes() - writtenAtBytes;
  }

  /// Writes an image of the newest state. What it describes is made durable first.
  ///
  /// @return false if there is no room for it within the store's limit
  public boolean write() throws IOException {
    return write(true, false);
  }

  /// Writes what makes the next opening faster: an image, if it is small and much has happened
  /// since the last, or what has happened since the last image or delta. Such an image is not
  /// forced: all of it is verified when it is opened, and what a power failure leaves of it costs
  /// time only.
  public void writeAtClose() throws IOException {
    boolean isSmall = sizeBound() <= SIZE_AT_CLOSE_MAX;
    boolean isMuch =
        appendedBytes() > 0
            && tailBytes() > Math.max(TAIL_WORTH_AT_CLOSE, log.checkpoint().bytes() / IMAGE_SHARE);
    long worth = isSmall ? TAIL_WORTH_AT_CLOSE : TAIL_WORTH_AT_CLOSE_OF_LARGE;
    // What stands behind an image has to be applied to it after the opening.
    if (isMuch && isSmall && write(false, true)) {
      return;
    }
    if (deltaCount.get() >= DELTA_COUNT_AT_CLOSE_MAX) {
      write(true, true);
    } else if (isChained && appendedBytes() - deltaAtBytes > Math.min(deltaWorth, worth)) {
      writeDelta();
    }
    if (!isChained && tailBytes() > TAIL_WORTH_AT_CLOSE && isSmall) {
      write(false, true);
    }
  }

  /// Writes down what happened since the last image or delta, after making it durable.
  public void writeDelta() throws IOException {
    lock.lock();
    try {
      requireOpen();
      if (isChained) {
        boolean isWritten = false;
        try {
          Cut cut = commits.cut(null);
          boolean hasImage = log.checkpoint().exists();
          isWritten = hasImage && writeDelta(cut, appendedBytes());
        } finally {
          if (!isWritten) {
            breakChain();
          }
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /// @return false if what happened was not gathered, or there is no room
  @GuardedBy("lock")
  private boolean writeDelta(Cut cut, long appended) throws IOException {
    DeltaBuffer.Batch batch = cut.changes();
    if (batch == null || !hasRoom(batch)) {
      return false;
    }
    long logBytes = Math.max(0, appended - deltaAtBytes);
    var place = new DeltaFile.Place(nextDelta, segment, position, logBytes);
    forceLog(); // what it describes
    long size = DeltaFile.write(log.directory(), place, cut.header(), batch);
    deltaBytes += size;
    writtenBytes.addAndGet(size);
    deltaCount.incrementAndGet();
    nextDelta++;
    goOnFrom(cut.header(), appended);
    log.checkpoint().bytes(imageBytes + deltaBytes);
    if (isChained) { // else only the image that is being written goes on from there
      commits.locked(() -> log.checkpoint().advance(cut.header().replaySegment()));
    }
    return true;
  }

  @GuardedBy("lock")
  private void goOnFrom(CheckpointHeader header, long appended) {
    segment = header.replaySegment();
    position = header.replayPosition();
    deltaAtBytes = appended;
  }

  private boolean hasRoom(DeltaBuffer.Batch batch) {
    return log.usedBytes() + DeltaFile.sizeBound(batch) + HEAD_BOUND
        <= log.boundFor(Space.Purpose.GROW);
  }

  /// From now on, until there is a new image, all of the log behind the last delta has to be read.
  private void breakChain() {
    isChained = false;
    commits.locked(() -> {
      commits.index().changes().end();
      return true;
    });
  }

  @SuppressWarnings("GuardedBy") // what it passes on is run by this thread, before it returns
  private boolean write(boolean isForced, boolean isAtClose) throws IOException {
    lock.lock();
    try {
      requireOpen();
      if (!commits.index().collisions().isEmpty()) {
        return true; // the image has no place for such keys; nobody has ever seen one
      }
      if (log.usedBytes() + sizeBound() > log.boundFor(Space.Purpose.GROW)) {
        return false;
      }
      if (!isAtClose) {
        mergePending();
      }
      var image = new ImageInHand(nextDelta);
      try {
        long size =
            CheckpointFile.write(
                log.directory(),
                isForced,
                image.firstDelta,
                commits.index().pages().pageCount(),
                image::cut,
                () -> whileWriting(image, isAtClose),
                this::settle);
        complete(image, size);
      } finally {
        if (image.isLost()) {
          breakChain();
        }
      }
      if (isForced) {
        StoreFiles.removeDeltasBut(log.directory(), image.firstDelta, Long.MAX_VALUE);
      }
      return true;
    } catch (GivenUpException _) {
      return true; // the next one will do
    } finally {
      log.checkpoint().beingWritten(false);
      lock.unlock();
    }
  }

  /// Has everything become part of the index that is pending behind the last image. That can take
  /// seconds, so what happens meanwhile goes on being written down.
  @GuardedBy("lock")
  private void mergePending() throws IOException {
    while (commits.index().mergeSome()) {
      if (isStopping) {
        throw new GivenUpException();
      }
      if (isDeltaDue()) {
        writeDelta();
      }
    }
  }

  /// Goes on writing down what happens: first what happened before the image, for the one before
  /// it, then what happens while it is written, for both. The image can be given up then without
  /// anything being lost.
  @GuardedBy("lock")
  private void whileWriting(ImageInHand image, boolean isAtClose) throws IOException {
    Cut before = image.before;
    if (isAtClose) {
      // Nothing happens any more, and what happened is part of the image.
      if (before != null) {
        goOnFrom(before.header(), image.appendedBytes);
      }
      image.deltaBytesBefore = deltaBytes;
      image.deltaCountBefore = deltaCount.get();
      return;
    }
    if (before != null) {
      boolean hasImage = log.checkpoint().exists();
      isChained = isChained && hasImage && writeDelta(before, image.appendedBytes);
      image.before = null;
      nextDelta = image.firstDelta;
      goOnFrom(before.header(), image.appendedBytes);
      image.deltaBytesBefore = deltaBytes;
      image.deltaCountBefore = deltaCount.get();
    }
    if (isStopping) {
      throw new GivenUpException(); // the one before is continued by all that happened
    }
    boolean isDue =
        appendedBytes() - deltaAtBytes > deltaWorth || commits.index().changes().isDue();
    if (isDue && image.isContinued) {
      image.isContinued = false; // unless all goes well
      image.isContinued = writeDelta(commits.cut(null), appendedBytes());
      isChained = isChained && image.isContinued;
    }
  }

  /// @throws GivenUpException if it must not be used, since something has happened meanwhile
  @GuardedBy("lock")
  private void complete(ImageInHand image, long size) throws IOException {
    long from = segment; // behind the image, and behind the deltas that continue it already
    boolean isSpoilt =
        commits.locked(() -> {
          boolean spoilt = log.checkpoint().isSpoilt();
          if (spoilt) {
            log.checkpoint().gone();
          } else {
            log.checkpoint().neededFrom(from);
          }
          log.checkpoint().beingWritten(false);
          return spoilt;
        });
    if (isSpoilt) {
      StoreFiles.removeCheckpoint(log.directory());
      throw new GivenUpException();
    }
    imageBytes = size;
    writtenBytes.addAndGet(size);
    deltaBytes -= image.deltaBytesBefore;
    deltaCount.addAndGet(-image.deltaCountBefore);
    log.checkpoint().bytes(size + deltaBytes);
    writtenAtBytes = image.appendedBytes;
    isChained = image.isContinued;
    image.isComplete = true;
    count.incrementAndGet();
  }

  /// What the image describes must be durable before it is used.
  private void settle() throws IOException {
    forceLog();
    if (log.checkpoint().isSpoilt()) {
      throw new GivenUpException();
    }
  }

  /// Forces the log up to its end. Behind the last commit there may be notes of what happened to
  /// the index, which are as durable as whatever comes after them: a checkpoint that goes on behind
  /// them must not be found without them.
  private void forceLog() throws IOException {
    commits.force();
    log.forceActive();
  }

  /// Something has happened to the index that the log does not tell, or the store is being closed.
  private static final class GivenUpException extends IOException {
    private static final long serialVersionUID = 1L;

    GivenUpException() {
      super("the checkpoint was given up");
    }
  }

  /// An image that is being written.
  private final class ImageInHand {
    /// The number of the first delta behind it. The one before that number is for what happened
    /// before it.
    private final long firstDelta;

    /// What happened before it, until that is written down.
    private @Nullable Cut before;

    private boolean isCut;
    private boolean isComplete;

    /// Whether what happens behind it is gathered, and written down as far as it is not.
    private boolean isContinued;

    private long appendedBytes;
    private long deltaBytesBefore;
    private int deltaCountBefore;

    ImageInHand(long nextDelta) {
      firstDelta = nextDelta + 1;
    }

    Cut cut(Pages.Saver saver) {
      log.checkpoint().beingWritten(true);
      Cut cut = commits.cut(saver);
      isCut = true;
      isContinued = true;
      before = cut;
      appendedBytes = log.appendedBytes();
      commits.index().mergedAll();
      return cut;
    }

    /// {@return whether what is gathered now continues nothing on the disk}
    boolean isLost() {
      return isComplete ? !isContinued : isCut && (before != null || !isChained || !isContinued);
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
