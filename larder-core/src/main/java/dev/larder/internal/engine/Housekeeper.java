package dev.larder.internal.engine;

import dev.larder.CorruptionException;
import dev.larder.LarderException;
import dev.larder.StoreClosedException;
import dev.larder.StoreFailedException;
import dev.larder.internal.base.DiskFullException;
import dev.larder.internal.base.Logs;
import dev.larder.internal.base.PresentClock;
import dev.larder.internal.base.Reasons;
import dev.larder.internal.base.Worker;
import dev.larder.internal.compaction.Compaction;
import dev.larder.internal.log.Failure;
import dev.larder.internal.log.Log;
import dev.larder.internal.recovery.Checkpointer;
import java.io.IOException;
import java.time.Duration;

/// What is done in the background besides expiry, by two workers: one compacts and deletes retired
/// segments, the other writes checkpoints, computes the hashes of sealed segments and fills the
/// reserve.
///
/// **Threads.** The steps of each are called by one thread.
final class Housekeeper {
  private static final long PINNED_POLL_NANOS = Duration.ofMillis(50).toNanos();

  /// After so long without a commit there is time for a checkpoint.
  private static final long IDLE_NANOS = Duration.ofSeconds(1).toNanos();

  private static final long TROUBLE_NANOS = Duration.ofSeconds(5).toNanos();

  private final Log log;
  private final Compaction compaction;
  private final Checkpointer checkpointer;
  private final Failure failure;
  private final PresentClock clock;

  // Of the worker that writes checkpoints: what it saw last, and when.
  private long appendedBefore;
  private long lookedNanos;

  Housekeeper(
      Log log,
      Compaction compaction,
      Checkpointer checkpointer,
      Failure failure,
      PresentClock clock) {
    this.log = log;
    this.compaction = compaction;
    this.checkpointer = checkpointer;
    this.failure = failure;
    this.clock = clock;
    this.lookedNanos = clock.monotonicNanos();
  }

  /// {@return the worker that compacts}
  Worker compacting() {
    return () -> step(this::compact);
  }

  /// {@return the worker that writes checkpoints}
  ///
  /// @param afterCheckpoint runs after each
  Worker keepingCheckpoints(Runnable afterCheckpoint) {
    return () -> step(() -> keepCheckpoint(afterCheckpoint));
  }

  private interface Work {
    long run() throws IOException;
  }

  private long step(Work work) {
    if (failure.hasFailed()) {
      return Worker.NOT_BEFORE_WOKEN;
    }
    try {
      return work.run();
    } catch (DiskFullException e) {
      Logs.log().log(
          System.Logger.Level.WARNING, "no room on the disk for housekeeping: {0}", e.getMessage());
      return TROUBLE_NANOS;
    } catch (StoreClosedException | StoreFailedException _) {
      // the store is being closed, or says by itself that it has failed
      return Worker.NOT_BEFORE_WOKEN;
    } catch (CorruptionException e) {
      return TROUBLE_NANOS; // reported where it was found
    } catch (LarderException e) {
      Logs.log().log(System.Logger.Level.WARNING, "housekeeping is put off", e);
      return TROUBLE_NANOS;
    } catch (IOException e) {
      // Where it put commits in doubt the store has failed already; else it can be done again.
      Logs.log().log(System.Logger.Level.WARNING, "housekeeping is put off: {0}", Reasons.of(e));
      return TROUBLE_NANOS;
    }
  }

  private long compact() throws IOException {
    boolean hasPinned = compaction.deleteRetired();
    if (compaction.runIfDue()) {
      return 0;
    }
    return hasPinned ? PINNED_POLL_NANOS : Worker.NOT_BEFORE_WOKEN;
  }

  private long keepCheckpoint(Runnable afterCheckpoint) throws IOException {
    long appended = log.appendedBytes();
    boolean isIdle =
        appended == appendedBefore && clock.monotonicNanos() - lookedNanos >= IDLE_NANOS;
    appendedBefore = appended;
    lookedNanos = clock.monotonicNanos();
    if (appended > 0) { // who only reads leaves everything as it is
      log.fillReserve();
    }
    if (keptCheckpoint(isIdle)) {
      compaction.checkpointed();
      afterCheckpoint.run();
    }
    // That reads a whole segment: not beside commits, and seldom, for the sake of who reads.
    boolean isMoreToHash = isIdle && appended > 0 && compaction.hashSealed();
    return isIdle && !isMoreToHash ? Worker.NOT_BEFORE_WOKEN : IDLE_NANOS;
  }

  /// {@return whether compaction may have more history than before}
  private boolean keptCheckpoint(boolean isIdle) throws IOException {
    long neededBefore = log.checkpoint().neededFrom();
    if (!wroteImage(isIdle)) {
      if (checkpointer.isDeltaDue() || (isIdle && checkpointer.isDeltaWorthWhenIdle())) {
        checkpointer.writeDelta();
      } else if (compaction.wantsCheckpoint(checkpointer.heldBytes())) {
        checkpointer.release();
      }
    }
    return log.checkpoint().neededFrom() != neededBefore;
  }

  /// Writes an image if one is due. Where there is no room for it there may be for a delta, with
  /// which compaction can make some.
  private boolean wroteImage(boolean isIdle) throws IOException {
    if (!checkpointer.isDue() && !(isIdle && checkpointer.isWorthWhenIdle())) {
      return false;
    }
    try {
      return checkpointer.write();
    } catch (DiskFullException e) {
      if (checkpointer.isDeltaDue()) {
        checkpointer.writeDelta();
      }
      throw e;
    }
  }
}
