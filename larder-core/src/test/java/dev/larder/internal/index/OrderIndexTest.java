package dev.larder.internal.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderIndexTest {
  private final Pages pages = Pages.offHeap();
  private final KeyTable keys = new KeyTable();
  private final OrderIndex index = OrderIndex.create(pages, keys);

  @AfterEach
  void close() {
    pages.close();
  }

  /// {@return what a walk meets, read with arrays of several lengths}
  static List<Long> handles(
      OrderIndex index, byte @Nullable [] from, byte @Nullable [] to, boolean isReversed) {
    List<Long> handles = new ArrayList<>();
    OrderIndex.Walk walk = index.walk(from, to, isReversed);
    for (int length = 1; ; length = 1 + length * 7 % 1009) {
      long[] some = new long[length];
      int count = walk.next(some);
      for (int i = 0; i < count; i++) {
        handles.add(some[i]);
      }
      if (count < length) {
        assertThat(walk.next(some)).isZero();
        return handles;
      }
    }
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private boolean insert(byte[] key) {
    return index.insert(key, keys.add(key));
  }

  /// {@return the keys that a walk over everything meets}
  private List<byte[]> keys(OrderIndex walked) {
    return handles(walked, null, null, false).stream().map(keys::key).toList();
  }

  @Test
  void emptyIndex_hasNothing() {
    assertThat(index.size()).isZero();
    assertThat(handles(index, null, null, false)).isEmpty();
    assertThat(handles(index, null, null, true)).isEmpty();
    assertThat(handles(index, bytes(), bytes(255), false)).isEmpty();
    assertThat(index.remove(bytes(0, 0, 0, 1))).isFalse();
    index.checkInvariants();
  }

  @Test
  void oneKey_isInsertedOnceAndRemovedOnce() {
    byte[] key = bytes(0, 0, 0, 1, 5);
    assertThat(insert(key)).isTrue();
    assertThat(insert(key)).isFalse();
    assertThat(index.size()).isOne();
    assertThat(handles(index, key, null, false)).hasSize(1);
    assertThat(handles(index, null, key, true)).isEmpty();
    assertThat(index.remove(bytes(0, 0, 0, 1))).isFalse();
    assertThat(index.remove(bytes(0, 0, 0, 1, 5, 0))).isFalse();
    index.checkInvariants();
    assertThat(index.remove(key)).isTrue();
    assertThat(index.remove(key)).isFalse();
    assertThat(index.size()).isZero();
    index.checkInvariants();
  }

  @Test
  void badHandlesAndKeys_areRefused() {
    assertThatThrownBy(() -> index.insert(bytes(1, 2, 3, 4), 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> index.insert(new byte[OrderIndex.KEY_MAX + 1], 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keysThatArePrefixesOfEachOther_areInOrder() {
    List<byte[]> expected = new ArrayList<>();
    for (int length = 4; length < 600; length++) {
      expected.add(new byte[length]);
    }
    for (int i = 0; i < expected.size(); i++) {
      assertThat(insert(expected.get(i * 7 % expected.size()))).isTrue();
    }
    index.checkInvariants();
    assertThat(keys(index)).containsExactlyElementsOf(expected);
    for (byte[] key : expected) {
      assertThat(handles(index, key, Arrays.copyOf(key, key.length + 1), false)).hasSize(1);
      assertThat(index.remove(key)).isTrue();
    }
  }

  @Test
  void rangesAreExact_whereKeysTie() {
    for (int number = 0; number < 2_000; number++) {
      insert(KeyShape.prefixed(100, 1, 2 * number));
    }
    for (int number = 0; number < 4_000; number++) {
      byte[] bound = KeyShape.prefixed(100, 1, number);
      assertThat(handles(index, bound, null, true)).hasSize(2_000 - (number + 1) / 2);
      assertThat(handles(index, null, bound, true)).hasSize((number + 1) / 2);
    }
  }

  @ParameterizedTest
  @EnumSource(KeyShape.class)
  void manyKeys_comeAndGo(KeyShape shape) {
    int count = shape == KeyShape.LONGEST ? 1_000 : 20_000;
    TreeSet<byte[]> expected = new TreeSet<>(Arrays::compareUnsigned);
    for (int number = 0; number < count; number++) {
      byte[] key = shape.key(number);
      assertThat(insert(key)).isTrue();
      expected.add(key);
    }
    index.checkInvariants();
    assertThat(keys(index)).containsExactlyElementsOf(expected);
    var random = new SplittableRandom(1);
    for (byte[] key : List.copyOf(expected)) {
      if (random.nextInt(50) > 0) {
        assertThat(index.remove(key)).isTrue();
        expected.remove(key);
      }
    }
    index.checkInvariants();
    assertThat(keys(index)).containsExactlyElementsOf(expected);
    for (byte[] key : expected) {
      assertThat(index.remove(key)).isTrue();
    }
    index.checkInvariants();
    assertThat(index.usedBytes()).isEqualTo(2 * Pages.PAGE_SIZE);
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 200, 5000})
  void longCommonPrefix_doesNotMeanToReadManyKeys(int prefixSize) {
    int count = 5_000;
    var random = new SplittableRandom(2);
    for (int i = 0; i < count; i++) {
      insert(KeyShape.prefixed(prefixSize, 1, random.nextInt()));
    }
    long before = keys.readCount.get();
    for (int i = 0; i < count; i++) {
      insert(KeyShape.prefixed(prefixSize, 1, random.nextInt()));
    }
    assertThat(keys.readCount.get() - before).isLessThan(2L * count);
  }

  // Memory.

  /// Keys that follow from their handles.
  private static byte[] numbered(long handle) {
    return ByteBuffer.allocate(16).putInt(3).putLong(handle).putInt(9).array();
  }

  private static double bytesPerKey(OrderIndex measured) {
    return (double) measured.usedBytes() / measured.size();
  }

  @Test
  void randomKeys_takeAtMost25BytesEach() {
    OrderIndex measured = OrderIndex.create(pages, OrderIndexTest::numbered);
    var random = new SplittableRandom(5);
    while (measured.size() < 500_000) {
      long handle = random.nextLong();
      measured.insert(numbered(handle), handle);
    }
    assertThat(bytesPerKey(measured)).isLessThan(25);
    measured.checkInvariants();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void keysInARun_leaveFullLeaves(int step) {
    OrderIndex measured = OrderIndex.create(pages, OrderIndexTest::numbered);
    for (long i = 1; i <= 500_000; i++) {
      long handle = (1L << 40) + step * i;
      measured.insert(numbered(handle), handle);
    }
    assertThat(bytesPerKey(measured)).isLessThan(16.7);
    measured.checkInvariants();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void runsBetweenOtherKeys_leaveFullLeaves(int step) {
    OrderIndex measured = OrderIndex.create(pages, OrderIndexTest::numbered);
    for (long i = 0; i < 30_000; i++) {
      for (long run = 1; run <= 8; run++) {
        long handle = (run << 40) + step * i;
        measured.insert(numbered(handle), handle);
      }
    }
    assertThat(bytesPerKey(measured)).isLessThan(17);
    measured.checkInvariants();
  }

  @Test
  void sortedBatches_leaveFullLeavesWhereTheyFollowOneAnother() {
    OrderIndex measured = OrderIndex.create(pages, OrderIndexTest::numbered);
    for (int batch = 0; batch < 100; batch++) {
      byte[][] sorted = new byte[1_000][];
      long[] handles = new long[sorted.length];
      for (int i = 0; i < sorted.length; i++) {
        handles[i] = 1 + batch * 1_000L + i;
        sorted[i] = numbered(handles[i]);
      }
      measured.insertSorted(sorted, handles, 0, sorted.length);
      measured.insertSorted(sorted, handles, 0, 10);
    }
    assertThat(measured.size()).isEqualTo(100_000);
    assertThat(bytesPerKey(measured)).isLessThan(16.7);
    measured.checkInvariants();
  }

  @Test
  void mostKeysRemoved_mostMemoryIsFree() {
    OrderIndex measured = OrderIndex.create(pages, OrderIndexTest::numbered);
    for (long handle = 1; handle <= 100_000; handle++) {
      measured.insert(numbered(handle * 0x9e3779b97f4a7c15L), handle * 0x9e3779b97f4a7c15L);
    }
    for (long handle = 1; handle <= 100_000; handle++) {
      if (handle % 20 != 0) {
        measured.remove(numbered(handle * 0x9e3779b97f4a7c15L));
      }
    }
    assertThat(measured.size()).isEqualTo(5_000);
    assertThat(bytesPerKey(measured)).isLessThan(60);
    measured.checkInvariants();
  }

  // Images and failures.

  /// An image of pages in arrays.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record ArrayImage(int pageCount, MemorySegment[] chunks) implements Pages.Image {
    @Override
    public MemorySegment chunk(int number) {
      return chunks[number];
    }
  }

  private static ArrayImage emptyImage(int pageCount) {
    MemorySegment[] chunks = new MemorySegment[1 + pageCount / Pages.CHUNK_PAGES];
    Arrays.setAll(chunks, _ -> MemorySegment.ofArray(new long[Pages.CHUNK_SIZE / Long.BYTES]));
    return new ArrayImage(pageCount, chunks);
  }

  private void insertNumbers(OrderIndex target, KeyShape shape, int from, int to) {
    for (int number = from; number < to; number++) {
      byte[] key = shape.key(number);
      target.insert(key, keys.add(key));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SCATTERED", "PREFIX_200", "FAMILIES"})
  void imageTakenWhileKeysComeAndGo_isThatOfTheBeginning(KeyShape shape) {
    insertNumbers(index, shape, 0, 10_000);
    List<Long> expected = handles(index, null, null, false);
    ArrayImage image = emptyImage(pages.pageCount());
    int[] freeRuns = pages.freeRuns();
    Pages.Saver saver =
        (page, chunk, offset) ->
            MemorySegment.copy(
                chunk,
                offset,
                image.chunks[page >>> Pages.CHUNK_SHIFT],
                Pages.offset(page),
                Pages.PAGE_SIZE);
    try (Pages.Capture capture = pages.capture(saver)) {
      insertNumbers(index, shape, 10_000, 13_000);
      for (int number = 0; number < 9_000; number++) {
        assertThat(index.remove(shape.key(number))).isTrue();
      }
      for (int page = 0; page < capture.pageCount(); page++) {
        capture.save(page);
      }
    }
    index.checkInvariants();
    try (Pages opened = Pages.over(image, freeRuns)) {
      OrderIndex again = OrderIndex.open(opened, keys, index.metaPage());
      assertThat(again.size()).isEqualTo(10_000);
      assertThat(handles(again, null, null, false)).isEqualTo(expected);
      again.checkInvariants();
      assertThat(again.usedBytes() + Pages.PAGE_SIZE).isEqualTo(opened.usedBytes());
      insertNumbers(again, shape, 10_000, 12_000);
      again.checkInvariants();
    }
  }

  @Test
  void opening_looksAtTheMetaPageOnly() {
    insertNumbers(index, KeyShape.SCATTERED, 0, 50_000);
    ArrayImage image = emptyImage(pages.pageCount());
    try (Pages.Capture capture = pages.capture((_, _, _) -> {})) {
      assertThat(capture.pageCount()).isGreaterThan(2 * Pages.CHUNK_PAGES);
    }
    int metaChunk = index.metaPage() >>> Pages.CHUNK_SHIFT;
    MemorySegment.copy(pages.chunk(index.metaPage()), 0, image.chunks[0], 0, Pages.CHUNK_SIZE);
    List<Integer> asked = new ArrayList<>();
    Pages.Image noting =
        new Pages.Image() {
          @Override
          public int pageCount() {
            return image.pageCount();
          }

          @Override
          public MemorySegment chunk(int number) {
            asked.add(number);
            return image.chunk(number);
          }
        };
    try (Pages opened = Pages.over(noting, new int[0])) {
      assertThat(OrderIndex.open(opened, keys, index.metaPage()).size()).isEqualTo(50_000);
      assertThat(asked).containsExactly(metaChunk);
    }
  }

  @Test
  void pageThatIsNoIndex_isRefused() {
    int other = pages.allocate(1);
    assertThatThrownBy(() -> OrderIndex.open(pages, keys, other))
        .isInstanceOf(DamagedImageException.class);
  }

  @Test
  void damagedPage_isReportedToReadersToo() {
    insertNumbers(index, KeyShape.SCATTERED, 0, 1_000);
    MemorySegment meta = pages.chunk(index.metaPage());
    int root = OrderEdit.root(meta, Pages.offset(index.metaPage()));
    OrderPage.setCount(pages.chunk(root), Pages.offset(root), 30_000);
    assertThatThrownBy(() -> handles(index, null, null, false))
        .isInstanceOf(DamagedImageException.class);
  }

  private static final class NoMemory extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /// Whatever a change does first to a page of this moment fails once, wherever in the change that
  /// is. Afterwards the index is as before the change.
  @ParameterizedTest
  @EnumSource(names = {"SCATTERED", "FAMILIES", "PAIRS"})
  void failureInsideAnInsertion_leavesTheIndexAsItWas(KeyShape shape) {
    int failures = 0;
    for (int number = 0; number < 6_000; number++) {
      byte[] key = shape.key(number);
      long handle = keys.add(key);
      int[] countdown = {number % 5};
      try (var _ =
          pages.capture((_, _, _) -> {
            if (countdown[0]-- == 0) {
              throw new NoMemory();
            }
          })) {
        index.insert(key, handle);
      } catch (NoMemory _) {
        failures++;
        assertThat(index.size()).isEqualTo(number);
        assertThat(index.insert(key, handle)).isTrue();
      }
      if (number % 1_000 == 0) {
        index.checkInvariants();
      }
    }
    index.checkInvariants();
    assertThat(index.size()).isEqualTo(6_000);
    assertThat(failures).isGreaterThan(2_000);
    assertThat(pages.usedBytes()).isEqualTo(Pages.PAGE_SIZE + index.usedBytes());
  }
}
