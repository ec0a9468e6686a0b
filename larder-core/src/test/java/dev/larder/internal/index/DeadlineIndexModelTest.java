package dev.larder.internal.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.Expiry;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Compares an index of deadlines with a sorted map that is given the same changes. The seed
/// decides everything: where deadlines lie, how many there are, what is done, and when memory runs
/// out.
class DeadlineIndexModelTest {
  private static final long NOW = 1_763_000_000_000L;
  private static final long DAY = 86_400_000;
  private static final int STEP_COUNT = 4_000;

  /// The live records: deadlines by address, and addresses by deadline.
  private final Map<Long, Long> deadlines = new HashMap<>();

  private final TreeMap<Long, Set<Long>> byDeadline = new TreeMap<>();
  private long lastAddress;

  static LongStream seeds() {
    return LongStream.range(0, 24);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void indexFindsWhatASortedMapFinds(long seed) {
    var random = new SplittableRandom(seed);
    try (Pages pages = seed % 2 == 0 ? Pages.offHeap() : Pages.onHeap()) {
      run(random, pages, seed % 8 == 0 ? 150_000 : random.nextInt(5_000));
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed, e);
    }
  }

  private void run(RandomGenerator random, Pages pages, int loadCount) {
    Spread spread = Spread.values()[random.nextInt(Spread.values().length)];
    var index = DeadlineIndex.create(pages, this::deadlineMillis);
    for (int i = 0; i < loadCount; i++) {
      add(index, spread.millis(random, i));
    }
    int duePercent = random.nextInt(1, 30);
    for (int step = 0; step < STEP_COUNT; step++) {
      if (random.nextInt(100) < duePercent) {
        checkDue(random, index, spread.millis(random, random.nextInt(1 + loadCount + step)));
      } else {
        change(random, index, spread, loadCount + step);
      }
      assertThat(index.nextMillis()).isLessThanOrEqualTo(earliest());
      if (step % 1_000 == 999) {
        checkNext(index);
        assertThat(pages.usedBytes() >>> Pages.PAGE_SHIFT).isEqualTo(index.checkInvariants() + 1);
        index = DeadlineIndex.open(pages, this::deadlineMillis, index.metaPage());
      }
    }
    removeAll(index);
    assertThat(pages.usedBytes()).isEqualTo(2 * Pages.PAGE_SIZE);
  }

  private void change(RandomGenerator random, DeadlineIndex index, Spread spread, int number) {
    long address = random.nextLong(lastAddress + 1);
    Long present = deadlines.get(address);
    switch (random.nextInt(8)) {
      case 0 -> remove(address);
      case 1, 2 -> {
        remove(address);
        add(index, spread.millis(random, number));
      }
      case 3 -> {
        if (present != null) { // the record moves
          remove(address);
          if (random.nextBoolean()) {
            index.move(present, address, lastAddress + 1);
            added(present);
          } else {
            add(index, present);
          }
        }
      }
      case 4 -> {
        if (present != null) { // once more, as it is or as if it were earlier
          index.add(random.nextBoolean() ? present : Math.min(present, NOW), address);
        }
      }
      case 5 -> index.sweep(deadlines.size(), random.nextInt(1, 2_000));
      default -> add(index, spread.millis(random, number));
    }
  }

  private void checkDue(RandomGenerator random, DeadlineIndex index, long untilMillis) {
    long[] addresses = new long[1 << random.nextInt(14)];
    long size = index.size();
    long nextBefore = index.nextMillis();
    int count = index.due(untilMillis, addresses);
    Set<Long> found = new HashSet<>();
    for (int i = 0; i < count; i++) {
      assertThat(found.add(addresses[i])).isTrue();
      assertThat(deadlineMillis(addresses[i])).isLessThanOrEqualTo(untilMillis);
    }
    if (count < addresses.length) {
      assertThat(byDeadline.headMap(untilMillis, true).values().stream().mapToInt(Set::size).sum())
          .isEqualTo(count);
    }
    if (count == 0) {
      assertThat(index.nextMillis()).isGreaterThan(untilMillis);
    } else {
      assertThat(nextBefore).isLessThanOrEqualTo(untilMillis);
    }
    assertThat(index.size()).isLessThanOrEqualTo(size);
    int expireMax = random.nextInt(3) == 0 ? random.nextInt(count + 1) : count;
    Arrays.stream(addresses, 0, expireMax).forEach(this::remove);
  }

