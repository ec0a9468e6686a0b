package dev.larder.internal.compaction;

import dev.larder.internal.format.SegmentHeader;
import dev.larder.internal.format.SegmentKind;
import dev.larder.internal.log.Segment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Chooses what to compact. Works on figures that were read under the commit lock.
final class Victims {
  /// From which share of dead bytes on a cold segment is worth rewriting when there is no need.
  private static final double DEAD_SHARE_IDLE = 0.25;

  /// How many small segments may gather before they are put together.
  private static final int SMALL_COUNT_MAX = 64;

  private final List<Figures> sealed;
  private final long liveBudget;
  private final boolean isPressed;

  /// What is known of a sealed segment.
  ///
  /// @param segment the segment
  /// @param size its bytes
  /// @param liveBytes the bytes of its records that the index points to
  /// @param tombstoneBytes the bytes of its tombstones
  /// @param tombstoneSequence the highest sequence number of those
  record Figures(
      Segment segment, long size, long liveBytes, long tombstoneBytes, long tombstoneSequence) {
    static Figures of(Segment segment) {
      Segment.Usage usage = segment.usage();
      return new Figures(
          segment,
          segment.end(),
          usage.liveBytes(),
          Math.max(0, usage.tombstoneBytes()),
          usage.tombstoneSequence());
    }

    boolean isCold() {
      return segment.kind() == SegmentKind.COLD;
    }

    /// What rewriting the segment gains if all its tombstones have to stay.
    long deadBytes() {
      return Math.max(0, size - SegmentHeader.SIZE - liveBytes - tombstoneBytes);
    }

    long copiedBytes() {
      return liveBytes + tombstoneBytes;
    }
  }

  /// Prepares the choice.
  ///
  /// @param sealed what is known of sealed segments, cold ones first, then history in commit order
  /// @param liveBudget how many bytes there is room to copy
  /// @param isPressed whether every byte counts
  Victims(List<Figures> sealed, long liveBudget, boolean isPressed) {
    this.sealed = sealed;
    this.liveBudget = liveBudget;
    this.isPressed = isPressed;
  }

  /// {@return what to rewrite together; empty if nothing is worth it}
  List<Segment> choose() {
    var chosen = new ArrayList<Figures>();
    long budget = takeCold(chosen, liveBudget);
    takeHistory(chosen, budget);
    if (gain(chosen) <= 0) {
      chosen.clear();
      takeTombstones(chosen);
    }
    return chosen.stream().map(Figures::segment).toList();
  }

  private long takeCold(List<Figures> chosen, long budget) {
    long rest = budget;
    List<Figures> byDeadShare =
        sealed.stream()
            .filter(Figures::isCold)
            .filter(f -> f.deadBytes() > (isPressed ? 0 : f.size() * DEAD_SHARE_IDLE))
            .sorted(Comparator.comparingDouble(f -> -(double) f.deadBytes() / f.size()))
            .toList();
    for (Figures figures : byDeadShare) {
      if (figures.copiedBytes() <= rest) {
        chosen.add(figures);
        rest -= figures.copiedBytes();
      }
    }
    return rest;
  }

  /// History goes from the oldest on without a gap, so that what is left of it is all commits since
  /// some moment.
  private void takeHistory(List<Figures> chosen, long budget) {
    long rest = budget;
    for (Figures figures : sealed) {
      if (!figures.isCold()) {
        rest -= figures.copiedBytes();
        if (rest < 0) {
          return;
        }
        chosen.add(figures);
      }
    }
  }

  /// Where only tombstones could be gained, rewrites the cold segments that keep them from going: those
  /// that were cleaned before the tombstones were written.
  private void takeTombstones(List<Figures> chosen) {
    long blocked = sealed.stream().mapToLong(Figures::tombstoneBytes).sum();
    long live = sealed.stream().mapToLong(Figures::liveBytes).sum();
    if (blocked == 0 || (!isPressed && blocked < live / 4 + (1 << 20))) {
      return;
    }
    long newest = sealed.stream().mapToLong(Figures::tombstoneSequence).max().orElse(0);
    List<Figures> oldestFirst =
        sealed.stream()
            .filter(Figures::isCold)
            .filter(f -> f.segment().header().cleanSequence() < newest || f.tombstoneBytes() > 0)
            .sorted(Comparator.comparingLong(f -> f.segment().header().cleanSequence()))
            .toList();
    long rest = liveBudget;
    for (Figures figures : oldestFirst) {
      rest -= figures.copiedBytes();
      if (rest < 0) {
        break;
      }
      chosen.add(figures);
    }
    takeHistory(chosen, rest);
  }

  /// {@return how many bytes rewriting these together gives back}
  long gain(List<Figures> chosen) {
    Set<Segment> segments = new HashSet<>();
    chosen.forEach(f -> segments.add(f.segment()));
    long gain = 0;
    for (Figures figures : chosen) {
      gain += figures.deadBytes();
      if (figures.tombstoneBytes() > 0 && canDrop(figures.tombstoneSequence(), segments)) {
        gain += figures.tombstoneBytes();
      }
    }
    return gain;
  }

  private boolean canDrop(long sequence, Set<Segment> chosen) {
    return sealed.stream()
        .filter(f -> !chosen.contains(f.segment()))
        .noneMatch(f -> mayHoldOlder(f.segment(), sequence));
  }

  /// {@return whether a segment may hold a record of a removed key that is older than its tombstone}
  ///
  /// A cold segment that was cleaned at or after the tombstone holds none: the key was gone by then.
  static boolean mayHoldOlder(Segment segment, long tombstone) {
    if (segment.header().baseSequence() >= tombstone) {
      return false;
    }
    return segment.kind() == SegmentKind.HISTORY
        || segment.header().cleanSequence() < tombstone;
  }

  /// {@return whether so many small segments have gathered that they should be put together}
  static boolean areScattered(List<Figures> sealed, long capacity) {
    return sealed.stream().filter(f -> f.size() < capacity / 4).count() > SMALL_COUNT_MAX;
  }
}
