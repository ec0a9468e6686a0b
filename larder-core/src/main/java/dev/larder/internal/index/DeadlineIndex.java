package dev.larder.internal.index;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.larder.Expiry;
import java.util.Arrays;

/// Which records have a deadline, in memory outside the heap: what is due is found at a cost in
/// proportion to what is due.
///
/// An *element* is the address of a record. The index knows about when the deadline of an element
/// is, never after it; the deadline itself stands in the record, and [Entries] reads it there.
/// Nothing is removed: an element whose record is no longer the newest of its key is *stale*, and
/// dropped when it is met. [#sweep(long, int)] meets those that nobody would meet for long.
///
/// There is no clock in it. An instant that is asked for may lie before one that was asked for
/// earlier, by any time.
///
/// An element takes between 8 and 11 bytes, as pages are more or less full. Where elements become
/// stale early and are swept, one that is not stale takes up to 16 on average. The heap that is
/// taken does not depend on how many there are.
///
/// **Threads.** For one thread at a time: whoever uses it holds a lock.
public final class DeadlineIndex {
  /*
   * A hierarchy of timing wheels would do the same. It was not chosen because a coarse slot has to be
   * dealt out in one go when its time comes, while the lock is held, and because wheels turn around a
   * present, which can jump. In a tree the cost of each call is bounded by what it returns and drops.
   *
   * A bound that is rounded down to fit an element makes the element be met before its time. The
   * record then says the deadline, which is closer by now and fits better. So an element that is
   * months ahead is asked for about once more than it has to be.
   *
   * Invariant: `tree.nextMillis()` is at or before the deadline of every element that is not stale.
   * Whoever asks for what is due before that gets the answer at once.
   */

  /// As many elements may be stale, whatever the number of those that are not: one leaf.
  private static final int SLACK = DeadlineTree.LEAF_SIZE;

  /// What may be spent on finding out when the next element is due: to ask a record and find it
  /// stale costs 1, as it would have to be dropped anyway; to find that it is due later costs more.
  private static final int ASKING_BUDGET = 64;

  private static final int LIVE_COST = 8;

  private final DeadlineTree tree;
  private final Entries entries;

  /// The elements of one leaf.
  private final long[] elements = new long[DeadlineTree.LEAF_SIZE];

  /// Elements on their way from one leaf to others, and their deadlines.
  private final long[] moved = new long[DeadlineTree.LEAF_SIZE];

  private final long[] movedMillis = new long[DeadlineTree.LEAF_SIZE];

  /// What a call of `due` has returned so far, and the earliest deadline among it.
  private final AddressSet found = new AddressSet();

  private int foundCount;
  private long foundMillis;

  /// How far the sweep has come: to which leaf, and to which element in it.
  private boolean isSweeping;

  private long sweptMillis;
  private long sweptAddress;
  private int sweptCount;
  private long sweptDropped;

  /// Reads deadlines out of records.
  public interface Entries {
    /// Tells the deadline of a record. Must not use the index of deadlines.
    ///
    /// @param address where the record is
    /// @return its deadline in milliseconds since 1970, or [Expiry#NO_DEADLINE] if it is no longer
    ///   the newest of its key; it must not become that again without being added again
    long deadlineMillis(long address);
  }

  private DeadlineIndex(DeadlineTree tree, Entries entries) {
    this.tree = tree;
    this.entries = entries;
  }

  /// {@return an index without elements}
  ///
  /// @param pages where it is to be
  /// @param entries what reads deadlines
  /// @throws OutOfMemoryError if there is no memory
  public static DeadlineIndex create(Pages pages, Entries entries) {
    return new DeadlineIndex(DeadlineTree.create(pages), entries);
  }

  /// {@return an index that pages hold; nothing but its first page is read}
  ///
  /// @param pages where it is
  /// @param entries what reads deadlines
  /// @param metaPage what [#metaPage()] said
  /// @throws DamagedImageException if there is none
  public static DeadlineIndex open(Pages pages, Entries entries, int metaPage) {
    return new DeadlineIndex(DeadlineTree.open(pages, metaPage), entries);
  }

