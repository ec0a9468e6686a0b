package dev.larder.testkit;

import java.util.List;

/// A change that a power failure may undo.
final class Pending {
  /// What is known of it.
  enum State {
    /// Not forced: it may be lost or kept.
    OPEN,
    /// Forced, but behind something doubtful, to which it must be applied in order.
    DURABLE,
    /// A force of it failed: it may be lost or kept, whatever is forced later.
    DOUBTFUL
  }

  final Operation operation;

  /// When it was made, on the disk's own clock.
  final long time;

  private State state;

  Pending(Operation operation, long time) {
    this(operation, time, State.OPEN);
  }

  private Pending(Operation operation, long time, State state) {
    this.operation = operation;
    this.time = time;
    this.state = state;
  }

  Pending copy() {
    return new Pending(operation, time, state);
  }

  boolean isDurable() {
    return state == State.DURABLE;
  }

  /// Notes the outcome of a force.
  ///
  /// @param all the changes it was about, in order
  /// @param coveredTime the force is about what was done before
  /// @param isFailed whether it failed
  /// @return how many changes from the first on are durable
  static int force(List<Pending> all, long coveredTime, boolean isFailed) {
    for (Pending one : all) {
      if (one.state == State.OPEN && one.time < coveredTime) {
        one.state = isFailed ? State.DOUBTFUL : State.DURABLE;
      }
    }
    int durableCount = 0;
    while (durableCount < all.size() && all.get(durableCount).isDurable()) {
      durableCount++;
    }
    return durableCount;
  }
}
