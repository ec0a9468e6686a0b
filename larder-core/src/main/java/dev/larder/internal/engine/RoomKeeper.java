package dev.larder.internal.engine;

import dev.larder.Durability;
import dev.larder.StoreIoException;
import dev.larder.internal.base.DiskFullException;
import dev.larder.internal.base.Reasons;
import dev.larder.internal.compaction.Compaction;
import dev.larder.internal.log.Log;
import dev.larder.internal.log.Segment;
import dev.larder.internal.log.Space;
import dev.larder.internal.recovery.Checkpointer;
import dev.larder.internal.txn.CommitPath;
import dev.larder.internal.txn.RoomMaker;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Makes room in a full store, on the thread of the writer that needs it: purges what has expired,
/// gives up the checkpoint, compacts.
///
/// **Threads.** Safe for any number of threads.
final class RoomKeeper implements RoomMaker {
  private static final int RUN_COUNT_MAX = 1000;
  private static final int PINNED_POLLS_MAX = 500;
  private static final long PINNED_POLL_NANOS = Duration.ofMillis(2).toNanos();

  private final Log log;
  private @Nullable CommitPath commits;
  private @Nullable Compaction compaction;
  private @Nullable Checkpointer checkpointer;

  RoomKeeper(Log log) {
    this.log = log;
  }

  /// Completes the circle: the commit path calls this, and this calls the commit path. Before the
  /// store is handed out.
  void use(CommitPath theCommits, Compaction theCompaction, Checkpointer theCheckpointer) {
    commits = theCommits;
    compaction = theCompaction;
    checkpointer = theCheckpointer;
  }

  @Override
  public @Nullable String makeRoom(long bytes, Space.Purpose purpose, boolean isDiskFull) {
    CommitPath path = commits;
    Compaction compactor = compaction;
    Checkpointer checkpoints = checkpointer;
    if (path == null || compactor == null || checkpoints == null) {
      throw new AssertionError("used before it was put together");
    }
    try {
      if (purpose == Space.Purpose.GROW) {
        path.purgeExpired(Durability.NONE, false);
      }
      if (isDiskFull) {
        compactor.run(true);
        return null;
      }
      return makeRoomWithinLimit(bytes, purpose, path, compactor, checkpoints)
          ? null
          : full(bytes, compactor);
    } catch (DiskFullException e) {
      return "the disk is full: " + e.getMessage();
    } catch (IOException e) {
      throw new StoreIoException(
          "cannot make room in %s: %s".formatted(log.location(), Reasons.of(e)), e);
    }
  }

  private boolean makeRoomWithinLimit(
      long bytes,
      Space.Purpose purpose,
      CommitPath path,
      Compaction compactor,
      Checkpointer checkpoints)
      throws IOException {
    if (!fits(bytes, purpose)) {
      checkpoints.drop();
    }
    boolean hasRolled = false;
    for (int run = 0; run < RUN_COUNT_MAX && !fits(bytes, purpose); run++) {
      long liveBytes = path.locked(log::liveBytes);
      if (purpose == Space.Purpose.GROW && liveBytes + bytes > log.boundFor(purpose)) {
        return false;
      }
      if (!compactor.run(true)) {
        if (hasRolled || !hasGarbage(path, log.active())) {
          return awaitPinned(bytes, purpose, compactor);
        }
        path.roll();
        hasRolled = true;
      }
    }
    return fits(bytes, purpose);
  }

  /// Cursors are mostly open for moments: waits a little for those that hold what could be deleted.
  private boolean awaitPinned(long bytes, Space.Purpose purpose, Compaction compactor)
      throws IOException {
    boolean wasInterrupted = Thread.interrupted(); // a set flag would end each wait at once
    try {
      for (int poll = 0; poll < PINNED_POLLS_MAX && !fits(bytes, purpose); poll++) {
        if (!compactor.deleteRetired()) {
          break;
        }
        LockSupport.parkNanos(PINNED_POLL_NANOS);
      }
    } finally {
      if (wasInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
    return fits(bytes, purpose);
  }

  private boolean hasGarbage(CommitPath path, Segment active) {
    return path.locked(() -> active.end() > active.usage().liveBytes() + (4L << 10));
  }

  private boolean fits(long bytes, Space.Purpose purpose) {
    return log.usedBytes() + bytes <= log.boundFor(purpose);
  }

  private String full(long bytes, Compaction compactor) {
    String pinned =
        compactor.pinnedBytes() == 0
            ? ""
            : ", %,d of them held by open snapshots and cursors".formatted(compactor.pinnedBytes());
    return "the store at %s is full: %,d bytes are taken%s, %,d more were asked for, at most %,d are allowed (%,d of them for entries)"
        .formatted(
            log.location(),
            log.usedBytes(),
            pinned,
            bytes,
            log.space().limitBytes(),
            log.boundFor(Space.Purpose.GROW));
  }
}
