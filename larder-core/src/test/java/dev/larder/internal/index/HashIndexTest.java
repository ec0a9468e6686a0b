package dev.larder.internal.index;

import static dev.larder.internal.index.FakeRecords.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings({"IntLongMath", "NarrowCalculation", "OperatorPrecedence", "ThreadPriorityCheck"})
@ParameterizedClass
@EnumSource(PagesKind.class)
class HashIndexTest {
  private static final int RECORDS_MAX = 150_000;

  @Parameter PagesKind kind;

  private Pages pages;
  private FakeRecords records;
  private HashIndex index;

  @BeforeEach
  void begin() {
    begin(FakeRecords::goodHash);
  }

  private void begin(LongUnaryOperator hashOf) {
    pages = kind.create();
    records = new FakeRecords(RECORDS_MAX, hashOf);
    index = HashIndex.create(pages, records);
  }

  @AfterEach
  void end() {
    index.checkInvariants();
    pages.close();
  }

  @Test
  void emptyIndexFindsNothing() {
    assertThat(find(1)).isZero();
    assertThat(index.findByHash(0)).isZero();
    assertThat(index.contains(0, 1)).isFalse();
    assertThat(index.size()).isZero();
    assertThat(addresses()).isEmpty();
  }

  @Test
  void insertedKeyIsFoundUntilItIsRemoved() {
    long address = insert(7);
    long hash = records.hashOf(7);

    assertThat(find(7)).isEqualTo(address);
    assertThat(find(8)).isZero();
    assertThat(index.findByHash(hash)).isEqualTo(address);
    assertThat(index.findByHash(hash ^ 1L << 30)).isZero();
    assertThat(index.contains(hash, address)).isTrue();
    assertThat(index.contains(hash, address + 1)).isFalse();
    assertThat(index.contains(~hash, address)).isFalse();
    assertThat(index.size()).isEqualTo(1);
    assertThat(addresses()).containsExactly(address);

    assertThat(index.remove(hash, address + 1)).isFalse();
    assertThat(index.remove(hash, address)).isTrue();
    assertThat(index.remove(hash, address)).isFalse();
    assertThat(find(7)).isZero();
    assertThat(index.size()).isZero();
  }

  @Test
  void replacedAddressIsFoundInsteadOfTheOldOne() {
    long from = insert(7);
    long to = records.append(7);
    long hash = records.hashOf(7);

    assertThat(index.replace(hash, to, from)).isFalse();
    assertThat(index.replace(hash, from, to)).isTrue();
    assertThat(find(7)).isEqualTo(to);
    assertThat(index.contains(hash, from)).isFalse();
    assertThat(index.replace(hash, from, to)).isFalse();
    assertThat(index.size()).isEqualTo(1);
  }

  @Test
  void addressesFillTheirBits() {
    long hash = -1L;
    index.insert(hash, HashIndex.ADDRESS_MAX);
    index.insert(0, HashIndex.ADDRESS_MAX);
    index.insert(0, 1);

    assertThat(addresses()).containsExactlyInAnyOrder(1L, HashIndex.ADDRESS_MAX);
    assertThat(index.contains(hash, HashIndex.ADDRESS_MAX)).isTrue();
    assertThat(index.contains(0, HashIndex.ADDRESS_MAX)).isTrue();
    assertThat(index.replace(0, HashIndex.ADDRESS_MAX, 2)).isTrue();
    assertThat(index.contains(0, 2)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, HashIndex.ADDRESS_MAX + 1, Long.MIN_VALUE, Long.MAX_VALUE})
  void whatIsNoAddressIsRefused(long address) {
    index.insert(5, 1);

    assertThatThrownBy(() -> index.insert(5, address)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> index.replace(5, 1, address))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(index.contains(5, 1)).isTrue();
    assertThat(index.size()).isEqualTo(1);
  }

