package dev.larder.stress;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/// Things that are used again: a test has thousands of states a second, and each needs a part of an
/// index that would be too large to make for it alone.
///
/// **Threads.** Safe for any number of threads.
final class Supply<T> {
  private final ConcurrentLinkedQueue<T> idle = new ConcurrentLinkedQueue<>();
  private final Supplier<T> maker;

  Supply(Supplier<T> maker) {
    this.maker = maker;
  }

  T take() {
    T present = idle.poll();
    return present != null ? present : maker.get();
  }

  void giveBack(T each) {
    idle.add(each);
  }
}
