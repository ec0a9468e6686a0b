package dev.larder.stress.index;

import java.util.Arrays;
import org.jetbrains.lincheck.datastructures.Operation;

/// What threads do to an [OrderIndex]: one of them changes it, the others look. The handles of keys
/// ascend as the keys do, and a key cannot be read any more when it has been removed.
///
/// The operations are about six keys. Those with the numbers 0 and 1 are there at first, 2 is not;
/// these come and go. The others stay, as do all keys that have no number.
public abstract class OrderCase implements OrderIndex.Keys {
  private static final int BATCH_SIZE = 100;
  private static final int HANDLES_MAX = 1000;

  private final int[] handles;

  /// The handles of all keys that are there at first.
  private final int[] all;

  private final OrderIndex index;
  private final boolean[] isGone = new boolean[HANDLES_MAX];

  /// How often a change of each key with a number has begun or ended.
  private final int[] moments = new int[6];

  OrderCase(Template template, int[] all, int... handles) {
    this.all = all;
    this.handles = handles;
    index = OrderIndex.open(template.copy(), this, template.metaPage());
  }

  /// {@return the key with a handle}
  abstract byte[] bytes(int handle);

  @Override
  public byte[] key(long handle) {
    if (isGone[(int) handle]) {
      throw KeyReader.RetryException.INSTANCE;
    }
    return bytes((int) handle);
  }

  OrderIndex index() {
    return index;
  }

  @Operation
  public boolean insert(int number) {
    moments[number]++;
    int handle = handles[number];
    isGone[handle] = false;
    boolean isNew = index.insert(bytes(handle), handle);
    moments[number] += isNew ? 1 : -1;
    return isNew;
  }

  @Operation
  public boolean remove(int number) {
    moments[number]++;
    int handle = handles[number];
    boolean isRemoved = index.remove(bytes(handle), handle);
    isGone[handle] = true;
    moments[number] += isRemoved ? 1 : -1;
    return isRemoved;
  }

  @Operation
  public boolean contains(int number) {
    byte[] key = bytes(handles[number]);
    return index.walk(key, Arrays.copyOf(key, key.length + 1), false).next(new long[2]) == 1;
  }

  @Operation
  public long size() {
    return index.size() - all.length;
  }

  @Operation
  public String walkUp() {
    return walk(false);
  }

  @Operation
  public String walkDown() {
    return walk(true);
  }

  /// {@return what is wrong with a walk}
  private String walk(boolean isReversed) {
    int[] before = moments();
    long[] met = new long[HANDLES_MAX];
    int count = 0;
    OrderIndex.Walk walk = index.walk(null, null, isReversed);
    long[] batch = new long[BATCH_SIZE];
    for (int more = walk.next(batch); more > 0; more = walk.next(batch)) {
      System.arraycopy(batch, 0, met, count, more);
      count += more;
    }
    return judge(before, moments(), met, count, isReversed);
  }

  public int[] moments() {
    return moments.clone();
  }

  public String judge(int[] before, int[] after, long[] met, int count, boolean isReversed) {
    boolean[] isMet = new boolean[HANDLES_MAX];
    for (int i = 0; i < count; i++) {
      if (i > 0 && (isReversed ? met[i] >= met[i - 1] : met[i] <= met[i - 1])) {
        return "met %d after %d".formatted(met[i], met[i - 1]);
      }
      isMet[(int) met[i]] = true;
    }
    boolean[] isThere = new boolean[HANDLES_MAX];
    for (int handle : all) {
      isThere[handle] = true;
    }
    for (int number = 0; number < handles.length; number++) {
      int handle = handles[number];
      if (before[number] != after[number] || before[number] % 2 != 0) {
        isThere[handle] = isMet[handle]; // it may be or not
      } else if (before[number] % 4 != 0) {
        isThere[handle] = !isThere[handle];
      }
    }
    int mismatch = Arrays.mismatch(isMet, isThere);
    return mismatch < 0 ? "" : (isMet[mismatch] ? "met " : "missed ") + mismatch;
  }
}
