package dev.larder.internal.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Walks over an index while it is changed, and while pages that it freed become something else.
/// Some keys stay all the time: every walk must meet each of them once, and all keys in order. The
/// others come and go.
class OrderIndexReadersTest {
  private static final long NANOS = 400_000_000;

  private final KeyTable keys = new KeyTable();
  private final AtomicBoolean isDone = new AtomicBoolean();
  private byte[][] sorted = {};
  private long[] handles = {};
  private boolean[] stays = {};
  private final Map<Long, Integer> numbers = new HashMap<>();

  /// @param stride every which key stays
  private void makeKeys(KeyShape shape, int count, int stride) {
    sorted = new byte[count][];
    Arrays.setAll(sorted, shape::key);
    Arrays.sort(sorted, Arrays::compareUnsigned);
    stays = new boolean[count];
    handles = new long[count];
    for (int i = 0; i < count; i++) {
      stays[i] = i % stride == 0;
      handles[i] = KeyTable.handle(sorted[i]);
      numbers.put(handles[i], i);
    }
  }

  private void insert(OrderIndex index, int number) {
    keys.add(sorted[number], handles[number]);
    index.insert(sorted[number], handles[number]);
  }

  /// Inserts or removes many of the keys that need not stay.
  private void change(OrderIndex index, SplittableRandom random, int from, int to) {
    boolean isInsertion = random.nextBoolean();
    int step = random.nextInt(3) == 0 ? random.nextInt(1, 4) : 1;
    for (int i = Math.max(0, from); i < Math.min(to, sorted.length); i += step) {
      if (stays[i]) {
        continue;
      }
      if (isInsertion) {
        insert(index, i);
      } else if (index.remove(sorted[i], handles[i])) {
        keys.remove(handles[i]);
      }
    }
  }

  /// One walk over a random range.
  private final class CheckedWalk {
    private final boolean isReversed;
    private final int from;
    private final int to;
    private final OrderIndex.Walk walk;
    private final long[] met;
    private int next;

    CheckedWalk(OrderIndex index, SplittableRandom random) {
      int count = sorted.length;
      isReversed = random.nextBoolean();
      from = random.nextInt(4) == 0 ? 0 : random.nextInt(count);
      to = random.nextInt(4) == 0 ? count : Math.min(count, from + 1 + random.nextInt(count));
      next = isReversed ? to - 1 : from;
      met = new long[random.nextInt(1, 400)];
      walk =
          index.walk(from == 0 ? null : sorted[from], to == count ? null : sorted[to], isReversed);
    }

    /// {@return the number of the key that may be met next}
    int position() {
      return next;
    }

    /// {@return whether there may be more}
    boolean step() {
      int count = walk.next(met);
      for (int i = 0; i < count; i++) {
        int number = numbers.get(met[i]);
        if (isReversed ? number > next : number < next) {
          throw new AssertionError("met %d after %d".formatted(number, next));
        }
        skipTo(number);
        skip();
      }
      if (count == 0) {
        skipTo(isReversed ? from - 1 : to);
      }
      return count > 0;
    }

    private void skip() {
      next += isReversed ? -1 : 1;
    }

