package dev.larder.internal.index;

import dev.larder.Statistics.IndexMemory;
import dev.larder.internal.index.KeyReader.RetryException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Where the newest record of every key is, in memory outside the heap: a hash table that answers
/// for one key, and a tree that gives the keys in order.
///
/// Neither holds keys: both read them out of the records through a [KeyReader].
///
/// **Threads.** Looking up and walking need no lock and are safe for any number of threads. Changes
/// are for one thread at a time, the one that holds the commit lock; [#order()] may be called by
/// any thread at any time.
public final class Index implements AutoCloseable, OrderIndex.Keys {
  /*
   * The tree holds a key's hash and the first bytes of the key, not its address: what moves or
   * supersedes a record touches the table alone, and a walk asks the table where each record is. Two
   * keys of one store whose hashes of 64 bits are equal are not to be expected, but the second of
   * them must work: such a key stands, whole, in `collisions` instead of table and tree.
   *
   * The tree is kept off the path of a commit. A new key goes into a queue, in the order of commits;
   * whoever calls `order()` moves keys from the queue to the tree, in sorted batches: a worker in the
   * background, a walk before it begins, or the writer when the queue is full.
   *
   * Lock order: the commit lock, then `orderLock`.
   */
  /// How many keys a commit moves to the tree when the queue is full, and how many others do.
  private static final int BATCH_OF_WRITER = 1 << 10;

  private static final int BATCH_OF_OTHERS = 1 << 13;

  /// How many keys that are pending the tree takes at a time when nobody waits for that.
  private static final int BATCH_UNASKED = 1 << 11;

  /// A commit may split a table, and begin pages of deadlines.
  private static final int PAGES_RESERVED = 72;

  private static final int KEYS_PER_PAGE = 200;

  private final Pages pages;
  private final KeyReader keys;
  private final KeyHash keyHash;
  private final HashIndex table;
  private final @Nullable OrderIndex tree;
  private final @Nullable OrderIntake intake;

  private final ConcurrentSkipListMap<byte[], Long> collisions =
      new ConcurrentSkipListMap<>(Arrays::compareUnsigned);

  private final ReentrantLock orderLock = new ReentrantLock();

  /// What is written down behind an image of the index.
  private final DeltaBuffer changes = new DeltaBuffer();

  private @Nullable IndexDeltas deltas;

  /// Keys that the tree is letting go of and the table has not any more.
  private volatile Map<Long, byte[]> departing = Map.of();

  /// Changes that are not part of the tree yet; null once there are none. Changes with `orderLock`.
  private volatile @Nullable PendingOrder pendingOrder;

  /// Takes what would otherwise be computed for nothing.
  long prefetched;

  private Index(
      Pages pages,
      KeyReader keys,
      KeyHash keyHash,
      HashIndex table,
      java.util.function.@Nullable Function<OrderIndex.Keys, OrderIndex> tree) {
    this.pages = pages;
    this.keys = keys;
    this.keyHash = keyHash;
    this.table = table;
    this.tree = tree == null ? null : tree.apply(this);
    this.intake = this.tree == null ? null : new OrderIntake(this.tree, table, keys, keyHash);
  }

  /// Makes an index without entries.
  ///
  /// @param pages the memory that it takes
  /// @param keys what reads keys
  /// @param keyHash the hash of the store
  /// @param isOrdered whether keys can be walked over in order
  public static Index create(Pages pages, KeyReader keys, KeyHash keyHash, boolean isOrdered) {
    return new Index(
        pages,
        keys,
        keyHash,
        HashIndex.create(pages, keys),
        isOrdered ? reader -> OrderIndex.create(pages, reader) : null);
  }

  /// Goes on from pages that were written to a file.
  ///
  /// @param pages the pages
  /// @param keys what reads keys
  /// @param keyHash the hash of the store
  /// @param tablePage what [#tablePage()] said
  /// @param treePage what [#treePage()] said
  public static Index open(
      Pages pages, KeyReader keys, KeyHash keyHash, int tablePage, int treePage) {
    return new Index(
        pages,
        keys,
        keyHash,
        HashIndex.open(pages, keys, tablePage),
        treePage == Pages.NO_PAGE ? null : reader -> OrderIndex.open(pages, reader, treePage));
  }

  /// Takes over what happened after the image from which the index was opened. It becomes part of
  /// the index when it is asked for, by and by with each [#mergeSome()], and with [#order()].
  /// Before any other thread knows the index, which closes it.
  public void pend(IndexDeltas pending) {
    deltas = pending;
    table.pend(pending);
    pendingOrder = tree == null ? null : new PendingOrder(pending, table);
  }

