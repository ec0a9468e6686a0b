package dev.larder.benchmarks.workload;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Phaser;

/// For how long something is measured: first a while that does not count, in which code is compiled
/// and caches fill, then until the time or the operations are used up.
///
/// **Threads.** Immutable.
///
/// @param warmSeconds how long it runs before it counts
/// @param seconds how long it counts at most
/// @param operations how many operations count at most, for each thread
/// @param chunk how many operations are done between two looks at the clock
public record Window(double warmSeconds, double seconds, long operations, int chunk) {
  /// What a window saw.
  ///
  /// @param operations how many were done while it counted
  /// @param seconds how long that took
  /// @param isWhole whether it ended because there was nothing more to do, not for lack of time
  public record Outcome(long operations, double seconds, boolean isWhole) {
    /// {@return operations in a second}
    public double rate() {
      return operations / seconds;
    }
  }

  /// Runs one thread's part in this thread.
  public Outcome run(Chunk part) throws Exception {
    if (warmSeconds > 0) {
      long warmEnd = System.nanoTime() + nanos(warmSeconds);
      while (System.nanoTime() < warmEnd) {
        if (part.run(chunk) < chunk) {
          break;
        }
      }
    }
    long start = System.nanoTime();
    long limit = nanos(seconds);
    long done = 0;
    long elapsed = 0;
    boolean isWhole = false;
    while (elapsed < limit && !isWhole) {
      int wanted = (int) Math.min(chunk, operations - done);
      long more = part.run(wanted);
      done += more;
      isWhole = more < wanted || done >= operations;
      elapsed = System.nanoTime() - start;
    }
    return new Outcome(done, Math.max(1, elapsed) / 1e9, isWhole);
  }

  /// Runs several parts at the same time, each in a thread of its own.
  ///
  /// @return what each saw
  public List<Outcome> run(List<? extends Callable<? extends Chunk>> parts) throws Exception {
    var start = new Phaser(parts.size());
    var tasks = new ArrayList<FutureTask<Outcome>>();
    for (Callable<? extends Chunk> part : parts) {
      var task = new FutureTask<>(() -> runTogether(part, start));
      tasks.add(task);
      Thread.ofPlatform().daemon().start(task);
    }
    var outcomes = new ArrayList<Outcome>();
    for (FutureTask<Outcome> task : tasks) {
      try {
        outcomes.add(task.get());
      } catch (ExecutionException e) {
        throw e.getCause() instanceof Exception cause ? cause : e;
      }
    }
    return outcomes;
  }

  private Outcome runTogether(Callable<? extends Chunk> part, Phaser start) throws Exception {
    Chunk chunk;
    try {
      // Made in the thread that uses it: sessions may not change threads.
      chunk = part.call();
    } catch (Throwable e) {
      start.arriveAndDeregister();
      throw e;
    }
    try {
      start.arriveAndAwaitAdvance();
      return run(chunk);
    } finally {
      if (chunk instanceof Closeable closeable) {
        closeable.close();
      }
    }
  }

  /// {@return the operations in a second of all threads together}
  public static double rate(List<Outcome> outcomes) {
    double sum = 0;
    for (Outcome outcome : outcomes) {
      sum += outcome.rate();
    }
    return sum;
  }

  private static long nanos(double time) {
    return (long) (time * 1e9);
  }
}
