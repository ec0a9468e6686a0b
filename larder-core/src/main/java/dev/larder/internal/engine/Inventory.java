package dev.larder.internal.engine;

import dev.larder.Statistics;
import dev.larder.Statistics.Holder;
import dev.larder.Statistics.Part;
import dev.larder.internal.base.PresentClock;
import dev.larder.internal.compaction.Compaction;
import dev.larder.internal.compaction.Compaction.Retired;
import dev.larder.internal.format.FileNames;
import dev.larder.internal.format.SegmentHeader;
import dev.larder.internal.format.SegmentKind;
import dev.larder.internal.log.Log;
import dev.larder.internal.log.Segment;
import dev.larder.internal.log.Space;
import dev.larder.internal.txn.CommitPath;
import dev.larder.internal.txn.Holds;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Works out what each byte of a store's directory is for.
///
/// **Threads.** For one thread; one inventory is for one look.
final class Inventory {
  /*
   * What segments hold is known by their figures, and read under the commit lock, without a look at
   * the disk. Everything else is taken from a listing of the directory, without a lock, and so is
   * what a sealed file has behind its end: a crash may have left room there that was written ahead.
   *
   * Compaction goes on meanwhile, since one run may take long, and replaces segments without the
   * commit lock: the new ones exist, the index points to them, they become live, the old ones are
   * retired, the old ones go. The lists are read in the order live, retired, existing. What exists
   * and is in neither of the others is being written, or was replaced a moment ago.
   */
  /// How many entries past their deadline are looked at: each costs a look at its record, with the
  /// commit lock held.
  private static final int OVERDUE_MAX = 1000;

  private static final long NOT_SEALED = -1;

  private final Log log;
  private final CommitPath commits;
  private final Compaction compaction;
  private final PresentClock clock;
  private final EnumMap<Part, Long> parts = new EnumMap<>(Part.class);

  /// How many bytes were counted of each segment's file that is known, by its name; [#NOT_SEALED]
  /// where a listing may show another size.
  private final Map<String, Long> counted = new HashMap<>();

  private List<Retired> retired = List.of();
  private Holds.Summary holds = new Holds.Summary(0, List.of());

  // Counted together: an entry that expires meanwhile is in one of them.
  private long entryCount;
  private long rememberedCount;

  private long heldForCheckpointBytes;
  private int segmentCount;

  private Inventory(Log log, CommitPath commits, Compaction compaction, PresentClock clock) {
    this.log = log;
    this.commits = commits;
    this.compaction = compaction;
    this.clock = clock;
  }

  /// Looks at everything.
  static Inventory of(Log log, CommitPath commits, Compaction compaction, PresentClock clock) {
    var inventory = new Inventory(log, commits, compaction, clock);
    long overdueBytes = commits.locked(inventory::countSegments);
    inventory.add(Part.LIVE, -overdueBytes);
    inventory.add(Part.EXPIRED, overdueBytes);
    inventory.countFiles();
    return inventory;
  }

  /// {@return what the bytes are for}
  Statistics.Space space() {
    return new Statistics.Space(
        parts,
        heldForCheckpointBytes,
        log.space().limitBytes(),
        log.boundFor(Space.Purpose.GROW),
        segmentCount);
  }

  /// {@return how many look at a state of the store}
  int readerCount() {
    return holds.readerCount();
  }

  /// {@return who holds which state, the oldest commit first}
  List<Holder> holders() {
    long nowNanos = clock.monotonicNanos();
    return holds.groups().stream().map(group -> holder(group, nowNanos)).toList();
  }

  private Holder holder(Holds.Group group, long nowNanos) {
    return new Holder(
        group.kind(),
        group.sequence(),
        group.count(),
        Duration.ofNanos(Math.max(0, nowNanos - group.sinceNanos())),
        keptBytes(group.sequence()));
  }

  /// {@return how many entries there are, see [CommitPath#entryCount()]}
  long entryCount() {
    return entryCount;
  }

  /// {@return how many expired keys are remembered}
  long rememberedCount() {
    return rememberedCount;
  }

  private void add(Part part, long bytes) {
    parts.merge(part, bytes, Long::sum);
  }

