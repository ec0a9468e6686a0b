package dev.larder.internal.index;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.Expiry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IndexTest {
  private static final int MANY = 10_000;

  @Test
  void emptyIndexHasNothing() {
    assertThat(Index.EMPTY.size()).isZero();
    assertThat(Index.EMPTY.get(key("a"))).isNull();
    assertThat(Index.EMPTY.cursor(null, null, false).next()).isFalse();
    assertThat(Index.EMPTY.cursor(null, null, true).next()).isFalse();
    assertThat(Index.EMPTY.cursor(key("a"), key("b"), false).next()).isFalse();
    assertThat(Index.EMPTY.cursor(key("a"), key("b"), true).next()).isFalse();
    Index.EMPTY.checkInvariants();
  }

  @Test
  void editorReturnsWhatAKeyHadBefore() {
    Index.Editor editor = Index.EMPTY.edit();
    IndexEntry first = entry(1);
    IndexEntry second = entry(2);

    assertThat(editor.put(key("a"), first)).isNull();
    assertThat(editor.put(key("a"), second)).isSameAs(first);
    assertThat(editor.get(key("a"))).isSameAs(second);
    assertThat(editor.remove(key("a"))).isSameAs(second);
    assertThat(editor.remove(key("a"))).isNull();
    assertThat(editor.get(key("a"))).isNull();
  }

  @Test
  void entriesRememberedAsExpiredCountLikeOthers() {
    Index.Editor editor = Index.EMPTY.edit();
    var expired = new IndexEntry(true, 1, 0, 40, 7, 1_000);
    editor.put(key("a"), expired);
    Index index = editor.build();

    assertThat(index.size()).isEqualTo(1);
    assertThat(index.get(key("a"))).isSameAs(expired);
    assertThat(index.cursor(null, null, false).next()).isTrue();
  }

  @Test
  void entryRefusesNegativePlacesSizesAndVersions() {
    assertThatThrownBy(() -> new IndexEntry(false, -1, 0, 0, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new IndexEntry(false, 0, -1, 0, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new IndexEntry(false, 0, 0, -1, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new IndexEntry(false, 0, 0, 0, -1, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void builtIndexStaysAsItIsWhileItsEditorGoesOn() {
    Index.Editor editor = loaded(numbers(MANY), IndexTest::numbered).edit();
    editor.put(numbered(0), entry(77));
    Index built = editor.build();

    for (int number = 0; number < MANY; number++) {
      editor.remove(numbered(number));
    }
    editor.put(numbered(5), entry(99));

    built.checkInvariants();
    assertThat(built.size()).isEqualTo(MANY);
    assertThat(versions(built.cursor(null, null, false)))
        .startsWith(77L, 1L, 2L, 3L, 4L, 5L, 6L)
        .hasSize(MANY);
    assertThat(versions(editor.build().cursor(null, null, false))).containsExactly(99L);
  }

  @Test
  void editorsOfOneVersionDoNotSeeEachOther() {
    Index index = loaded(numbers(500), IndexTest::numbered);
    Index.Editor first = index.edit();
    Index.Editor second = index.edit();

    first.put(numbered(1_000), entry(1));
    second.remove(numbered(3));

    assertThat(second.get(numbered(1_000))).isNull();
    assertThat(first.get(numbered(3))).isNotNull();
    assertThat(first.build().size()).isEqualTo(501);
    assertThat(second.build().size()).isEqualTo(499);
    assertThat(index.size()).isEqualTo(500);
  }

  @Test
  void buildWithoutAChangeReturnsTheSameVersion() {
    Index index = loaded(numbers(500), IndexTest::numbered);
    Index.Editor editor = index.edit();

    editor.remove(numbered(1_000));
    assertThat(editor.build()).isSameAs(index);
    editor.put(numbered(1), entry(1));
    Index changed = editor.build();
    assertThat(changed).isNotSameAs(index);
    assertThat(editor.build()).isSameAs(changed);
  }

  @Test
  void ascendingKeysLeaveFullNodes() {
    Index index = loaded(numbers(MANY), IndexTest::numbered);

    assertThat(nodeCount(index)).isLessThan(nodeCountMin(MANY) * 11 / 10);
    assertThat(index.depth()).isEqualTo(3);
  }

  @Test
  void descendingKeysLeaveFullNodes() {
    Index index = loaded(numbers(MANY).reversed(), IndexTest::numbered);

    assertThat(nodeCount(index)).isLessThan(nodeCountMin(MANY) * 11 / 10);
  }

  @Test
  void rangesThatGrowOneAfterAnotherOrInTurnLeaveFullNodes() {
    int rangeSize = MANY / 10;
    IntFunction<byte[]> inOrder =
        number -> numbered(number / rangeSize * 7 % 10 * MANY + number % rangeSize);
    IntFunction<byte[]> inTurn = number -> numbered(number % 10 * MANY + number / 10);

    for (IntFunction<byte[]> key : List.of(inOrder, inTurn)) {
      for (List<Integer> numbers : List.of(numbers(MANY), numbers(MANY).reversed())) {
        assertThat(nodeCount(loaded(numbers, key))).isLessThan(nodeCountMin(MANY) * 13 / 10);
      }
    }
  }

  @Test
  void keysInRandomOrderLeaveNodesTwoThirdsFull() {
    Index index = loaded(shuffled(MANY), IndexTest::numbered);

    assertThat(nodeCount(index)).isLessThan(nodeCountMin(MANY) * 17 / 10);
  }

  @Test
  void newEntriesForOldKeysSplitNothing() {
    Index index = loaded(numbers(MANY), IndexTest::numbered);
    Index.Editor editor = index.edit();
    for (int number : shuffled(MANY)) {
      editor.put(numbered(number), entry(number + 1));
    }

    assertThat(nodeCount(editor.build())).isEqualTo(nodeCount(index));
  }

  @Test
  void oneChangeCopiesOneNodePerLevel() {
    Index index = loaded(numbers(MANY), IndexTest::numbered);
    Index.Editor editor = index.edit();
    editor.put(numbered(MANY / 2), entry(1));
    Index changed = editor.build();

    Set<Node> shared = nodes(index);
    shared.retainAll(nodes(changed));
    assertThat(nodes(changed)).hasSize(nodeCount(index));
    assertThat(shared).hasSize(nodeCount(index) - index.depth());
  }

  @Test
  void indexThatLosesMostOfItsKeysBecomesSmall() {
    Index.Editor editor = loaded(numbers(MANY), IndexTest::numbered).edit();
    List<Integer> victims = shuffled(MANY).subList(0, MANY * 99 / 100);
    for (int number : victims) {
      editor.remove(numbered(number));
    }
    Index index = editor.build();

    index.checkInvariants();
    assertThat(index.size()).isEqualTo(MANY / 100);
    assertThat(nodeCount(index)).isLessThan(nodeCountMin(MANY / 100) * 4);
    assertThat(index.depth()).isEqualTo(2);
  }

  @Test
  void smallNodeIsMergedWithEitherNeighbour() {
    int leafCount = 2;
    for (int emptiedFirst = 0; emptiedFirst < leafCount; emptiedFirst++) {
      Index index = loaded(numbers(leafCount * Node.CAPACITY), IndexTest::numbered);
      assertThat(nodeCount(index)).isEqualTo(leafCount + 1);

      Index.Editor editor = index.edit();
      for (int leaf : List.of(emptiedFirst, 1 - emptiedFirst)) {
        for (int slot = 3; slot < Node.CAPACITY; slot++) {
          editor.remove(numbered(leaf * Node.CAPACITY + slot));
        }
      }
      assertThat(nodeCount(editor.build())).isEqualTo(1);
      assertThat(versions(editor.build().cursor(null, null, true)))
          .containsExactly(66L, 65L, 64L, 2L, 1L, 0L);
    }
  }

  @Test
  void emptiedIndexIsTheEmptyOne() {
    for (List<Integer> order : List.of(numbers(MANY), numbers(MANY).reversed(), shuffled(MANY))) {
      Index.Editor editor = loaded(shuffled(MANY), IndexTest::numbered).edit();
      int removedCount = 0;
      for (int number : order) {
        assertThat(editor.remove(numbered(number))).isNotNull();
        removedCount++;
        if (removedCount % 1_000 == 0) {
          editor.build().checkInvariants();
        }
      }
      assertThat(editor.build()).isSameAs(Index.EMPTY);
      editor.put(key("a"), entry(1));
      assertThat(editor.build().depth()).isEqualTo(1);
    }
    Index.EMPTY.checkInvariants();
  }

  @Test
  void keysAreOrderedAsUnsignedBytes() {
    Index.Editor editor = Index.EMPTY.edit();
    editor.put(new byte[] {(byte) 0xFF}, entry(4));
    editor.put(new byte[] {0x7F}, entry(2));
    editor.put(new byte[] {(byte) 0x80}, entry(3));
    editor.put(new byte[] {0x7E, (byte) 0xFF}, entry(1));

    assertThat(versions(editor.build().cursor(null, null, false))).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void keysMayBeLongAndDifferInTheirLastByteOnly() {
    IntFunction<byte[]> longKey =
        number -> {
          var key = new byte[2_000];
          key[key.length - 2] = (byte) (number >> 8);
          key[key.length - 1] = (byte) number;
          return key;
        };
    Index index = loaded(shuffled(3_000), longKey);

    assertThat(index.size()).isEqualTo(3_000);
    for (int number = 0; number < 3_000; number++) {
      assertThat(version(index.get(longKey.apply(number)))).isEqualTo(number);
    }
    assertThat(index.get(new byte[1_999])).isNull();
    assertThat(index.get(new byte[2_001])).isNull();
  }

  @Test
  void keysMayHaveAnySizeUpTo65536Bytes() {
    List<Integer> sizes = new ArrayList<>(numbers(300).stream().map(number -> number + 1).toList());
    for (int size = 512; size <= 65_536; size *= 2) {
      sizes.addAll(List.of(size - 1, size, size == 65_536 ? 65_535 : size + 1));
    }
    Index.Editor editor = Index.EMPTY.edit();
    for (int size : sizes) {
      editor.put(new byte[size], entry(size));
    }
    Index index = editor.build();

    index.checkInvariants();
    assertThat(versions(index.cursor(null, null, false)))
        .containsExactlyElementsOf(sizes.stream().distinct().map(Integer::longValue).toList());
    for (int size : sizes) {
      assertThat(version(index.get(new byte[size]))).isEqualTo(size);
    }
    for (int size : sizes) {
      editor.remove(new byte[size]);
    }
    assertThat(editor.build()).isSameAs(Index.EMPTY);
  }

  @Test
  void cursorIncludesFromAndExcludesTo() {
    Index index = loaded(numbers(1_000), IndexTest::numbered);
    for (int from = 0; from < 1_000; from += 37) {
      for (int to = from; to < 1_000; to += 41) {
        List<Long> expected = IntStream.range(from, to).asLongStream().boxed().toList();
        assertThat(versions(index.cursor(numbered(from), numbered(to), false))).isEqualTo(expected);
        assertThat(versions(index.cursor(numbered(from), numbered(to), true)))
            .isEqualTo(expected.reversed());
      }
    }
  }

  @Test
  void cursorAcceptsBoundsThatAreNoKeys() {
    Index index = loaded(numbers(1_000), number -> numbered(2 * number));
    for (int bound = 1; bound < 2_000; bound += 2) {
      byte[] key = numbered(bound);
      IndexCursor up = index.cursor(key, null, false);
      assertThat(up.next()).isEqualTo(bound < 1_999);
      IndexCursor down = index.cursor(null, key, true);
      assertThat(down.next()).isTrue();
      assertThat(down.entry().version()).isEqualTo((bound - 1) / 2);
      IndexCursor between = index.cursor(key, numbered(bound + 1), false);
      assertThat(between.next()).isFalse();
    }
    assertThat(versions(index.cursor(new byte[0], key("~"), true))).hasSize(1_000);
    assertThat(index.cursor(null, new byte[0], true).next()).isFalse();
    assertThat(index.cursor(key("~"), null, false).next()).isFalse();
  }

  @Test
  void rangeIsEmptyUnlessFromIsLessThanTo() {
    Index index = loaded(numbers(1_000), IndexTest::numbered);
    for (int to = 0; to < 1_000; to += 13) {
      for (int from = to; from < 1_000; from += 17) {
        assertThat(index.cursor(numbered(from), numbered(to), false).next()).isFalse();
        assertThat(index.cursor(numbered(from), numbered(to), true).next()).isFalse();
      }
    }
  }

  @Test
  void cursorGivesKeyAndEntryOnlyWhereThereIsOne() {
    IndexCursor cursor = loaded(numbers(1), IndexTest::numbered).cursor(null, null, false);

    assertThatThrownBy(cursor::key).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(cursor::entry).isInstanceOf(IllegalStateException.class);
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.key()).isEqualTo(numbered(0));
    assertThat(cursor.next()).isFalse();
    assertThat(cursor.next()).isFalse();
    assertThatThrownBy(cursor::key).isInstanceOf(IllegalStateException.class);
  }

  private static Index loaded(List<Integer> numbers, IntFunction<byte[]> key) {
    Index.Editor editor = Index.EMPTY.edit();
    for (int number : numbers) {
      editor.put(key.apply(number), entry(number));
    }
    Index index = editor.build();
    index.checkInvariants();
    return index;
  }

  private static int nodeCount(Index index) {
    return nodes(index).size();
  }

  private static Set<Node> nodes(Index index) {
    var nodes = new HashSet<Node>();
    collect(index.root, nodes);
    return nodes;
  }

  private static void collect(Node node, Set<Node> nodes) {
    nodes.add(node);
    if (node.level > 0) {
      for (int slot = 0; slot < node.count; slot++) {
        collect(node.child(slot), nodes);
      }
    }
  }

  private static IndexEntry entry(long version) {
    return new IndexEntry(false, 1, 64, 40, version, Expiry.NO_DEADLINE);
  }

  private static long version(@Nullable IndexEntry entry) {
    assertThat(entry).isNotNull();
    return entry.version();
  }

  private static List<Long> versions(IndexCursor cursor) {
    var versions = new ArrayList<Long>();
    byte[] previous = null;
    while (cursor.next()) {
      assertThat(Arrays.equals(previous, cursor.key())).isFalse();
      previous = cursor.key();
      versions.add(cursor.entry().version());
    }
    return versions;
  }

  private static byte[] key(String text) {
    return text.getBytes(UTF_8);
  }

  private static byte[] numbered(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  private static List<Integer> shuffled(int count) {
    var numbers = new ArrayList<>(numbers(count));
    Collections.shuffle(numbers, new Random(42));
    return numbers;
  }

  /// {@return how many leaves full to the brim hold so many entries}
  private static int nodeCountMin(int entryCount) {
    return (entryCount + Node.CAPACITY - 1) / Node.CAPACITY;
  }
}