  /// A worker that sleeps until the next deadline gets there, and not in small steps.
  private void checkNext(DeadlineIndex index) {
    long[] none = new long[1];
    long earliest = earliest();
    int callCount = 0;
    while (index.nextMillis() < earliest) {
      long next = index.nextMillis();
      assertThat(index.due(next, none)).isZero();
      assertThat(index.nextMillis()).isGreaterThan(next);
      assertThat(++callCount).isLessThan(20_000);
    }
    assertThat(index.nextMillis()).isEqualTo(earliest);
  }

  private void removeAll(DeadlineIndex index) {
    long[] addresses = new long[10_000];
    int count;
    do {
      count = index.due(Long.MAX_VALUE - 1, addresses);
      Arrays.stream(addresses, 0, count).forEach(this::remove);
      index.checkInvariants();
    } while (count > 0);
    assertThat(deadlines).isEmpty();
    assertThat(index.size()).isZero();
    assertThat(index.nextMillis()).isEqualTo(Expiry.NO_DEADLINE);
  }

  private long deadlineMillis(long address) {
    return deadlines.getOrDefault(address, Expiry.NO_DEADLINE);
  }

  private long earliest() {
    return byDeadline.isEmpty() ? Expiry.NO_DEADLINE : byDeadline.firstKey();
  }

  private void add(DeadlineIndex index, long deadline) {
    index.add(deadline, lastAddress + 1);
    added(deadline);
  }

  private void added(long deadline) {
    lastAddress++;
    deadlines.put(lastAddress, deadline);
    byDeadline.computeIfAbsent(deadline, _ -> new HashSet<>()).add(lastAddress);
  }

  private void remove(long address) {
    Long deadline = deadlines.remove(address);
    if (deadline != null) {
      Set<Long> addresses = byDeadline.get(deadline);
      assertThat(addresses.remove(address)).isTrue();
      if (addresses.isEmpty()) {
        byDeadline.remove(deadline);
      }
    }
  }

  static Stream<Integer> allocationCounts() {
    return IntStream.of(1, 2, 3, 5, 10, 206, 210).boxed();
  }

  @ParameterizedTest
  @MethodSource("allocationCounts")
  void noMemoryLeavesTheIndexAsItWas(int allocationMax) {
    var random = new SplittableRandom(allocationMax);
    var scarce = new ScarceMemory(2_000);
    try (Pages pages = Pages.over(scarce, scarce.freeRuns())) {
      long usedBefore = pages.usedBytes();
      var index = DeadlineIndex.create(pages, this::deadlineMillis);
      boolean isInOrder = allocationMax > 200; // so that nodes are full when leaves are
      for (int round = 0; round < 20; round++) {
        scarce.left = round == 0 ? allocationMax : random.nextInt(3);
        long size = index.size();
        for (int i = 0; size == index.size() - i; i++) {
          long deadline = isInOrder ? NOW + lastAddress : NOW + random.nextLong(30 * DAY);
          try {
            add(index, deadline);
          } catch (OutOfMemoryError _) {
            break;
          }
        }
        assertThat(index.size()).isEqualTo(deadlines.size());
        long pageCount = index.checkInvariants(); // a page that was refused is free again
        assertThat(pages.usedBytes() - usedBefore).isEqualTo(pageCount * Pages.PAGE_SIZE);
      }
      assertThat(scarce.refusedCount).isEqualTo(20);
      removeAll(index);
    }
  }

  @Test
  void noMemoryForAnElementThatMovesLeavesItWhereItIs() {
    var scarce = new ScarceMemory(100);
    try (Pages pages = Pages.over(scarce, scarce.freeRuns())) {
      scarce.left = Integer.MAX_VALUE;
      var index = DeadlineIndex.create(pages, this::deadlineMillis);
      for (int i = 0; i < 1_020; i++) {
        add(index, NOW + 100 * DAY + i); // two full leaves
      }
      for (int i = 0; i < 300; i++) {
        add(index, NOW + i);
      }
      // Those that the index believes to be early are as late as the others now.
      for (long address = 1_021; address <= 1_320; address++) {
        remove(address);
        deadlines.put(address, NOW + 100 * DAY + 100);
        byDeadline.computeIfAbsent(NOW + 100 * DAY + 100, _ -> new HashSet<>()).add(address);
      }
      scarce.left = 0;
      long[] addresses = new long[2_000];
      assertThatThrownBy(() -> index.due(NOW + DAY, addresses))
          .isInstanceOf(OutOfMemoryError.class);
      index.checkInvariants();
      assertThat(index.size()).isEqualTo(1_320);
      scarce.left = Integer.MAX_VALUE;
      assertThat(index.due(NOW + DAY, addresses)).isZero();
      assertThat(index.nextMillis()).isBetween(NOW + 99 * DAY, NOW + 100 * DAY);
      removeAll(index);
    }
  }

