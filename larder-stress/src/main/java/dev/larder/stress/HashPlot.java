package dev.larder.stress;

import dev.larder.internal.index.HashIndex;
import dev.larder.internal.index.IndexKey;
import dev.larder.internal.index.KeyReader;
import dev.larder.internal.index.Pages;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLongArray;

/// Some lines of a [HashIndex] that one test has for itself, with keys by numbers. Plots of one
/// index share the versions of its table, so that a reader also sees moves that are none of its
/// business.
///
/// **Threads.** One may change a plot; any number may look.
final class HashPlot {
  private static final int BUCKET = 7;
  private static final int LINES = 16;
  private static final int PLOTS = 4096 / LINES;
  private static final int KEYS = 128;
  private static final int VERSION_SHIFT = 16;
  private static final int ID_MASK = (1 << VERSION_SHIFT) - 1;
  private static final int FINGERPRINT_SHIFT = 43;

  /// An index that is divided into plots.
  private static final class Field implements KeyReader {
    private final HashIndex index = HashIndex.create(Pages.offHeap(), this);

    /// The version of the record of each key. Those before it went away.
    private final AtomicLongArray live = new AtomicLongArray(PLOTS * KEYS);

    @Override
    public boolean hasKey(long address, int bucket, byte[] key, int offset, int count) {
      int id = (int) (address & ID_MASK) - 1;
      return id == ByteBuffer.wrap(key, offset, count).getLong()
          && live.get(id) <= address >>> VERSION_SHIFT;
    }

    @Override
    public long hash(long address) {
      throw new UnsupportedOperationException();
    }

    @Override
    public byte[] key(long address) {
      throw new UnsupportedOperationException();
    }
  }

  private static Field field = new Field();
  private static int plotCount;

  private final Field home;
  private final int number;
  private final int[] lines;

  private HashPlot(Field home, int number, int[] lines) {
    this.home = home;
    this.number = number;
    this.lines = lines;
  }

  /// {@return a plot without keys}
  ///
  /// @param lines the home line of each key by its number, from 0 to 15
  static synchronized HashPlot create(int... lines) {
    if (plotCount == PLOTS) {
      field = new Field();
      plotCount = 0;
    }
    return new HashPlot(field, plotCount++, lines);
  }

  private int id(int key) {
    return number * KEYS + key;
  }

  /// The fingerprints of some keys are the same.
  private long hash(int key) {
    return (long) (key & 3) << FINGERPRINT_SHIFT | (number * LINES + lines[key]);
  }

  private byte[] bytes(int key) {
    return IndexKey.of(BUCKET, ByteBuffer.allocate(Long.BYTES).putLong(id(key)).array());
  }

  private long address(int key) {
    return home.live.get(id(key)) << VERSION_SHIFT | (id(key) + 1);
  }

  void insert(int key) {
    synchronized (home) {
      home.index.insert(hash(key), address(key));
    }
  }

  void insert(int from, int to) {
    for (int key = from; key < to; key++) {
      insert(key);
    }
  }

  /// Removes a key. Its record goes away.
  void remove(int key) {
    synchronized (home) {
      require(home.index.remove(hash(key), address(key)));
      home.live.incrementAndGet(id(key));
    }
  }

  /// Gives a key another record. The old one goes away.
  void replace(int key) {
    synchronized (home) {
      long from = address(key);
      require(home.index.replace(hash(key), from, from + (1 << VERSION_SHIFT)));
      home.live.incrementAndGet(id(key));
    }
  }

  /// {@return which record is found for a key: 0 for that of a version, 1 for the next, and so on;
  /// -1 for none, -2 for an earlier one or another's}
  int find(int key, int version) {
    long address = home.index.find(hash(key), bytes(key));
    if (address == 0) {
      return -1;
    }
    int found = (int) (address >>> VERSION_SHIFT) - version;
    return (address & ID_MASK) - 1 == id(key) && found >= 0 ? found : -2;
  }

  /// {@return the version of the record that a key has, or would have}
  int version(int key) {
    return (int) home.live.get(id(key));
  }

  private static void require(boolean isTrue) {
    if (!isTrue) {
      throw new AssertionError("the index forgot a key, or found another");
    }
  }
}
