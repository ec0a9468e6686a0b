package dev.larder.testkit;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.random.RandomGenerator;

/// The words of one file, shared by all who map it.
///
/// **Threads.** The words are safe for any number of threads; the table grows under the lock of its
/// disk.
final class WordTable {
  private static final int CHUNK_WORDS = 512;

  private volatile AtomicLongArray[] chunks = {};

  /// Makes sure that there are so many words.
  void grow(int count) {
    AtomicLongArray[] old = chunks;
    int needed = (count + CHUNK_WORDS - 1) / CHUNK_WORDS;
    if (old.length < needed) {
      AtomicLongArray[] grown = Arrays.copyOf(old, needed);
      for (int i = old.length; i < needed; i++) {
        grown[i] = new AtomicLongArray(CHUNK_WORDS);
      }
      chunks = grown;
    }
  }

  long get(int index) {
    return chunks[index / CHUNK_WORDS].getAcquire(index % CHUNK_WORDS);
  }

  void set(int index, long value) {
    chunks[index / CHUNK_WORDS].setRelease(index % CHUNK_WORDS, value);
  }

  boolean compareAndSet(int index, long expected, long value) {
    return chunks[index / CHUNK_WORDS].compareAndSet(index % CHUNK_WORDS, expected, value);
  }

  WordTable copy() {
    var copy = new WordTable();
    AtomicLongArray[] all = chunks;
    copy.grow(all.length * CHUNK_WORDS);
    for (int i = 0; i < all.length * CHUNK_WORDS; i++) {
      copy.set(i, get(i));
    }
    return copy;
  }

  /// Sets every word to anything.
  void scramble(RandomGenerator random) {
    for (int i = 0; i < chunks.length * CHUNK_WORDS; i++) {
      set(i, random.nextLong());
    }
  }
}
