package dev.larder;

import java.time.Duration;

/// What a commit that returned survives. Set per store ([StoreOptions#durability()]) and per call
/// ([Bucket#with(Durability)]).
///
/// | level | survives |
/// |---|---|
/// | [#SYNC], the default | power failure; many commits share one force |
/// | [#batched(int, Duration)] | a process kill at once; power failure after n commits or the interval, whichever is first |
/// | [#OS] | a process kill |
/// | [#NONE] | a clean close |
///
/// Whatever the levels, commits have one order: after a crash the store holds a prefix of it, and a
/// `SYNC` commit makes every commit before it durable too.
public sealed interface Durability {
  /// The commit survives a power failure.
  Durability SYNC = new Sync();

  /// The commit survives a kill of the process.
  Durability OS = new Os();

  /// The commit survives a clean close.
  Durability NONE = new None();

  /// The commit survives a kill of the process at once, and a power failure after so many commits
  /// of this level or so much time, whichever is first.
  ///
  /// @param commits at least 1
  /// @param interval from 1 millisecond to 1 hour
  /// @return the level
  /// @throws IllegalArgumentException if either is out of range
  static Durability batched(int commits, Duration interval) {
    return new Batched(commits, interval);
  }

  /// See [#SYNC].
  record Sync() implements Durability {
    @Override
    public String toString() {
      return "SYNC";
    }
  }

  /// See [#batched(int, Duration)].
  ///
  /// @param commits after how many commits a force is due
  /// @param interval how long after the first unforced commit a force is due
  record Batched(int commits, Duration interval) implements Durability {
    private static final Duration INTERVAL_MAX = Duration.ofHours(1);

    /// Checks the limits.
    public Batched {
      if (commits < 1) {
        throw new IllegalArgumentException(
            "batched durability needs at least 1 commit, not " + commits);
      }
      if (interval.compareTo(Duration.ofMillis(1)) < 0 || interval.compareTo(INTERVAL_MAX) > 0) {
        throw new IllegalArgumentException(
            "batched durability needs an interval from PT0.001S to PT1H, not " + interval);
      }
    }

    @Override
    public String toString() {
      return "batched(%d, %s)".formatted(commits, interval);
    }
  }

  /// See [#OS].
  record Os() implements Durability {
    @Override
    public String toString() {
      return "OS";
    }
  }

  /// See [#NONE].
  record None() implements Durability {
    @Override
    public String toString() {
      return "NONE";
    }
  }
}