  /// {@return the page by which the index is found again}
  public int metaPage() {
    return tree.metaPage();
  }

  /// {@return how many elements there are, stale ones among them}
  public long size() {
    return tree.size();
  }

  /// Adds an element.
  ///
  /// @param deadlineMillis the deadline of the record in milliseconds since 1970; not
  ///   [Expiry#NO_DEADLINE]
  /// @param address where the record is, from 0 to 2^40 - 1
  /// @throws OutOfMemoryError if there is no memory; the element is not added then
  public void add(long deadlineMillis, long address) {
    if (deadlineMillis == Expiry.NO_DEADLINE) {
      throw new IllegalArgumentException("an element has a deadline");
    }
    if (address < 0 || address > DeadlineElement.ADDRESS_MAX) {
      throw new IllegalArgumentException("not an address: " + address);
    }
    tree.insert(deadlineMillis, address, true);
    tree.addToSize(1);
    if (deadlineMillis < tree.nextMillis()) {
      tree.setNextMillis(deadlineMillis);
    }
  }

  /// Takes note that a record has another address: gives its element that address where it is found
  /// at once, or else adds another one and leaves the first to become stale.
  ///
  /// @param deadlineMillis the deadline of the record
  /// @param from where it was
  /// @param to where it is
  /// @return whether the element was found, and none was added
  /// @throws OutOfMemoryError if there is no memory; nothing has changed then
  @CanIgnoreReturnValue
  public boolean move(long deadlineMillis, long from, long to) {
    if (tree.move(deadlineMillis, from, to)) {
      if (deadlineMillis < tree.nextMillis()) {
        tree.setNextMillis(deadlineMillis);
      }
      return true;
    }
    add(deadlineMillis, to);
    return false;
  }

  /// {@return an instant before which no element is due that is not stale, in milliseconds since
  /// 1970; [Expiry#NO_DEADLINE] if there is no element}
  ///
  /// It is a few milliseconds before the earliest deadline at most, unless the element with that
  /// deadline has become stale or was returned by the last call of [#due(long, long[])]. That
  /// method finds a better answer whenever it returns nothing.
  public long nextMillis() {
    return tree.nextMillis();
  }

  /// Finds elements whose deadline has come, the earliest first, give or take how well the index
  /// knows them. They stay elements: once the caller has made them stale, the next call drops them.
  ///
  /// If fewer are returned than there is room for, no other is due. If none is, [#nextMillis()]
  /// lies after the instant.
  ///
  /// @param untilMillis the instant in milliseconds since 1970; a deadline at it has come
  /// @param addresses where the addresses of the records are put, each of them once; 2^28 at most
  /// @return how many there are
  /// @throws OutOfMemoryError if there is no memory, which may happen only if elements turned out
  ///   to be due long after what the index knew; nothing is lost then
  public int due(long untilMillis, long[] addresses) {
    if (addresses.length > AddressSet.COUNT_MAX) {
      throw new IllegalArgumentException("too many at once: " + addresses.length);
    }
    if (addresses.length == 0 || untilMillis < tree.nextMillis()) {
      return 0;
    }
    found.reset(addresses.length);
    foundCount = 0;
    foundMillis = Expiry.NO_DEADLINE;
    boolean isMore = tree.descendToFirst();
    while (isMore && foundCount < addresses.length) {
      boolean isEnd = tree.isLast() || tree.highMillis() > untilMillis;
      long highMillis = tree.highMillis();
      long highAddress = tree.highAddress();
      isMore = collect(untilMillis, addresses) && !isEnd;
      if (isMore) {
        tree.descend(highMillis, highAddress);
      }
    }
    if (foundCount == 0) {
      tree.setNextMillis(Math.max(earliestMillis(), Math.min(untilMillis, Long.MAX_VALUE - 1) + 1));
    } else if (foundCount < addresses.length) {
      tree.setNextMillis(foundMillis);
    }
    return foundCount;
  }

