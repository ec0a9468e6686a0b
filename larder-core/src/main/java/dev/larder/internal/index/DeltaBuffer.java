package dev.larder.internal.index;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Gathers what happens to an [Index], so that it can be written down behind an image of it instead
/// of a new image.
///
/// **Threads.** Recording rows, new keys and deadlines, beginning, taking and ending are guarded by
/// the commit lock; a key may depart from the tree on any thread.
public final class DeltaBuffer {
  /// After so many rows it is time to write them.
  private static final int ROWS_DUE = 1 << 18;

  /// After so many more rows each time, somebody should look whether it is worth it already.
  private static final int ROWS_WORTH_A_LOOK = 1 << 15;

  /// If nobody has written them, they take too much memory: a longer replay costs less.
  private static final int ROWS_MAX = 1 << 20;

  /// How many numbers a row has: the hash of a key, and where the index pointed to and points to; 0
  /// for nowhere.
  public static final int ROW = 3;

  /// How many numbers stand for a new key, the hash and an address, and for a deadline: the address
  /// times two, and one for a remembered key; and the deadline in milliseconds.
  public static final int PAIR = 2;

  private static final int FIRST_SIZE = 3 << 9;

  private volatile boolean isRecording;
  private Runnable whenGathered = () -> {};
  private int rowCount;
  private Numbers rows = new Numbers();
  private Numbers newKeys = new Numbers();
  private Numbers deadlines = new Numbers();

  /// Guarded by itself: hash, size and bytes of keys that the tree has let go of.
  private final Object departedLock = new Object();

  private Departed departed = new Departed();

  /// What was gathered.
  ///
  /// @param rows changes of the table, in order; [#ROW] numbers each
  /// @param newKeys keys for the tree; [#PAIR] numbers each
  /// @param deadlines what deadlines were added; [#PAIR] numbers each
  /// @param departed keys that the tree has let go of
  public record Batch(Numbers rows, Numbers newKeys, Numbers deadlines, Departed departed) {
    /// {@return whether nothing has happened}
    public boolean isEmpty() {
      return rows.count() + newKeys.count() + deadlines.count() + departed.count() == 0;
    }
  }

  /// A list of numbers that grows without being copied as a whole.
  public static final class Numbers {
    private static final int CHUNK = 3 << 14;

    private long[][] chunks = new long[4][];
    private int chunkCount;
    private long[] last = {};
    private int used;
    private int before;

    /// Adds two numbers.
    public void add(long a, long b) {
      if (used + PAIR > last.length) {
        grow();
      }
      last[used] = a;
      last[used + 1] = b;
      used += PAIR;
    }

    /// Adds three numbers.
    public void add(long a, long b, long c) {
      if (used + ROW > last.length) {
        grow();
      }
      last[used] = a;
      last[used + 1] = b;
      last[used + 2] = c;
      used += ROW;
    }

    private void grow() {
      if (chunkCount == chunks.length) {
        chunks = Arrays.copyOf(chunks, 2 * chunkCount);
      }
      before += used;
      used = 0;
      last = new long[chunkCount == 0 ? FIRST_SIZE : CHUNK];
      chunks[chunkCount++] = last;
    }

    /// {@return how many numbers there are}
    public int count() {
      return before + used;
    }

    /// {@return all of them}
    public long[] toArray() {
      long[] all = new long[count()];
      int at = 0;
      for (int i = 0; i < chunkCount; i++) {
        int size = i == chunkCount - 1 ? used : chunks[i].length;
        System.arraycopy(chunks[i], 0, all, at, size);
        at += size;
      }
      return all;
    }
  }

  /// Keys with their hashes.
  public static final class Departed {
    private long[] hashes = new long[16];
    private byte[][] keys = new byte[16][];
    private int count;

    /// Adds a key.
    public void add(long hash, byte[] key) {
      if (count == hashes.length) {
        hashes = Arrays.copyOf(hashes, 2 * count);
        keys = Arrays.copyOf(keys, 2 * count);
      }
      hashes[count] = hash;
      keys[count++] = key;
    }

    /// {@return how many keys there are}
    public int count() {
      return count;
    }

    /// {@return the hash of a key}
    public long hash(int ordinal) {
      return hashes[ordinal];
    }

    /// {@return the bytes of a key}
    public byte[] key(int ordinal) {
      return keys[ordinal];
    }
  }

  /// Says whom to tell, now and then, that something was gathered.
  public void whenGathered(Runnable action) {
    whenGathered = action;
  }

  /// Begins to gather what happens from now on.
  public void begin() {
    clear();
    isRecording = true;
  }

  /// Forgets what was gathered and gathers nothing more, until the next beginning.
  public void end() {
    isRecording = false;
    clear();
  }

  /// {@return whether what happens is gathered}
  public boolean isRecording() {
    return isRecording;
  }

  /// {@return whether so much was gathered that it should be written}
  public boolean isDue() {
    return rowCount >= ROWS_DUE;
  }

  /// {@return what was gathered, and goes on with nothing; null if nothing is gathered}
  public @Nullable Batch take() {
    if (!isRecording) {
      return null;
    }
    Departed gone;
    synchronized (departedLock) {
      gone = departed;
      departed = new Departed();
    }
    var batch = new Batch(rows, newKeys, deadlines, gone);
    clearNumbers();
    return batch;
  }

  private void clear() {
    clearNumbers();
    synchronized (departedLock) {
      departed = new Departed();
    }
  }

  private void clearNumbers() {
    rowCount = 0;
    rows = new Numbers();
    newKeys = new Numbers();
    deadlines = new Numbers();
  }

  /// The table has changed.
  void row(long hash, long from, long to) {
    if (isRecording) {
      rows.add(hash, from, to);
      rowCount++;
      if (rowCount % ROWS_WORTH_A_LOOK == 0) {
        whenGathered.run();
      }
      if (rowCount > ROWS_MAX) {
        end();
      }
    }
  }

  /// The tree is to have a key.
  void newKey(long hash, long address) {
    if (isRecording) {
      newKeys.add(hash, address);
    }
  }

  /// The tree has let go of a key.
  void departed(long hash, byte[] key) {
    synchronized (departedLock) {
      if (isRecording) {
        departed.add(hash, key);
      }
    }
  }

  /// A deadline was added.
  public void deadline(long address, boolean isRemembered, long deadlineMillis) {
    if (isRecording) {
      deadlines.add(2 * address + (isRemembered ? 1 : 0), deadlineMillis);
    }
  }
}
