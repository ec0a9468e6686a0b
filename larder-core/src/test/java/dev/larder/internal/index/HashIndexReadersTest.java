package dev.larder.internal.index;

import static dev.larder.internal.index.FakeRecords.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What readers without a lock see while the writer changes the index: first at chosen moments,
/// then at any.
@SuppressWarnings({"IntLongMath", "NarrowCalculation", "OperatorPrecedence", "ThreadPriorityCheck"})
@ParameterizedClass
@EnumSource(PagesKind.class)
class HashIndexReadersTest {
  private static final int SLOTS_PER_LINE = 8;
  private static final int READER_COUNT = 2;

  @Parameter PagesKind kind;

  /// A key that was displaced into the second line moves into a slot of the first line that the
  /// reader has passed already.
  @Test
  void keyIsFoundThatMovesBehindTheReader() {
    try (Pages pages = kind.create()) {
      var records = new FakeRecords(100, key -> key << 20); // all in one line, with one fingerprint
      HashIndex index = HashIndex.create(pages, records);
      for (long key = 1; key <= SLOTS_PER_LINE + 1; key++) {
        index.insert(records.hashOf(key), records.append(key));
      }
      onComparison(2, records, () -> index.remove(records.hashOf(1), 1));

      long last = SLOTS_PER_LINE + 1;
      assertThat(index.find(records.hashOf(last), bytes(last))).isEqualTo(last);
      index.checkInvariants();
    }
  }

  /// A key moves to a later line, so that another can be inserted, while the reader is in its line.
  @Test
  void keyIsFoundThatMovesAheadOfTheReader() {
    try (Pages pages = kind.create()) {
      // Lines 0 and 1 are full of entries from 0, line 2 of entries from 1, and so on up to 7.
      LongUnaryOperator home = key -> key <= 16 || key > 64 ? 0 : key <= 24 ? 1 : (key - 1) / 8;
      var records = new FakeRecords(100, key -> key << 20 | home.applyAsLong(key));
      HashIndex index = HashIndex.create(pages, records);
      for (long key = 1; key <= 64; key++) {
        index.insert(records.hashOf(key), records.append(key));
      }
      onComparison(
          1, // of key 17, in the first slot of line 2
          records,
          () -> {
            index.insert(records.hashOf(65), records.append(65));
            index.insert(records.hashOf(66), records.append(66));
          });

      assertThat(index.find(records.hashOf(18), bytes(18))).isEqualTo(18);
      assertThat(index.tableOf(0).locate(records.hashOf(18), 18)).isEqualTo(8 * SLOTS_PER_LINE + 1);
      index.checkInvariants();
    }
  }

  /// The reader is in a table while it is split, and the key goes to the new one.
  @Test
  void keyIsFoundThatChangesTables() {
    try (Pages pages = kind.create()) {
      int lineFull = SLOTS_PER_LINE + 1;
      // Odd numbers belong to the upper half. The first keys share line 0, the others go elsewhere.
      var records =
          new FakeRecords(
              30_000,
              key -> key <= lineFull ? -1L << 63 | key << 20 : FakeRecords.goodHash(key) | 0x800);
      HashIndex index = HashIndex.create(pages, records);
      for (long key = 1; key <= lineFull; key++) {
        index.insert(records.hashOf(key), records.append(key));
      }
      onComparison(
          2,
          records,
          () -> {
            long used = pages.usedBytes();
            for (long key = lineFull + 1; pages.usedBytes() == used; key++) {
              index.insert(records.hashOf(key), records.append(key));
            }
          });

      assertThat(index.find(records.hashOf(lineFull), bytes(lineFull))).isEqualTo(lineFull);
      index.checkInvariants();
    }
  }

