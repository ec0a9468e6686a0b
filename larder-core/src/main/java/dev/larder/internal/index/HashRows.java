package dev.larder.internal.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Rows of 16 bytes in a chain of pages, for the small lists that a [HashIndex] keeps.
///
/// ```text
///  a page   0      4      8       12       16
///           +------+------+-------+--------+-----+-----+----
///           | kind | next | spare | unused | row | row | ...
///           +------+------+-------+--------+-----+-----+----
/// ```
///
/// The first four are ints; all numbers are little-endian. `next` is the next page of the chain, 0
/// in the last one. The spare int is the owner's; only that of the first page is used.
///
/// **Threads.** Not safe; the writer's.
final class HashRows {
  static final int ROWS_PER_PAGE = 255;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int KIND_OFFSET = 0;
  private static final int NEXT_OFFSET = KIND_OFFSET + Integer.BYTES;
  private static final int SPARE_OFFSET = NEXT_OFFSET + Integer.BYTES;
  private static final int ROWS_OFFSET = 16;
  private static final int ROW_SIZE = 16;

  private final Pages pages;
  private final int kind;
  private int[] chain = new int[4];
  private int chainLength;

  private HashRows(Pages pages, int kind) {
    this.pages = pages;
    this.kind = kind;
  }

  /// Makes a chain of one page, whose rows are zeros.
  ///
  /// @throws OutOfMemoryError if there is no memory; nothing has changed then
  static HashRows create(Pages pages, int kind) {
    var rows = new HashRows(pages, kind);
    rows.addPage();
    return rows;
  }

  /// Goes on with a chain that is in pages.
  ///
  /// @throws DamagedImageException if there is none of this kind
  static HashRows open(Pages pages, int kind, int firstPage) {
    var rows = new HashRows(pages, kind);
    int pageCount = pages.pageCount();
    int page = firstPage;
    do {
      if (page <= 0 || page >= pageCount || rows.chainLength == pageCount) {
        throw new DamagedImageException(
            "page %d of %d cannot be a list".formatted(page, pageCount));
      }
      int found = pages.chunk(page).get(INT, Pages.offset(page) + KIND_OFFSET);
      if (found != kind) {
        throw new DamagedImageException(
            "page %d is of kind %x instead of %x".formatted(page, found, kind));
      }
      rows.makeRoom();
      rows.chain[rows.chainLength++] = page;
      page = pages.chunk(page).get(INT, Pages.offset(page) + NEXT_OFFSET);
    } while (page != Pages.NO_PAGE);
    return rows;
  }

  int firstPage() {
    return chain[0];
  }

  int pageCount() {
    return chainLength;
  }

  /// {@return how many rows there are, in use or not}
  int capacity() {
    return chainLength * ROWS_PER_PAGE;
  }

  /// Makes sure that there is a row, at most one more than there are.
  ///
  /// @throws OutOfMemoryError if there is no memory; nothing has changed then
  void reserve(int row) {
    if (row == capacity()) {
      addPage();
    }
  }

  private void addPage() {
    makeRoom();
    if (chainLength > 0) {
      pages.touch(chain[chainLength - 1]);
    }
    int added = pages.allocate(1);
    pages.chunk(added).set(INT, Pages.offset(added) + KIND_OFFSET, kind);
    if (chainLength > 0) {
      int last = chain[chainLength - 1];
      pages.chunk(last).set(INT, Pages.offset(last) + NEXT_OFFSET, added);
    }
    chain[chainLength++] = added;
  }

  private void makeRoom() {
    if (chainLength == chain.length) {
      chain = Arrays.copyOf(chain, 2 * chainLength);
    }
  }

  /// To be called before a row is changed.
  void touch(int row) {
    pages.touch(pageOf(row));
  }

  int getInt(int row, int field) {
    return memory(row).get(INT, offset(row) + field);
  }

  void setInt(int row, int field, int value) {
    memory(row).set(INT, offset(row) + field, value);
  }

  long getLong(int row, int field) {
    return memory(row).get(LONG, offset(row) + field);
  }

  void setLong(int row, int field, long value) {
    memory(row).set(LONG, offset(row) + field, value);
  }

  int spare() {
    return pages.chunk(chain[0]).get(INT, Pages.offset(chain[0]) + SPARE_OFFSET);
  }

  void setSpare(int value) {
    pages.touch(chain[0]);
    pages.chunk(chain[0]).set(INT, Pages.offset(chain[0]) + SPARE_OFFSET, value);
  }

  private int pageOf(int row) {
    return chain[row / ROWS_PER_PAGE];
  }

  private MemorySegment memory(int row) {
    return pages.chunk(pageOf(row));
  }

  private long offset(int row) {
    return Pages.offset(pageOf(row)) + ROWS_OFFSET + (long) (row % ROWS_PER_PAGE) * ROW_SIZE;
  }
}
