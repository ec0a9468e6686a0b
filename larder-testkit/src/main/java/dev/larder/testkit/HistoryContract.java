package dev.larder.testkit;

import dev.larder.Limits;
import dev.larder.StoreOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Random histories: whatever the order of calls, a store does what a sorted map and a clock would.
///
/// A failure prints its seed and the shortest history found that still fails. These system
/// properties choose others: `larder.history.seed` (the first seed), `larder.history.count` (how
/// many histories) and `larder.history.steps` (how long each is).
abstract class HistoryContract extends ContractTheme {
  private static final long SEED = Long.getLong("larder.history.seed", 1);
  private static final int COUNT = Integer.getInteger("larder.history.count", 6);
  private static final int STEPS = Integer.getInteger("larder.history.steps", 500);
  private static final Duration SHRINKING_MAX = Duration.ofSeconds(20);

  HistoryContract(StoreContract contract) {
    super(contract);
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS) // long runs are asked for by property
  void everyOutcomeOfARandomHistoryIsWhatTheModelSays() {
    for (long seed = SEED; seed < SEED + COUNT; seed++) {
      List<HistoryStep> steps = HistoryStep.random(new Random(seed), STEPS);
      Limits limits = limits(seed);
      History.Failure failure = run(steps, limits);
      if (failure != null) {
        throw report(seed, steps, limits, failure);
      }
    }
  }

  /// Every other history is that of a store that must compact to have room.
  private static Limits limits(long seed) {
    return seed % 2 == 0
        ? Limits.defaults()
        : Limits.defaults().withStoreBytes(Limits.STORE_BYTES_MIN);
  }

  private History.@Nullable Failure run(List<HistoryStep> steps, Limits limits) {
    Path location = newLocation();
    var time = new ManualClock();
    StoreOptions options = options().withTimeSource(time).withLimits(limits);
    try (var history = new History(time, () -> open(location, options), isPersistent())) {
      return history.run(steps);
    }
  }

  private AssertionError report(
      long seed, List<HistoryStep> steps, Limits limits, History.Failure failure) {
    long start = System.nanoTime();
    List<HistoryStep> shortest =
        new ArrayList<>(steps.subList(0, Math.min(failure.index() + 1, steps.size())));
    History.Failure last = failure;
    // Drops ever smaller pieces as long as the rest still fails, in whatever way.
    for (int size = shortest.size() / 2; size > 0; size /= 2) {
      for (int from = 0; from + size <= shortest.size(); ) {
        if (System.nanoTime() - start > SHRINKING_MAX.toNanos()) {
          return report(seed, shortest, steps.size(), last);
        }
        var rest = new ArrayList<>(shortest);
        rest.subList(from, from + size).clear();
        History.Failure next = run(rest, limits);
        if (next == null) {
          from += size;
        } else {
          last = next;
          shortest = rest;
        }
      }
    }
    return report(seed, shortest, steps.size(), last);
  }

  private static AssertionError report(
      long seed, List<HistoryStep> steps, int originalCount, History.Failure failure) {
    String history = steps.stream().map(step -> "  " + step).collect(Collectors.joining("\n"));
    return new AssertionError(
        """
        seed %d (replay with -Dlarder.history.seed=%d -Dlarder.history.count=1)
        shrunk from %d steps to %d:
        %s
        at step %d, %s
        %s\
        """
            .formatted(
                seed,
                seed,
                originalCount,
                steps.size(),
                history,
                failure.index(),
                failure.step(),
                failure.message()),
        failure.cause());
  }
}
