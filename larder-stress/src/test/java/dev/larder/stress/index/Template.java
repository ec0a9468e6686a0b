package dev.larder.stress.index;

import dev.larder.stress.twin.Memory;
import java.util.function.ToIntFunction;

/// Pages in which a structure was made once, to begin with a copy of it again and again. A model
/// checker plays thousands of runs, and each needs the structure as it was.
///
/// **Threads.** Immutable.
final class Template {
  private final long[][] chunks;
  private final int pageCount;
  private final int[] freeRuns;
  private final int metaPage;

  /// Makes a structure.
  ///
  /// @param make does it, and tells its meta page
  Template(ToIntFunction<Pages> make) {
    Pages pages = Pages.onHeap();
    metaPage = make.applyAsInt(pages);
    pageCount = pages.pageCount();
    freeRuns = pages.freeRuns();
    chunks = new long[(pageCount + Pages.CHUNK_MASK) >>> Pages.CHUNK_SHIFT][];
    for (int i = 0; i < chunks.length; i++) {
      chunks[i] = ((Memory.Part) pages.chunk(i << Pages.CHUNK_SHIFT)).words();
    }
  }

  int metaPage() {
    return metaPage;
  }

  Pages copy() {
    Pages.Image image =
        new Pages.Image() {
          @Override
          public int pageCount() {
            return pageCount;
          }

          @Override
          public Memory chunk(int number) {
            return Memory.ofArray(chunks[number].clone());
          }
        };
    Pages pages = Pages.over(image, freeRuns);
    for (int i = 0; i < chunks.length; i++) {
      var _ = pages.chunk(i << Pages.CHUNK_SHIFT);
    }
    return pages;
  }
}
