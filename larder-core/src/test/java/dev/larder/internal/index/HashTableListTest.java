package dev.larder.internal.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HashTableListTest {
  private static final int PAGE_COUNT = HashTable.PAGE_COUNT;

  /// The list outgrows its first page while an image is taken, and again in what was opened.
  @ParameterizedTest
  @EnumSource(PagesKind.class)
  void imageIsOfTheMomentItWasBegunThoughTheListGrows(PagesKind kind) {
    try (Pages pages = kind.create()) {
      HashTableList list = HashTableList.create(pages);
      pages.allocate(Pages.CHUNK_PAGES); // where the tables are said to be
      int first = HashRows.ROWS_PER_PAGE - 2;
      append(list, 0, first);
      list.setOverflowPage(77);
      var copy = new PagesCopy(pages);
      append(list, first, 600);
      list.touch(3);
      list.setDepth(3, 5);
      list.setCount(3, 6);
      list.setOverflowPage(78);
      copy.finish();
      assertThat(list.overflowPage()).isEqualTo(78);

      try (Pages opened = copy.open()) {
        HashTableList then = HashTableList.open(opened, list.firstPage());
        assertRows(then, first);
        assertThat(then.overflowPage()).isEqualTo(77);
        append(then, first, 600);
        assertRows(HashTableList.open(opened, list.firstPage()), 600);
      }
      list.setDepth(3, depth(3));
      list.setCount(3, 3);
      assertRows(HashTableList.open(pages, list.firstPage()), 600);
      assertNotOpened(pages, list);
    }
  }

  @ParameterizedTest
  @EnumSource(PagesKind.class)
  void imageHasTheOverflowOfTheMomentItWasBegun(PagesKind kind) {
    try (Pages pages = kind.create()) {
      HashTableList list = HashTableList.create(pages);
      var copy = new PagesCopy(pages);
      list.setOverflowPage(5);
      copy.finish();
      assertThat(list.overflowPage()).isEqualTo(5);

      try (Pages opened = copy.open()) {
        HashTableList then = HashTableList.open(opened, list.firstPage());
        assertThat(then.overflowPage()).isEqualTo(Pages.NO_PAGE);
      }
    }
  }

  private static void assertNotOpened(Pages pages, HashTableList list) {
    list.append(pages.pageCount(), 0, 0, 0);
    assertThatThrownBy(() -> HashTableList.open(pages, list.firstPage()))
        .isInstanceOf(DamagedImageException.class)
        .hasMessageContaining("table 600");
  }

  private static void append(HashTableList list, int first, int end) {
    for (int ordinal = first; ordinal < end; ordinal++) {
      list.reserve();
      list.append(page(ordinal), ordinal, depth(ordinal), ordinal);
    }
    assertThat(list.tableCount()).isEqualTo(end);
  }

  private static int page(int ordinal) {
    return Pages.CHUNK_PAGES + ordinal % 2 * PAGE_COUNT;
  }

  private static int depth(int ordinal) {
    return ordinal % (HashIndex.DEPTH_MAX + 1);
  }

  private static void assertRows(HashTableList list, int count) {
    assertThat(list.tableCount()).isEqualTo(count);
    for (int ordinal = 0; ordinal < count; ordinal++) {
      assertThat(list.page(ordinal)).isEqualTo(page(ordinal));
      assertThat(list.prefix(ordinal)).isEqualTo(ordinal);
      assertThat(list.depth(ordinal)).isEqualTo(depth(ordinal));
      assertThat(list.count(ordinal)).isEqualTo(ordinal);
    }
  }
}
