package dev.larder.internal.index;

import dev.larder.CorruptionException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// One table of a [HashIndex]: 32,768 slots in 64 pages, for the hashes that begin with the same
/// bits.
///
/// A slot is a long. It is 0 when vacant; otherwise it holds
///
/// ```text
///  63          43 42        40 39                         0
///  +-------------+------------+----------------------------+
///  | fingerprint | displaced  | address                    |
///  +-------------+------------+----------------------------+
/// ```
///
/// Eight slots are a *line*, which is what the processor reads at once. The low 12 bits of a hash
/// choose the *home* line of its entry; when that is full, the entry lies in one of the next seven,
/// and *displaced* says in which. The fingerprint is the top 21 bits of the hash. Those that choose
/// the table are among them, so that a table is split without looking at a key.
///
/// **Threads.** One writer at a time; readers need no lock. What they may conclude is explained in
/// [HashIndex].
///
/// **Invariants**, unless the version is odd:
///
/// 1. Each line between the home of an entry and the line it lies in, without the latter, is full.
/// 2. No more than [#COUNT_MAX] slots are taken. So there is a line that is not full, past which
///    nothing is displaced.
final class HashTable {
  /// How many pages a table takes: two tables fill a chunk.
  static final int PAGE_COUNT = 64;

  /// How many slots are taken at most, 85 % of all. From there on the way to a slot would get long.
  static final int COUNT_MAX = 27_852;

  /// The greatest address.
  static final long ADDRESS_MAX = (1L << 40) - 1;

  private static final int LINE_COUNT = 4096;
  private static final int LINE_MASK = LINE_COUNT - 1;
  private static final int LINE_SIZE_SHIFT = 6;
  private static final int LINE_SIZE = 1 << LINE_SIZE_SHIFT;
  private static final int SLOTS_SHIFT = 3;
  private static final int SLOTS_PER_LINE = 1 << SLOTS_SHIFT;
  private static final int SLOT_COUNT = LINE_COUNT * SLOTS_PER_LINE;
  private static final int SLOTS_PER_PAGE_SHIFT = 9;

  private static final int DISPLACEMENT_MAX = 7;
  private static final int DISPLACEMENT_SHIFT = 40;
  private static final long DISPLACEMENT_UNIT = 1L << DISPLACEMENT_SHIFT;
  private static final long FINGERPRINT_MASK = -1L << 43;

  /// For guesses: not in any order with other reads.
  private static final ValueLayout.OfLong UNORDERED_SLOT =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final VarHandle SLOT =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
  private static final VarHandle VERSION;

