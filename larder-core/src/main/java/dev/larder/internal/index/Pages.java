package dev.larder.internal.index;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Memory in pages of [#PAGE_SIZE] bytes outside the heap, in which the parts of the index live. A
/// page has a number; structures refer to each other by numbers, never by addresses, so that the
/// memory as a whole can be written to a file as it is and mapped again.
///
/// Pages come in *chunks* of [#CHUNK_PAGES]; a run of pages that was allocated together lies in one
/// chunk. Chunks are never unmapped before [#close()], so that a reader without a lock may follow a
/// page number that is no longer true: it reads bytes without a meaning, and must find that out by
/// itself.
///
/// **Threads.** Allocating and freeing is safe for any number of threads. Who writes to a page must
/// keep other writers away from it, and calls [#touch(int)] before the first write of a change.
public final class Pages implements AutoCloseable {
  /*
   * A capture takes an image of all pages as of one moment while they go on being changed. It gives
   * each page a state. Whoever is about to change a page that is not saved yet saves it first; the
   * one who writes the image saves the others, one by one. Either takes a page by a compare-and-set
   * from FRESH to SAVING, so that each is saved exactly once, and a writer waits for a page that is
   * being saved.
   */

  /// How many bytes a page has.
  public static final int PAGE_SIZE = 4096;

  static final int PAGE_SHIFT = 12;

  /// How many pages a chunk has, and a run at most.
  public static final int CHUNK_PAGES = 128;

  static final int CHUNK_SHIFT = 7;
  static final int CHUNK_MASK = CHUNK_PAGES - 1;

  /// How many bytes a chunk has.
  public static final int CHUNK_SIZE = CHUNK_PAGES * PAGE_SIZE;

  /// No page has this number.
  public static final int NO_PAGE = 0;

  private static final VarHandle STATES = MethodHandles.arrayElementVarHandle(byte[].class);
  private static final byte FRESH = 0;
  private static final byte SAVING = 1;
  private static final byte SAVED = 2;

  private final @Nullable Arena arena;
  private final @Nullable Image image;

  /// Chunks by number. An element is null where the chunk is part of an image and was not looked at
  /// yet. The array is replaced when it grows.
  private volatile @Nullable MemorySegment[] chunks = new MemorySegment[8];

  @GuardedBy("this")
  private int chunkCount;

  /// The first page that was never allocated.
  @GuardedBy("this")
  private int nextPage;

  /// How many pages of the last chunks were never allocated; read without the lock.
  private volatile int unused;

  /// Freed runs by their length: `free[n]` holds the first `freeCounts[n]` runs of `n` pages.
  @GuardedBy("this")
  private final int[][] free = new int[CHUNK_PAGES + 1][];

  @GuardedBy("this")
  private final int[] freeCounts = new int[CHUNK_PAGES + 1];

  @GuardedBy("this")
  private long freePages;

  /// Set while an image is taken; read by writers, which cannot be active when it changes.
  private volatile @Nullable Capture capture;

  /// Where chunks come from that were written to a file before.
  public interface Image extends AutoCloseable {
    /// {@return how many pages there are}
    int pageCount();

    /// {@return the verified bytes of a chunk, which may be changed; the last one may be shorter}
    ///
    /// @throws DamagedImageException if they are not what was written
    MemorySegment chunk(int number);

    /// Lets go of the bytes.
    @Override
    default void close() {
      // nothing to let go of
    }
  }

  /// Keeps pages as they were before they changed.
  public interface Saver {
    /// Keeps a page. Called by several threads at once, once for each page.
    ///
    /// @param page the number of the page
    /// @param memory the chunk it lies in
    /// @param offset where in the chunk it begins
    void save(int page, MemorySegment memory, long offset);
  }

  private Pages(@Nullable Arena arena, @Nullable Image image) {
    this.arena = arena;
    this.image = image;
    if (image != null) {
      chunkCount = (image.pageCount() + CHUNK_MASK) >>> CHUNK_SHIFT;
      chunks = new MemorySegment[Math.max(8, chunkCount)];
      nextPage = image.pageCount();
    } else {
      addChunk();
      nextPage = 1; // page 0 is nobody's, so that 0 can stand for "none"
    }
  }

  /// {@return pages outside the heap, none of them in use}
  public static Pages offHeap() {
    return new Pages(Arena.ofShared(), null);
  }

  /// {@return pages in arrays of the heap: the same behaviour, for tools that see only the heap}
  public static Pages onHeap() {
    return new Pages(null, null);
  }

  /// {@return pages that begin with what an image holds; those after it are outside the heap}
  ///
  /// @param image where they come from
  /// @param freeRuns what [#freeRuns()] said when the image was taken
  public static Pages over(Image image, int[] freeRuns) {
    var pages = new Pages(Arena.ofShared(), image);
    for (int i = 0; i < freeRuns.length; i += 2) {
      pages.free(freeRuns[i], freeRuns[i + 1]);
    }
    return pages;
  }

  /// {@return the chunk that a page lies in}
  MemorySegment chunk(int page) {
    MemorySegment chunk = chunks[page >>> CHUNK_SHIFT];
    return chunk != null ? chunk : admit(page >>> CHUNK_SHIFT);
  }

  /// {@return where in its chunk a page begins}
  static long offset(int page) {
    return (long) (page & CHUNK_MASK) << PAGE_SHIFT;
  }

  /// Takes a chunk over from the image.
  private synchronized MemorySegment admit(int number) {
    MemorySegment present = chunks[number];
    if (present != null) {
      return present;
    }
    Image source = image;
    if (source == null || number >= chunkCount) {
      throw new IndexOutOfBoundsException("chunk %d of %d".formatted(number, chunkCount));
    }
    MemorySegment chunk = source.chunk(number);
    if (chunk.byteSize() < CHUNK_SIZE) {
      MemorySegment whole = newChunk();
      MemorySegment.copy(chunk, 0, whole, 0, chunk.byteSize());
      chunk = whole;
    }
    publish(number, chunk);
    return chunk;
  }

  private MemorySegment newChunk() {
    return arena == null
        ? MemorySegment.ofArray(new long[CHUNK_SIZE / Long.BYTES])
        : arena.allocate(CHUNK_SIZE, 64);
  }

  @GuardedBy("this")
  private void publish(int number, MemorySegment chunk) {
    @Nullable MemorySegment[] next = chunks;
    next = Arrays.copyOf(next, number < next.length ? next.length : 2 * number);
    next[number] = chunk;
    chunks = next;
  }

  /// Allocates pages that follow one another in one chunk. They are filled with zeros.
  ///
  /// @param count how many, 1 to [#CHUNK_PAGES]
  /// @return the number of the first
  /// @throws OutOfMemoryError if there is no memory; nothing has changed then
  public synchronized int allocate(int count) {
    int reused = takeFree(count);
    if (reused != NO_PAGE) {
      clear(reused, count);
      return reused;
    }
    int rest = CHUNK_PAGES - (nextPage & CHUNK_MASK);
    if (nextPage == chunkCount << CHUNK_SHIFT) {
      addChunk();
    } else if (rest < count) {
      if (nextPage + rest == chunkCount << CHUNK_SHIFT) {
        addChunk();
      }
      int left = nextPage;
      nextPage += rest;
      free(left, rest);
    }
    int first = nextPage;
    nextPage += count;
    unused = (chunkCount << CHUNK_SHIFT) - nextPage;
    touchRun(first, count);
    return first;
  }

  /// Fills pages with zeros that were free. They stay free if they cannot be saved for an image.
  @GuardedBy("this")
  private void clear(int first, int count) {
    boolean isClear = false;
    try {
      touchRun(first, count);
      chunk(first).asSlice(offset(first), (long) count << PAGE_SHIFT).fill((byte) 0);
      isClear = true;
    } finally {
      if (!isClear) {
        free(first, count);
      }
    }
  }

  @GuardedBy("this")
  private void addChunk() {
    publish(chunkCount, newChunk());
    chunkCount++;
  }

  /// Makes sure that pages can be allocated later without memory being taken then.
  ///
  /// @param count how many
  /// @throws OutOfMemoryError if there is no memory
  public void reserve(int count) {
    if (unused < count) {
      makeReserve(count);
    }
  }

  private synchronized void makeReserve(int count) {
    while ((chunkCount << CHUNK_SHIFT) - nextPage < count) {
      // The end of a chunk that is left behind is used by smaller runs.
      addChunk();
    }
    unused = (chunkCount << CHUNK_SHIFT) - nextPage;
  }

  /// Gives pages back. Readers without a lock may still look at them.
  ///
  /// @param first the first of them
  /// @param count how many
  public synchronized void free(int first, int count) {
    int[] runs = free[count];
    if (runs == null) {
      runs = new int[8];
    } else if (freeCounts[count] == runs.length) {
      runs = Arrays.copyOf(runs, 2 * runs.length);
    }
    runs[freeCounts[count]++] = first;
    free[count] = runs;
    freePages += count;
  }

  @GuardedBy("this")
  private int takeFree(int count) {
    for (int size = count; size <= CHUNK_PAGES; size++) {
      if (freeCounts[size] > 0) {
        int first = free[size][--freeCounts[size]];
        freePages -= size;
        if (size > count) {
          free(first + count, size - count);
        }
        return first;
      }
    }
    return NO_PAGE;
  }

  /// {@return the first page and the length of every freed run, one after the other}
  public synchronized int[] freeRuns() {
    int runCount = 0;
    for (int freeCount : freeCounts) {
      runCount += freeCount;
    }
    int[] runs = new int[2 * runCount];
    int at = 0;
    for (int size = 1; size <= CHUNK_PAGES; size++) {
      for (int i = 0; i < freeCounts[size]; i++) {
        runs[at++] = free[size][i];
        runs[at++] = size;
      }
    }
    return runs;
  }

  /// {@return one more than the highest page number that was ever allocated}
  public synchronized int pageCount() {
    return nextPage;
  }

  /// {@return how many bytes of memory the pages take that are in use}
  public synchronized long usedBytes() {
    return (nextPage - freePages) << PAGE_SHIFT;
  }

  /// {@return how many bytes of memory are taken in all}
  public synchronized long memoryBytes() {
    return (long) chunkCount * CHUNK_SIZE;
  }

  /// To be called before a page is changed, once for each change of the structure it belongs to.
  void touch(int page) {
    Capture active = capture;
    if (active != null) {
      active.touch(page);
    }
  }

  private void touchRun(int first, int count) {
    for (int page = first; page < first + count; page++) {
      touch(page);
    }
  }

  /// Begins to take an image of all pages as of now. No page may be changed during this call.
  ///
  /// @param saver what keeps them
  /// @return the capture, which must be ended
  public synchronized Capture capture(Saver saver) {
    if (capture != null) {
      throw new IllegalStateException("an image is being taken already");
    }
    var begun = new Capture(saver, nextPage);
    capture = begun;
    return begun;
  }

  /// Fills a long array, for structures that keep long lists in pages.
  static void copy(MemorySegment chunk, long offset, long[] target, int count) {
    MemorySegment.copy(chunk, ValueLayout.JAVA_LONG_UNALIGNED, offset, target, 0, count);
  }

  /// Gives the memory back. Whoever reads pages afterwards gets an `IllegalStateException`.
  @Override
  public synchronized void close() {
    if (arena != null && arena.scope().isAlive()) {
      arena.close();
      if (image != null) {
        image.close();
      }
    }
  }

  /// An image of all pages as of one moment, while it is being taken.
  public final class Capture implements AutoCloseable {
    private final Saver saver;
    private final byte[] states;

    private Capture(Saver saver, int pageCount) {
      this.saver = saver;
      this.states = new byte[pageCount];
    }

    /// {@return how many pages the image has}
    public int pageCount() {
      return states.length;
    }

    /// Saves a page, unless that was done.
    public void save(int page) {
      if ((byte) STATES.getVolatile(states, page) != SAVED) {
        touch(page);
      }
    }

    private void touch(int page) {
      if (page >= states.length || (byte) STATES.getAcquire(states, page) == SAVED) {
        return;
      }
      // A chunk that was not looked at yet is taken over first: whoever saves must not wait then
      // for
      // somebody who waits for the page to be saved.
      MemorySegment memory = chunk(page);
      if (STATES.compareAndSet(states, page, FRESH, SAVING)) {
        try {
          saver.save(page, memory, offset(page));
        } finally {
          STATES.setRelease(states, page, SAVED);
        }
      } else {
        while ((byte) STATES.getAcquire(states, page) != SAVED) {
          Thread.onSpinWait();
        }
      }
    }

    /// Ends the capture: pages may be changed without being saved.
    @Override
    public void close() {
      capture = null;
    }
  }
}
