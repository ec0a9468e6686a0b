package dev.larder.internal.recovery;

import dev.larder.internal.format.CheckpointHeader;
import dev.larder.internal.format.FrameEncoder;
import dev.larder.internal.format.IndexChanges;
import dev.larder.internal.format.RecordCodec;
import dev.larder.internal.format.RecordData;
import dev.larder.internal.format.RecordKind;
import dev.larder.internal.index.DamagedImageException;
import dev.larder.internal.index.Index;
import dev.larder.internal.index.IndexKey;
import dev.larder.internal.log.Addresses;
import dev.larder.internal.log.Segment;
import dev.larder.internal.txn.Deadlines;
import dev.larder.internal.txn.Records;
import dev.larder.internal.txn.Records.Entry;
import dev.larder.internal.txn.Recovered;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Goes on from a checkpoint with what the log has after it, and looks at nothing else: its cost is
/// in proportion to the log after the checkpoint, whatever the size of the store.
///
/// **Threads.** For one thread.
final class TailReplay extends Replay {
  /*
   * The image points to records as of its moment. Compaction may have moved some of them since, and
   * their segments may be gone; the log says where to, at the place in the order of commits where
   * the index of the running store followed. So until the replay is over the index may point into
   * segments that cannot be read, and no key may be read to find one's way: every change says what
   * the index pointed to before it, and that address is looked for.
   *
   * The tree can only be changed when keys can be read again, that is at the end. New keys are left
   * in its queue: whoever walks first waits for them, or the worker has been faster.
   *
   * A move into a segment that the manifest does not name, out of one that it names, belongs to a
   * compaction that a crash cut short: it never happened, but later commits may name the new address
   * as that of the version before them. So it is remembered which old address it stands for.
   *
   * Everything the image points to in a segment that is gone must have been moved or superseded when
   * the replay is over. That is counted: each such segment has a number of records that are still to
   * come. If one is left over, the image and the log do not belong together, as after a power failure
   * that took the notes of a compaction, and the whole log is read instead.
   */
  private static final int WAITING_MAX = 64;

  private static final int LIVE_CACHE_SIZE = 256;

  private static final byte[] NO_BYTES = {};

  /// Nobody knows any more how large a segment was that came and went.
  private static final int GONE_UNITS = Addresses.unitCount(FrameEncoder.FRAME_SIZE_MAX);

  private final Map<Long, Gone> gone = new HashMap<>();
  private final Map<Long, Segment> live = new HashMap<>();

  /// Addresses to which records were never moved, and where they are instead.
  private final Map<Long, Long> instead = new HashMap<>();

  /// Changes that were read and wait, in order, while the processor loads what they need.
  private final Waiting[] waiting = new Waiting[WAITING_MAX];

  private int waitingCount;
  private final @Nullable Segment[] liveCache = new Segment[LIVE_CACHE_SIZE];

  /// Takes what would otherwise be computed for nothing.
  long prefetched;

  /// Hash and address of keys that the tree does not have.
  private long[] added = new long[2048];

  private int addedCount;

  /// Keys that were removed after the image was taken, by their hash.
  private final Map<Long, byte[]> removed = new HashMap<>();

  /// A segment that the image refers to and that is not there any more.
  private static final class Gone {
    private final int firstUnit;
    private final int unitCount;
    private long left;

    Gone(int firstUnit, int unitCount, long left) {
      this.firstUnit = firstUnit;
      this.unitCount = unitCount;
      this.left = left;
    }

    boolean has(long address) {
      return address >= Addresses.address(firstUnit, 0)
          && address < Addresses.address(firstUnit + unitCount, 0);
    }
  }

