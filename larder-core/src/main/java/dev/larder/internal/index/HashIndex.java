package dev.larder.internal.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// The unordered half of the index: a hash table outside the heap, from the 64-bit hash of a key to
/// the *address* of the newest record of that key, a number from 1 to [#ADDRESS_MAX]. Keys are not
/// stored; a [KeyReader] compares them with those of the records. A key takes 9.4 to 19 bytes,
/// depending on how long ago its table was split.
///
/// Everything is in [Pages], so that an image of them holds the table; [#open] goes on from one. On
/// the heap there are some 40 bytes for each 32,768 slots.
///
/// **Threads.** One writer at a time, who holds a lock that others respect; the methods say which
/// are the writer's. The others need no lock, and are linearizable with all changes: they see what
/// was true at one moment between call and return. A change has happened for whoever learned of it
/// from its writer.
///
/// What the readers ask of the log: as long as a reader runs that may have seen an address, the
/// address is not given to another record; or the [KeyReader] throws [KeyReader.RetryException] to
/// it.
public final class HashIndex {
  /*
   * Extendible hashing (Fagin and others, 1979) over tables of a fixed size, see HashTable. The top
   * bits of a hash choose an element of the directory, which is a table; the low bits choose a line
   * in it. A table all of whose hashes begin with the same `depth` bits has 2^(d - depth) elements
   * of a directory of 2^d. A full table is split by one more bit: it keeps those that have 0 there,
   * and a new table gets the others. Tables are never merged and never freed.
   *
   * What cannot be placed and could not be placed by a split goes to the overflow. It stays there
   * until it is removed: an entry never changes between a table and the overflow.
   *
   * Why readers need no lock. The writer changes slots in five ways:
   *
   *   (a) a vacant slot is taken;
   *   (b) the address in a slot is replaced;
   *   (c) a slot is vacated, when nothing is displaced past its line;
   *   (d) entries move within the table, to other lines in reach of their homes: to nearer ones when
   *       there is a vacancy, to farther ones to make a place for a new entry. Each is copied
   *       before it is overwritten. The version of the table is odd meanwhile, and another even
   *       number afterwards;
   *   (e) a split: the entries of the upper half are copied to a table that nobody sees; the
   *       directory leads there; then they are vacated in the lower one, as a part of (d).
   *
   * All copies of an entry are alike while there is more than one, because the same writer has to
   * end (d) or (e) before it can replace the address. So whatever slot a reader finds, its address
   * was that of the entry at the moment of reading: a hit is true at that moment, and there is
   * nothing else to check. It may be in a table that the directory does not lead to any more, but
   * only until that is purged.
   *
   * A miss is believed if, after the lines were read, the version is the one from before and even,
   * and the directory leads to the same table. Suppose that an entry was there from call to return.
   * Tables only ever lose elements of the directory, so it led to this table all the time, and the
   * entry was not vacated by a split. No move overlapped with the reading of the lines: a reader
   * that sees a slot as (d) left it also sees a version of then or later. So the entry lay in one
   * slot all the time, and all lines from its home up to that one were full: (a) and (b) leave them
   * full, (c) does not happen there. So the reader came to the slot. It took it for another's only
   * if the record was not that of the key, which can be if (b) gave it another address and the
   * record at the old one went away. Therefore a slot that was refused is read again, and asked
   * about again if it has changed.
   *
   * An exception leaves everything as it was: memory is allocated and pages are touched (which
   * saves them, if an image is being taken) before the first slot changes.
   */

  /// The greatest address.
  public static final long ADDRESS_MAX = HashTable.ADDRESS_MAX;

  /// Instead of an address: entries moved meanwhile.
  static final long LOOK_AGAIN = -1;

  /// How many bits of a hash choose a table at most; as many as a slot keeps.
  static final int DEPTH_MAX = 21;

  /// A table with fewer entries is not split: if there is no place in it then too many of its
  /// hashes end in the same bits, and a split would not help for long.
  private static final int SPLIT_COUNT_MIN = HashTable.COUNT_MAX / 4;

  private static final int SPINS_BEFORE_PARK = 100;
  private static final long PARK_NANOS = 20_000;

