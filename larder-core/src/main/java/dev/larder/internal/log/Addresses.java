package dev.larder.internal.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.larder.internal.file.PageFaults;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Gives every record of the log an address of 40 bits, so that an index can point to it with one
/// small number.
///
/// The space of addresses is divided into units of 64 MiB. A segment takes as many units that
/// follow one another as it may grow to; an address is the segment's first unit and the position in
/// it, counted in steps of four bytes. A unit is used again when its segment is gone, so an address
/// that was kept too long may lead anywhere: who looks without a lock holds what is found there
/// against the key.
///
/// **Threads.** Safe for any number of threads; [#segment(long)] takes no lock.
public final class Addresses {
  /// How many bits an address has.
  public static final int BITS = 40;

  private static final int UNIT_BITS = 24;
  private static final int STEP_SHIFT = 2;
  private static final long UNIT_SIZE = 1L << (UNIT_BITS + STEP_SHIFT);
  private static final int UNIT_COUNT_MAX = 1 << (BITS - UNIT_BITS);

  /// By unit: the segment that it belongs to. Replaced when it changes.
  private volatile @Nullable Segment[] segments = new Segment[16];

  /// By unit: the number of the segment that it belongs to, or is kept for; 0 if it is free.
  @GuardedBy("this")
  private long[] owners = new long[16];

  /// {@return how many units a segment takes}
  ///
  /// @param sizeMax how many bytes it may have
  public static int unitCount(long sizeMax) {
    return Math.toIntExact(Math.max(1, (sizeMax + UNIT_SIZE - 1) / UNIT_SIZE));
  }

  /// {@return the segment that an address belongs to; null if there is none any more}
  public @Nullable Segment segment(long address) {
    @Nullable Segment[] table = segments;
    int unit = (int) (address >>> UNIT_BITS);
    return unit < table.length ? table[unit] : null;
  }

  /// Has the processor load the beginnings of records, all at once, as far as there are any: see
  /// [Segment#peek].
  ///
  /// @param addresses where they are, or 0
  /// @param count how many
  /// @return something that depends on them, so that no compiler leaves it out
  public long peek(long[] addresses, int count) {
    // Few instructions for each, and no loop in between: the processor waits for as many records at
    // the same time as it can look ahead.
    @Nullable Segment[] table = segments;
    long sum = 0;
    try {
      for (int i = 0; i < count; i++) {
        int unit = (int) (addresses[i] >>> UNIT_BITS);
        Segment segment = unit < table.length ? table[unit] : null;
        if (segment != null) {
          sum += segment.peekAmongMany(position(addresses[i], segment));
        }
      }
      PageFaults.raise();
    } catch (IllegalStateException | InternalError _) {
      return 0; // whoever reads the record is told
    }
    return sum;
  }

  /// {@return the position of an address in its segment}
  public static long position(long address, Segment segment) {
    return (address - ((long) segment.firstUnit() << UNIT_BITS)) << STEP_SHIFT;
  }

  /// {@return the address of a position in a segment}
  public static long address(Segment segment, long position) {
    return ((long) segment.firstUnit() << UNIT_BITS) + (position >>> STEP_SHIFT);
  }

  /// {@return the address of a position in a segment that is gone, whose units are still kept}
  public static long address(int firstUnit, long position) {
    return ((long) firstUnit << UNIT_BITS) + (position >>> STEP_SHIFT);
  }

  /// Gives a segment its units.
  ///
  /// @param segment a segment that has none
  /// @param sizeMax how many bytes it may have
  public synchronized void enter(Segment segment, long sizeMax) {
    int count = unitCount(sizeMax);
    enterAt(segment, freeRun(count), count);
  }

  /// Gives a segment the units that it had before.
  public synchronized void enterAt(Segment segment, int firstUnit, int count) {
    reserve(segment.number(), firstUnit, count);
    segment.placeUnits(firstUnit, count);
    @Nullable Segment[] next = Arrays.copyOf(segments, owners.length);
    Arrays.fill(next, firstUnit, firstUnit + count, segment);
    segments = next;
  }

  /// Keeps units for a segment that is gone, so that no other gets them.
  public synchronized void reserve(long number, int firstUnit, int count) {
    if (firstUnit + count > owners.length) {
      owners = Arrays.copyOf(owners, Math.max(firstUnit + count, 2 * owners.length));
    }
    for (int unit = firstUnit; unit < firstUnit + count; unit++) {
      if (owners[unit] != 0 && owners[unit] != number) {
        throw new IllegalStateException(
            "unit %d belongs to segment %d and to segment %d"
                .formatted(unit, owners[unit], number));
      }
      owners[unit] = number;
    }
  }

  /// Keeps units for a segment that is gone, wherever there are some.
  ///
  /// @return the first of them
  public synchronized int reserve(long number, int count) {
    int first = freeRun(count);
    reserve(number, first, count);
    return first;
  }

  /// Takes the units back from a segment, which is gone, or for which they were kept.
  public synchronized void leave(long number) {
    @Nullable Segment[] next = segments.clone();
    for (int unit = 0; unit < owners.length; unit++) {
      if (owners[unit] == number) {
        owners[unit] = 0;
        if (unit < next.length) {
          next[unit] = null;
        }
      }
    }
    segments = next;
  }

  @GuardedBy("this")
  private int freeRun(int count) {
    int run = 0;
    for (int unit = 0; unit < owners.length; unit++) {
      run = owners[unit] == 0 ? run + 1 : 0;
      if (run == count) {
        return unit - count + 1;
      }
    }
    int first = owners.length - run;
    if (first + count > UNIT_COUNT_MAX) {
      throw new IllegalStateException("a store has room for 4 TiB of segments at most");
    }
    return first;
  }
}
