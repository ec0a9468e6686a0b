package dev.larder.testkit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The changes that were made to a disk, in order, from [SimulatedDisk#record()] on.
///
/// It gives back the disk as it was after each of them, so that one run yields all places at which
/// the power can fail or the process can be killed.
///
/// **Threads.** Safe for any number of threads.
public final class Trace {
  private final SimulatedDisk start;
  private final List<Operation> operations = new ArrayList<>();

  /// Where the last question was about, so that the next one is cheap if it is about a later place.
  private @Nullable SimulatedDisk cursor;

  private int cursorIndex;

  Trace(SimulatedDisk start) {
    this.start = start;
  }

  synchronized void add(Operation operation) {
    operations.add(operation);
  }

  /// {@return how many changes there are, marks included}
  public synchronized int size() {
    return operations.size();
  }

  /// {@return the changes so far}
  public synchronized List<Operation> operations() {
    return List.copyOf(operations);
  }

  /// {@return the disk after the first changes; going from lower to higher counts is cheap}
  ///
  /// @param count how many changes
  public synchronized SimulatedDisk stateAt(int count) {
    return advance(count).copy();
  }

  /// {@return the disk when the process is killed in the middle of a write}
  ///
  /// @param count how many changes are made before
  /// @param bytesOfNext how much the kernel has taken of the write or allocation that comes next
  public synchronized SimulatedDisk stateWithin(int count, long bytesOfNext) {
    SimulatedDisk disk = advance(count).copy();
    Operation next = operations.get(count);
    if (next.from() < next.to() && bytesOfNext > 0) {
      disk.apply(next.beginning(Math.min(bytesOfNext, next.to() - next.from())));
    }
    return disk;
  }

  private SimulatedDisk advance(int count) {
    SimulatedDisk disk = cursor;
    if (disk == null || count < cursorIndex) {
      disk = start.copy();
      cursorIndex = 0;
    }
    while (cursorIndex < count) {
      disk.apply(operations.get(cursorIndex));
      cursorIndex++;
    }
    cursor = disk;
    return disk;
  }

  /// {@return the transcript: a line for each change, indented below the marks}
  @Override
  public synchronized String toString() {
    var text = new StringBuilder();
    for (Operation operation : operations) {
      text.append(operation.kind() == Operation.Kind.MARK ? "" : "  ");
      text.append(operation).append('\n');
    }
    return text.toString();
  }
}