  /// {@return the bytes of entries past their deadline, which are among the live ones}
  private long countSegments() {
    Set<Segment> live = new HashSet<>(log.segments());
    retired = compaction.retired();
    Map<Segment, Long> retiredAt = new HashMap<>();
    retired.forEach(next -> retiredAt.put(next.segment(), next.sequence()));
    holds = commits.holds();
    entryCount = commits.entryCount();
    long oldest = holds.groups().isEmpty() ? Long.MAX_VALUE : holds.groups().getFirst().sequence();
    for (Segment segment : log.files()) {
      segmentCount++;
      rememberedCount += segment.usage().rememberedCount();
      if (live.contains(segment)) {
        countLive(segment);
      } else {
        boolean isPinned = oldest < retiredAt.getOrDefault(segment, Long.MIN_VALUE);
        countPassing(segment, isPinned ? Part.PINNED : Part.COMPACTION);
      }
    }
    return commits.deadlines().overdueBytes(clock.presentMillis(), OVERDUE_MAX);
  }

  /// {@return the bytes of retired segments that whoever holds a commit keeps}
  private long keptBytes(long sequence) {
    return retired.stream()
        .filter(next -> sequence < next.sequence())
        .mapToLong(next -> next.segment().end())
        .sum();
  }

  private void countLive(Segment segment) {
    Segment.Usage usage = segment.usage();
    long end = segment.end();
    long framing = SegmentHeader.SIZE + usage.framingBytes();
    long gone = Math.max(0, end - framing - usage.liveBytes());
    // Moves that are taken back count a tombstone twice.
    long tombstones = Math.clamp(usage.tombstoneBytes(), 0, gone);
    add(Part.FRAMING, framing);
    add(Part.LIVE, usage.liveBytes() - usage.rememberedBytes());
    add(Part.REMEMBERED, usage.rememberedBytes());
    add(Part.TOMBSTONES, tombstones);
    add(Part.SUPERSEDED, gone - tombstones);
    counted.put(segment.name(), segment.isSealed() ? end : NOT_SEALED);
    if (segment.isSealed()) {
      boolean isHistory = segment.kind() == SegmentKind.HISTORY;
      if (isHistory && log.checkpoint().needs(segment.number())) {
        heldForCheckpointBytes += gone;
      }
    } else {
      add(Part.AHEAD, Math.max(0, segment.allocated() - end));
    }
  }

  /// Counts a segment that is being written, or was replaced.
  private void countPassing(Segment segment, Part part) {
    Segment.Usage usage = segment.usage();
    add(Part.LIVE, usage.liveBytes() - usage.rememberedBytes());
    add(Part.REMEMBERED, usage.rememberedBytes());
    add(part, Math.max(0, segment.end() - usage.liveBytes()));
    counted.put(segment.name(), segment.isSealed() ? segment.end() : NOT_SEALED);
  }

  private void countFiles() {
    listed()
        .forEach((name, size) -> {
          Long known = counted.get(name);
          if (known != null) {
            add(Part.AHEAD, known == NOT_SEALED ? 0 : Math.max(0, size - known));
          } else if (!FileNames.isSegment(name)) {
            add(partOf(name), size);
          } else if (log.isMadeAhead(name)) {
            add(Part.AHEAD, size);
          } else if (isForeign(name)) {
            add(Part.FOREIGN, size);
          }
        });
  }

  private static Part partOf(String name) {
    return switch (name) {
      case FileNames.MANIFEST, FileNames.MANIFEST_NEXT, FileNames.CONTROL, FileNames.LOCK ->
          Part.MANIFEST;
      case FileNames.CHECKPOINT, FileNames.CHECKPOINT_NEXT -> Part.CHECKPOINT;
      case FileNames.RESERVE -> Part.RESERVE;
      default -> FileNames.isDelta(name) ? Part.CHECKPOINT : Part.FOREIGN;
    };
  }

  /// A segment that is not known may have been created since, or be on its way out.
  private boolean isForeign(String name) {
    try {
      return log.find(FileNames.segmentNumber(name)) == null && log.directory().size(name) >= 0;
    } catch (IOException _) {
      return false;
    }
  }

  /// {@return the sizes of all files by name; where the directory cannot be read, of those that are
  /// known}
  private Map<String, Long> listed() {
    var sizes = new HashMap<String, Long>();
    try {
      for (String name : log.directory().list()) {
        long size = size(name);
        if (size > 0) {
          sizes.put(name, size);
        }
      }
    } catch (IOException _) {
      sizes.put(FileNames.MANIFEST, log.overheadBytes());
      sizes.put(FileNames.CHECKPOINT, log.checkpoint().bytes());
      sizes.put(FileNames.RESERVE, log.reserveBytes());
    }
    return sizes;
  }

  /// {@return how many bytes a file has; 0 if that is no file, or gone}
  private long size(String name) {
    try {
      return log.directory().size(name);
    } catch (IOException _) {
      return 0;
    }
  }
}