  /// Finds what is due in the leaf in hand.
  ///
  /// @return whether every element of the leaf might have been due, so that the next may have some
  private boolean collect(long untilMillis, long[] addresses) {
    int count = tree.load(elements);
    long base = tree.baseMillis();
    int candidateCount = untilMillis < base ? 0 : sortCandidates(count, untilMillis, base);
    int at = 0;
    int kept = 0;
    int movedCount = 0;
    boolean isChanged = false;
    for (; at < candidateCount && foundCount < addresses.length; at++) {
      long element = elements[at];
      long address = DeadlineElement.address(element);
      long deadline = entries.deadlineMillis(address);
      if (deadline == Expiry.NO_DEADLINE || (deadline <= untilMillis && !found.add(address))) {
        isChanged = true;
      } else if (deadline <= untilMillis) {
        addresses[foundCount++] = address;
        foundMillis = Math.min(foundMillis, deadline);
        elements[kept++] = element;
      } else if (tree.isBelowHigh(deadline, address)) {
        long closer = DeadlineElement.of(deadline, base, address);
        isChanged |= closer != element;
        elements[kept++] = closer;
      } else {
        moved[movedCount] = element;
        movedMillis[movedCount++] = deadline;
        isChanged = true;
      }
    }
    if (isChanged) {
      System.arraycopy(elements, at, elements, kept, count - at);
      replace(base, count, count - at + kept, movedCount);
    }
    return candidateCount == count;
  }

  /// Moves the elements of a leaf whose bound is at or before an instant to the front, and sorts
  /// them.
  private int sortCandidates(int count, long untilMillis, long base) {
    long limit = DeadlineElement.limit(untilMillis, base);
    int candidateCount = 0;
    for (int i = 0; i < count; i++) {
      long element = elements[i];
      if (element <= limit) {
        elements[i] = elements[candidateCount];
        elements[candidateCount++] = element;
      }
    }
    Arrays.sort(elements, 0, candidateCount);
    return candidateCount;
  }

  /// Gives the leaf in hand the elements that were kept, and moves others to where they belong.
  /// Those that are neither are dropped.
  private void replace(long base, int countBefore, int count, int movedCount) {
    tree.addToSize(count + movedCount - countBefore);
    if (movedCount > 0) {
      tree.store(base, elements, count);
      relocate(base, count, movedCount);
    } else if (count > 0) {
      tree.store(base, elements, count);
    } else {
      tree.removeLeaf();
    }
  }

  /// Moves elements out of the leaf in hand to later ones.
  private void relocate(long base, int count, int movedCount) {
    // The place of an element that leaves is one by which the leaf can be found again.
    long leafMillis = DeadlineElement.boundMillis(moved[0], base);
    long leafAddress = DeadlineElement.address(moved[0]);
    int done = 0;
    try {
      for (; done < movedCount; done++) {
        tree.insert(movedMillis[done], DeadlineElement.address(moved[done]), false);
      }
    } finally {
      tree.descend(leafMillis, leafAddress);
      int left = movedCount - done;
      if (left > 0) {
        System.arraycopy(moved, done, elements, count, left);
        tree.store(base, elements, count + left);
      } else if (count == 0) {
        tree.removeLeaf();
      }
    }
  }

  /// {@return a lower bound of the earliest deadline, which is its deadline if few elements had to
  /// be asked for}
  private long earliestMillis() {
    int budget = ASKING_BUDGET;
    while (tree.descendToFirst()) {
      int count = tree.load(elements);
      long base = tree.baseMillis();
      boolean isChanged = false;
      int left = count;
      long earliest = Expiry.NO_DEADLINE;
      while (left > 0 && earliest == Expiry.NO_DEADLINE) {
        int first = indexOfFirst(left);
        long higher = higherBase(elements[first], base);
        if (higher != base) {
          DeadlineElement.rebase(elements, 0, left, base, higher);
          base = higher;
          isChanged = true;
        }
        long bound = DeadlineElement.boundMillis(elements[first], base);
        long address = DeadlineElement.address(elements[first]);
        long deadline = budget > 0 ? entries.deadlineMillis(address) : bound;
        long closer = tree.isLast() ? deadline : Math.min(deadline, tree.highMillis() - 1);
        if (deadline == Expiry.NO_DEADLINE) {
          elements[first] = elements[--left];
          isChanged = true;
          budget--;
        } else if (closer > bound) {
          elements[first] = DeadlineElement.of(closer, base, address);
          isChanged = true;
          budget -= LIVE_COST;
        } else {
          earliest = Math.min(deadline, bound);
        }
      }
      if (isChanged) {
        replace(base, count, left, 0);
      }
      if (left > 0) {
        return earliest;
      }
    }
    return Expiry.NO_DEADLINE;
  }