  /// The reader comes to a table after the key has gone from there to a new one.
  @Test
  void missIsNotBelievedInATableThatTheDirectoryNoLongerLeadsTo() {
    try (Pages pages = kind.create()) {
      var records = new FakeRecords(60_000, FakeRecords::goodHash);
      HashIndex index = HashIndex.create(pages, records);
      HashTable before = index.tableOf(0);
      int count = HashTable.COUNT_MAX + 1;
      for (long key = 1; key <= count; key++) {
        index.insert(records.hashOf(key), records.append(key));
      }
      int goneCount = 0;
      for (long key = 1; key <= 2 * count; key++) {
        long hash = records.hashOf(key);
        long found = searchIn(index, before, hash, bytes(key));
        boolean isGone = index.tableOf(hash) != before;
        assertThat(found).isEqualTo(isGone ? HashIndex.LOOK_AGAIN : key <= count ? key : 0);
        goneCount += isGone ? 1 : 0;
      }
      assertThat(goneCount).isBetween(count / 2, 2 * count);
    }
  }

  @Test
  void missIsNotBelievedWhileEntriesMove() {
    try (Pages pages = kind.create()) {
      var records = new FakeRecords(10, FakeRecords::goodHash);
      HashIndex index = HashIndex.create(pages, records);
      index.insert(records.hashOf(1), records.append(1));
      HashTable table = index.tableOf(0);

      table.beginMoves();
      assertThat(searchIn(index, table, records.hashOf(2), bytes(2)))
          .isEqualTo(HashIndex.LOOK_AGAIN);
      assertThat(index.find(records.hashOf(1), bytes(1))).isEqualTo(1);
      table.endMoves();
      assertThat(searchIn(index, table, records.hashOf(2), bytes(2))).isZero();
    }
  }

  /// The record goes away between the reading of its address and that of its key, because the entry
  /// has got another address.
  @ParameterizedTest
  @ValueSource(ints = {1, 100}) // in a table; also in the overflow
  void keyIsFoundWhoseRecordIsMoved(int count) {
    try (Pages pages = kind.create()) {
      var records = new FakeRecords(1000, _ -> 42);
      HashIndex index = HashIndex.create(pages, records);
      for (long key = 1; key <= count; key++) {
        index.insert(42, records.append(key));
      }
      long moved = records.append(count);
      onComparison(
          count,
          records,
          () -> {
            index.replace(42, count, moved);
            records.forget(count);
          });

      assertThat(index.find(42, bytes(count))).isEqualTo(moved);
      index.checkInvariants();
    }
  }

  private static void onComparison(int number, FakeRecords records, Runnable action) {
    var left = new int[] {number};
    records.beforeComparing(() -> {
      if (--left[0] == 0) {
        action.run();
      }
    });
  }

  @Test
  void readersSeeWhatIsThereWhileItChanges() throws Exception {
    try (var threads = Executors.newFixedThreadPool(READER_COUNT)) {
      var race = new Race(kind, System.nanoTime() + Duration.ofMillis(1500).toNanos());
      List<Future<Long>> readers = new ArrayList<>();
      for (int seed = 0; seed < READER_COUNT; seed++) {
        readers.add(threads.submit(race.reader(seed)));
      }
      try {
        race.write();
      } finally {
        race.isOver = true;
      }
      for (Future<Long> reader : readers) {
        assertThat(reader.get()).isPositive();
      }
    }
  }

  /// One writer, who does what makes entries move, and readers.
  private static final class Race {
    private final PagesKind kind;
    private final long deadline;
    private final SplittableRandom random = new SplittableRandom(1);
    private final AtomicReference<@Nullable Round> current = new AtomicReference<>();
    private volatile boolean isOver;

    /// 1 for each reader that may look at a round, 0 for the others.
    private final AtomicLongArray looking = new AtomicLongArray(READER_COUNT);

    Race(PagesKind kind, long deadline) {
      this.kind = kind;
      this.deadline = deadline;
    }

    void write() {
      for (int number = 0; System.nanoTime() < deadline; number++) {
        try (Pages pages = kind.create()) {
          Round round =
              switch (number % 3) {
                case 0 -> new Round(pages, 60_000, 2_000, FakeRecords::goodHash);
                // hashes that crowd a quarter of the lines
                case 1 ->
                    new Round(pages, 60_000, 2_000, key -> FakeRecords.goodHash(key) & ~0xc00L);
                // hashes that crowd four lines, so that entries move all the time
                default -> new Round(pages, 60, 20, key -> key << 20 | key & 3);
              };
          grow(round, round.keyCount / 10);
          for (int key = 0; key < round.permanentCount; key++) {
            round.insert(key);
          }
          current.set(round);
          for (int quarter = 1; quarter <= 4; quarter++) {
            grow(round, round.keyCount * quarter / 4);
            churn(round, round.keyCount * quarter / 4);
          }
          current.set(null);
          awaitReaders();
          round.index.checkInvariants();
        }
      }
    }

