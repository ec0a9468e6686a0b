package dev.larder;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/// When an entry that is written ends. An entry is visible until its deadline, never after it.
public sealed interface Expiry {
  /// The longest time to live: about 100,000 years.
  Duration TTL_MAX = Duration.ofDays(36_525_000);

  /// What stands for "no deadline" where deadlines are numbers of milliseconds.
  long NO_DEADLINE = Long.MAX_VALUE;

  /// {@return no deadline: the entry stays until it is removed}
  static Expiry never() {
    return Never.INSTANCE;
  }

  /// {@return the deadline that the entry has stays; none if there is no entry}
  static Expiry unchanged() {
    return Unchanged.INSTANCE;
  }

  /// {@return a deadline so long after the moment of the commit, by the store's clock}
  ///
  /// @param ttl from 1 millisecond to [#TTL_MAX]; a part of a millisecond is cut off
  /// @throws IllegalArgumentException if it is shorter or longer
  static Expiry after(Duration ttl) {
    return new After(ttl);
  }

  /// {@return a deadline at a given instant; where it has passed already, the key is left without a
  /// visible entry}
  ///
  /// @param instant from 1970-01-01T00:00:00Z to a hundred thousand years later; a part of a
  ///   millisecond is cut off
  /// @throws IllegalArgumentException if it lies outside
  static Expiry at(Instant instant) {
    return new At(instant);
  }

  /// See [#never()].
  enum Never implements Expiry {
    /// The only one.
    INSTANCE
  }

  /// See [#unchanged()].
  enum Unchanged implements Expiry {
    /// The only one.
    INSTANCE
  }

  /// See [#after(Duration)].
  ///
  /// @param ttl the time to live
  record After(Duration ttl) implements Expiry {
    /// Checks the limits.
    public After {
      Objects.requireNonNull(ttl, "ttl");
      if (ttl.compareTo(Duration.ofMillis(1)) < 0) {
        throw new IllegalArgumentException("a ttl is at least 1 ms, not " + ttl);
      }
      if (ttl.compareTo(TTL_MAX) > 0) {
        throw new IllegalArgumentException("a ttl is at most " + TTL_MAX + ", not " + ttl);
      }
    }
  }

  /// See [#at(Instant)].
  ///
  /// @param instant the deadline
  record At(Instant instant) implements Expiry {
    private static final Instant MAX = Instant.EPOCH.plus(TTL_MAX);

    /// Checks the limits.
    public At {
      if (instant.isBefore(Instant.EPOCH) || instant.isAfter(MAX)) {
        throw new IllegalArgumentException(
            "a deadline lies from %s to %s, not at %s".formatted(Instant.EPOCH, MAX, instant));
      }
    }
  }

  /// Works out the deadline of an entry.
  ///
  /// @param presentMillis the store's present, in milliseconds since 1970
  /// @param deadlineMillis the deadline that the entry has, or [#NO_DEADLINE]
  /// @return the new deadline in milliseconds since 1970, or [#NO_DEADLINE]
  default long deadlineMillis(long presentMillis, long deadlineMillis) {
    return switch (this) {
      case Never _ -> NO_DEADLINE;
      case Unchanged _ -> deadlineMillis;
      case After after -> presentMillis + after.ttl().toMillis();
      case At at -> at.instant().toEpochMilli();
    };
  }
}