  /// {@return a base for the first leaf with which what is soon due fits exactly}
  private static long higherBase(long first, long base) {
    return Math.max(base, DeadlineElement.baseMillis(DeadlineElement.boundMillis(first, base)));
  }

  private int indexOfFirst(int count) {
    int first = 0;
    for (int i = 1; i < count; i++) {
      if (elements[i] < elements[first]) {
        first = i;
      }
    }
    return first;
  }

  /// Drops stale elements where nobody would meet them for long. It begins when there are half as
  /// many stale elements as others, and some more, and then goes over the elements once, from the
  /// earliest on, until there are few stale ones; that may take many calls. Between calls anything
  /// may be done.
  ///
  /// @param liveCount how many elements are not stale
  /// @param stepMax how many records to ask at most, at least 1
  /// @return whether there is more to do now
  public boolean sweep(long liveCount, int stepMax) {
    if (!isSweeping && !mustSweep(liveCount)) {
      return false;
    }
    if (!isSweeping) {
      isSweeping = true;
      sweptMillis = Long.MIN_VALUE;
      sweptAddress = 0;
      sweptCount = 0;
      sweptDropped = 0;
    }
    int left = Math.max(1, stepMax);
    while (left > 0 && isSweeping) {
      left -= tree.descend(sweptMillis, sweptAddress) ? sweepLeaf(left) : endSweep();
      if (tree.size() <= liveCount + liveCount / 8) {
        endSweep();
      }
    }
    // Where nothing is dropped, the count is wrong, and another round would not help.
    return isSweeping || (sweptDropped > 0 && mustSweep(liveCount));
  }

  private boolean mustSweep(long liveCount) {
    return tree.size() - SLACK > liveCount + liveCount / 2;
  }

  private int endSweep() {
    isSweeping = false;
    if (tree.size() == 0) {
      tree.setNextMillis(Expiry.NO_DEADLINE);
    }
    return 0;
  }

  /// Drops stale elements of the leaf in hand.
  ///
  /// @return how many were looked at, at least 1
  private int sweepLeaf(int stepMax) {
    int before = tree.load(elements);
    int count = before;
    int looked = 0;
    int at = sweptCount;
    for (; at < count && looked < stepMax; looked++) {
      if (entries.deadlineMillis(DeadlineElement.address(elements[at])) == Expiry.NO_DEADLINE) {
        elements[at] = elements[--count];
      } else {
        at++;
      }
    }
    boolean isDone = at >= count;
    boolean isLast = tree.isLast();
    long highMillis = tree.highMillis();
    long highAddress = tree.highAddress();
    if (count < before) {
      sweptDropped += before - count;
      replace(tree.baseMillis(), before, count, 0);
    }
    if (!isDone) {
      sweptCount = at;
    } else {
      if (count > 0) {
        tree.mergeLeaf();
      }
      sweptMillis = highMillis;
      sweptAddress = highAddress;
      sweptCount = 0;
      if (isLast) {
        endSweep();
      }
    }
    return Math.max(1, looked);
  }

  /// Checks what must always hold, at the cost of reading everything.
  ///
  /// @return how many pages are in use
  /// @throws IllegalStateException if it does not
  @CanIgnoreReturnValue
  long checkInvariants() {
    return tree.checkInvariants();
  }
}