    private void grow(Round round, int end) {
      for (int key = round.permanentCount; key < end; key++) {
        if (round.truth.get(key) == 0) {
          round.insert(key);
        }
      }
    }

    private void churn(Round round, int end) {
      for (int step = 0; step < 20_000 && System.nanoTime() < deadline; step++) {
        int key = random.nextInt(end);
        boolean isPresent = round.truth.get(key) != 0;
        if (key < round.permanentCount || isPresent && random.nextInt(4) == 0) {
          round.move(key);
        } else if (isPresent) {
          round.remove(key);
        } else {
          round.insert(key);
        }
      }
    }

    /// The memory is given back only when no reader looks at it.
    private void awaitReaders() {
      for (int reader = 0; reader < looking.length(); reader++) {
        while (looking.get(reader) != 0) {
          Thread.yield();
        }
      }
    }

    Callable<Long> reader(int number) {
      var choices = new SplittableRandom(number);
      return () -> {
        long lookCount = 0;
        while (!isOver) {
          looking.set(number, 1);
          try {
            Round round = current.get();
            for (int i = 0; round != null && i < 1000; i++) {
              round.look(choices);
              lookCount++;
            }
          } finally {
            looking.set(number, 0);
          }
          Thread.yield();
        }
        return lookCount;
      };
    }
  }

  /// An index from its beginning until its tables were split several times, and what is true of it.
  private static final class Round {
    private static final long CHANGING = -1;

    private final int keyCount;

    /// Keys below this are always there.
    private final int permanentCount;

    private final FakeRecords records;
    private final HashIndex index;

    /// The address of each key; 0 if it has none. It is [#CHANGING] while it changes.
    private final AtomicLongArray truth;

    Round(Pages pages, int keyCount, int permanentCount, LongUnaryOperator hashOf) {
      this.keyCount = keyCount;
      this.permanentCount = permanentCount;
      this.records = new FakeRecords(2 * keyCount + 120_000, hashOf);
      this.index = HashIndex.create(pages, records);
      this.truth = new AtomicLongArray(keyCount);
    }

    void insert(int key) {
      truth.set(key, CHANGING);
      long address = records.append(key);
      index.insert(records.hashOf(key), address);
      truth.set(key, address);
    }

    void remove(int key) {
      long address = truth.getAndSet(key, CHANGING);
      assertThat(index.remove(records.hashOf(key), address)).isTrue();
      records.forget(address);
      truth.set(key, 0);
    }

    /// A permanent key is never said to be changing: it has the old address or the new one.
    void move(int key) {
      long from = truth.get(key);
      long to = records.append(key);
      if (key >= permanentCount) {
        truth.set(key, CHANGING);
      }
      assertThat(index.replace(records.hashOf(key), from, to)).isTrue();
      truth.set(key, to);
      records.forget(from);
    }

    void look(SplittableRandom choices) {
      int key = choices.nextInt(choices.nextBoolean() ? permanentCount : keyCount);
      long hash = records.hashOf(key);
      boolean isByHash = choices.nextInt(8) == 0;
      long before = truth.get(key);
      long found = isByHash ? index.findByHash(hash) : index.find(hash, bytes(key));
      boolean isContained = before > 0 && index.contains(hash, before);
      long after = truth.get(key);
      boolean isTrue =
          key < permanentCount
              ? found >= before
              : before <= 0 || after != before || (found == before && isContained);
      if (!isTrue) {
        throw new AssertionError(
            "key %d: found %d, contained %b; it was %d and is %d"
                .formatted(key, found, isContained, before, after));
      }
    }
  }

  private static long searchIn(HashIndex index, HashTable table, long hash, byte[] key) {
    int prefix = IndexKey.PREFIX_SIZE;
    return index.searchIn(table, hash, IndexKey.bucket(key), key, prefix, key.length - prefix);
  }
}