  @ParameterizedTest
  @MethodSource("captureSeeds")
  void imageBeforeAnyChangeHasNothingOfIt(long seed) {
    var random = new SplittableRandom(seed);
    Spread spread = Spread.values()[random.nextInt(Spread.values().length)];
    try (Pages pages = Pages.offHeap()) {
      var index = DeadlineIndex.create(pages, this::deadlineMillis);
      for (int i = 0; i < 3_000; i++) {
        add(index, spread.millis(random, i));
      }
      for (int step = 0; step < 1_000; step++) {
        if (step == 500) { // so that there is something to sweep
          LongStream.rangeClosed(1, lastAddress).filter(i -> i % 4 != 0).forEach(this::remove);
        }
        Map<Long, Long> then = Map.copyOf(deadlines);
        int[] freeRuns = pages.freeRuns();
        var image = new Copier(new byte[pages.pageCount() * Pages.PAGE_SIZE]);
        try (Pages.Capture capture = pages.capture(image)) {
          if (random.nextInt(10) == 0) {
            checkDue(random, index, spread.millis(random, random.nextInt(3_000)));
          } else {
            change(random, index, spread, 3_000 + step);
          }
          IntStream.range(1, capture.pageCount()).forEach(capture::save);
        }
        checkImage(image, freeRuns, index.metaPage(), then);
      }
    }
  }

  private static void checkImage(
      Pages.Image image, int[] freeRuns, int metaPage, Map<Long, Long> then) {
    try (Pages again = Pages.over(image, freeRuns)) {
      var index =
          DeadlineIndex.open(
              again, address -> then.getOrDefault(address, Expiry.NO_DEADLINE), metaPage);
      assertThat(again.usedBytes() >>> Pages.PAGE_SHIFT).isEqualTo(index.checkInvariants() + 1);
      long[] addresses = new long[then.size() + 1];
      assertThat(index.due(Long.MAX_VALUE - 1, addresses)).isEqualTo(then.size());
    }
  }

  static LongStream captureSeeds() {
    return LongStream.range(0, 6);
  }

  @ParameterizedTest
  @MethodSource("captureSeeds")
  void imageIsWhatTheIndexWasWhenItBegan(long seed) {
    var random = new SplittableRandom(seed);
    Spread spread = Spread.values()[random.nextInt(Spread.values().length)];
    try (Pages pages = seed % 2 == 0 ? Pages.offHeap() : Pages.onHeap()) {
      var index = DeadlineIndex.create(pages, this::deadlineMillis);
      int loadCount = random.nextInt(60_000);
      for (int i = 0; i < loadCount; i++) {
        add(index, spread.millis(random, i));
      }
      if (random.nextBoolean()) { // so that there is something to sweep
        LongStream.rangeClosed(1, lastAddress).filter(i -> i % 4 != 0).forEach(this::remove);
      }
      Map<Long, Long> then = Map.copyOf(deadlines);
      long nextThen = index.nextMillis();
      int[] freeRuns = pages.freeRuns();
      byte[] bytes = new byte[pages.pageCount() * Pages.PAGE_SIZE];
      try (Pages.Capture capture = pages.capture(new Copier(bytes))) {
        for (int page = 1; page < capture.pageCount(); page++) {
          if (random.nextBoolean()) {
            capture.save(page);
          }
          if (random.nextInt(4) == 0) {
            checkDue(random, index, spread.millis(random, loadCount / 2));
          }
          change(random, index, spread, loadCount + page);
        }
        for (int page = 1; page < capture.pageCount(); page++) {
          capture.save(page);
        }
      }
      index.checkInvariants();
      removeAll(index);
      checkImage(random, new Copier(bytes), freeRuns, index.metaPage(), then, nextThen);
    }
  }