  static {
    try {
      VERSION = MethodHandles.lookup().findVarHandle(HashTable.class, "version", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Pages pages;

  /// The first of its pages.
  private final int page;

  /// Which table of the index it is.
  private final int ordinal;

  /// The chunk that the pages are in, once somebody asked. A race to set it is harmless: memory
  /// segments are immutable.
  private @Nullable MemorySegment chunk;

  /// Odd while entries change places. Read with acquire, written with release.
  private int version;

  HashTable(Pages pages, int page, int ordinal) {
    this.pages = pages;
    this.page = page;
    this.ordinal = ordinal;
  }

  int ordinal() {
    return ordinal;
  }

  /// {@return the version; odd while entries change places}
  int version() {
    return (int) VERSION.getAcquire(this);
  }

  private MemorySegment memory() {
    MemorySegment known = chunk;
    return known != null ? known : resolve();
  }

  private MemorySegment resolve() {
    MemorySegment found = pages.chunk(page);
    chunk = found;
    return found;
  }

  /// Looks for the record of a key, or of a hash.
  ///
  /// @param key the key, or null if the hash must be the same and nothing else
  /// @return its address; 0 if there is none, which is to be believed only if the version was even
  ///   before and is the same afterwards
  long find(KeyReader keys, long hash, int bucket, byte @Nullable [] key, int offset, int count) {
    MemorySegment memory = memory();
    long base = Pages.offset(page);
    long tag = hash & FINGERPRINT_MASK;
    int line = (int) hash & LINE_MASK;
    for (int displacement = 0; displacement <= DISPLACEMENT_MAX; displacement++) {
      long at = base + ((long) line << LINE_SIZE_SHIFT);
      long vacancy = 0;
      for (int i = 0; i < LINE_SIZE; i += Long.BYTES) {
        long slot = (long) SLOT.getAcquire(memory, at + i);
        if ((slot ^ tag) >>> DISPLACEMENT_SHIFT == 0) {
          long address = confirm(memory, at + i, slot, keys, hash, bucket, key, offset, count);
          if (address != 0) {
            return address;
          }
        }
        vacancy |= (slot - 1) & ~slot; // negative if the slot is 0, and only then
      }
      if (vacancy < 0) {
        return 0;
      }
      tag += DISPLACEMENT_UNIT;
      line = (line + 1) & LINE_MASK;
    }
    return 0;
  }

  /// Asks whether a slot is the one. The answer is about the address, so that a slot which got
  /// another address meanwhile must be asked about again: no version tells of that.
  private static long confirm(
      MemorySegment memory,
      long at,
      long slot,
      KeyReader keys,
      long hash,
      int bucket,
      byte @Nullable [] key,
      int offset,
      int count) {
    for (long seen = slot; ; ) {
      long address = seen & ADDRESS_MAX;
      if (address == 0) {
        return 0;
      }
      boolean isFound =
          key != null
              ? keys.hasKey(address, bucket, key, offset, count)
              : keys.hash(address) == hash;
      if (isFound) {
        return address;
      }
      // Another key with the same fingerprint is rare; so is a damaged record, which must not pass
      // for that.
      CorruptionException damage = keys.damage(address);
      long now = (long) SLOT.getAcquire(memory, at);
      if (now == seen) {
        if (damage != null) {
          throw damage;
        }
        return 0;
      }
      if ((now ^ slot) >>> DISPLACEMENT_SHIFT != 0) {
        return 0;
      }
      seen = now;
    }
  }

  /// {@return the position of the slot with an address for a hash; -1 if there is none, which is to
  /// be believed as with [#find]}
  int locate(long hash, long address) {
    MemorySegment memory = memory();
    long base = Pages.offset(page);
    long wanted = (hash & FINGERPRINT_MASK) | address;
    int line = (int) hash & LINE_MASK;
    for (int displacement = 0; displacement <= DISPLACEMENT_MAX; displacement++) {
      long at = base + ((long) line << LINE_SIZE_SHIFT);
      long vacancy = 0;
      for (int i = 0; i < SLOTS_PER_LINE; i++) {
        long slot = (long) SLOT.getAcquire(memory, at + (long) i * Long.BYTES);
        if (slot == wanted) {
          return (line << SLOTS_SHIFT) + i;
        }
        vacancy |= (slot - 1) & ~slot;
      }
      if (vacancy < 0) {
        return -1;
      }
      wanted += DISPLACEMENT_UNIT;
      line = (line + 1) & LINE_MASK;
    }
    return -1;
  }

  /// {@return something that is read from the home line of a hash}
  long peek(long hash) {
    return memory().get(ValueLayout.JAVA_BYTE, lineAt(hash, 0));
  }

  /// {@return where in the chunk a line begins that is so far behind the home of a hash}
  private long lineAt(long hash, int displacement) {
    long line = (hash + displacement) & LINE_MASK;
    return Pages.offset(page) + (line << LINE_SIZE_SHIFT);
  }

  /// {@return the address in a slot that may be that of a hash, without asking; 0 if there is none}
  long guess(long hash) {
    long address = guessIn(memory(), lineAt(hash, 0), hash & FINGERPRINT_MASK);
    return address != 0 ? address : guessDisplaced(hash);
  }

  /// Most entries lie in their home line, in any slot of it: so all are looked at, since no
  /// processor can foretell which one it will be.
  private static long guessIn(MemorySegment memory, long at, long tag) {
    long found = 0;
    for (int i = 0; i < LINE_SIZE; i += Long.BYTES) {
      long slot = memory.get(UNORDERED_SLOT, at + i);
      long difference = (slot ^ tag) >>> DISPLACEMENT_SHIFT;
      found |= slot & (difference - 1) >> (Long.SIZE - 1); // all ones if there is none
    }
    return found & ADDRESS_MAX;
  }

  private long guessDisplaced(long hash) {
    MemorySegment memory = memory();
    long tag = hash & FINGERPRINT_MASK;
    for (int displacement = 1; displacement <= DISPLACEMENT_MAX; displacement++) {
      tag += DISPLACEMENT_UNIT;
      long address = guessIn(memory, lineAt(hash, displacement), tag);
      if (address != 0) {
        return address;
      }
    }
    return 0;
  }

  /// Adds an entry, if there is a place for it in reach of its home, or if one can be made.
  ///
  /// @return whether there was; if not, nothing has changed
  boolean insert(long hash, long address) {
    MemorySegment memory = memory();
    int home = (int) hash & LINE_MASK;
    for (int displacement = 0; displacement <= DISPLACEMENT_MAX; displacement++) {
      int position = vacantSlot(memory, (home + displacement) & LINE_MASK);
      if (position >= 0) {
        touch(position);
        put(position, hash, address);
        return true;
      }
    }
    return insertByMoving(memory, hash, address);
  }

  /// Makes a place by hops (Herlihy, Shavit and Tzafrir, 2008): the nearest vacancy beyond reach
  /// takes an entry from a line before it, whose place is nearer, and so on. Without this a table
  /// would have to be split when it is two thirds full, because it is too crowded somewhere.
  private boolean insertByMoving(MemorySegment memory, long hash, long address) {
    int home = (int) hash & LINE_MASK;
    int vacancy = vacantSlotFrom(memory, home + DISPLACEMENT_MAX + 1);
    // All pages are touched before the first slot changes, because that may fail. Which entry takes
    // a place does not depend on the places after it, and is the same when asked again.
    touch(vacancy);
    for (int place = vacancy; distance(home, line(place)) > DISPLACEMENT_MAX; ) {
      place = predecessor(memory, place);
      if (place < 0) {
        return false;
      }
      touch(place);
    }
    beginMoves();
    while (distance(home, line(vacancy)) > DISPLACEMENT_MAX) {
      int from = predecessor(memory, vacancy);
      move(memory, from, vacancy);
      vacancy = from;
    }
    put(vacancy, hash, address);
    endMoves();
    return true;
  }

  /// {@return the position of an entry that may move from an earlier line to a position; the
  /// farthest; -1 if there is none}
  private int predecessor(MemorySegment memory, int position) {
    int line = line(position);
    for (int distance = DISPLACEMENT_MAX; distance > 0; distance--) {
      int first = ((line - distance) & LINE_MASK) << SLOTS_SHIFT;
      for (int earlier = first; earlier < first + SLOTS_PER_LINE; earlier++) {
        if (displacement(slot(memory, earlier)) + distance <= DISPLACEMENT_MAX) {
          return earlier;
        }
      }
    }
    return -1;
  }

  /// {@return the position of the first vacant slot in a line or one after it}
  private int vacantSlotFrom(MemorySegment memory, int firstLine) {
    for (int line = firstLine; ; line++) {
      int position = vacantSlot(memory, line & LINE_MASK);
      if (position >= 0) {
        return position;
      }
    }
  }

  private int vacantSlot(MemorySegment memory, int line) {
    int first = line << SLOTS_SHIFT;
    for (int position = first; position < first + SLOTS_PER_LINE; position++) {
      if (slot(memory, position) == 0) {
        return position;
      }
    }
    return -1;
  }

  /// To be called before a slot is changed by [#put].
  void touch(int position) {
    pages.touch(page + (position >>> SLOTS_PER_PAGE_SHIFT));
  }

  private void touchAll() {
    for (int i = 0; i < PAGE_COUNT; i++) {
      pages.touch(page + i);
    }
  }

  /// Puts an address into a slot, which must be vacant or have been found by [#locate].
  void put(int position, long hash, long address) {
    int displacement = distance((int) hash, line(position));
    long slot = (hash & FINGERPRINT_MASK) | address;
    setSlot(memory(), position, withDisplacement(slot, displacement));
  }

  /// Removes the entry at a position. When its line was full, others may have been displaced past
  /// it; one of those takes the place, and so on with the place that it leaves.
  void remove(int position) {
    MemorySegment memory = memory();
    touch(position);
    int next = successor(memory, position);
    if (next < 0) {
      setSlot(memory, position, 0);
      return;
    }
    for (int later = next; later >= 0; later = successor(memory, later)) {
      touch(later); // first all of them, as above
    }
    beginMoves();
    int vacated = position;
    for (; next >= 0; next = successor(memory, next)) {
      move(memory, next, vacated);
      vacated = next;
    }
    setSlot(memory, vacated, 0);
    endMoves();
  }

  /// {@return the position of an entry that may move from a later line to a position; -1 if none
  /// has been displaced past it}
  private int successor(MemorySegment memory, int position) {
    int line = line(position);
    for (int distance = 0; distance <= DISPLACEMENT_MAX; distance++) {
      int first = ((line + distance) & LINE_MASK) << SLOTS_SHIFT;
      boolean full = true;
      for (int later = first; later < first + SLOTS_PER_LINE; later++) {
        long slot = slot(memory, later);
        if (slot == 0) {
          full = false;
        } else if (distance > 0 && displacement(slot) >= distance) {
          return later;
        }
      }
      if (!full) {
        return -1;
      }
    }
    return -1;
  }

  /// Prepares for [#purge]: copies the entries to another table whose hashes have a bit set.
  ///
  /// @param upper an empty table that nobody sees yet
  /// @return how many there are
  int copyUpper(long bit, HashTable upper) {
    touchAll();
    MemorySegment memory = memory();
    MemorySegment target = upper.memory();
    // Lines are visited in the order in which entries are displaced. Each entry then finds a place
    // that is no farther from its home than the one it has.
    int start = lineAfterVacancy(memory);
    byte[] taken = new byte[LINE_COUNT];
    int count = 0;
    for (int i = 0; i < LINE_COUNT; i++) {
      int line = (start + i) & LINE_MASK;
      int first = line << SLOTS_SHIFT;
      for (int position = first; position < first + SLOTS_PER_LINE; position++) {
        long slot = slot(memory, position);
        if ((slot & bit) != 0) {
          int home = (line - displacement(slot)) & LINE_MASK;
          int displacement = 0;
          while (taken[(home + displacement) & LINE_MASK] == SLOTS_PER_LINE) {
            displacement++;
          }
          int to = (home + displacement) & LINE_MASK;
          upper.setSlot(
              target, (to << SLOTS_SHIFT) + taken[to], withDisplacement(slot, displacement));
          taken[to]++;
          count++;
        }
      }
    }
    return count;
  }

  /// Removes the entries whose hashes have a bit set, and moves the others as near to their homes
  /// as they can be. [#copyUpper] must have been called.
  void purge(long bit) {
    MemorySegment memory = memory();
    int start = lineAfterVacancy(memory);
    beginMoves();
    for (int i = 0; i < LINE_COUNT; i++) {
      int line = (start + i) & LINE_MASK;
      int first = line << SLOTS_SHIFT;
      for (int position = first; position < first + SLOTS_PER_LINE; position++) {
        long slot = slot(memory, position);
        if ((slot & bit) != 0) {
          setSlot(memory, position, 0);
        } else if (displacement(slot) > 0) {
          moveHomewards(memory, position, displacement(slot));
        }
      }
    }
    endMoves();
  }

  private void moveHomewards(MemorySegment memory, int position, int displacement) {
    int home = line(position) - displacement;
    for (int line = home; line < home + displacement; line++) {
      int nearer = vacantSlot(memory, line & LINE_MASK);
      if (nearer >= 0) {
        move(memory, position, nearer);
        setSlot(memory, position, 0);
        return;
      }
    }
  }

  /// Copies an entry to another line. What is left behind must be overwritten.
  private void move(MemorySegment memory, int from, int to) {
    long slot = slot(memory, from);
    int home = line(from) - displacement(slot);
    setSlot(memory, to, withDisplacement(slot, distance(home, line(to))));
  }

  /// {@return a line into which nothing is displaced}
  private int lineAfterVacancy(MemorySegment memory) {
    return (line(vacantSlotFrom(memory, 0)) + 1) & LINE_MASK;
  }

  /// From here on readers do not believe a miss.
  void beginMoves() {
    VERSION.setRelease(this, version + 1);
  }

  void endMoves() {
    VERSION.setRelease(this, version + 1);
  }

  /// Calls a visitor with every address.
  void forEach(LongConsumer visitor) {
    MemorySegment memory = memory();
    for (int position = 0; position < SLOT_COUNT; position++) {
      long slot = slot(memory, position);
      if (slot != 0) {
        visitor.accept(slot & ADDRESS_MAX);
      }
    }
  }

  /// Checks the invariants.
  ///
  /// @param prefix the bits that all hashes begin with, at the top of a long
  /// @param depth how many bits those are
  /// @param count how many slots are taken
  void check(long prefix, int depth, int count) {
    MemorySegment memory = memory();
    int found = 0;
    for (int position = 0; position < SLOT_COUNT; position++) {
      long slot = slot(memory, position);
      if (slot == 0) {
        continue;
      }
      found++;
      require((slot & ADDRESS_MAX) != 0, "a slot without an address", position);
      require(((slot ^ prefix) & ~(-1L >>> depth)) == 0, "not in its table", position);
      for (int back = 1; back <= displacement(slot); back++) {
        int line = ((position >>> SLOTS_SHIFT) - back) & LINE_MASK;
        require(vacantSlot(memory, line) < 0, "displaced past a vacancy", position);
      }
    }
    require(found == count && count <= COUNT_MAX, "miscounted", found);
    require((version & 1) == 0, "left while entries moved", version);
  }

  private void require(boolean isTrue, String otherwise, int detail) {
    if (!isTrue) {
      throw new AssertionError("table %d: %s: %d".formatted(ordinal, otherwise, detail));
    }
  }

  private static int line(int position) {
    return position >>> SLOTS_SHIFT;
  }

  /// {@return how many lines one comes after another; only the low bits of each count}
  private static int distance(int line, int later) {
    return (later - line) & LINE_MASK;
  }

  private static int displacement(long slot) {
    return (int) (slot >>> DISPLACEMENT_SHIFT) & DISPLACEMENT_MAX;
  }

  private static long withDisplacement(long slot, long displacement) {
    return (slot & (FINGERPRINT_MASK | ADDRESS_MAX)) | (displacement << DISPLACEMENT_SHIFT);
  }

  /// For the writer, who is the only one to change slots.
  private long slot(MemorySegment memory, int position) {
    return (long) SLOT.get(memory, Pages.offset(page) + (long) position * Long.BYTES);
  }

  private void setSlot(MemorySegment memory, int position, long slot) {
    SLOT.setRelease(memory, Pages.offset(page) + (long) position * Long.BYTES, slot);
  }
}
