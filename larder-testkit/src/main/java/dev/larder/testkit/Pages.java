package dev.larder.testkit;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Objects;

/// The bytes of a file, cheap to copy.
///
/// **Threads.** Not safe; what is shared between copies is never written.
final class Pages {
  /*
   * A copy shares all pages with its original; each of the two copies a page when it next writes to
   * it. ZEROS is shared by everybody.
   *
   * Invariants:
   *   (1) A page is written only if isOwned says so.
   *   (2) Bytes behind the size are zeros.
   */
  static final int PAGE_BYTES = 4096;

  private static final byte[] ZEROS = new byte[PAGE_BYTES];

  private byte[][] pages;
  private boolean[] isOwned;
  private long size;

  Pages() {
    this(new byte[0][], 0);
  }

  private Pages(byte[][] pages, long size) {
    this.pages = pages;
    this.isOwned = new boolean[pages.length];
    this.size = size;
  }

  /// {@return the same bytes, independent from now on}
  Pages copy() {
    Arrays.fill(isOwned, false);
    return new Pages(pages.clone(), size);
  }

  long size() {
    return size;
  }

  /// Reads bytes that are there.
  void read(long position, byte[] target, int offset, int count) {
    Objects.checkFromIndexSize(position, count, size);
    long from = position;
    int place = offset;
    int left = count;
    while (left > 0) {
      int start = (int) (from % PAGE_BYTES);
      int part = Math.min(left, PAGE_BYTES - start);
      System.arraycopy(pages[(int) (from / PAGE_BYTES)], start, target, place, part);
      from += part;
      place += part;
      left -= part;
    }
  }

  /// Copies bytes that are there to native memory.
  ///
  /// @param offset the first place in `target`
  /// @param position the first byte
  /// @param count how many
  /// @param isZero whether `target` holds nothing but zeros
  void copyTo(MemorySegment target, long offset, long position, long count, boolean isZero) {
    Objects.checkFromIndexSize(position, count, size);
    long from = position;
    long place = offset;
    long left = count;
    while (left > 0) {
      byte[] page = pages[(int) (from / PAGE_BYTES)];
      int start = (int) (from % PAGE_BYTES);
      int part = (int) Math.min(left, PAGE_BYTES - start);
      if (!isZero || !Arrays.equals(page, ZEROS)) {
        MemorySegment.copy(page, start, target, ValueLayout.JAVA_BYTE, place, part);
      }
      from += part;
      place += part;
      left -= part;
    }
  }

  byte[] toArray() {
    byte[] all = new byte[Math.toIntExact(size)];
    read(0, all, 0, all.length);
    return all;
  }

  /// Writes bytes; where they begin behind the end, zeros fill the gap.
  void write(long position, byte[] source, int offset, int count) {
    grow(position + count);
    long to = position;
    int place = offset;
    int left = count;
    while (left > 0) {
      int start = (int) (to % PAGE_BYTES);
      int part = Math.min(left, PAGE_BYTES - start);
      byte[] page = owned((int) (to / PAGE_BYTES));
      System.arraycopy(source, place, page, start, part);
      to += part;
      place += part;
      left -= part;
    }
  }

  /// Writes zeros.
  void zero(long from, long to) {
    grow(to);
    clear(from, to);
  }

  /// Makes the file longer, with zeros, if it is shorter.
  void grow(long newSize) {
    if (newSize > size) {
      int count = Math.toIntExact((newSize + PAGE_BYTES - 1) / PAGE_BYTES);
      if (count > pages.length) {
        int capacity = Math.max(count, pages.length + pages.length / 2);
        byte[][] grown = Arrays.copyOf(pages, capacity);
        Arrays.fill(grown, pages.length, capacity, ZEROS);
        pages = grown;
        isOwned = Arrays.copyOf(isOwned, capacity);
      }
      size = newSize;
    }
  }

  /// Makes the file shorter, if it is longer.
  void cut(long newSize) {
    if (newSize < size) {
      clear(newSize, size);
      size = newSize;
    }
  }

  private void clear(long from, long to) {
    long place = from;
    while (place < to) {
      int index = (int) (place / PAGE_BYTES);
      long pageEnd = (index + 1L) * PAGE_BYTES;
      long end = Math.min(to, pageEnd);
      boolean isWhole = place == pageEnd - PAGE_BYTES && (end == pageEnd || end >= size);
      if (isWhole) {
        pages[index] = ZEROS;
        isOwned[index] = false;
      } else {
        int start = (int) (place % PAGE_BYTES);
        Arrays.fill(owned(index), start, start + (int) (end - place), (byte) 0);
      }
      place = end;
    }
  }

  private byte[] owned(int index) {
    if (!isOwned[index]) {
      pages[index] = pages[index].clone();
      isOwned[index] = true;
    }
    return pages[index];
  }
}
