package dev.larder.internal.expiry;

import dev.larder.Expiry;
import dev.larder.internal.base.Worker;
import dev.larder.internal.txn.CommitPath;
import java.util.concurrent.TimeUnit;

/// Commits the expiry of entries in the background, so that their space comes back without a
/// reader. What readers see does not depend on it: they compare deadlines with the clock
/// themselves.
///
/// **Threads.** Its steps are called by one worker.
public final class ExpirySweep implements Worker {
  /// How many entries expire in one commit at most, so that writers wait only shortly.
  private static final int STEP_MAX = 500;

  /// The wall clock may jump: however far the next deadline is, it is looked at again after a
  /// while.
  private static final long WAIT_MILLIS_MAX = 1000;

  private final CommitPath commits;

  /// Sweeps a store.
  ///
  /// @param commits its commit path
  public ExpirySweep(CommitPath commits) {
    this.commits = commits;
  }

  @Override
  public long step() {
    long waitMillis = commits.expireDue(STEP_MAX);
    return waitMillis == Expiry.NO_DEADLINE
        ? NOT_BEFORE_WOKEN
        : TimeUnit.MILLISECONDS.toNanos(Math.min(waitMillis, WAIT_MILLIS_MAX));
  }
}
