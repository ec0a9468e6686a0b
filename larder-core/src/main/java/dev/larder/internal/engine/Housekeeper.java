package dev.larder.internal.engine;

import dev.larder.CorruptionException;
import dev.larder.LarderException;
import dev.larder.StoreClosedException;
import dev.larder.StoreFailedException;
import dev.larder.internal.base.DiskFullException;
import dev.larder.internal.base.Reasons;
import dev.larder.internal.base.Worker;
import dev.larder.internal.compaction.Compaction;
import dev.larder.internal.log.Failure;
import dev.larder.internal.log.Log;
import dev.larder.internal.recovery.Checkpointer;
import java.io.IOException;
import java.time.Duration;

/// What is done in the background besides expiry: compaction, checkpoints, hashes of sealed
/// segments, the reserve, the deletion of retired segments.
///
/// **Threads.** Its steps are called by one worker.
final class Housekeeper implements Worker {
  private static final System.Logger LOG = System.getLogger("dev.larder");
  private static final long PINNED_POLL_NANOS = Duration.ofMillis(50).toNanos();
  private static final long TROUBLE_NANOS = Duration.ofSeconds(5).toNanos();

  private final Log log;
  private final Compaction compaction;
  private final Checkpointer checkpointer;
  private final Failure failure;

  Housekeeper(Log log, Compaction compaction, Checkpointer checkpointer, Failure failure) {
    this.log = log;
    this.compaction = compaction;
    this.checkpointer = checkpointer;
    this.failure = failure;
  }

  @Override
  public long step() {
    if (failure.hasFailed()) {
      return NOT_BEFORE_WOKEN;
    }
    try {
      return work();
    } catch (DiskFullException e) {
      LOG.log(
          System.Logger.Level.WARNING, "no room on the disk for housekeeping: {0}", e.getMessage());
      return TROUBLE_NANOS;
    } catch (StoreClosedException | StoreFailedException _) {
      return NOT_BEFORE_WOKEN; // the store is being closed, or says by itself that it has failed
    } catch (CorruptionException e) {
      return TROUBLE_NANOS; // reported where it was found
    } catch (LarderException e) {
      LOG.log(System.Logger.Level.WARNING, "housekeeping is put off", e);
      return TROUBLE_NANOS;
    } catch (IOException e) {
      // Where it put commits in doubt the store has failed already; else it can be done again.
      LOG.log(System.Logger.Level.WARNING, "housekeeping is put off: {0}", Reasons.of(e));
      return TROUBLE_NANOS;
    }
  }

  private long work() throws IOException {
    boolean hasPinned = compaction.deleteRetired();
    if (compaction.runIfDue()) {
      return 0;
    }
    if (log.appendedBytes() > 0) { // who only reads leaves everything as it is
      log.fillReserve();
      compaction.hashSealed();
    }
    if (checkpointer.isDue() || compaction.wantsCheckpoint(checkpointer.tailBytes())) {
      checkpointer.write();
      compaction.checkpointed();
      return 0;
    }
    return hasPinned ? PINNED_POLL_NANOS : NOT_BEFORE_WOKEN;
  }
}