  @Test
  void keysWithTheSameHashAreToldApart() {
    begin(_ -> 42);
    long first = insert(1);
    long second = insert(2);

    assertThat(find(1)).isEqualTo(first);
    assertThat(find(2)).isEqualTo(second);
    assertThat(find(3)).isZero();
    assertThat(index.findByHash(42)).isIn(first, second);

    assertThat(index.remove(42, first)).isTrue();
    assertThat(find(1)).isZero();
    assertThat(index.findByHash(42)).isEqualTo(second);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 42, Long.MIN_VALUE, 0xfffL})
  void anyNumberOfKeysMayHaveOneHash(long hash) {
    begin(_ -> hash);
    insertRange(0, 1000);
    assertFound(0, 1000);
    index.checkInvariants();
    assertThat(pages.usedBytes()).isLessThan(1 << 19); // nothing was split in vain

    long other = records.append(999);
    assertThat(index.replace(hash, find(999), other)).isTrue();
    assertThat(find(999)).isEqualTo(other);
    for (long key = 0; key < 1000; key += 2) {
      assertThat(index.remove(hash, find(key))).isTrue();
    }
    index.checkInvariants();
    assertThat(index.size()).isEqualTo(500);
    for (long key = 0; key < 1000; key++) {
      assertThat(find(key) != 0).isEqualTo(key % 2 == 1);
    }
    reopen();
    assertThat(find(999)).isEqualTo(other);
    assertThat(index.size()).isEqualTo(500);
    for (long key = 1; key < 1000; key += 2) {
      assertThat(index.remove(hash, find(key))).isTrue();
    }
    assertThat(index.size()).isZero();
    assertThat(index.findByHash(hash)).isZero();
  }

  @Test
  void displacedEntriesContinueAtTheBeginningOfTheTable() {
    // The last line and the seven that follow it take 64 entries; the others are overflow.
    begin(key -> key << 30 | 0xfff);
    insertRange(0, 70);
    insertOther(70, 1); // its home line is full, too
    assertFound(0, 71);

    for (long key = 0; key < 70; key++) {
      assertThat(index.remove(records.hashOf(key), find(key))).isTrue();
      index.checkInvariants();
      assertFound(key + 1, 71);
    }
  }

  private void insertOther(long key, long home) {
    var others = records;
    records = new FakeRecords(RECORDS_MAX, k -> k == key ? home : others.hashOf(k));
    index = HashIndex.open(pages, records, index.metaPage());
    for (long k = 0; k < key; k++) {
      records.append(k);
    }
    insert(key);
  }

  @Test
  void removalFillsTheHoleFromLaterLines() {
    // Homes 0, 1, 2 in turn, so that all lines hold entries of several homes.
    begin(key -> FakeRecords.goodHash(key) & ~0xfffL | key % 3);
    insertRange(0, 60);
    for (long key = 0; key < 60; key += 3) {
      assertThat(index.remove(records.hashOf(key), find(key))).isTrue();
      index.checkInvariants();
    }
    for (long key = 0; key < 60; key++) {
      assertThat(find(key) != 0).isEqualTo(key % 3 != 0);
    }
  }

  @Test
  void fullTablesAreSplit() {
    int count = 120_000;
    insertRange(0, count);
    index.checkInvariants();
    assertFound(0, count);
    for (long key = count; key < 2 * count; key++) {
      assertThat(find(key)).isZero();
    }
    assertThat(index.size()).isEqualTo(count);
    assertThat(addresses()).hasSize(count);
    assertThat(pages.usedBytes()).isLessThan(20L * count);
  }

  /// Entries are displaced from the end of the table to its beginning when it is split; afterwards
  /// there is room at the end.
  @Test
  void entriesAtTheBeginningOfATableReturnToItsEnd() {
    begin(key -> key < 20 ? key << 59 | key << 20 | 0xfff : FakeRecords.goodHash(key));
    insertRange(0, 30_000);
    index.checkInvariants();
    assertFound(0, 30_000);
  }

  @Test
  void hashesThatBeginAlikeFillOneTableAndThenTheOverflow() {
    begin(key -> FakeRecords.goodHash(key) >>> 21);
    insertRange(0, 29_000);
    index.checkInvariants();
    assertFound(0, 29_000);
    reopen();
    assertFound(0, 29_000);
    for (long key = 0; key < 29_000; key++) {
      index.remove(records.hashOf(key), find(key));
    }
    assertThat(index.size()).isZero();
  }

  @Test
  void prefetchChangesNothing() {
    insertRange(0, 100);
    long sum = 0;
    for (long key = 0; key < 200; key++) {
      sum |= index.prefetch(records.hashOf(key));
    }
    assertThat(sum).isNotZero();
    assertFound(0, 100);
  }

  @Test
  void guessesLeadToRecordsHoweverFarTheyAreDisplaced() {
    int count = 100_000; // tables of which some are almost full
    insertRange(0, count);
    long[] hashes = new long[64];
    long[] guesses = new long[64];
    int rightCount = 0;
    for (int first = 0; first + 64 <= count; first += 64) {
      for (int i = 0; i < 64; i++) {
        hashes[i] = records.hashOf(first + i);
      }
      index.guess(hashes, 64, guesses);
      for (int i = 0; i < 64; i++) {
        rightCount += guesses[i] == find(first + i) ? 1 : 0;
      }
    }
    assertThat(rightCount).isGreaterThan(count - count / 100);
    for (int i = 0; i < 64; i++) {
      hashes[i] = records.hashOf(count + i);
    }
    index.guess(hashes, 64, guesses);
    assertThat(guesses).contains(0);
  }

  @Test
  void imageIsOpened() {
    insertRange(0, 50_000);
    reopen();
    assertFound(0, 50_000);
    assertThat(index.size()).isEqualTo(50_000);
    insertRange(50_000, 120_000);
    assertFound(0, 120_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 100, 64 + HashRows.ROWS_PER_PAGE}) // the overflow: none, some, a page
  void imageIsOfTheMomentItWasBegunThoughTheOverflowGrows(int count) {
    begin(_ -> 42);
    insertRange(0, count);
    var copy = new PagesCopy(pages);
    insertRange(count, count + 300);
    copy.finish();
    try (Pages opened = copy.open()) {
      index = HashIndex.open(opened, records, index.metaPage());
      index.checkInvariants();
      assertThat(index.size()).isEqualTo(count);
      assertFound(0, count);
      assertThat(find(count)).isZero();
    }
    index = HashIndex.open(pages, records, index.metaPage());
    assertFound(0, count + 300);
  }

  @Test
  void openingReadsNoTable() {
    insertRange(0, 120_000);
    var copy = PagesCopy.of(pages);
    try (Pages opened = copy.open()) {
      var later = HashIndex.open(opened, records, index.metaPage());
      assertThat(copy.chunksAskedFor().cardinality()).isEqualTo(1);
      assertThat(later.size()).isEqualTo(120_000);

      later.find(records.hashOf(5), bytes(5));
      assertThat(copy.chunksAskedFor().cardinality()).isBetween(1, 2);
    }
  }

  @Test
  void whatIsNotAnIndexIsRefused() {
    int other = pages.allocate(1);
    for (int page : new int[] {other, 0, -1, pages.pageCount(), Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> HashIndex.open(pages, records, page))
          .isInstanceOf(DamagedImageException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 16, 20, 24, 28, 32})
  void damagedListOfTablesIsRefused(int offset) {
    insertRange(0, 28_000);
    var copy = PagesCopy.of(pages);
    copy.page(index.metaPage()).set(ValueLayout.JAVA_INT, offset, 0x7fff_fff0);
    try (Pages opened = copy.open()) {
      assertThatThrownBy(() -> HashIndex.open(opened, records, index.metaPage()))
          .isInstanceOf(DamagedImageException.class);
    }
  }

  /// A change needs several pages to be saved for an image. Wherever that fails, nothing has
  /// happened.
  @Test
  void changesThatFailLeaveEverythingAsItWas() {
    begin(key -> FakeRecords.goodHash(key) & ~0xfffL | 0x3c + key % 8); // around a page's end
    insertRange(0, 64);
    for (long key = 0; key < 64; key++) {
      long present = key;
      long hash = records.hashOf(key);
      long from = find(key);
      long to = records.append(key);
      failUntilDone(() -> assertThat(index.replace(hash, from, to)).isTrue(), present, from);
      failUntilDone(() -> assertThat(index.remove(hash, to)).isTrue(), present, to);
      assertThat(find(key)).isZero();
    }
  }

  @Test
  void insertionsThatMoveOthersAndFailLeaveEverythingAsItWas() {
    // Eight lines around a page's end are full, of entries that are at home. Then come more for the
    // first of these lines, as many as can be placed there, and some for the overflow.
    begin(key -> FakeRecords.goodHash(key) & ~0xfffL | 0x3c + (key < 64 ? key / 8 : 0));
    insertRange(0, 64);
    for (long key = 64; key < 130; key++) {
      long added = key;
      failUntilDone(() -> insert(added), added, 0);
      index.checkInvariants();
    }
    assertFound(0, 130);
  }

  @Test
  void tablesAreFilledBeforeTheyAreSplit() {
    long used = pages.usedBytes();
    insertRange(0, HashTable.COUNT_MAX);
    assertThat(pages.usedBytes()).isEqualTo(used);
    insert(HashTable.COUNT_MAX);
    assertThat(pages.usedBytes()).isGreaterThan(used);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void splitsThatFailLeaveEverythingAsItWas(boolean pagesAreReused) {
    int count = HashTable.COUNT_MAX;
    insertRange(0, count);
    long used = pages.usedBytes();
    if (pagesAreReused) { // then getting them can fail, too
      pages.free(pages.allocate(HashTable.PAGE_COUNT), HashTable.PAGE_COUNT);
    }
    failUntilDone(() -> insert(count), count, 0);
    assertFound(0, count + 1);
    if (!pagesAreReused) {
      assertThat(pages.usedBytes() - used).isEqualTo(HashTable.PAGE_COUNT * Pages.PAGE_SIZE);
    }
  }

  @Test
  void overflowsThatFailLeaveEverythingAsItWas() {
    begin(_ -> 42);
    insertRange(0, 64);
    for (long key = 64; key < 330; key++) { // more than one page takes
      long added = key;
      failUntilDone(() -> insert(added), added, 0);
    }
    assertFound(0, 330);
  }

  /// Makes a change while images are taken that cannot be saved: the first one fails at once, the
  /// next one at the second page, and so on.
  private void failUntilDone(Runnable change, long key, long before) {
    for (int saved = 0; ; saved++) {
      var countdown = new int[] {saved};
      Pages.Saver saver =
          (_, _, _) -> {
            if (countdown[0]-- == 0) {
              throw new IllegalStateException("not saved");
            }
          };
      long size = index.size();
      try (var _ = pages.capture(saver)) {
        change.run();
        return;
      } catch (IllegalStateException e) {
        assertThat(e).hasMessage("not saved");
        assertThat(index.size()).isEqualTo(size);
        assertThat(find(key)).isEqualTo(before);
        index.checkInvariants();
      }
    }
  }

  private long insert(long key) {
    long address = records.append(key);
    index.insert(records.hashOf(key), address);
    return address;
  }

  private void insertRange(long first, long end) {
    for (long key = first; key < end; key++) {
      insert(key);
    }
  }

  private long find(long key) {
    return index.find(records.hashOf(key), bytes(key));
  }

  private void assertFound(long first, long end) {
    for (long key = first; key < end; key++) {
      long address = find(key);
      if (address == 0 || !records.hasKey(address, bytes(key))) {
        throw new AssertionError("key %d: address %d".formatted(key, address));
      }
    }
  }

  private Set<Long> addresses() {
    var found = new HashSet<Long>();
    index.forEach(address -> found.add(address));
    return found;
  }

  private void reopen() {
    var copy = PagesCopy.of(pages);
    pages.close();
    pages = copy.open();
    index = HashIndex.open(pages, records, index.metaPage());
    index.checkInvariants();
  }
}
