package dev.larder.internal.txn;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// The lock under which commits happen one after the other.
final class CommitLock extends ReentrantLock {
  private static final long serialVersionUID = 1L;

  /// How often a thread tries before it lets go of the processor: others hold the lock for about a
  /// microsecond, and to wake a thread takes many.
  private static final int SPINS = 200;

  @Override
  public void lock() {
    for (int i = 0; i < SPINS && !hasQueuedThreads(); i++) {
      if (tryLock()) {
        return;
      }
      Thread.onSpinWait();
    }
    super.lock();
  }

  /// Runs something with the lock held.
  <T> T with(Supplier<T> action) {
    lock();
    try {
      return action.get();
    } finally {
      unlock();
    }
  }
}
