package dev.larder.internal.compaction;

import dev.larder.internal.format.FrameHeader;
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
  /// From which share of dead bytes on segments are worth rewriting when there is no need.
  private static final double DEAD_SHARE_IDLE = 0.2;

  /// The same when room is needed.
  private static final double DEAD_SHARE_PRESSED = 0.005;

  /// What a segment needs beside its records however well it is filled: header, heads of frames.
  private static final long OVERHEAD_SHARE = 1024;

  /// How many small segments may gather before they are put together.
  private static final int SMALL_COUNT_MAX = 64;

  private final List<Figures> sealed;
  private final long liveBudget;
  private final long capacity;
  private final long gainWanted;
  private final boolean isPressed;
  private boolean clearsTheWay;

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

    /// {@return whether nothing of the segment is kept when it goes, which need not be read for
    /// that} A tombstone counts as long as the segment is there, whether it is needed or not.
    boolean isEmpty() {
      return liveBytes == 0 && tombstoneSequence == 0;
    }

    /// What rewriting the segment gains if all its tombstones have to stay.
    long deadBytes() {
      long overhead = SegmentHeader.SIZE + 2L * FrameHeader.SIZE + size / OVERHEAD_SHARE;
      return Math.max(0, size - overhead - liveBytes - tombstoneBytes);
    }

    double deadShare() {
      return (double) deadBytes() / size;
    }

    long copiedBytes() {
      return liveBytes + tombstoneBytes;
    }
  }

  /// Prepares the choice.
  ///
  /// @param sealed what is known of sealed segments, cold ones first, then history in commit order
  /// @param liveBudget how many bytes there is room to copy
  /// @param capacity at which size segments are sealed
  /// @param gainWanted how many bytes are to be given back; what would give back more is left for
  ///   later, when more of it will be dead
  /// @param isPressed whether every byte counts
  Victims(
      List<Figures> sealed, long liveBudget, long capacity, long gainWanted, boolean isPressed) {
    this.sealed = sealed;
    this.liveBudget = liveBudget;
    this.capacity = capacity;
    this.gainWanted = gainWanted;
    this.isPressed = isPressed;
  }

  /// {@return what to rewrite together; empty if nothing is worth it}
  List<Segment> choose() {
    List<Figures> chosen = empty(sealed);
    if (chosen.isEmpty()) {
      chosen = worthRewriting();
    }
    return chosen.stream().map(Figures::segment).toList();
  }

  /// {@return whether what was chosen last is the beginning of history with much garbage behind it:
  /// of use even where it gives nothing back itself}
  boolean clearsTheWay() {
    return clearsTheWay;
  }

  /// {@return the segments that can go without being read, such as those whose last deadline has
  /// passed: cold ones, and history from the oldest on}
  ///
  /// @param sealed what is known of sealed segments, cold ones first, then history in commit order
  static List<Figures> empty(List<Figures> sealed) {
    var empty = new ArrayList<Figures>();
    for (Figures figures : sealed) {
      if (figures.isEmpty()) {
        empty.add(figures);
      } else if (!figures.isCold()) {
        break;
      }
    }
    return empty;
  }

  private List<Figures> worthRewriting() {
    var chosen = new ArrayList<Figures>();
    // What is worth it as a whole may begin with more live bytes than there is budget for: then a
    // beginning of it is taken each time, or nothing behind those could ever be given back.
    List<Figures> prefix = bestPrefix();
    double prefixShare = deadShare(prefix);
    long rest = takeCold(chosen, liveBudget, prefixShare);
    if (prefixShare > deadShareMin()) {
      List<Figures> affordable = beginning(prefix, rest, gainWanted - deadBytes(chosen));
      chosen.addAll(affordable);
      rest -= affordable.stream().mapToLong(Figures::copiedBytes).sum();
      clearsTheWay = !affordable.isEmpty() && affordable.size() < prefix.size();
    }
    takeCold(chosen, rest, 0);
    if (gain(chosen) <= 0 && !clearsTheWay) {
      chosen.clear();
      takeTombstones(chosen);
    }
    if (chosen.isEmpty() && areScattered(sealed, capacity)) {
      takeSmall(chosen);
    }
    return chosen;
  }

  private double deadShareMin() {
    return isPressed ? DEAD_SHARE_PRESSED : DEAD_SHARE_IDLE;
  }

  /// Takes cold segments, those with the largest share of dead bytes first.
  private long takeCold(List<Figures> chosen, long budget, double shareMin) {
    long rest = budget;
    List<Figures> byDeadShare =
        sealed.stream()
            .filter(Figures::isCold)
            .filter(f -> f.deadShare() > Math.max(shareMin, deadShareMin()))
            .sorted(Comparator.comparingDouble(f -> -f.deadShare()))
            .toList();
    long gain = deadBytes(chosen);
    for (Figures figures : byDeadShare) {
      if (gain >= gainWanted) {
        break;
      }
      if (figures.copiedBytes() <= rest && !chosen.contains(figures)) {
        chosen.add(figures);
        rest -= figures.copiedBytes();
        gain += figures.deadBytes();
      }
    }
    return rest;
  }

  /// {@return the run of history from the oldest on that gives most for what it costs}
  ///
  /// History goes without a gap, so that what is left of it is all commits since some moment.
  private List<Figures> bestPrefix() {
    List<Figures> history = history();
    long size = 0;
    long dead = 0;
    int best = 0;
    double bestShare = 0;
    for (int i = 0; i < history.size(); i++) {
      size += history.get(i).size();
      dead += history.get(i).deadBytes();
      double share = (double) dead / size;
      if (share >= bestShare) {
        best = i + 1;
        bestShare = share;
      }
    }
    return history.subList(0, best);
  }

  private List<Figures> history() {
    return sealed.stream().filter(f -> !f.isCold()).toList();
  }

  /// {@return as many of these, from the first on, as there is budget for, but no more than give so
  /// many bytes back} What costs nothing is no matter of how much is wanted.
  private static List<Figures> beginning(List<Figures> figures, long budget, long gainMax) {
    long rest = budget;
    long gain = 0;
    int count = 0;
    while (count < figures.size()) {
      Figures next = figures.get(count);
      rest -= next.copiedBytes();
      if (rest < 0 || (gain >= gainMax && next.copiedBytes() > 0)) {
        break;
      }
      gain += next.deadBytes();
      count++;
    }
    return figures.subList(0, count);
  }

  private static double deadShare(List<Figures> figures) {
    long size = figures.stream().mapToLong(Figures::size).sum();
    return size == 0 ? 0 : (double) deadBytes(figures) / size;
  }

  private static long deadBytes(List<Figures> figures) {
    return figures.stream().mapToLong(Figures::deadBytes).sum();
  }

  /// Puts small segments together: a young store has small ones, and each unclean end of a process
  /// leaves one. History goes from the oldest on, no further than until half of the small ones are
  /// in it.
  private void takeSmall(List<Figures> chosen) {
    long rest = liveBudget;
    long wanted = (sealed.stream().filter(f -> !f.isCold() && isSmall(f)).count() + 1) / 2;
    for (Figures figures : sealed) {
      if (figures.isCold() ? isSmall(figures) : wanted > 0) {
        rest -= figures.copiedBytes();
        if (rest < 0) {
          return;
        }
        chosen.add(figures);
        wanted -= !figures.isCold() && isSmall(figures) ? 1 : 0;
      }
    }
  }

  private boolean isSmall(Figures figures) {
    return isSmall(figures, capacity);
  }

  /// Where only tombstones could be gained, rewrites the cold segments that keep them from going:
  /// those that were cleaned before the tombstones were written.
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
    chosen.addAll(beginning(history(), rest, Long.MAX_VALUE));
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

  /// {@return whether a segment may hold a record of a removed key that is older than its
  /// tombstone}
  ///
  /// A cold segment that was cleaned at or after the tombstone holds none: the key was gone by
  /// then.
  static boolean mayHoldOlder(Segment segment, long tombstone) {
    if (segment.header().baseSequence() >= tombstone) {
      return false;
    }
    return segment.kind() == SegmentKind.HISTORY || segment.header().cleanSequence() < tombstone;
  }

  private static boolean isSmall(Figures figures, long capacity) {
    return figures.size() < capacity / 4;
  }

  /// {@return whether so many small segments have gathered that they should be put together}
  static boolean areScattered(List<Figures> sealed, long capacity) {
    return sealed.stream().filter(f -> isSmall(f, capacity)).count() > SMALL_COUNT_MAX;
  }
}
