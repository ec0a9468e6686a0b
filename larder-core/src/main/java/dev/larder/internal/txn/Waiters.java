package dev.larder.internal.txn;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Those who wait until their commits are visible, and when one of them is to have the log forced.
///
/// Threads that commit one thing after the other come back as soon as a force has served them. If
/// the next force began with the first of them, the others would come just after that: they would
/// form two groups, and each force would serve half of them. So the first to come waits a moment
/// for as many as there were around the last force, and whoever is the last of them has the log
/// forced for all. The moment is short beside a force, and is saved where too few came in it
/// before: after one in vain the next force begins at once, after two in a row the next three, and
/// so on up to 63.
///
/// **Threads.** Guarded by [#lock()].
final class Waiters {
  /*
   * Nobody is forgotten: whoever needs a force and was told to wait until it is woken was told so
   *   (1) while a force was under way, and when that is over one of those who wait is woken;
   *   (2) or while `first` waited. That one returns by itself after a moment, if it was not served
   *       before, and has the log forced. If it was served or gave up, one of the others is woken.
   */

  /// For [Waiter#park(long)].
  static final long UNTIL_WOKEN = Long.MAX_VALUE;

  /// Which share of a force the first to come may wait for the others. The operating system makes
  /// it some 50 us more.
  private static final long FORCE_SHARE = 4;

  private static final long PATIENCE_NANOS_MAX = Duration.ofMillis(1).toNanos();
  private static final int SKIPS_MAX = 63;

  private final ReentrantLock lock = new WakingLock();
  private final List<Waiter> waiting = new ArrayList<>();
  private List<Waiter> woken = List.of();

  /// How many of `waiting` need a force.
  private int forcerCount;

  /// How many there were around the last force: those that it served, and those who had come since.
  private int expected;

  /// How many were served since the last force began.
  private int served;

  /// How long the first to come waits for others, in nanoseconds.
  private long patienceNanos;

  /// Who waits for others at the moment.
  private @Nullable Waiter first;

  /// How many forces are still to begin at once, and how many after the next wait in vain.
  private int skips;

  private int nextSkips;

  /// Wakes threads once it is free: with the lock held, they would only wait for it.
  private final class WakingLock extends ReentrantLock {
    private static final long serialVersionUID = 1L;

    @Override
    public void unlock() {
      List<Waiter> taken = takeWoken();
      super.unlock();
      for (Waiter waiter : taken) {
        LockSupport.unpark(waiter.thread);
      }
    }
  }

  /// A thread that waits.
  ///
  /// **Threads.** For the thread that made it.
  static final class Waiter {
    private final Thread thread = Thread.currentThread();
    private final long sequence;
    private final boolean needsForce;
    // Guarded by the lock of the waiters.
    private boolean hasJoined;
    private boolean isParked;

    private volatile boolean isWoken;
    private volatile boolean isServed;

    /// @param sequence the commit that the calling thread waits for
    /// @param needsForce whether it has the log forced for that if nobody else does
    Waiter(long sequence, boolean needsForce) {
      this.sequence = sequence;
      this.needsForce = needsForce;
    }

    /// {@return whether the commit is visible}
    boolean isServed() {
      return isServed;
    }

    /// Waits until woken, or for some time. Not interruptible: the interrupt flag is kept.
    ///
    /// @param nanos for how long at most; [#UNTIL_WOKEN] for no bound
    void park(long nanos) {
      boolean wasInterrupted = false;
      if (nanos != UNTIL_WOKEN) {
        LockSupport.parkNanos(this, nanos);
        wasInterrupted = Thread.interrupted();
      } else {
        while (!isWoken) {
          LockSupport.park(this);
          wasInterrupted |= Thread.interrupted();
        }
      }
      if (wasInterrupted) {
        thread.interrupt();
      }
    }
  }

  /// {@return the lock, under which everything here is called}
  ReentrantLock lock() {
    return lock;
  }

  /// Adds a waiter, unless it was added before or has nothing to wait for.
  ///
  /// @param visible the last commit that is visible
  void join(Waiter waiter, long visible) {
    waiter.isParked = false;
    if (waiter.hasJoined) {
      return;
    }
    waiter.hasJoined = true;
    if (waiter.sequence <= visible) {
      waiter.isServed = true;
    } else {
      waiting.add(waiter);
      forcerCount += waiter.needsForce ? 1 : 0;
    }
  }

  /// Takes out a waiter that gives up.
  void leave(Waiter waiter) {
    if (waiting.remove(waiter)) {
      Waiter firstBefore = first;
      left(waiter);
      if (first != firstBefore) {
        wakeForcer();
      }
    }
  }

  private void left(Waiter waiter) {
    forcerCount -= waiter.needsForce ? 1 : 0;
    first = first == waiter ? null : first;
  }

  /// Serves those whose commits are visible.
  ///
  /// @param visible the last commit that is
  void visible(long visible) {
    Waiter firstBefore = first;
    int kept = 0;
    for (int i = 0; i < waiting.size(); i++) {
      Waiter waiter = waiting.get(i);
      if (waiter.sequence <= visible) {
        served += waiter.needsForce ? 1 : 0;
        waiter.isServed = true;
        wake(waiter);
        left(waiter);
      } else {
        waiting.set(kept++, waiter); // in one pass: there may be thousands
      }
    }
    waiting.subList(kept, waiting.size()).clear();
    if (first != firstBefore) {
      wakeForcer();
    }
  }

  /// A force begins.
  void forcing() {
    first = null;
    served = 0;
  }

  /// A force is over, and [#visible(long)] was told what came of it.
  ///
  /// @param nanos how long it took
  void forced(long nanos) {
    expected = served + forcerCount;
    patienceNanos = Math.min(nanos / FORCE_SHARE, PATIENCE_NANOS_MAX);
    wakeForcer();
  }

  private void wakeForcer() {
    for (Waiter waiter : waiting) {
      if (waiter.needsForce) {
        wake(waiter);
        return;
      }
    }
  }

  /// {@return for how many nanoseconds a waiter is to wait, while no force is under way; 0 if it is
  /// to have the log forced at once}
  long patience(Waiter waiter) {
    if (!waiter.needsForce) {
      return UNTIL_WOKEN;
    }
    if (first == waiter) {
      boolean wasInVain = 2 * forcerCount <= expected;
      nextSkips = wasInVain ? Math.min(2 * nextSkips + 1, SKIPS_MAX) : 0;
      skips = nextSkips;
      return 0;
    }
    if (forcerCount >= expected || patienceNanos == 0) {
      nextSkips = 0;
      return 0;
    }
    if (first != null) {
      return UNTIL_WOKEN;
    }
    if (skips > 0) {
      skips--;
      return 0;
    }
    first = waiter;
    return patienceNanos;
  }

  /// A waiter is about to wait.
  void parks(Waiter waiter) {
    waiter.isWoken = false;
    waiter.isParked = true;
  }

  /// Has everyone look again.
  void wakeAll() {
    waiting.forEach(this::wake);
  }

  private void wake(Waiter waiter) {
    waiter.isWoken = true;
    if (waiter.isParked) {
      waiter.isParked = false;
      if (woken.isEmpty()) {
        woken = new ArrayList<>();
      }
      woken.add(waiter);
    }
  }

  /// {@return who is to be unparked} Only for whoever lets go of the lock.
  List<Waiter> takeWoken() {
    List<Waiter> taken = woken;
    woken = List.of();
    return taken;
  }
}