  private final Pages pages;
  private final KeyReader keys;
  private final HashTableList tables;
  private final HashOverflow overflow;
  private final AtomicLong size = new AtomicLong();

  /// Changes that are not part of the table yet; null once there are none.
  private volatile @Nullable PendingRows pending;

  /// Replaced when it is doubled. Between, the writer changes single elements.
  private volatile Directory directory;

  /// The table for each value of the first bits of a hash.
  private static final class Directory {
    private static final VarHandle ELEMENTS =
        MethodHandles.arrayElementVarHandle(HashTable[].class);

    private final int depth;

    /// How far to shift [#DEPTH_MAX] bits of a hash, so that `depth` bits are left.
    private final int shift;

    private final HashTable[] elements;

    Directory(int depth, HashTable[] elements) {
      this.depth = depth;
      this.shift = DEPTH_MAX - depth;
      this.elements = elements;
    }

    HashTable of(long hash) {
      return at(prefix(hash) >>> shift);
    }

    HashTable at(int index) {
      return (HashTable) ELEMENTS.getAcquire(elements, index);
    }

    /// Leads all hashes with a prefix to a table.
    void set(int prefix, int prefixDepth, HashTable table) {
      int first = prefix >>> shift;
      int end = first + (1 << (depth - prefixDepth));
      for (int i = first; i < end; i++) {
        ELEMENTS.setRelease(elements, i, table);
      }
    }

    Directory doubled() {
      var twice = new HashTable[2 * elements.length];
      for (int i = 0; i < twice.length; i++) {
        twice[i] = elements[i >>> 1];
      }
      return new Directory(depth + 1, twice);
    }
  }

  private HashIndex(Pages pages, KeyReader keys, HashTableList tables, Directory directory) {
    this.pages = pages;
    this.keys = keys;
    this.tables = tables;
    this.overflow = HashOverflow.open(pages, tables);
    this.directory = directory;
  }

  /// Makes an empty table.
  ///
  /// @param pages where to keep it
  /// @param keys what reads keys at the addresses it will hold
  /// @throws OutOfMemoryError if there is no memory
  public static HashIndex create(Pages pages, KeyReader keys) {
    HashTableList tables = HashTableList.create(pages);
    int page = pages.allocate(HashTable.PAGE_COUNT);
    tables.reserve();
    tables.append(page, 0, 0, 0);
    HashTable[] elements = {new HashTable(pages, page, 0)};
    return new HashIndex(pages, keys, tables, new Directory(0, elements));
  }

  /// Goes on with a table that is in pages. The slots are not looked at before they are asked for.
  ///
  /// @param pages where it is
  /// @param keys what reads keys at the addresses in it
  /// @param metaPage what [#metaPage()] said
  /// @throws DamagedImageException if there is no such table
  public static HashIndex open(Pages pages, KeyReader keys, int metaPage) {
    HashTableList tables = HashTableList.open(pages, metaPage);
    var index = new HashIndex(pages, keys, tables, directory(pages, tables));
    long entryCount = index.overflow.count();
    for (int ordinal = 0; ordinal < tables.tableCount(); ordinal++) {
      entryCount += tables.count(ordinal);
    }
    index.size.set(entryCount);
    return index;
  }

  private static Directory directory(Pages pages, HashTableList tables) {
    int depth = 0;
    long covered = 0;
    for (int ordinal = 0; ordinal < tables.tableCount(); ordinal++) {
      depth = Math.max(depth, tables.depth(ordinal));
      covered += 1L << (DEPTH_MAX - tables.depth(ordinal));
    }
    if (covered != 1L << DEPTH_MAX) {
      throw new DamagedImageException("the tables are not for all hashes");
    }
    var elements = new @Nullable HashTable[1 << depth];
    for (int ordinal = 0; ordinal < tables.tableCount(); ordinal++) {
      int first = tables.prefix(ordinal) >>> (DEPTH_MAX - depth);
      int end = first + (1 << (depth - tables.depth(ordinal)));
      if (end > elements.length || elements[first] != null) {
        throw new DamagedImageException("two tables are for the same hashes");
      }
      Arrays.fill(elements, first, end, new HashTable(pages, tables.page(ordinal), ordinal));
    }
    return new Directory(depth, complete(elements));
  }

