package dev.larder.internal.index;

/// The list of the tables of a [HashIndex], in pages: which hashes belong to each, where it lies,
/// and how many entries it holds. The directory follows from it. A row of [HashRows]:
///
/// ```text
///  0           4        8       12      16
///  +-----------+--------+-------+-------+
///  | its page  | prefix | depth | count |
///  +-----------+--------+-------+-------+
/// ```
///
/// All are ints. A row with page 0 is not in use, nor are those after it. The prefix is the first
/// 21 bits of the least hash that belongs to the table; the depth is how many of them all its
/// hashes have in common.
///
/// **Threads.** Not safe; the writer's.
final class HashTableList {
  private static final int KIND = 0x3158484c; // "LHX1"
  private static final int PAGE_FIELD = 0;
  private static final int PREFIX_FIELD = PAGE_FIELD + Integer.BYTES;
  private static final int DEPTH_FIELD = PREFIX_FIELD + Integer.BYTES;
  private static final int COUNT_FIELD = DEPTH_FIELD + Integer.BYTES;

  private final HashRows rows;
  private int tableCount;

  private HashTableList(HashRows rows) {
    this.rows = rows;
  }

  /// Makes an empty list in a page of its own.
  static HashTableList create(Pages pages) {
    return new HashTableList(HashRows.create(pages, KIND));
  }

  /// Goes on with a list that is in pages.
  ///
  /// @throws DamagedImageException if there is none
  static HashTableList open(Pages pages, int firstPage) {
    var list = new HashTableList(HashRows.open(pages, KIND, firstPage));
    int capacity = list.rows.capacity();
    int pageCount = pages.pageCount();
    while (list.tableCount < capacity && list.page(list.tableCount) != Pages.NO_PAGE) {
      list.checkRow(list.tableCount, pageCount);
      list.tableCount++;
    }
    return list;
  }

  private void checkRow(int ordinal, int pageCount) {
    int page = page(ordinal);
    int depth = depth(ordinal);
    int count = count(ordinal);
    boolean isSound =
        page > 0
            && page <= pageCount - HashTable.PAGE_COUNT
            && (page & Pages.CHUNK_MASK) <= Pages.CHUNK_PAGES - HashTable.PAGE_COUNT
            && depth >= 0
            && depth <= HashIndex.DEPTH_MAX
            && prefix(ordinal) >>> HashIndex.DEPTH_MAX == 0
            && count >= 0
            && count <= HashTable.COUNT_MAX;
    if (!isSound) {
      throw new DamagedImageException(
          "table %d: page %d, depth %d, count %d".formatted(ordinal, page, depth, count));
    }
  }

  int firstPage() {
    return rows.firstPage();
  }

  /// {@return how many pages the list itself takes}
  int pageCount() {
    return rows.pageCount();
  }

  int tableCount() {
    return tableCount;
  }

  int page(int ordinal) {
    return rows.getInt(ordinal, PAGE_FIELD);
  }

  int prefix(int ordinal) {
    return rows.getInt(ordinal, PREFIX_FIELD);
  }

  int depth(int ordinal) {
    return rows.getInt(ordinal, DEPTH_FIELD);
  }

  int count(int ordinal) {
    return rows.getInt(ordinal, COUNT_FIELD);
  }

  /// To be called before anything about a table is changed.
  void touch(int ordinal) {
    rows.touch(ordinal);
  }

  void setCount(int ordinal, int count) {
    rows.setInt(ordinal, COUNT_FIELD, count);
  }

  void setDepth(int ordinal, int depth) {
    rows.setInt(ordinal, DEPTH_FIELD, depth);
  }

  /// Makes sure that [#append] finds a place.
  ///
  /// @throws OutOfMemoryError if there is no memory; nothing has changed then
  void reserve() {
    rows.reserve(tableCount);
    rows.touch(tableCount);
  }

  /// Adds a table; [#reserve] must have been called.
  void append(int page, int prefix, int depth, int count) {
    int ordinal = tableCount++;
    rows.setInt(ordinal, PAGE_FIELD, page);
    rows.setInt(ordinal, PREFIX_FIELD, prefix);
    rows.setInt(ordinal, DEPTH_FIELD, depth);
    rows.setInt(ordinal, COUNT_FIELD, count);
  }

  /// {@return the first page of the overflow, [Pages#NO_PAGE] if there is none}
  int overflowPage() {
    return rows.spare();
  }

  void setOverflowPage(int page) {
    rows.setSpare(page);
  }
}
