package dev.larder.testkit;

import dev.larder.internal.base.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/// Starts workers that do a step only when a test says so, on the test's own thread.
///
/// **Threads.** Safe for any number of threads; the steps of one worker take turns.
public final class ManualWorkers implements Worker.Starter {
  /// After so many steps in a row work is taken to be endless.
  private static final int STEPS_MAX = 100_000;

  private final ManualClock clock;
  private final List<StartedWorker> workers = new CopyOnWriteArrayList<>();

  /// Workers whose delays are measured by a clock.
  public ManualWorkers(ManualClock clock) {
    this.clock = clock;
  }

  @Override
  public Worker.Handle start(String name, Worker worker) {
    var started = new StartedWorker(name, worker);
    workers.add(started);
    return started;
  }

  /// {@return the names of the workers that are not stopped, in the order of their start}
  public List<String> names() {
    return workers.stream().map(worker -> worker.name).toList();
  }

  /// Does one step of every worker, due or not, in the order of their start.
  public void runAll() {
    workers.forEach(StartedWorker::step);
  }

  /// Does one step of the workers of a name, due or not.
  public void run(String name) {
    List<StartedWorker> meant = workers.stream().filter(one -> one.name.equals(name)).toList();
    if (meant.isEmpty()) {
      throw new IllegalArgumentException("no worker " + name + " among " + names());
    }
    meant.forEach(StartedWorker::step);
  }

  /// Does steps that are due, the workers in the order of their start, until none is.
  ///
  /// @return how many
  public int runUntilIdle() {
    int count = 0;
    List<StartedWorker> due = due();
    while (!due.isEmpty()) {
      due.getFirst().step();
      count = counted(count);
      due = due();
    }
    return count;
  }

  /// Does steps that are due, in any order, until none is.
  ///
  /// @param random chooses the worker of each step
  /// @return how many
  public int runUntilIdle(RandomGenerator random) {
    int count = 0;
    List<StartedWorker> due = due();
    while (!due.isEmpty()) {
      due.get(random.nextInt(due.size())).step();
      count = counted(count);
      due = due();
    }
    return count;
  }

  /// Lets time pass, and does each step at the moment when it is due.
  public void runFor(Duration time) {
    long end = clock.monotonicNanos() + time.toNanos();
    runUntilIdle();
    long next = nextDue();
    while (next < end) {
      clock.advance(Duration.ofNanos(Math.max(0, next - clock.monotonicNanos())));
      runUntilIdle();
      next = nextDue();
    }
    clock.advance(Duration.ofNanos(end - clock.monotonicNanos()));
    runUntilIdle();
  }

  /// Stops all workers, as the death of their process does.
  public void stopAll() {
    workers.forEach(StartedWorker::stop);
  }

  private static int counted(int count) {
    if (count == STEPS_MAX) {
      throw new AssertionError("workers are not idle after " + STEPS_MAX + " steps");
    }
    return count + 1;
  }

  private List<StartedWorker> due() {
    long now = clock.monotonicNanos();
    List<StartedWorker> due = new ArrayList<>();
    for (StartedWorker worker : workers) {
      if (worker.dueNanos.get() <= now) {
        due.add(worker);
      }
    }
    return due;
  }

  private long nextDue() {
    long next = Long.MAX_VALUE;
    for (StartedWorker worker : workers) {
      next = Math.min(next, worker.dueNanos.get());
    }
    return next;
  }

  private final class StartedWorker implements Worker.Handle {
    private final String name;
    private final Worker worker;
    private final ReentrantLock stepping = new ReentrantLock();

    /// When the next step is due; a worker that is woken, or has just started, is due at once.
    private final AtomicLong dueNanos = new AtomicLong(Long.MIN_VALUE);

    StartedWorker(String name, Worker worker) {
      this.name = name;
      this.worker = worker;
    }

    void step() {
      stepping.lock();
      try {
        if (!workers.contains(this)) {
          return;
        }
        dueNanos.set(Long.MAX_VALUE); // before the step, which may wake the worker itself
        long delay = worker.step();
        long now = clock.monotonicNanos();
        long next = delay < Long.MAX_VALUE - now ? now + delay : Long.MAX_VALUE;
        dueNanos.accumulateAndGet(next, Math::min); // another thread may wake it meanwhile
      } finally {
        stepping.unlock();
      }
    }

    @Override
    public void wake() {
      dueNanos.set(Long.MIN_VALUE);
    }

    @Override
    public void stop() {
      if (stepping.isHeldByCurrentThread()) {
        throw new IllegalStateException("worker " + name + " cannot wait for its own end");
      }
      stepping.lock();
      try {
        workers.remove(this);
      } finally {
        stepping.unlock();
      }
    }
  }
}