  /// Every element was set, as the hashes that are covered add up to all.
  @SuppressWarnings("NullAway")
  private static HashTable[] complete(@Nullable HashTable[] elements) {
    return elements;
  }

  /// {@return the page from which [#open] finds everything else}
  public int metaPage() {
    return tables.firstPage();
  }

  /// Looks for a key. Any thread.
  ///
  /// @param hash the hash of the key
  /// @param bucket the number of its bucket
  /// @param key an array with the key
  /// @param offset where in the array the key begins
  /// @param count how many bytes it has
  /// @return the address of its record, 0 if there is none
  public long find(long hash, int bucket, byte[] key, int offset, int count) {
    return search(hash, bucket, key, offset, count);
  }

  /// Looks for a key of the index. Any thread.
  ///
  /// @return the address of its record, 0 if there is none
  public long find(long hash, byte[] indexKey) {
    int prefix = IndexKey.PREFIX_SIZE;
    return search(hash, IndexKey.bucket(indexKey), indexKey, prefix, indexKey.length - prefix);
  }

  /// Looks for a key of which only the hash is known. Any thread.
  ///
  /// @return the address of a record whose key has exactly this hash, 0 if there is none
  public long findByHash(long hash) {
    return search(hash, 0, null, 0, 0);
  }

  private long search(long hash, int bucket, byte @Nullable [] key, int offset, int count) {
    for (int attempt = 0; ; attempt++) {
      long address = searchIn(tableOf(hash), hash, bucket, key, offset, count);
      if (address != LOOK_AGAIN) {
        return address;
      }
      pause(attempt);
    }
  }

  /// Looks for a record in the table that the directory led to a moment ago.
  ///
  /// @return its address; 0 if there is none; [#LOOK_AGAIN] if that is not certain
  long searchIn(
      HashTable table, long hash, int bucket, byte @Nullable [] key, int offset, int count) {
    int version = table.version();
    long address = table.find(keys, hash, bucket, key, offset, count);
    if (address != 0) {
      return address;
    }
    if (!stayed(table, hash, version)) {
      return LOOK_AGAIN;
    }
    return overflow.count() == 0 ? 0 : overflow.find(keys, hash, bucket, key, offset, count);
  }

  /// {@return whether the index holds an address for a hash} Any thread.
  public boolean contains(long hash, long address) {
    for (int attempt = 0; ; attempt++) {
      HashTable table = tableOf(hash);
      int version = table.version();
      if (table.locate(hash, address) >= 0) {
        return true;
      }
      if (stayed(table, hash, version)) {
        return overflow.count() != 0 && overflow.contains(hash, address);
      }
      pause(attempt);
    }
  }

  /// {@return something read from where [#find] will look first} Any thread. To be called for some
  /// hashes before they are looked for: the processor then waits for memory once instead of once
  /// for each. The results must be used for something, or the calls may be optimised away.
  public long prefetch(long hash) {
    return tableOf(hash).peek(hash);
  }

