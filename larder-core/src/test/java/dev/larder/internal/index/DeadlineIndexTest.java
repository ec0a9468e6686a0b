package dev.larder.internal.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.Expiry;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlineIndexTest {
  private static final long NOW = 1_763_000_000_000L;
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final long YEAR = 365 * DAY;
  private static final long LAST = Long.MAX_VALUE - 1;

  private final Pages pages = Pages.offHeap();
  private final Map<Long, Long> deadlines = new HashMap<>();
  private long askedCount;
  private final DeadlineIndex index = DeadlineIndex.create(pages, this::ask);

  private long ask(long address) {
    askedCount++;
    return deadlines.getOrDefault(address, Expiry.NO_DEADLINE);
  }

  @AfterEach
  void checkAndClose() {
    index.checkInvariants();
    pages.close();
  }

  private void add(long deadlineMillis, long address) {
    deadlines.put(address, deadlineMillis);
    index.add(deadlineMillis, address);
  }

  private long[] due(long untilMillis, int countMax) {
    long[] addresses = new long[countMax];
    return Arrays.copyOf(addresses, index.due(untilMillis, addresses));
  }

  private void expire(long... addresses) {
    for (long address : addresses) {
      deadlines.remove(address);
    }
  }

  /// Expires what is due, some at a time, and drops it.
  ///
  /// @return how many it was
  private int expireAll(long untilMillis, int step) {
    int count = 0;
    while (true) {
      long[] addresses = due(untilMillis, step);
      if (addresses.length == 0) {
        return count;
      }
      count += addresses.length;
      expire(addresses);
    }
  }

  @Test
  void emptyIndexHasNothingDue() {
    assertThat(due(LAST, 10)).isEmpty();
    assertThat(index.nextMillis()).isEqualTo(Expiry.NO_DEADLINE);
    assertThat(index.size()).isZero();
    assertThat(index.sweep(0, 10)).isFalse();
  }

  @Test
  void whatIsDueIsFoundOnceItsDeadlineHasComeAndStays() {
    add(NOW + 10, 1);
    assertThat(index.nextMillis()).isEqualTo(NOW + 10);
    assertThat(due(NOW + 9, 10)).isEmpty();
    assertThat(due(NOW + 10, 10)).containsExactly(1);
    assertThat(due(NOW + 11, 10)).containsExactly(1);
    assertThat(index.size()).isEqualTo(1);
    expire(1);
    assertThat(due(NOW + 11, 10)).isEmpty();
    assertThat(index.size()).isZero();
    assertThat(index.nextMillis()).isEqualTo(Expiry.NO_DEADLINE);
  }

  @Test
  void earliestComeFirst() {
    for (int i = 0; i < 5_000; i++) {
      add(NOW + i * 7919L % 5_000, i);
    }
    long[] addresses = due(NOW + 5_000, 1_000);
    assertThat(Arrays.stream(addresses).map(deadlines::get))
        .containsExactly(LongStream.range(NOW, NOW + 1_000).boxed().toArray(Long[]::new));
  }

  /// Compaction moves records. Each left an element behind that had to be met again, and asking its
  /// record took most of the time that moving took.
  @Test
  void whatMovesLeavesHardlyAnElementBehind() {
    for (int i = 0; i < 50_000; i++) {
      add(NOW + i * 7919L % 50_000 * 20, i);
    }
    for (int i = 0; i < 50_000; i++) {
      long to = 100_000 + i * 31L % 50_000;
      long deadline = deadlines.remove((long) i);
      deadlines.put(to, deadline);
      index.move(deadline, i, to);
    }
    assertThat(index.size()).isLessThan(50_500);
    index.checkInvariants();
    assertThat(due(NOW + 199 * 20, 1_000)).hasSize(200);
    assertThat(due(LAST, 50_001)).hasSize(50_000);
  }

  @Test
  void whatMovesWithoutHavingBeenThereIsAdded() {
    add(NOW + 5, 1);
    deadlines.put(2L, NOW + 3);
    assertThat(index.move(NOW + 3, 7, 2)).isFalse();
    assertThat(index.nextMillis()).isEqualTo(NOW + 3);
    assertThat(due(NOW + 4, 10)).containsExactly(2);
  }

  @Test
  void extremesAreKeptApart() {
    add(LAST, 1);
    add(0, 2);
    add(-5, DeadlineElement.ADDRESS_MAX);
    add(Long.MIN_VALUE, 0);
    add(NOW, 3);
    assertThat(index.nextMillis()).isEqualTo(Long.MIN_VALUE);
    assertThat(due(Long.MIN_VALUE, 10)).containsExactly(0);
    assertThat(due(-6, 10)).containsExactly(0);
    assertThat(due(-5, 10)).containsExactly(0, DeadlineElement.ADDRESS_MAX);
    assertThat(due(NOW - 1, 10)).containsExactly(0, DeadlineElement.ADDRESS_MAX, 2);
    assertThat(due(LAST - 1, 10)).hasSize(4);
    assertThat(due(LAST, 10)).hasSize(5);
    expire(0, DeadlineElement.ADDRESS_MAX, 2, 3);
    assertThat(due(LAST - 1, 10)).isEmpty();
    assertThat(index.nextMillis()).isEqualTo(LAST);
    assertThat(due(Long.MAX_VALUE, 10)).containsExactly(1);
  }

  @Test
  void whatIsNoDeadlineOrNoAddressIsRefused() {
    assertThatThrownBy(() -> index.add(Expiry.NO_DEADLINE, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> index.add(NOW, -1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> index.add(NOW, 1L << 40)).isInstanceOf(IllegalArgumentException.class);
    assertThat(index.size()).isZero();
  }

  @Test
  void manyInOneMillisecondAreFoundOnceEach() {
    for (int i = 0; i < 100_000; i++) {
      add(NOW + DAY, i * 31L % 100_000);
    }
    index.checkInvariants();
    assertThat(due(NOW + DAY - 1, 10)).isEmpty();
    assertThat(due(NOW + DAY, 200_000)).hasSize(100_000).doesNotHaveDuplicates();
    assertThat(expireAll(NOW + DAY, 999)).isEqualTo(100_000);
    assertThat(index.size()).isZero();
  }

  @Test
  void addressThatWasAddedTwiceIsReturnedOnce() {
    for (int i = 0; i < 3_000; i++) {
      add(NOW + 5 * YEAR + i % 3, i % 100);
      index.add(NOW, i % 100); // not what the record says, so it will be met too early
    }
    index.checkInvariants();
    // Of one and the same element, as of one that moves to it, a full leaf keeps one only.
    assertThat(index.size()).isLessThan(6_000);
    assertThat(due(NOW + YEAR, 1_000)).isEmpty();
    assertThat(due(NOW + 6 * YEAR, 1_000)).hasSize(100).doesNotHaveDuplicates();
    assertThat(index.size()).isEqualTo(100);
    assertThat(due(NOW + 6 * YEAR, 60)).hasSize(60).doesNotHaveDuplicates();
  }

  @Test
  void elementThatMovesFarIsFoundThere() {
    // What the index was told is years before what the records say.
    for (int i = 0; i < 2_000; i++) {
      index.add(NOW + i, i);
      deadlines.put((long) i, NOW + YEAR + i);
    }
    assertThat(due(NOW + 3_000, 10)).isEmpty();
    index.checkInvariants();
    assertThat(index.nextMillis()).isBetween(NOW + YEAR - 200_000, NOW + YEAR);
    assertThat(due(NOW + YEAR + 99, 1_000)).hasSize(100);
    assertThat(expireAll(NOW + 2 * YEAR, 100)).isEqualTo(2_000);
  }

  @Test
  void elementMayMoveToAMillisecondThatLeavesShare() {
    long then = NOW + 100_000;
    for (int i = 0; i < 600; i++) {
      add(then, i);
    }
    for (int i = 600; i < 610; i++) {
      index.add(NOW + i, i);
      deadlines.put((long) i, then);
    }
    assertThat(due(NOW + 50_000, 10)).isEmpty();
    index.checkInvariants();
    assertThat(due(then, 1_000)).hasSize(610).doesNotHaveDuplicates();
  }

  @Test
  void clockMayJumpByYears() {
    var random = new SplittableRandom(5);
    long present = NOW;
    int expiredCount = 0;
    for (int i = 0; i < 50_000; i++) {
      if (i % 1_000 == 0) {
        present = NOW + random.nextLong(-20 * YEAR, 20 * YEAR);
        long[] addresses = due(present, 100);
        expire(addresses);
        expiredCount += addresses.length;
        assertThat(index.nextMillis()).isLessThanOrEqualTo(earliest());
      }
      add(present + random.nextLong(HOUR), i);
    }
    index.checkInvariants();
    int dueCount = (int) deadlines.values().stream().filter(millis -> millis <= NOW).count();
    assertThat(expireAll(NOW, 1_000)).isEqualTo(dueCount).isPositive();
    assertThat(index.nextMillis()).isGreaterThan(NOW).isLessThanOrEqualTo(earliest());
    assertThat(expireAll(NOW + 30 * YEAR, 1_000)).isEqualTo(50_000 - expiredCount - dueCount);
  }

  private long earliest() {
    return deadlines.values().stream().mapToLong(Long::longValue).min().orElse(Expiry.NO_DEADLINE);
  }

  @ParameterizedTest
  @ValueSource(longs = {1_000, 60_000, 86_400_000, 2_592_000_000L, 3_000_000_000_000L})
  void workerThatSleepsUntilNextFindsEachInTimeAndSeldomWakesInVain(long rangeMillis) {
    var random = new SplittableRandom(6);
    int count = 2_000;
    for (int i = 0; i < count; i++) {
      add(NOW + random.nextLong(rangeMillis), i);
    }
    int vainCount = 0;
    while (!deadlines.isEmpty()) {
      long next = index.nextMillis();
      assertThat(next).isLessThanOrEqualTo(earliest());
      long[] addresses = due(next, 10);
      expire(addresses);
      if (addresses.length == 0) {
        vainCount++;
        assertThat(index.nextMillis()).isGreaterThan(next);
      } else {
        // Those that were returned are dropped, and then the answer is exact again.
        assertThat(due(next, 10)).isEmpty();
      }
    }
    assertThat(vainCount).isLessThan(count / 20);
    assertThat(askedCount).isLessThan(5L * count);
  }

  @Test
  void nextIsExactForWhatIsNear() {
    var random = new SplittableRandom(7);
    add(NOW + 20 * YEAR, 0);
    for (int i = 1; i < 400; i++) {
      add(NOW + random.nextLong(30 * DAY), i);
    }
    while (deadlines.size() > 1) {
      long earliest = earliest();
      assertThat(due(earliest - 1, 10)).isEmpty();
      assertThat(index.nextMillis()).isEqualTo(earliest);
      expire(due(earliest, 1));
    }
  }

  @Test
  void callsForStaleElementsComeToAnEnd() {
    for (int i = 0; i < 10_000; i++) {
      add(NOW + i, i);
    }
    expire(LongStream.range(0, 9_999).toArray());
    int callCount = 0;
    while (index.nextMillis() < NOW + 9_999) {
      long next = index.nextMillis();
      long size = index.size();
      assertThat(due(next, 10)).isEmpty();
      assertThat(index.nextMillis()).isGreaterThan(next);
      assertThat(index.size()).isLessThan(size);
      callCount++;
    }
    assertThat(callCount).isLessThan(500);
    assertThat(index.size()).isLessThan(100);
  }

  @Test
  void callAsksForWhatItReturnsAndLittleMore() {
    var random = new SplittableRandom(8);
    for (int i = 0; i < 200_000; i++) {
      add(NOW + random.nextLong(HOUR), i);
    }
    assertThat(askedCount).isZero();
    for (int i = 0; i < 100; i++) {
      askedCount = 0;
      long[] addresses = due(NOW + 10L * i, 1_000);
      assertThat(askedCount).isBetween((long) addresses.length, addresses.length + 100L);
      expire(addresses);
    }
  }

  @Test
  void elementsAMonthAheadAreSeldomAskedForInVain() {
    var random = new SplittableRandom(9);
    int count = 100_000;
    for (int i = 0; i < count; i++) {
      add(NOW + random.nextLong(30 * DAY), i);
    }
    int found = 0;
    for (long present = NOW; found < count; present += HOUR) {
      found += expireAll(present, 1_000);
    }
    // Once to be returned, once to be dropped.
    assertThat(askedCount).isBetween(2L * count, 2L * count + count / 10);
  }

  @ParameterizedTest
  @ValueSource(strings = {"in an hour", "in a month", "in a second", "in order", "nearly in order"})
  void memoryIsWithinTheBudget(String spread) {
    var random = new SplittableRandom(10);
    LongUnaryOperator deadline =
        switch (spread) {
          case "in an hour" -> _ -> NOW + random.nextLong(HOUR);
          case "in a month" -> _ -> NOW + random.nextLong(30 * DAY);
          case "in a second" -> _ -> NOW + random.nextLong(1_000);
          case "in order" -> i -> NOW + i / 10;
          default -> i -> NOW + i / 10 + random.nextLong(20);
        };
    int count = 1_000_000;
    long[] kept = new long[count];
    try (Pages many = Pages.offHeap()) {
      var large = DeadlineIndex.create(many, address -> kept[(int) address]);
      for (int i = 0; i < count; i++) {
        kept[i] = deadline.applyAsLong(i);
        large.add(kept[i], i);
      }
      assertThat(many.usedBytes()).isLessThan(12L * count);
      large.checkInvariants();
      long[] addresses = new long[4_096];
      int found = 0;
      for (int step; (step = large.due(NOW + 30 * DAY, addresses)) > 0; found += step) {
        for (int i = 0; i < step; i++) {
          kept[(int) addresses[i]] = Expiry.NO_DEADLINE;
        }
      }
      assertThat(found).isEqualTo(count);
      assertThat(large.size()).isZero();
      assertThat(many.usedBytes()).isEqualTo(2 * Pages.PAGE_SIZE); // page 0 and the first page
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 3_600_000, 315_360_000_000L})
  void sweepingKeepsTheSizeBoundedWhereKeysAreRenewed(long rangeMillis) {
    var random = new SplittableRandom(11);
    int keyCount = 10_000;
    int addCount = 200 * keyCount;
    int[] keys = new int[addCount];
    int[] addresses = new int[keyCount];
    long[] millis = new long[addCount];
    try (Pages some = Pages.offHeap()) {
      var renewed =
          DeadlineIndex.create(
              some,
              address ->
                  addresses[keys[(int) address]] == address
                      ? millis[(int) address]
                      : Expiry.NO_DEADLINE);
      long bytes = 0;
      int sampleCount = 0;
      for (int i = 0; i < addCount; i++) {
        keys[i] = i < keyCount ? i : random.nextInt(keyCount);
        addresses[keys[i]] = i;
        millis[i] = NOW + YEAR + i / 10 + random.nextLong(rangeMillis);
        renewed.add(millis[i], i);
        if (i % 32 == 0 && i > keyCount) {
          renewed.sweep(keyCount, 128);
          assertThat(renewed.size()).isLessThan(2 * keyCount + 1_000);
          bytes += some.usedBytes();
          sampleCount++;
        }
      }
      assertThat(bytes / sampleCount).isLessThan(16L * keyCount);
      renewed.checkInvariants();
      assertThat(renewed.due(LAST, new long[2 * keyCount])).isEqualTo(keyCount);
    }
  }

  @Test
  void sweepTakesSmallStepsAndFreesMemory() {
    int count = 300_000;
    for (int i = 0; i < count; i++) {
      add(NOW + i, i);
    }
    assertThat(index.sweep(count * 2 / 3, 1_000)).isFalse();
    assertThat(askedCount).isZero();
    deadlines.keySet().removeIf(address -> address % 20 != 0);
    int stepCount = 0;
    boolean isMore = true;
    while (isMore) {
      askedCount = 0;
      isMore = index.sweep(deadlines.size(), 100);
      assertThat(askedCount).isBetween(1L, 100L);
      stepCount++;
    }
    assertThat(stepCount).isBetween(count / 110, count / 100 + 10);
    assertThat(index.size()).isBetween(count / 20L, count / 20L * 9 / 8);
    assertThat(pages.usedBytes()).isLessThan(12L * count / 20);
    assertThat(index.nextMillis()).isLessThanOrEqualTo(NOW);
    assertThat(expireAll(LAST, 1_000)).isEqualTo(count / 20);
  }

  @Test
  void gapThatASweepLeftIsFilledAgain() {
    int count = 300_000; // several nodes above the leaves
    int gapFrom = 70_000;
    int gapTo = 230_000;
    for (int i = 0; i < count; i++) {
      add(NOW + i, i);
    }
    for (int share : new int[] {3, 50}) {
      deadlines.keySet().removeIf(address -> address >= gapFrom && address < gapTo);
      sweepAll();
      var random = new SplittableRandom(12);
      for (int i = 0; i < 20_000; i++) {
        add(NOW + random.nextInt(gapFrom, gapTo), gapFrom + i);
        add(NOW + random.nextLong(30 * DAY), count + i);
      }
      index.checkInvariants();
      deadlines.keySet().removeIf(address -> address % share != 0);
      sweepAll();
    }
    int liveCount = deadlines.size();
    assertThat(expireAll(NOW + 30 * DAY, 1_000)).isEqualTo(liveCount).isPositive();
    assertThat(index.size()).isZero();
  }

  private void sweepAll() {
    while (index.sweep(deadlines.size(), 10_000)) {
      index.checkInvariants();
    }
    index.checkInvariants();
    assertThat(index.size()).isLessThan(2L * deadlines.size() + 1_000);
  }

  @Test
  void sweepEndsEvenIfTheCountIsWrong() {
    for (int i = 0; i < 10_000; i++) {
      add(NOW + i, i);
    }
    int stepCount = 0;
    while (index.sweep(0, 1_000)) {
      stepCount++;
    }
    assertThat(stepCount).isLessThan(50);
    assertThat(index.size()).isEqualTo(10_000);
    expire(LongStream.range(0, 10_000).toArray());
    while (index.sweep(0, 1_000)) {
      stepCount++;
    }
    assertThat(index.size()).isZero();
    assertThat(index.nextMillis()).isEqualTo(Expiry.NO_DEADLINE);
    assertThat(pages.usedBytes()).isEqualTo(2 * Pages.PAGE_SIZE);
  }

  @Test
  void openingReadsTheFirstPageOnly() {
    for (int i = 0; i < 200_000; i++) {
      add(NOW + i, i);
    }
    var image = new PagesImage(pages);
    try (Pages again = Pages.over(image, pages.freeRuns())) {
      var opened = DeadlineIndex.open(again, this::ask, index.metaPage());
      assertThat(opened.size()).isEqualTo(200_000);
      assertThat(opened.nextMillis()).isEqualTo(NOW);
      assertThat(image.chunkCount).isEqualTo(1);
      assertThat(opened.due(NOW, new long[10])).isEqualTo(1);
      opened.checkInvariants();
    }
    assertThatThrownBy(() -> DeadlineIndex.open(pages, this::ask, index.metaPage() + 1))
        .isInstanceOf(DamagedImageException.class);
  }

  @Test
  void entriesThatThrowLoseNothing() {
    for (int i = 0; i < 2_000; i++) {
      add(NOW + i, i);
    }
    expire(LongStream.range(0, 700).toArray());
    var failing =
        DeadlineIndex.open(
            pages,
            address -> {
              if (address == 900) {
                throw new IllegalStateException("cannot be read");
              }
              return ask(address);
            },
            index.metaPage());
    assertThatThrownBy(() -> failing.due(NOW + 2_000, new long[5_000]))
        .isInstanceOf(IllegalStateException.class);
    failing.checkInvariants();
    assertThat(due(NOW + 2_000, 5_000)).hasSize(1_300);
  }

  /// Pages as they were.
  private static final class PagesImage implements Pages.Image {
    private final byte[] bytes;
    private int chunkCount;

    PagesImage(Pages pages) {
      bytes = new byte[pages.pageCount() * Pages.PAGE_SIZE];
      try (Pages.Capture capture =
          pages.capture((page, memory, offset) ->
              MemorySegment.copy(
                  memory,
                  offset,
                  MemorySegment.ofArray(bytes),
                  (long) page * Pages.PAGE_SIZE,
                  Pages.PAGE_SIZE))) {
        for (int page = 1; page < capture.pageCount(); page++) {
          capture.save(page);
        }
      }
    }

    @Override
    public int pageCount() {
      return bytes.length / Pages.PAGE_SIZE;
    }

    @Override
    public MemorySegment chunk(int number) {
      chunkCount++;
      int from = number * Pages.CHUNK_SIZE;
      return MemorySegment.ofArray(
          Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + Pages.CHUNK_SIZE)));
    }

    @Override
    public void close() {
      // An array needs no closing.
    }
  }
}