    private void skipTo(int number) {
      for (; next != number; skip()) {
        if (next < from || next >= to || stays[next]) {
          throw new AssertionError(
              "missed %d of %d to %d before %d".formatted(next, from, to, number));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SCATTERED, 300, 2",
    "SCATTERED, 20000, 2",
    "SCATTERED, 20000, 400",
    "PREFIX_200, 3000, 6",
    "FAMILIES, 12000, 80",
  })
  void whileAnotherThreadChangesIt_everyKeyThatStaysIsMetOnce(KeyShape shape, int count, int stride)
      throws Exception {
    makeKeys(shape, count, stride);
    try (Pages pages = Pages.offHeap();
        ExecutorService threads = Executors.newCachedThreadPool()) {
      OrderIndex index = OrderIndex.create(pages, keys);
      for (int i = 0; i < count; i += stride) {
        insert(index, i);
      }
      List<Future<Long>> walks = new ArrayList<>();
      walks.add(threads.submit(walker(index, 1)));
      walks.add(threads.submit(walker(index, 2)));
      long end = System.nanoTime() + NANOS;
      var random = new SplittableRandom(3);
      while (System.nanoTime() < end && walks.stream().noneMatch(Future::isDone)) {
        int from = random.nextInt(count);
        change(index, random, from, from + random.nextInt(4_000));
        scribble(pages, random);
      }
      isDone.set(true);
      for (Future<Long> walk : walks) {
        assertThat(walk.get()).isPositive();
      }
      index.checkInvariants();
    }
  }

  private Callable<Long> walker(OrderIndex index, int seed) {
    return () -> {
      var random = new SplittableRandom(seed);
      long walkCount = 0;
      while (!isDone.get()) {
        var walk = new CheckedWalk(index, random);
        boolean isOn = true;
        while (isOn) {
          isOn = walk.step();
        }
        walkCount++;
      }
      return walkCount;
    };
  }

  /// Uses freed pages for something else. What that is looks like another page of the index, and
  /// has the version that the page had before it was freed.
  private static void scribble(Pages pages, SplittableRandom random) {
    List<Integer> taken = new ArrayList<>();
    for (int i = random.nextInt(30); i > 0; i--) {
      int[] free = pages.freeRuns();
      int top = -1;
      for (int run = 0; run < free.length && free[run + 1] == 1; run += 2) {
        top = free[run];
      }
      if (top < 0) {
        break;
      }
      long version = OrderPage.version(pages.chunk(top), Pages.offset(top)) - 1;
      int page = pages.allocate(1);
      assertThat(page).isEqualTo(top);
      int other = random.nextInt(1, pages.pageCount());
      MemorySegment chunk = pages.chunk(page);
      long base = Pages.offset(page);
      MemorySegment.copy(pages.chunk(other), Pages.offset(other), chunk, base, Pages.PAGE_SIZE);
      chunk.set(OrderPage.LONG, base, version);
      taken.add(page);
    }
    taken.forEach(page -> pages.free(page, 1));
  }

  // Changes that happen at certain moments of a walk, in the same thread: where it reads a key, or
  // looks at a page for the first time.

  /// How many chances for a change there are until one happens.
  private static final int CHANCES = 3;

  private static final int WALK_COUNT = 30;

  private boolean isLooking;

  private void look(Runnable change, SplittableRandom random) {
    if (isLooking && random.nextInt(CHANCES) == 0) {
      isLooking = false;
      change.run();
      isLooking = true;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SCATTERED, 40000, 40",
    "SCATTERED, 40000, 2500",
    "DECIMAL, 30000, 300",
    "PREFIX_200, 30000, 1000",
    "FAMILIES, 20000, 5000",
    "PAIRS, 20000, 4000",
  })
  void whenChangesHappenBetweenTwoLooks_everyKeyThatStaysIsMetOnce(
      KeyShape shape, int count, int stride) {
    makeKeys(shape, count, stride);
    try (Pages pages = Pages.offHeap()) {
      OrderIndex index = OrderIndex.create(pages, keys);
      var random = new SplittableRandom(4);
      for (int i = 0; i < count; i++) {
        if (stays[i] || random.nextBoolean()) {
          long used = index.usedBytes();
          insert(index, i);
          if (index.usedBytes() > used) {
            // Few pages of the index are in one chunk, so that there are many first looks.
            pages.allocate(Pages.CHUNK_PAGES - 2);
          }
        }
      }
      for (int walk = 0; walk < WALK_COUNT; walk++) {
        walkOverImage(pages, index.metaPage(), random);
      }
    }
  }

  /// Walks over a copy of the pages.
  private void walkOverImage(Pages pages, int metaPage, SplittableRandom random) {
    MemorySegment[] chunks = new MemorySegment[pages.pageCount()];
    Runnable[] change = {() -> {}};
    Pages.Image image =
        new Pages.Image() {
          @Override
          public int pageCount() {
            return pages.pageCount();
          }

          @Override
          public MemorySegment chunk(int number) {
            look(change[0], random);
            if (chunks[number] == null) {
              chunks[number] = MemorySegment.ofArray(new long[Pages.CHUNK_SIZE / Long.BYTES]);
              chunks[number].copyFrom(pages.chunk(number << Pages.CHUNK_SHIFT));
            }
            return chunks[number];
          }
        };
    OrderIndex.Keys looking =
        handle -> {
          look(change[0], random);
          return keys.key(handle);
        };
    for (int i = 0; i < sorted.length; i++) {
      keys.add(sorted[i], handles[i]);
    }
    try (Pages copy = Pages.over(image, pages.freeRuns())) {
      OrderIndex index = OrderIndex.open(copy, looking, metaPage);
      var walk = new CheckedWalk(index, random);
      change[0] =
          () -> {
            for (int i = random.nextInt(4); i >= 0; i--) {
              int from = walk.position() - random.nextInt(5_000);
              change(index, random, from, walk.position() + random.nextInt(5_000));
            }
            scribble(copy, random);
          };
      boolean isOn = true;
      while (isOn) {
        isLooking = true;
        isOn = walk.step();
        isLooking = false;
      }
      if (random.nextInt(10) == 0) {
        index.checkInvariants();
      }
    }
  }
}
