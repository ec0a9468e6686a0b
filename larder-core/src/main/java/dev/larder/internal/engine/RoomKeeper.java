package dev.larder.internal.engine;

import dev.larder.Durability;
import dev.larder.internal.compaction.Compaction;
import dev.larder.internal.file.DiskFullException;
import dev.larder.internal.format.FileNames;
import dev.larder.internal.log.Log;
import dev.larder.internal.log.Segment;
import dev.larder.internal.log.Space;
import dev.larder.internal.txn.CommitPath;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Makes room in a full store, on the thread of the writer that needs it: purges what has expired,
/// gives up the checkpoint, compacts.
///
/// **Threads.** Safe for any number of threads.
final class RoomKeeper implements CommitPath.RoomMaker {
  private static final int RUN_COUNT_MAX = 1000;

  private final Log log;
  private @Nullable CommitPath commits;
  private @Nullable Compaction compaction;

  RoomKeeper(Log log) {
    this.log = log;
  }

  /// Completes the circle: the commit path calls this, and this calls the commit path. Before the
  /// store is handed out.
  void use(CommitPath commitPath, Compaction compactionOfStore) {
    commits = commitPath;
    compaction = compactionOfStore;
  }

  @Override
  public @Nullable String makeRoom(long bytes, Space.Purpose purpose, boolean isDiskFull) {
    CommitPath path = commits;
    Compaction compactor = compaction;
    if (path == null || compactor == null) {
      throw new AssertionError("used before it was put together");
    }
    try {
      if (purpose == Space.Purpose.GROW) {
        path.purgeExpired(Durability.NONE);
      }
      if (isDiskFull) {
        compactor.run(true);
        return null;
      }
      return makeRoomWithinLimit(bytes, purpose, path, compactor) ? null : full(bytes, compactor);
    } catch (DiskFullException e) {
      return "the disk is full: " + e.getMessage();
    } catch (IOException e) {
      return "compaction failed: " + e.getMessage();
    }
  }

  private boolean makeRoomWithinLimit(
      long bytes, Space.Purpose purpose, CommitPath path, Compaction compactor)
      throws IOException {
    if (!fits(bytes, purpose) && log.checkpointBytes() > 0) {
      log.directory().delete(FileNames.CHECKPOINT);
      log.checkpointBytes(0);
    }
    boolean hasRolled = false;
    for (int run = 0; run < RUN_COUNT_MAX && !fits(bytes, purpose); run++) {
      long liveBytes = path.locked(log::liveBytes);
      if (purpose == Space.Purpose.GROW && liveBytes + bytes > log.space().boundFor(purpose)) {
        return false;
      }
      if (compactor.run(true) <= 0) {
        if (hasRolled || !hasGarbage(path, log.active())) {
          return fits(bytes, purpose);
        }
        path.roll();
        hasRolled = true;
      }
    }
    return fits(bytes, purpose);
  }

  private boolean hasGarbage(CommitPath path, Segment active) {
    return path.locked(() -> active.end() > active.usage().liveBytes() + (4L << 10));
  }

  private boolean fits(long bytes, Space.Purpose purpose) {
    return log.usedBytes() + bytes <= log.space().boundFor(purpose);
  }

  private String full(long bytes, Compaction compactor) {
    String pinned =
        compactor.pinnedBytes() == 0
            ? ""
            : ", %,d of them held by open snapshots and cursors".formatted(compactor.pinnedBytes());
    return "the store at %s is full: %,d bytes are taken%s, %,d more were asked for, at most %,d are allowed (%,d of them for entries)"
        .formatted(
            log.directory().path(),
            log.usedBytes(),
            pinned,
            bytes,
            log.space().limitBytes(),
            log.space().boundFor(Space.Purpose.GROW));
  }
}
