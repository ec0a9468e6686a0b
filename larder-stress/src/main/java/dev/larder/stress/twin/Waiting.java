package dev.larder.stress.twin;

/// What a thread of the twin does while it waits for another. A model checker lets one thread run
/// at a time, and another when the first seems to be in a loop without an end, which it takes for
/// one after [#ROUNDS] rounds. So waiting is such a loop.
public final class Waiting {
  /// More than any loop of the index has; that over the lines of a table has 4096.
  public static final int ROUNDS = 5000;

  private Waiting() {}

  /// In place of `Thread.onSpinWait()`.
  public static void onSpinWait() {
    int round = 0;
    while (round <= ROUNDS) {
      round++;
    }
  }

  /// In place of `LockSupport.parkNanos(long)`.
  public static void parkNanos(long nanos) {
    onSpinWait();
  }
}