  /// Lets go of what [#pend] took over, all of which is part of the index by now.
  public void mergedAll() {
    orderLock.lock();
    try {
      if (deltas != null && !table.isPending() && pendingOrder == null) {
        deltas.close();
        deltas = null;
      }
    } finally {
      orderLock.unlock();
    }
  }

  /// {@return where what happens is gathered}
  public DeltaBuffer changes() {
    return changes;
  }

  /// {@return the page from which the table can be found again}
  public int tablePage() {
    return table.metaPage();
  }

  /// {@return the page from which the tree can be found again; [Pages#NO_PAGE] if there is none}
  public int treePage() {
    return tree == null ? Pages.NO_PAGE : tree.metaPage();
  }

  /// {@return whether keys can be walked over in order}
  public boolean isOrdered() {
    return tree != null;
  }

  /// {@return the memory that the index takes}
  public Pages pages() {
    return pages;
  }

  /// {@return the hash of the store}
  public KeyHash keyHash() {
    return keyHash;
  }

  /// {@return the address of a key's newest record; 0 if there is none}
  ///
  /// @param hash the hash of the key
  /// @param bucket the number of its bucket
  /// @param key an array with the key
  /// @param offset where in the array the key begins
  /// @param count how many bytes it has
  /// @throws RetryException if a record went away meanwhile
  public long find(long hash, int bucket, byte[] key, int offset, int count) {
    long address = table.find(hash, bucket, key, offset, count);
    return address != 0 || collisions.isEmpty()
        ? address
        : findCollided(bucket, key, offset, count);
  }

  private long findCollided(int bucket, byte[] key, int offset, int count) {
    byte[] indexKey = IndexKey.begin(bucket, count);
    System.arraycopy(key, offset, indexKey, IndexKey.PREFIX_SIZE, count);
    Long address = collisions.get(indexKey);
    return address == null ? 0 : address;
  }

  /// {@return the address of the newest record of an index key; 0 if there is none}
  public long find(long hash, byte[] indexKey) {
    int prefix = IndexKey.PREFIX_SIZE;
    return find(hash, IndexKey.bucket(indexKey), indexKey, prefix, indexKey.length - prefix);
  }

  /// {@return the address of the newest record of the key with a hash, as the tree has it; 0 if
  /// there is none}
  public long findByHash(long hash) {
    return table.findByHash(hash);
  }

  /// Starts loading what a look-up will need, so that the waits for many keys overlap.
  ///
  /// @return something that depends on it, so that no compiler leaves it out
  public long prefetch(long hash) {
    return table.prefetch(hash);
  }

  /// Says where the newest records of keys probably are. A record has to be asked for its key; if
  /// that is another one, [#findByHash] knows.
  ///
  /// @param hashes has the hashes of the keys
  /// @param count how many
  /// @param guesses is filled with the addresses, 0 where there probably is none
  public void guess(long[] hashes, int count, long[] guesses) {
    prefetched = table.guess(hashes, count, guesses);
  }

  /// {@return whether the index points to an address for a key with a hash}
  public boolean pointsTo(long hash, long address) {
    return table.contains(hash, address)
        || (!collisions.isEmpty() && collisions.containsValue(address));
  }

  /// {@return keys that share their hash with another, in order, with the addresses of their newest
  /// records}
  public Map<byte[], Long> collisions() {
    return collisions;
  }

  /// Adds a key that has no record.
  ///
  /// @param hash its hash
  /// @param indexKey the key; the array may be kept
  /// @param address where its record is
  public void insert(long hash, byte[] indexKey, long address) {
    if (table.findByHash(hash) != 0) {
      collide(indexKey, address);
      return;
    }
    table.insert(hash, address);
    changes.row(hash, 0, address);
    addToOrder(hash, address);
  }

  /// Points a key to another record.
  ///
  /// @param hash the hash of the key
  /// @param from where the index points to
  /// @param to where it shall point to
  /// @return whether the index pointed to `from`
  public boolean replace(long hash, long from, long to) {
    if (table.replace(hash, from, to)) {
      changes.row(hash, from, to);
      return true;
    }
    for (Map.Entry<byte[], Long> collided : collisions.entrySet()) {
      if (collided.getValue() == from) {
        collisions.put(collided.getKey(), to);
        return true;
      }
    }
    return false;
  }