  /// Says where the records of hashes probably are. Any thread. A record has to be asked for its
  /// key.
  ///
  /// @param hashes has the hashes
  /// @param count how many
  /// @param guesses is filled with the addresses, 0 where there probably is none
  /// @return to be used for something, as with [#prefetch]
  public long guess(long[] hashes, int count, long[] guesses) {
    // Few instructions for each hash in the first loop: the processor waits for as many lines at
    // the
    // same time as it can look ahead. Elements are read as they come; what they lead to is asked.
    Directory now = directory;
    HashTable[] elements = now.elements;
    int shift = now.shift;
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += elements[prefix(hashes[i]) >>> shift].peek(hashes[i]);
    }
    for (int i = 0; i < count; i++) {
      guesses[i] = elements[prefix(hashes[i]) >>> shift].guess(hashes[i]);
    }
    return sum;
  }

  HashTable tableOf(long hash) {
    PendingRows waiting = pending;
    if (waiting != null) {
      waiting.require(hash);
    }
    return directory.of(hash);
  }

  /// Takes changes over that are applied when they are needed. Before any other thread knows the
  /// table.
  void pend(IndexDeltas deltas) {
    pending = new PendingRows(deltas, this);
  }

  /// Applies changes that are pending.
  ///
  /// @return whether there are more
  boolean mergeStep() {
    PendingRows waiting = pending;
    return waiting != null && waiting.step();
  }

  /// Applies all changes that are pending.
  void mergeAll() {
    PendingRows waiting = pending;
    if (waiting != null) {
      waiting.requireAll();
    }
  }

  /// {@return whether changes are pending} Any thread.
  boolean isPending() {
    return pending != null;
  }

  /// All changes that were pending are part of the table.
  void allMerged() {
    pending = null;
  }

  /// Applies a change that was pending; with the lock of [PendingRows].
  ///
  /// @return whether it fits
  boolean apply(long hash, long from, long to) {
    if (from < 0 || from > ADDRESS_MAX || to < 0 || to > ADDRESS_MAX) {
      return false;
    }
    if (from == 0) {
      if (to != 0) {
        insertMerged(hash, to);
      }
      return to != 0;
    }
    return to == 0 ? removeMerged(hash, from) : replaceMerged(hash, from, to);
  }

  /// The first bits of a hash, as many as a slot keeps.
  private static int prefix(long hash) {
    return (int) (hash >>> (Long.SIZE - DEPTH_MAX));
  }

  /// {@return whether nothing has moved from where a reader looked for a hash}
  private boolean stayed(HashTable table, long hash, int version) {
    return (version & 1) == 0 && table.version() == version && tableOf(hash) == table;
  }

  private static void pause(int attempt) {
    if (attempt < SPINS_BEFORE_PARK) {
      Thread.onSpinWait();
    } else {
      LockSupport.parkNanos(PARK_NANOS);
    }
  }

  /// Adds an entry. The writer's.
  ///
  /// @param hash the hash of a key that has no entry
  /// @param address where its record is
  /// @throws OutOfMemoryError if there is no memory; nothing has changed for readers then
  public void insert(long hash, long address) {
    requireAddress(address);
    PendingRows waiting = pending;
    if (waiting == null) {
      insertMerged(hash, address);
      return;
    }
    waiting.lock().lock();
    try {
      waiting.require(hash);
      insertMerged(hash, address);
    } finally {
      waiting.lock().unlock();
    }
  }

  private void insertMerged(long hash, long address) {
    while (!insertNow(hash, address)) {
      split(directory.of(hash));
    }
    size.setRelease(size.getPlain() + 1);
  }

  /// Adds an entry, unless a split has to make room first.
  private boolean insertNow(long hash, long address) {
    HashTable table = directory.of(hash);
    int ordinal = table.ordinal();
    int count = tables.count(ordinal);
    tables.touch(ordinal);
    if (count < HashTable.COUNT_MAX && table.insert(hash, address)) {
      tables.setCount(ordinal, count + 1);
      return true;
    }
    if (count >= SPLIT_COUNT_MIN && tables.depth(ordinal) < DEPTH_MAX) {
      return false;
    }
    overflow.add(hash, address);
    return true;
  }

  /// Gives an entry another address. The writer's.
  ///
  /// @return whether there was an entry with that hash and the address `from`; if not, nothing has
  ///   changed
  public boolean replace(long hash, long from, long to) {
    requireAddress(to);
    PendingRows waiting = pending;
    if (waiting == null) {
      return replaceMerged(hash, from, to);
    }
    waiting.lock().lock();
    try {
      waiting.require(hash);
      return replaceMerged(hash, from, to);
    } finally {
      waiting.lock().unlock();
    }
  }

  private boolean replaceMerged(long hash, long from, long to) {
    HashTable table = directory.of(hash);
    int position = table.locate(hash, from);
    if (position < 0) {
      return overflow.replace(hash, from, to);
    }
    table.touch(position);
    table.put(position, hash, to);
    return true;
  }

  /// Removes an entry. The writer's.
  ///
  /// @return whether there was an entry with that hash and address
  public boolean remove(long hash, long address) {
    PendingRows waiting = pending;
    if (waiting == null) {
      return removeMerged(hash, address);
    }
    waiting.lock().lock();
    try {
      waiting.require(hash);
      return removeMerged(hash, address);
    } finally {
      waiting.lock().unlock();
    }
  }

  private boolean removeMerged(long hash, long address) {
    HashTable table = directory.of(hash);
    int position = table.locate(hash, address);
    if (position >= 0) {
      int ordinal = table.ordinal();
      tables.touch(ordinal);
      table.remove(position);
      tables.setCount(ordinal, tables.count(ordinal) - 1);
    } else if (!overflow.remove(hash, address)) {
      return false;
    }
    size.setRelease(size.getPlain() - 1);
    return true;
  }

  /// {@return how many entries there are, but for changes that are pending} Any thread.
  public long size() {
    return size.getAcquire();
  }

  /// {@return how many bytes of memory the table takes} The writer's.
  public long usedBytes() {
    long count =
        (long) tables.tableCount() * HashTable.PAGE_COUNT
            + tables.pageCount()
            + overflow.pageCount();
    return count << Pages.PAGE_SHIFT;
  }

  /// Calls a visitor with every address, in no order. The writer's; the visitor must not change
  /// anything.
  public void forEach(LongConsumer visitor) {
    mergeAll();
    Directory now = directory;
    for (int i = 0; i < now.elements.length; ) {
      HashTable table = now.at(i);
      table.forEach(visitor);
      i += 1 << (now.depth - tables.depth(table.ordinal()));
    }
    overflow.forEach(visitor);
  }

  private void split(HashTable lower) {
    int depth = tables.depth(lower.ordinal());
    long bit = Long.MIN_VALUE >>> depth;
    Directory next = depth == directory.depth ? directory.doubled() : directory;
    tables.touch(lower.ordinal());
    tables.reserve();
    int page = pages.allocate(HashTable.PAGE_COUNT);
    var upper = new HashTable(pages, page, tables.tableCount());
    int moved;
    boolean isCopied = false;
    try {
      moved = lower.copyUpper(bit, upper);
      isCopied = true;
    } finally {
      if (!isCopied) {
        pages.free(page, HashTable.PAGE_COUNT);
      }
    }
    int prefix = tables.prefix(lower.ordinal()) | prefix(bit);
    tables.append(page, prefix, depth + 1, moved);
    tables.setDepth(lower.ordinal(), depth + 1);
    tables.setCount(lower.ordinal(), tables.count(lower.ordinal()) - moved);
    next.set(prefix, depth + 1, upper);
    directory = next;
    lower.purge(bit);
  }

  private static void requireAddress(long address) {
    if (address < 1 || address > ADDRESS_MAX) {
      throw new IllegalArgumentException("not an address: " + address);
    }
  }

  /// Checks everything that must be true between changes. The writer's; for tests.
  ///
  /// @throws AssertionError if something is not
  void checkInvariants() {
    Directory now = directory;
    long counted = overflow.count();
    int tableCount = 0;
    for (int i = 0; i < now.elements.length; ) {
      HashTable table = now.at(i);
      int ordinal = table.ordinal();
      int prefix = tables.prefix(ordinal);
      int width = 1 << (now.depth - tables.depth(ordinal));
      if (prefix != i << now.shift) {
        throw new AssertionError("table %d has prefix %x at %d".formatted(ordinal, prefix, i));
      }
      for (int j = i; j < i + width; j++) {
        if (now.at(j) != table) {
          throw new AssertionError("table %d is not at %d".formatted(ordinal, j));
        }
      }
      long top = (long) prefix << (Long.SIZE - DEPTH_MAX);
      table.check(top, tables.depth(ordinal), tables.count(ordinal));
      counted += tables.count(ordinal);
      tableCount++;
      i += width;
    }
    overflow.check();
    if (counted != size() || tableCount != tables.tableCount()) {
      throw new AssertionError(
          "%d entries counted, size %d; %d tables of %d"
              .formatted(counted, size(), tableCount, tables.tableCount()));
    }
  }
}
