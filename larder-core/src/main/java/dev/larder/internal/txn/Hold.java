package dev.larder.internal.txn;

import dev.larder.Statistics.Holder;
import org.jspecify.annotations.Nullable;

/// A state of the store that somebody holds: nothing that can be seen as of its commit is deleted
/// before it is released.
///
/// **Threads.** What is public never changes; the rest is guarded by the lock of the [Pipeline].
public final class Hold {
  private final long sequence;
  private final Holder.Kind kind;
  private final long sinceNanos;

  @Nullable Hold older;
  @Nullable Hold newer;
  boolean isReleased;

  Hold(long sequence, Holder.Kind kind, long sinceNanos) {
    this.sequence = sequence;
    this.kind = kind;
    this.sinceNanos = sinceNanos;
  }

  /// {@return the last commit in the state}
  public long sequence() {
    return sequence;
  }

  Holder.Kind kind() {
    return kind;
  }

  /// {@return when it was taken, on the monotonic clock}
  long sinceNanos() {
    return sinceNanos;
  }
}