  /// Removes a key, from the tree first.
  ///
  /// @param hash its hash
  /// @param indexKey the key
  /// @param address where the index points to
  public void remove(long hash, byte[] indexKey, long address) {
    if (collisions.remove(indexKey, address)) {
      return;
    }
    orderLock.lock();
    try {
      OrderIndex order = tree;
      if (order != null) {
        removePending(order);
        order.remove(indexKey, hash);
        changes.departed(hash, indexKey);
      }
      // with the lock, so that the tree does not take it again between
      removeFromTable(hash, address);
    } finally {
      orderLock.unlock();
    }
  }

  /// Removes a key from the table alone, where the tree cannot be asked yet; see
  /// [#removeFromOrder].
  ///
  /// @return whether the index pointed to the address
  public boolean removeFromTable(long hash, long address) {
    if (table.remove(hash, address)) {
      changes.row(hash, address, 0);
      return true;
    }
    return collisions.values().remove(address);
  }

  /// Nobody has ever seen such a key: no image and nothing behind one has a place for it.
  private void collide(byte[] indexKey, long address) {
    collisions.put(indexKey, address);
    changes.end();
  }

  /// Sees to it that the tree has let go of what went from it before it is changed; with the lock.
  private void removePending(OrderIndex order) {
    PendingOrder waiting = pendingOrder;
    if (waiting != null) {
      waiting.remove(order);
    }
  }

  /// Adds a key to the table alone, where the tree cannot be asked yet; see [#addToOrder].
  public void insertIntoTable(long hash, byte[] indexKey, long address) {
    if (table.findByHash(hash) != 0) {
      collide(indexKey, address);
    } else {
      table.insert(hash, address);
      changes.row(hash, 0, address);
    }
  }

  /// Has the tree take keys that the table has, those that it has not got; later, so that this
  /// takes no time. Before any other thread knows the index.
  ///
  /// @param added hash and address of each; see [#addToOrder]
  /// @param count how many keys
  public void addAllToOrder(long[] added, int count) {
    OrderIntake into = intake;
    if (into != null) {
      into.reserve(count);
      for (int i = 0; i < 2 * count; i += 2) {
        changes.newKey(added[i], added[i + 1]);
        into.add(added[i], added[i + 1]);
      }
    }
  }

  /// Has the tree take a key that the table has, if it has not got it.
  ///
  /// @param hash its hash
  /// @param address where its record was written; 0 if that is not known
  public void addToOrder(long hash, long address) {
    OrderIntake into = intake;
    if (into != null) {
      while (into.isFull()) {
        if (!grow(into)) {
          order(BATCH_OF_WRITER);
        }
      }
      changes.newKey(hash, address);
      into.add(hash, address);
    }
  }

  private boolean grow(OrderIntake into) {
    orderLock.lock();
    try {
      return into.grow();
    } finally {
      orderLock.unlock();
    }
  }

  /// Removes keys from the tree, those of which the table has none with the same hash. Before any
  /// other thread knows the index.
  ///
  /// @param removed keys by their hash
  public void removeFromOrder(Map<Long, byte[]> removed) {
    OrderIndex order = tree;
    if (order == null || removed.isEmpty()) {
      return;
    }
    var gone = new HashMap<>(removed);
    gone.keySet().removeIf(hash -> table.findByHash(hash) != 0);
    orderLock.lock();
    try {
      departing = gone; // the tree compares keys with each other
      removePending(order);
      PendingOrder.removeAll(order, gone);
      gone.forEach(changes::departed);
    } finally {
      departing = Map.of();
      orderLock.unlock();
    }
  }

  /// Removes keys from the tree. The table has to follow; see [#removeFromTable].
  ///
  /// @param count how many
  /// @param hashes the hash of each
  /// @param removedKeys the key of each; null if it is not to be removed after all. It is asked
  ///   while no key can come to the tree
  public void removeFromOrder(
      int count, IntToLongFunction hashes, IntFunction<byte @Nullable []> removedKeys) {
    OrderIndex order = tree;
    if (order == null) {
      return;
    }
    orderLock.lock();
    try {
      byte[][] found = new byte[count][];
      long[] foundHashes = new long[count];
      int foundCount = 0;
      for (int i = 0; i < count; i++) {
        byte[] key = removedKeys.apply(i);
        if (key != null) {
          found[foundCount] = key;
          foundHashes[foundCount++] = hashes.applyAsLong(i);
        }
      }
      removePending(order);
      order.removeAll(found, foundHashes, KeySort.order(found, foundCount));
      for (int i = 0; i < foundCount; i++) {
        changes.departed(foundHashes[i], found[i]);
      }
    } finally {
      orderLock.unlock();
    }
  }

  /// Makes sure of the memory that so many insertions may need, so that none fails half way.
  ///
  /// @throws OutOfMemoryError if there is none
  public void reserve(int count) {
    pages.reserve(PAGES_RESERVED + count / KEYS_PER_PAGE);
  }

