package dev.larder.testkit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The beginning of a file in native memory, where it follows every change, for whoever reads a
/// [SimulatedMapping] directly.
///
/// Closing costs some ten microseconds, since every thread of the JVM has to agree, unless the
/// memory is one thread's own.
///
/// **Threads.** Guarded by the lock of its disk, but for the memory itself: it is read without, as
/// real mappings are.
final class MemoryCopy extends PhantomReference<SimulatedMapping> {
  /*
   * Crash tests drop whole stores with all their mappings, as a power failure does, and the garbage
   * collector does not free what belongs to a shared arena. So mappings that nobody reaches any more
   * are found through a queue.
   */
  private static final ReferenceQueue<SimulatedMapping> DROPPED = new ReferenceQueue<>();

  private static final Set<MemoryCopy> OPEN = ConcurrentHashMap.newKeySet();
  private static final int PAGE_BYTES = 4096;

  private final Arena arena;
  private final MemorySegment writable;
  private final MemorySegment readable;

  private MemoryCopy(SimulatedMapping owner, Arena arena, MemorySegment memory) {
    super(owner, DROPPED);
    this.arena = arena;
    writable = memory;
    readable = memory.asReadOnly();
  }

  /// Copies a file.
  ///
  /// @param owner who shows it
  /// @param arena what nobody else uses
  static MemoryCopy of(SimulatedMapping owner, Pages content, Arena arena) {
    closeDropped();
    long size = owner.size();
    MemorySegment memory = copy(content, 0, size, Math.min(size, content.size()), arena);
    var copy = new MemoryCopy(owner, arena, memory);
    OPEN.add(copy);
    return copy;
  }

  /// {@return a part of a file in native memory, aligned there as in the file}
  ///
  /// @param size how many bytes the memory has
  /// @param count how many of them are copied; zeros follow
  static MemorySegment copy(Pages content, long offset, long size, long count, Arena arena) {
    long shift = offset % PAGE_BYTES;
    MemorySegment memory = arena.allocate(shift + size, PAGE_BYTES).asSlice(shift, size);
    content.copyTo(memory, 0, offset, count, true);
    return memory;
  }

  private static void closeDropped() {
    Reference<?> dropped = DROPPED.poll();
    while (dropped != null) {
      try {
        ((MemoryCopy) dropped).close();
      } catch (WrongThreadException _) {
        // It was one thread's own, and that is not the one that has found it: the memory is lost.
      }
      dropped = DROPPED.poll();
    }
  }

  MemorySegment memory() {
    return readable;
  }

  /// Shows what has changed.
  ///
  /// @param content the file
  /// @param from where the change begins
  /// @param to its end
  /// @return false if the memory is closed
  boolean show(Pages content, long from, long to) {
    long end = Math.min(to, writable.byteSize());
    if (!writable.scope().isAlive()) {
      return false;
    }
    try {
      long filled = Math.min(end, content.size());
      if (from < filled) {
        content.copyTo(writable, from, from, filled - from, false);
      }
      long gap = Math.max(from, filled);
      if (gap < end) {
        writable.asSlice(gap, end - gap).fill((byte) 0);
      }
      return true;
    } catch (IllegalStateException _) { // another thread has found it dropped
      return false;
    }
  }

  void close() {
    if (OPEN.remove(this)) {
      clear();
      arena.close();
    }
  }
}
