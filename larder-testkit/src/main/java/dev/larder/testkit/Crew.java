package dev.larder.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Threads of a test. What one of them throws is thrown again where they are joined.
///
/// **Threads.** For the one that starts and joins the others.
final class Crew {
  private final List<Thread> threads = new ArrayList<>();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();

  /// What a thread does.
  @FunctionalInterface
  interface Task {
    void run() throws Exception;
  }

  void start(Task task) {
    threads.add(
        Thread.ofPlatform()
            .name("crew-" + threads.size())
            .daemon()
            .start(() -> {
              try {
                task.run();
              } catch (Throwable t) {
                failures.add(t);
              }
            }));
  }

  /// Waits for all threads, and fails if one of them failed.
  void join() throws InterruptedException {
    for (Thread thread : threads) {
      if (!thread.join(Duration.ofSeconds(60))) {
        var stuck = new AssertionError(thread.getName() + " is stuck");
        stuck.setStackTrace(thread.getStackTrace());
        failures.add(stuck);
      }
    }
    threads.clear();
    if (!failures.isEmpty()) {
      var failure = new AssertionError(failures.size() + " threads failed", failures.getFirst());
      failures.stream().skip(1).forEach(failure::addSuppressed);
      throw failure;
    }
  }
}
