package dev.larder.internal.base;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Starts each worker on a daemon thread of its own. The first step comes after a moment, unless
/// the worker is woken: whoever has just opened a store waits for a first answer, and what workers
/// do first, in code that was never run before, would take the processors from that.
///
/// An error that escapes a step is logged and ends that worker alone: a step handles its own
/// errors, so this one is unknown, and going on could repeat it for ever.
///
/// **Threads.** Safe for any number of threads.
public final class ThreadWorkers implements Worker.Starter {
  @Override
  public Worker.Handle start(String name, Worker worker) {
    var started = new StartedWorker(name, worker);
    started.thread.start();
    return started;
  }

  private static final long FIRST_STEP_NANOS = Duration.ofMillis(100).toNanos();

  private static final class StartedWorker implements Worker.Handle {
    private final String name;
    private final Worker worker;
    private final Thread thread;

    /// Set by any thread, cleared by the worker's own before a step: what was changed before the
    /// call of [#wake()] is seen by a step that begins after it. A permit of the thread alone would
    /// not do, since a lock taken in a step may use it up.
    private volatile boolean isWoken;

    private volatile boolean isStopped;

    StartedWorker(String name, Worker worker) {
      this.name = name;
      this.worker = worker;
      this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    @Override
    public void wake() {
      if (!isWoken) { // who set it has unparked the thread too
        isWoken = true;
        LockSupport.unpark(thread);
      }
    }

    @Override
    public void stop() {
      if (Thread.currentThread().equals(thread)) {
        throw new IllegalStateException("worker " + name + " cannot wait for its own end");
      }
      isStopped = true;
      LockSupport.unpark(thread);
      boolean isInterrupted = false;
      while (true) {
        try {
          thread.join();
          break;
        } catch (InterruptedException _) {
          isInterrupted = true; // stopping is not interruptible; the flag is put back below
        }
      }
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }

    private void run() {
      try {
        await(FIRST_STEP_NANOS);
        while (!isStopped) {
          isWoken = false;
          await(worker.step());
        }
      } catch (Throwable t) {
        Logs.log().log(System.Logger.Level.ERROR, "worker " + name + " met an error and ended", t);
      }
    }

    private void await(long delayNanos) {
      long start = System.nanoTime();
      while (!isWoken && !isStopped) {
        if (delayNanos == Worker.NOT_BEFORE_WOKEN) {
          LockSupport.park(this);
        } else {
          long remaining = delayNanos - (System.nanoTime() - start);
          if (remaining <= 0) {
            return;
          }
          LockSupport.parkNanos(this, remaining);
        }
        // Nobody interrupts this thread on purpose; with the flag set it would spin here.
        Thread.interrupted();
      }
    }
  }
}
