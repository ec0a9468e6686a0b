package dev.larder.stress.index;

import java.nio.ByteBuffer;
import org.jetbrains.lincheck.datastructures.Operation;

/// What threads do to a [HashIndex]: one of them changes it, the others look. A record is a key and
/// a version, of which its address is made. When nothing leads to it any more, it goes away at
/// once.
///
/// The operations are about six keys. Those with the numbers 0 and 1 are there at first, 2 is not;
/// these come and go. The others stay.
public abstract class HashCase implements KeyReader {
  private static final int BUCKET = 7;
  private static final int VERSION_SHIFT = 4;

  private final int[] keys;
  private final byte[][] keyBytes = new byte[6][];
  private final HashIndex index;

  /// The writer's: the address of each key by its number, the last one if it is not in the index.
  private final long[] newest = new long[6];

  private final boolean[] isPresent = {true, true, false, true, true, true};

  /// Records that went away, by their addresses.
  private final boolean[] gone = new boolean[1 << 17];

  HashCase(Template template, int... keys) {
    this.keys = keys;
    index = HashIndex.open(template.copy(), this, template.metaPage());
    for (int number = 0; number < keys.length; number++) {
      newest[number] = address(keys[number]);
      keyBytes[number] = bytes(keys[number]);
    }
  }

  /// {@return the hash of a key}
  abstract long hashOf(long key);

  /// {@return the first address of a key}
  static long address(long key) {
    return key << VERSION_SHIFT;
  }

  private static byte[] bytes(long key) {
    return IndexKey.of(BUCKET, ByteBuffer.allocate(Long.BYTES).putLong(key).array());
  }

  HashIndex index() {
    return index;
  }

  @Operation
  public long insert(int number) {
    if (isPresent[number]) {
      return 0;
    }
    long address = ++newest[number];
    index.insert(hashOf(keys[number]), address);
    isPresent[number] = true;
    return version(address);
  }

  @Operation
  public long remove(int number) {
    if (!isPresent[number]) {
      return 0;
    }
    long address = newest[number];
    index.remove(hashOf(keys[number]), address);
    isPresent[number] = false;
    gone[(int) address] = true;
    return version(address);
  }

  @Operation
  public long replace(int number) {
    if (!isPresent[number]) {
      return 0;
    }
    long from = newest[number]++;
    index.replace(hashOf(keys[number]), from, from + 1);
    gone[(int) from] = true;
    return version(from + 1);
  }

  @Operation
  public long find(int number) {
    long address = index.find(hashOf(keys[number]), keyBytes[number]);
    return address == 0 ? 0 : version(address);
  }

  /// Asks for the second record of a key.
  @Operation
  public boolean contains(int number) {
    return index.contains(hashOf(keys[number]), address(keys[number]) + 1);
  }

  /// {@return 1 for the first record of a key, and so on}
  private static long version(long address) {
    return (address & (1 << VERSION_SHIFT) - 1) + 1;
  }

  @Override
  public boolean hasKey(long address, int bucket, byte[] key, int offset, int count) {
    int last = offset + count - 1;
    return !gone[(int) address]
        && address >>> VERSION_SHIFT == ((key[last - 1] & 0xff) << Byte.SIZE | (key[last] & 0xff));
  }

  @Override
  public long hash(long address) {
    return gone[(int) address] ? 0 : hashOf(address >>> VERSION_SHIFT);
  }

  @Override
  public byte[] key(long address) {
    return bytes(address >>> VERSION_SHIFT);
  }
}
