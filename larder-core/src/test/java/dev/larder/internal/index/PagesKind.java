package dev.larder.internal.index;

/// Where pages are in a test.
enum PagesKind {
  OFF_HEAP,
  ON_HEAP;

  Pages create() {
    return this == OFF_HEAP ? Pages.offHeap() : Pages.onHeap();
  }
}
