package dev.larder.testkit;

import dev.larder.internal.file.SharedWords;
import java.util.Objects;

/// Words in memory.
///
/// **Threads.** Safe for any number of threads.
final class SimulatedWords implements SharedWords {
  private final SimulatedDirectory directory;
  private final WordTable table;
  private final int count;
  private volatile boolean isClosed;

  SimulatedWords(SimulatedDirectory directory, WordTable table, int count) {
    this.directory = directory;
    this.table = table;
    this.count = count;
  }

  @Override
  public long get(int index) {
    check(index);
    return table.get(index);
  }

  @Override
  public void set(int index, long value) {
    check(index);
    table.set(index, value);
  }

  @Override
  public boolean compareAndSet(int index, long expected, long value) {
    check(index);
    return table.compareAndSet(index, expected, value);
  }

  private void check(int index) {
    Objects.checkIndex(index, count);
    if (isClosed) {
      throw new IllegalStateException("the words are closed");
    }
    if (directory.isKilled()) {
      throw new IllegalStateException("the process was killed");
    }
  }

  @Override
  public String toString() {
    return count + " words";
  }

  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      directory.closed(this);
    }
  }
}
