package dev.larder.internal.base;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.larder.TimeSource;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// The store's present, by which deadlines are judged.
///
/// It is the later of the wall clock and the time of the last commit, as long as the two are within
/// five minutes: a wall clock that is set back a little, or another process whose clock is a little
/// ahead, brings no expired entry back. A wall clock that is further back is believed again, since
/// a clock that once stood wrong must not keep entries from expiring for ever.
///
/// **Threads.** Safe for any number of threads; [#committed(long)] is called in the order of
/// commits.
public final class PresentClock {
  private static final long LAG_MILLIS_MAX = Duration.ofMinutes(5).toMillis();
  private static final long LEAP_MILLIS_MAX = Duration.ofDays(1).toMillis();
  private static final long HOLD_NANOS = Duration.ofMinutes(1).toNanos();

  private final TimeSource timeSource;
  private final AtomicBoolean hasWarned = new AtomicBoolean();

  /// Written by whoever commits, read by everyone; each value stands for itself.
  private volatile long committedMillis;

  @GuardedBy("this")
  private long anchorWallMillis;

  @GuardedBy("this")
  private long anchorNanos;

  @GuardedBy("this")
  private boolean isHolding;

  @GuardedBy("this")
  private long holdingSinceNanos;

  /// Starts without a commit.
  ///
  /// @param timeSource the clocks
  public PresentClock(TimeSource timeSource) {
    this.timeSource = timeSource;
    this.anchorWallMillis = timeSource.wallMillis();
    this.anchorNanos = timeSource.monotonicNanos();
  }

  /// {@return the present, in milliseconds since 1970: what an entry's deadline is compared with
  /// and what the next commit is dated with}
  public long presentMillis() {
    return presentAt(timeSource.wallMillis());
  }

  private long presentAt(long wallMillis) {
    long lastMillis = committedMillis;
    long presentMillis = present(wallMillis, lastMillis);
    if (lastMillis <= wallMillis || presentMillis == lastMillis) {
      return presentMillis;
    }
    if (hasWarned.compareAndSet(false, true)) {
      Logs.log().log(
          System.Logger.Level.WARNING,
          "the wall clock is {0} s behind the last commit; it is believed, so entries that had"
              + " expired and were not removed yet are visible again",
          TimeUnit.MILLISECONDS.toSeconds(lastMillis - wallMillis));
    }
    return wallMillis;
  }

  /// {@return the monotonic clock, in nanoseconds since some instant: for how long something takes}
  public long monotonicNanos() {
    return timeSource.monotonicNanos();
  }

  /// {@return the present by the rule above, in milliseconds since 1970}
  ///
  /// @param wallMillis the wall clock
  /// @param committedMillis what the last commit is dated with
  public static long present(long wallMillis, long committedMillis) {
    boolean isBehindALittle =
        wallMillis < committedMillis && committedMillis - wallMillis <= LAG_MILLIS_MAX;
    return isBehindALittle ? committedMillis : wallMillis;
  }

  /// Takes note of a commit, of this process or another.
  ///
  /// @param millis what it is dated with
  public void committed(long millis) {
    committedMillis = millis;
    if (hasWarned.get()) {
      hasWarned.set(false);
    }
  }

  /// {@return up to which deadline entries may be removed for good, in milliseconds since 1970}
  ///
  /// That is the present, except for a minute after the wall clock leapt ahead of the monotonic one
  /// by more than a day: then it is the time without the leap, so that a leap that is taken back
  /// has removed nothing. Whoever removes what has expired asks at least every few seconds.
  public synchronized long removableMillis() {
    long wallMillis = timeSource.wallMillis();
    long nanos = timeSource.monotonicNanos();
    long expectedMillis = anchorWallMillis + TimeUnit.NANOSECONDS.toMillis(nanos - anchorNanos);
    if (wallMillis - expectedMillis > LEAP_MILLIS_MAX) {
      if (!isHolding) {
        isHolding = true;
        holdingSinceNanos = nanos;
      }
      if (nanos - holdingSinceNanos < HOLD_NANOS) {
        return expectedMillis;
      }
    }
    isHolding = false;
    anchorWallMillis = wallMillis;
    anchorNanos = nanos;
    return presentAt(wallMillis); // looked at again, the clock might have leapt meanwhile
  }
}
