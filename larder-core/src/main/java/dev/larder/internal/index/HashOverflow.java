package dev.larder.internal.index;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// What the tables of a [HashIndex] have no place for: entries of which too many have the same
/// hash, or nearly. A good hash has none, so that this is simple rather than fast. Readers use a
/// map on the heap. For the image, the same is kept as a list in pages: rows of [HashRows], each a
/// hash and an address, in no order and without gaps. A row with address 0 is the end.
///
/// **Threads.** One writer at a time; readers need no lock.
final class HashOverflow {
  private static final int KIND = 0x3258484c; // "LHX2"
  private static final int HASH_FIELD = 0;
  private static final int ADDRESS_FIELD = HASH_FIELD + Long.BYTES;

  private final Pages pages;
  private final HashTableList tables;

  /// The addresses for each hash; the arrays are never changed.
  private final ConcurrentHashMap<Long, long[]> byHash = new ConcurrentHashMap<>();

  /// How many entries there are. It is set last when one is added.
  private volatile int count;

  /// Null until there was an entry.
  private @Nullable HashRows rows;

  private HashOverflow(Pages pages, HashTableList tables) {
    this.pages = pages;
    this.tables = tables;
  }

  /// Goes on with what is in pages, if anything is.
  ///
  /// @param tables knows where
  /// @throws DamagedImageException if it should be there and is not
  static HashOverflow open(Pages pages, HashTableList tables) {
    var overflow = new HashOverflow(pages, tables);
    if (tables.overflowPage() != Pages.NO_PAGE) {
      overflow.load(HashRows.open(pages, KIND, tables.overflowPage()));
    }
    return overflow;
  }

  int pageCount() {
    HashRows present = rows;
    return present == null ? 0 : present.pageCount();
  }

  private void load(HashRows present) {
    rows = present;
    int found = 0;
    while (found < present.capacity() && present.getLong(found, ADDRESS_FIELD) != 0) {
      long address = present.getLong(found, ADDRESS_FIELD);
      byHash.merge(
          present.getLong(found, HASH_FIELD),
          new long[] {address},
          (others, _) -> with(others, address));
      found++;
    }
    count = found;
  }

  /// {@return how many entries there are}
  int count() {
    return count;
  }

  /// Looks for the record of a key, or of a hash.
  ///
  /// @param key the key, or null if the hash must be the same and nothing else
  /// @return its address; 0 if there is none
  long find(KeyReader keys, long hash, int bucket, byte @Nullable [] key, int offset, int count) {
    long[] addresses = byHash.get(hash);
    while (addresses != null) {
      for (long address : addresses) {
        boolean isFound =
            key != null
                ? keys.hasKey(address, bucket, key, offset, count)
                : keys.hash(address) == hash;
        if (isFound) {
          return address;
        }
      }
      // The answers were about these addresses; if there are others meanwhile, ask about those.
      long[] now = byHash.get(hash);
      if (Arrays.equals(now, addresses)) {
        return 0;
      }
      addresses = now;
    }
    return 0;
  }

  /// {@return whether there is an entry with a hash and an address}
  boolean contains(long hash, long address) {
    long[] addresses = byHash.get(hash);
    return addresses != null && indexOf(addresses, address) >= 0;
  }

  /// Adds an entry.
  ///
  /// @throws OutOfMemoryError if there is no memory; nothing has changed then
  void add(long hash, long address) {
    int added = count;
    HashRows list = rows;
    if (list == null) {
      list = HashRows.create(pages, KIND);
      tables.setOverflowPage(list.firstPage());
      rows = list;
    }
    list.reserve(added);
    list.touch(added);
    long[] others = byHash.get(hash);
    byHash.put(hash, others == null ? new long[] {address} : with(others, address));
    setRow(list, added, hash, address);
    count = added + 1;
  }

  /// Gives an entry another address, unless there is none with a hash and an address.
  boolean replace(long hash, long from, long to) {
    long[] present = byHash.get(hash);
    HashRows list = rows;
    if (present == null || list == null || indexOf(present, from) < 0) {
      return false;
    }
    int row = row(list, hash, from);
    list.touch(row);
    long[] changed = present.clone();
    changed[indexOf(present, from)] = to;
    byHash.put(hash, changed);
    setRow(list, row, hash, to);
    return true;
  }

  /// Removes an entry, unless there is none with a hash and an address.
  boolean remove(long hash, long address) {
    long[] present = byHash.get(hash);
    HashRows list = rows;
    if (present == null || list == null || indexOf(present, address) < 0) {
      return false;
    }
    int row = row(list, hash, address);
    int last = count - 1;
    list.touch(row);
    list.touch(last);
    if (present.length == 1) {
      byHash.remove(hash);
    } else {
      byHash.put(hash, without(present, indexOf(present, address)));
    }
    setRow(list, row, list.getLong(last, HASH_FIELD), list.getLong(last, ADDRESS_FIELD));
    setRow(list, last, 0, 0);
    count = last;
    return true;
  }

  /// Calls a visitor with every address.
  void forEach(LongConsumer visitor) {
    byHash.values().forEach(addresses -> Arrays.stream(addresses).forEach(visitor));
  }

  /// Checks that the list holds what the map holds.
  void check() {
    int inMap = byHash.values().stream().mapToInt(addresses -> addresses.length).sum();
    if (inMap != count) {
      throw new AssertionError("%d in the map, %d counted".formatted(inMap, count));
    }
    HashRows list = rows;
    if (list != null) {
      byHash.forEach(
          (hash, addresses) -> Arrays.stream(addresses).forEach(a -> row(list, hash, a)));
      if (count < list.capacity() && list.getLong(count, ADDRESS_FIELD) != 0) {
        throw new AssertionError("more than %d in the list".formatted(count));
      }
    }
  }

  private int row(HashRows list, long hash, long address) {
    for (int row = 0; row < count; row++) {
      if (list.getLong(row, ADDRESS_FIELD) == address && list.getLong(row, HASH_FIELD) == hash) {
        return row;
      }
    }
    throw new AssertionError("address %d is not in the list".formatted(address));
  }

  private static void setRow(HashRows list, int row, long hash, long address) {
    list.setLong(row, HASH_FIELD, hash);
    list.setLong(row, ADDRESS_FIELD, address);
  }

  private static int indexOf(long[] addresses, long address) {
    for (int i = 0; i < addresses.length; i++) {
      if (addresses[i] == address) {
        return i;
      }
    }
    return -1;
  }

  private static long[] with(long[] addresses, long address) {
    long[] more = Arrays.copyOf(addresses, addresses.length + 1);
    more[addresses.length] = address;
    return more;
  }

  private static long[] without(long[] addresses, int index) {
    long[] fewer = Arrays.copyOf(addresses, addresses.length - 1);
    System.arraycopy(addresses, index + 1, fewer, index, fewer.length - index);
    return fewer;
  }
}