  private void checkImage(
      RandomGenerator random,
      Pages.Image image,
      int[] freeRuns,
      int metaPage,
      Map<Long, Long> then,
      long nextThen) {
    then.forEach((address, deadline) -> {
      deadlines.put(address, deadline);
      byDeadline.computeIfAbsent(deadline, _ -> new HashSet<>()).add(address);
    });
    try (Pages again = Pages.over(image, freeRuns)) {
      var index = DeadlineIndex.open(again, this::deadlineMillis, metaPage);
      index.checkInvariants();
      assertThat(index.size()).isGreaterThanOrEqualTo(then.size());
      assertThat(index.nextMillis()).isEqualTo(nextThen);
      for (int i = 0; i < 500; i++) {
        change(random, index, Spread.DAYS, i);
      }
      removeAll(index);
      assertThat(again.usedBytes()).isEqualTo(2 * Pages.PAGE_SIZE);
    }
  }

  /// Where deadlines lie.
  private enum Spread {
    MOMENT {
      @Override
      long millis(RandomGenerator random, int number) {
        return NOW + random.nextInt(3);
      }
    },
    MINUTES {
      @Override
      long millis(RandomGenerator random, int number) {
        return NOW + random.nextInt(600_000);
      }
    },
    DAYS {
      @Override
      long millis(RandomGenerator random, int number) {
        return NOW + random.nextLong(30 * DAY);
      }
    },
    IN_ORDER {
      @Override
      long millis(RandomGenerator random, int number) {
        return NOW + number;
      }
    },
    IN_REVERSE_ORDER {
      @Override
      long millis(RandomGenerator random, int number) {
        return NOW - 1_000L * number;
      }
    },
    SEVERAL_TIMES_TO_LIVE {
      @Override
      long millis(RandomGenerator random, int number) {
        long ttl = random.nextBoolean() ? DAY / 24 : random.nextBoolean() ? DAY : 365 * DAY;
        return NOW + 10L * number + ttl + random.nextInt(100);
      }
    },
    EVERYWHERE {
      @Override
      long millis(RandomGenerator random, int number) {
        long millis = random.nextLong() >> random.nextInt(Long.SIZE);
        return millis == Expiry.NO_DEADLINE ? millis - 1 : millis;
      }
    };

    /// {@return a deadline}
    ///
    /// @param number how many there were before, about
    abstract long millis(RandomGenerator random, int number);
  }

  /// Copies pages to an array, and gives them back.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Copier(byte[] bytes) implements Pages.Saver, Pages.Image {
    @Override
    public void save(int page, MemorySegment memory, long offset) {
      long to = (long) page * Pages.PAGE_SIZE;
      MemorySegment.copy(memory, offset, MemorySegment.ofArray(bytes), to, Pages.PAGE_SIZE);
    }

    @Override
    public int pageCount() {
      return bytes.length / Pages.PAGE_SIZE;
    }

    @Override
    public MemorySegment chunk(int number) {
      int from = number * Pages.CHUNK_SIZE;
      int to = Math.min(bytes.length, from + Pages.CHUNK_SIZE);
      return MemorySegment.ofArray(Arrays.copyOfRange(bytes, from, to));
    }

    @Override
    public void close() {
      // An array needs no closing.
    }
  }

  /// Memory that gives out as many pages as it was told, and then none. Every page that is free
  /// lies in a chunk of its own, so that each allocation asks for a chunk. A page that is refused
  /// is lost.
  private static final class ScarceMemory implements Pages.Image {
    private final int chunkCount;
    private int left;
    private int refusedCount;

    ScarceMemory(int chunkCount) {
      this.chunkCount = chunkCount;
      this.left = 1; // for the first page of the index
    }

    int[] freeRuns() {
      return IntStream.range(1, chunkCount)
          .flatMap(chunk -> IntStream.of(chunk * Pages.CHUNK_PAGES, 1))
          .toArray();
    }

    @Override
    public int pageCount() {
      return chunkCount * Pages.CHUNK_PAGES;
    }

    @Override
    public MemorySegment chunk(int number) {
      if (left == 0) {
        refusedCount++;
        throw new OutOfMemoryError("for the test");
      }
      left--;
      return MemorySegment.ofArray(new long[Pages.CHUNK_SIZE / Long.BYTES]);
    }

    @Override
    public void close() {
      // An array needs no closing.
    }
  }
}
