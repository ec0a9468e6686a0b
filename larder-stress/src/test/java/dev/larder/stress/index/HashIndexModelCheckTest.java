package dev.larder.stress.index;

import static dev.larder.stress.index.HashCase.address;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Readers of the hash table beside its writer, switched at every step in turn.
class HashIndexModelCheckTest {
  /// Asked for no key.
  private static final KeyReader NO_RECORDS =
      new KeyReader() {
        @Override
        public boolean hasKey(long address, int bucket, byte[] key, int offset, int count) {
          throw new UnsupportedOperationException();
        }

        @Override
        public long hash(long address) {
          throw new UnsupportedOperationException();
        }

        @Override
        public byte[] key(long address) {
          throw new UnsupportedOperationException();
        }
      };

  private static int make(Pages pages, IntStream keys, LongUnaryOperator hash) {
    HashIndex index = HashIndex.create(pages, NO_RECORDS);
    keys.forEach(key -> index.insert(hash.applyAsLong(key), address(key)));
    index.checkInvariants();
    return index.metaPage();
  }

  /// All keys belong into the first line. It is full, and the keys 9 and 10 are in the second; they
  /// move when others are removed.
  public static final class FullLine extends HashCase {
    private static final Template TEMPLATE =
        new Template(pages -> make(pages, IntStream.rangeClosed(1, 10), FullLine::lineHash));

    public FullLine() {
      super(TEMPLATE, 1, 5, 11, 9, 10, 3);
    }

    private static long lineHash(long key) {
      return key << 20;
    }

    @Override
    long hashOf(long key) {
      return lineHash(key);
    }
  }

  @Test
  void keysAreFoundThatMoveTowardsTheirHome() {
    ModelCheck.check(
        200,
        FullLine.class,
        "remove 0 | find 3",
        "remove 0, insert 2 | find 4",
        "remove 0 | find 3 | find 0");
  }

  @Test
  void keysAreFoundWhoseRecordsMove() {
    ModelCheck.check(
        300, FullLine.class, "replace 3 | find 3", "replace 3, remove 1 | contains 3, find 3");
  }

  /// The lines from 0 to 7 are full, so that others move away when a key is inserted.
  public static final class FullNeighbourhood extends HashCase {
    private static final Template TEMPLATE =
        new Template(pages ->
            make(pages, IntStream.rangeClosed(1, 66), FullNeighbourhood::neighbourhoodHash));

    public FullNeighbourhood() {
      super(TEMPLATE, 65, 20, 67, 19, 17, 9);
    }

    private static long neighbourhoodHash(long key) {
      return key << 20 | (key <= 16 || key > 64 ? 0 : key <= 24 ? 1 : (key - 1) / 8);
    }

    @Override
    long hashOf(long key) {
      return neighbourhoodHash(key);
    }
  }

  @Test
  void keysAreFoundThatMoveFromTheirHome() {
    ModelCheck.check(
        200,
        FullNeighbourhood.class,
        "insert 2 | find 3",
        "remove 0 | find 4",
        "insert 2, remove 0 | find 3");
  }

  /// Too many keys have the same hash, so that the last are in no table.
  public static final class Overflown extends HashCase {
    private static final Template TEMPLATE =
        new Template(pages -> make(pages, IntStream.rangeClosed(1, 67), _ -> 42));

    public Overflown() {
      super(TEMPLATE, 65, 66, 68, 67, 64, 1);
    }

    @Override
    long hashOf(long key) {
      return 42;
    }
  }

  @Test
  void keysAreFoundInTheOverflow() {
    ModelCheck.check(
        50, Overflown.class, "remove 0 | find 3", "insert 2, replace 3 | contains 3, find 3");
  }

  /// A table that the next key will split. The lines at its beginning are full; of the keys there,
  /// odd ones go to the new table and the others move. The rest stays.
  public static final class FullTable extends HashCase {
    private static final int CROWD = 64;
    private static final int COUNT = 7_100;

    private static final Template TEMPLATE =
        new Template(pages -> {
          pages.free(pages.allocate(HashTable.PAGE_COUNT), HashTable.PAGE_COUNT);
          int spare = pages.allocate(HashTable.PAGE_COUNT);
          int metaPage = make(pages, IntStream.rangeClosed(1, COUNT), FullTable::tableHash);
          pages.free(spare, HashTable.PAGE_COUNT);
          return metaPage;
        });

    public FullTable() {
      super(TEMPLATE, 1, 2, COUNT + 1, 63, 64, 11);
    }

    private static long tableHash(long key) {
      boolean isInCrowd = key <= CROWD || key > COUNT;
      return isInCrowd
          ? key << 63 | key << 20
          : (key * 0x9e3779b97f4a7c15L | 0x800) & Long.MAX_VALUE;
    }

    @Override
    long hashOf(long key) {
      return tableHash(key);
    }
  }

  @Test
  void keysAreFoundThatChangeTables() {
    ModelCheck.check(20, FullTable.class, "insert 2 | find 3", "insert 2 | find 4");
  }

  @Test
  void lastCaseSplitsItsTable() {
    var full = new FullTable();
    HashTable table = full.index().tableOf(0);
    assertThat(full.index().tableOf(-1)).isSameAs(table);
    full.insert(2);
    assertThat(full.index().tableOf(-1)).isNotSameAs(table);
    full.index().checkInvariants();
  }
}