  TailReplay(
      Index index,
      Records records,
      Addresses addresses,
      CheckpointHeader header,
      CheckpointHeader.Roots pages,
      Iterable<Segment> segments) {
    super(
        index,
        records,
        addresses,
        new Deadlines(
            index,
            records,
            new Deadlines.Roots(
                pages.aheadPage(),
                pages.rememberedPage(),
                header.roots().aheadCount(),
                header.roots().rememberedCount())));
    Arrays.setAll(waiting, _ -> new Waiting());
    segments.forEach(segment -> live.put(segment.number(), segment));
    records.replaying(true);
    sequence = header.sequence();
    timeMillis = header.timeMillis();
    epoch = header.epoch();
    entryCount = header.entryCount();
    buckets.putAll(header.buckets());
    for (CheckpointHeader.SegmentUsage usage : header.segments()) {
      Segment segment = live.get(usage.number());
      if (segment == null) {
        addresses.reserve(usage.number(), usage.firstUnit(), usage.unitCount());
        gone.put(usage.number(), new Gone(usage.firstUnit(), usage.unitCount(), usage.liveCount()));
      } else {
        addresses.enterAt(segment, usage.firstUnit(), usage.unitCount());
        segment.usage().restore(usage);
        tombstones(usage.number(), usage.tombstoneBytes(), usage.tombstoneSequence());
      }
    }
  }

  @Override
  void created(Segment segment) {
    Arrays.fill(liveCache, null);
    live.put(segment.number(), segment);
  }

  /// Removes the keys that only stood in the index for snapshots when the image was taken.
  void removePending(List<CheckpointHeader.Removal> removals) {
    for (CheckpointHeader.Removal removal : removals) {
      if (index.removeFromTable(removal.hash(), removal.address())) {
        removed.put(removal.hash(), removal.indexKey().toArray());
      }
    }
  }

  @Override
  void apply(Segment segment, RecordData record, long position, byte[] key) {
    Waiting next = nextWaiting();
    next.isMove = false;
    next.hash = index.keyHash().of(key);
    next.key = key;
    next.segment = segment;
    next.fromSegment = record.previousSegment();
    next.fromPosition = record.previousPosition();
    next.toPosition = position;
    next.entry =
        new Entry(
            Addresses.address(segment, position),
            record.kind(),
            record.isForgotten(),
            record.sequence(),
            record.deadlineMillis(),
            record.size());
    next.replaces = record.replaces();
  }

  @Override
  void change(
      long fromSegment,
      long fromPosition,
      long toSegment,
      long toPosition,
      long hash,
      byte[] droppedKey) {
    Waiting next = nextWaiting();
    next.isMove = true;
    next.hash = hash;
    next.key = droppedKey;
    next.fromSegment = fromSegment;
    next.fromPosition = fromPosition;
    next.toSegment = toSegment;
    next.toPosition = toPosition;
  }

  /// A change that was read and not applied yet.
  private static final class Waiting {
    private boolean isMove;
    private long hash;
    private byte[] key = NO_BYTES;

    /// Where the version before is, or where the record was.
    private long fromSegment;

    private long fromPosition;

    // Of the record of a commit.
    private @Nullable Segment segment;
    private @Nullable Entry entry;
    private boolean replaces;

    // Of a move.
    private long toSegment;
    private long toPosition;
  }

  private Waiting nextWaiting() {
    if (waitingCount == WAITING_MAX) {
      settle();
    }
    return waiting[waitingCount++];
  }

