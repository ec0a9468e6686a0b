package dev.larder.cli;

import dev.larder.TimeSource;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Gives each part of a measurement its time, and takes the times of operations.
///
/// **Threads.** For one thread, which may measure several others.
final class BenchClock {
  /// What part of its time a measure runs before it counts, for code to be compiled.
  private static final int WARM_PART = 5;

  private static final long POLL_MILLIS = 50;

  private final TimeSource timeSource;
  private final Progress progress;
  private final long startNanos;
  private final long totalNanos;

  /// Starts the clock.
  ///
  /// @param timeSource what is measured with
  /// @param progress told how much of the time has gone
  /// @param totalNanos how long everything together may take
  BenchClock(TimeSource timeSource, Progress progress, long totalNanos) {
    this.timeSource = timeSource;
    this.progress = progress;
    this.totalNanos = totalNanos;
    this.startNanos = timeSource.monotonicNanos();
  }

  /// One operation that is measured.
  @FunctionalInterface
  interface Operation {
    /// Does it.
    ///
    /// @return how many of the measure's unit were done
    int run() throws IOException;
  }

  /// {@return the time now, in nanoseconds}
  long now() {
    return timeSource.monotonicNanos();
  }

  /// {@return when a measure that begins now has to end}
  ///
  /// @param percent its part of all the time
  long end(int percent) {
    return now() + budget(percent);
  }

  private long budget(int percent) {
    return totalNanos / 100 * percent;
  }

  /// Says what is being measured now.
  void begin(BenchResult.Measure measure) {
    progress.doing(measure.title());
    beat();
  }

  /// Shows how far it is, and ends everything if somebody wants it to end.
  void beat() {
    StoreCommand.requireGoingOn();
    progress.advanced(now() - startNanos);
  }

  /// Does an operation again and again, until its time is over or it was done often enough.
  ///
  /// @param percent the measure's part of all the time
  /// @param countMax how often it counts at most; it is done a quarter as often before that
  BenchResult.Figure repeat(
      BenchResult.Measure measure, int percent, long countMax, Operation operation)
      throws IOException {
    begin(measure);
    long start = now();
    var loop = new Loop(start, start + budget(percent), countMax, operation, true);
    loop.run();
    return new BenchResult.Figure(measure, loop.done, loop.nanos(), loop.latencies);
  }

  /// Does the same in several threads at the same time.
  ///
  /// @param operations one for each thread
  /// @param countMax how often each counts at most
  BenchResult.Figure repeatTogether(
      BenchResult.Measure measure, int percent, long countMax, Operation[] operations)
      throws IOException {
    begin(measure);
    long start = now();
    var workers = new Worker[operations.length];
    var running = new CountDownLatch(workers.length);
    for (int i = 0; i < workers.length; i++) {
      var loop = new Loop(start, start + budget(percent), countMax, operations[i], false);
      workers[i] = new Worker(loop, running);
      workers[i].thread.start();
    }
    try {
      while (!running.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        beat();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      for (Worker worker : workers) {
        worker.end();
      }
    }
    StoreCommand.requireGoingOn();
    return sum(measure, workers);
  }

  private static BenchResult.Figure sum(BenchResult.Measure measure, Worker[] workers)
      throws IOException {
    var latencies = new Latencies();
    long done = 0;
    long begin = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    for (Worker worker : workers) {
      worker.requireSuccess();
      Loop loop = worker.loop;
      latencies.add(loop.latencies);
      done += loop.done;
      begin = Math.min(begin, loop.countedFrom);
      end = Math.max(end, loop.countedTo);
    }
    return new BenchResult.Figure(measure, done, end - begin, latencies);
  }

  /// One thread's part of a measure.
  private final class Loop {
    private final long warmEnd;
    private final long end;
    private final long countMax;
    private final Operation operation;
    private final boolean beats;
    private final Latencies latencies = new Latencies();
    private long done;
    private long countedFrom;
    private long countedTo;

    Loop(long start, long end, long countMax, Operation operation, boolean beats) {
      this.warmEnd = start + (end - start) / WARM_PART;
      this.end = end;
      this.countMax = countMax;
      this.operation = operation;
      this.beats = beats;
    }

    void run() throws IOException {
      long last = now();
      for (long i = 0; i < countMax / 4 && last - warmEnd < 0; i++) {
        operation.run();
        last = next();
      }
      countedFrom = last;
      long count = 0;
      do {
        done += operation.run();
        // The end of one is the beginning of the next: the clock is asked once for each.
        long now = next();
        latencies.record(now - last);
        last = now;
        count++;
      } while (count < countMax && last - end < 0);
      countedTo = last;
    }

    private long next() {
      if (beats) {
        long now = now();
        StoreCommand.requireGoingOn();
        progress.advanced(now - startNanos);
        return now;
      }
      if (Thread.currentThread().isInterrupted()) {
        throw CommandException.interrupted("interrupted");
      }
      return now();
    }

    long nanos() {
      return countedTo - countedFrom;
    }
  }

  /// A thread that runs its part.
  private static final class Worker {
    private final Loop loop;
    private final Thread thread;
    private volatile @Nullable Throwable failure;

    Worker(Loop loop, CountDownLatch running) {
      this.loop = loop;
      this.thread =
          Thread.ofPlatform()
              .name("larder-cli-bench")
              .daemon()
              .unstarted(() -> {
                try {
                  loop.run();
                } catch (IOException | RuntimeException | Error e) {
                  failure = e;
                } finally {
                  running.countDown();
                }
              });
    }

    /// Waits until it has ended, and sees to that where it goes on.
    void end() {
      boolean isInterrupted = false;
      while (thread.isAlive()) {
        try {
          if (isInterrupted || Thread.currentThread().isInterrupted()) {
            thread.interrupt();
          }
          thread.join();
        } catch (InterruptedException _) {
          isInterrupted = true;
        }
      }
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }

    void requireSuccess() throws IOException {
      switch (failure) {
        case null -> {}
        case IOException e -> throw e;
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new AssertionError(e);
      }
    }
  }
}
