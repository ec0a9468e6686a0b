package dev.larder.internal.index;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;

/// Takes an image of pages into memory, and is that image.
final class PagesCopy implements Pages.Saver, Pages.Image {
  private final int[] freeRuns;
  private final Pages.Capture capture;
  private final int pageCount;
  private final MemorySegment bytes;
  private final BitSet chunksAskedFor = new BitSet();

  PagesCopy(Pages pages) {
    freeRuns = pages.freeRuns();
    capture = pages.capture(this);
    pageCount = capture.pageCount();
    bytes = Arena.ofAuto().allocate((long) pageCount * Pages.PAGE_SIZE, 64);
  }

  /// Copies everything now.
  static PagesCopy of(Pages pages) {
    var copy = new PagesCopy(pages);
    copy.finish();
    return copy;
  }

  void savePage(int page) {
    capture.save(page);
  }

  /// Saves what was not saved yet.
  void finish() {
    for (int page = 0; page < pageCount; page++) {
      capture.save(page);
    }
    capture.close();
  }

  Pages open() {
    return Pages.over(this, freeRuns);
  }

  /// The memory of a page of the image, to be damaged.
  MemorySegment page(int page) {
    return bytes.asSlice((long) page * Pages.PAGE_SIZE, Pages.PAGE_SIZE);
  }

  BitSet chunksAskedFor() {
    return chunksAskedFor;
  }

  @Override
  public void save(int page, MemorySegment memory, long offset) {
    if (page != Pages.NO_PAGE) {
      MemorySegment.copy(memory, offset, page(page), 0, Pages.PAGE_SIZE);
    }
  }

  @Override
  public int pageCount() {
    return pageCount;
  }

  @Override
  public MemorySegment chunk(int number) {
    chunksAskedFor.set(number);
    long offset = (long) number * Pages.CHUNK_SIZE;
    return bytes.asSlice(offset, Math.min(Pages.CHUNK_SIZE, bytes.byteSize() - offset));
  }
}