  /// Has the processor load what the changes need, in bursts: what waits for memory then waits
  /// together.
  private void prefetch(int count) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += index.prefetch(waiting[i].hash);
    }
    for (int i = 0; i < count; i++) {
      Waiting next = waiting[i];
      sum += peek(next.fromSegment, next.fromPosition);
      sum += next.isMove ? peek(next.toSegment, next.toPosition) : 0;
    }
    prefetched = sum;
  }

  private long peek(long number, long position) {
    Segment segment = live(number);
    return segment == null ? 0 : segment.peek(position);
  }

  private @Nullable Segment live(long number) {
    int place = (int) number & LIVE_CACHE_SIZE - 1;
    Segment cached = liveCache[place];
    if (cached == null || cached.number() != number) {
      cached = live.get(number);
      liveCache[place] = cached;
    }
    return cached;
  }

  @Override
  void settle() {
    int count = waitingCount;
    waitingCount = 0;
    prefetch(count);
    for (int i = 0; i < count; i++) {
      Waiting next = waiting[i];
      Segment segment = next.segment;
      Entry entry = next.entry;
      if (next.isMove) {
        move(next);
      } else if (segment != null && entry != null) {
        apply(next, segment, entry);
      }
    }
  }

  private void apply(Waiting next, Segment segment, Entry entry) {
    long address = entry.address();
    long before =
        next.fromSegment == RecordCodec.NO_SEGMENT
            ? 0
            : address(next.fromSegment, next.fromPosition);
    boolean isKnown =
        before != 0
            && (entry.isGone()
                ? index.removeFromTable(next.hash, before)
                : index.replace(next.hash, before, address));
    if (isKnown) {
      left(before);
    }
    if (entry.isGone()) {
      tombstones(segment.number(), entry.size(), entry.version());
      removed.put(next.hash, next.key);
    } else {
      if (!isKnown) {
        index.insertIntoTable(next.hash, next.key, address);
        added(next.hash, address);
      }
      segment.usage().addLive(entry.size(), entry.isRemembered());
      deadlines.add(entry);
    }
    if (IndexKey.bucket(next.key) != IndexKey.DIRECTORY_BUCKET) {
      entryCount += entry.kind() == RecordKind.PUT ? 1 : 0;
      entryCount -= next.replaces ? 1 : 0;
    }
  }

  private void added(long hash, long address) {
    if (2 * addedCount == added.length) {
      added = Arrays.copyOf(added, 2 * added.length);
    }
    added[2 * addedCount] = hash;
    added[2 * addedCount + 1] = address;
    addedCount++;
  }

  private long address(long number, long position) {
    Segment segment = live(number);
    if (segment != null) {
      return Addresses.address(segment, position);
    }
    long address = Addresses.address(goneSegment(number).firstUnit, position);
    return instead.getOrDefault(address, address);
  }

  /// {@return a segment that is gone; one that came and went after the image was taken too}
  private Gone goneSegment(long number) {
    return gone.computeIfAbsent(
        number, _ -> new Gone(addresses.reserve(number, GONE_UNITS), GONE_UNITS, 0));
  }

  /// Takes note that the index points to a record no longer.
  private void left(long address) {
    Segment segment = addresses.segment(address);
    if (segment == null) {
      for (Gone old : gone.values()) {
        if (old.has(address)) {
          old.left--;
          return;
        }
      }
      throw new AssertionError("address " + address);
    }
    Entry entry = records.entry(address);
    segment.usage().removeLive(entry.size(), entry.isRemembered());
    deadlines.removed(entry);
    if (entry.isRemembered()) {
      tombstones(segment.number(), entry.size(), entry.version());
    }
  }

  private void move(Waiting next) {
    long from = address(next.fromSegment, next.fromPosition);
    if (next.toSegment == IndexChanges.NO_SEGMENT) {
      if (from != 0 && index.removeFromTable(next.hash, from)) {
        left(from);
        removed.put(next.hash, next.key);
      }
      return;
    }
    Segment target = live(next.toSegment);
    if (target == null) {
      Gone passing = goneSegment(next.toSegment);
      long address = Addresses.address(passing.firstUnit, next.toPosition);
      if (addresses.segment(from) != null) {
        instead.put(address, from); // the compaction was cut short
      } else if (index.replace(next.hash, from, address)) {
        left(from);
        passing.left++; // it was compacted in its turn, as the log says further on
      }
      return;
    }
    long to = Addresses.address(target, next.toPosition);
    Entry entry = records.entry(to);
    if (entry.isGone()) {
      tombstones(next.toSegment, entry.size(), entry.version());
    } else if (from != 0 && from != to && index.replace(next.hash, from, to)) {
      left(from);
      target.usage().addLive(entry.size(), entry.isRemembered());
      deadlines.add(entry);
    }
  }

  @Override
  public Recovered finish(long presentMillis) throws IOException {
    for (Map.Entry<Long, Gone> each : gone.entrySet()) {
      if (each.getValue().left != 0) {
        throw new DamagedImageException(
            "segment %d is gone, and %d records of it are missing"
                .formatted(each.getKey(), each.getValue().left));
      }
      addresses.leave(each.getKey());
    }
    records.replaying(false);
    index.removeFromOrder(removed);
    index.addAllToOrder(added, addedCount);
    return recovered();
  }
}