  /// {@return how many keys there are, those included that were removed and are kept for snapshots}
  public long size() {
    table.mergeAll();
    return table.size() + collisions.size();
  }

  /// {@return what it takes of memory outside the heap; under the commit lock}
  public IndexMemory memory() {
    orderLock.lock();
    try {
      long tableBytes = table.usedBytes();
      long treeBytes = tree == null ? 0 : tree.usedBytes();
      // Page 0 is nobody's; what is neither table nor tree has deadlines.
      long deadlineBytes = pages.usedBytes() - Pages.PAGE_SIZE - tableBytes - treeBytes;
      long freeBytes = pages.memoryBytes() - tableBytes - treeBytes - deadlineBytes;
      return new IndexMemory(size(), tableBytes, treeBytes, deadlineBytes, freeBytes);
    } finally {
      orderLock.unlock();
    }
  }

  /// {@return how many keys wait for the tree to take them}
  public long queued() {
    return intake == null ? 0 : intake.count();
  }

  /// Has the tree take every key that was inserted before the call, and everything become part of
  /// the index that was written down behind its image.
  public void order() {
    if (table.isPending()) {
      table.mergeAll();
    }
    OrderIntake from = intake;
    while (pendingOrder != null && from != null) {
      orderPending(from, BATCH_OF_OTHERS);
    }
    if (from != null) {
      long until = from.end();
      while (from.taken() < until) {
        order(BATCH_OF_OTHERS);
      }
    }
  }

  private void orderPending(OrderIntake into, int countMax) {
    orderLock.lock();
    try {
      PendingOrder waiting = pendingOrder;
      OrderIndex order = tree;
      if (waiting != null && order != null) {
        waiting.remove(order);
        if (!waiting.step(into, countMax)) {
          pendingOrder = null;
        }
      }
    } finally {
      orderLock.unlock();
    }
  }

  /// Has the tree take some keys that were inserted.
  ///
  /// @param countMax how many keys at most
  /// @return whether there are more
  public boolean order(int countMax) {
    OrderIntake from = intake;
    OrderIndex order = tree;
    if (from == null || order == null || from.count() == 0) {
      return false;
    }
    orderLock.lock();
    try {
      removePending(order);
      from.take(countMax);
      return from.count() > 0;
    } finally {
      orderLock.unlock();
    }
  }

  /// Has some of what was written down behind the image become part of the index: so little that it
  /// takes a few milliseconds at most.
  ///
  /// @return whether there is more
  public boolean mergeSome() {
    if (table.isPending()) {
      return table.mergeStep() || pendingOrder != null;
    }
    OrderIntake into = intake;
    if (into == null || pendingOrder == null) {
      return false;
    }
    orderPending(into, BATCH_UNASKED);
    return pendingOrder != null;
  }

  @Override
  public byte[] key(long handle) {
    long address = table.findByHash(handle);
    if (address == 0) {
      return departing(handle);
    }
    return keys.key(address);
  }

  private byte[] departing(long hash) {
    byte[] key = departing.get(hash);
    PendingOrder waiting = pendingOrder;
    if (key == null && waiting != null) {
      key = waiting.departing(hash);
    }
    if (key == null) {
      throw RetryException.INSTANCE;
    }
    return key;
  }

  /// Walks over the hashes of the keys of a range in order, those that were inserted before the
  /// call all included. Keys of [#collisions()] are not among them.
  ///
  /// @param from the least index key of the range; null if it is not bounded below
  /// @param to the least index key beyond the range; null if it is not bounded above
  /// @param isReversed whether to walk downwards
  public OrderIndex.Walk walk(byte @Nullable [] from, byte @Nullable [] to, boolean isReversed) {
    OrderIndex order = tree;
    if (order == null) {
      throw new UnsupportedOperationException("the store was opened without order");
    }
    order();
    return order.walk(from, to, isReversed);
  }

  /// Shows every address that the index points to, in no order; under the commit lock.
  public void forEach(LongConsumer visitor) {
    table.forEach(visitor);
    collisions.values().forEach(visitor::accept);
  }

  /// Runs something while the tree does not change, after it has taken every key. Under the commit
  /// lock.
  public void frozen(Runnable action) {
    order();
    orderLock.lock();
    try {
      action.run();
    } finally {
      orderLock.unlock();
    }
  }

  /// Gives the memory back.
  @Override
  public void close() {
    pages.close();
    IndexDeltas from = deltas;
    if (from != null) {
      from.close(); // closing twice does nothing
    }
  }
}
