package dev.larder.internal.txn;

import dev.larder.Bytes;
import dev.larder.internal.format.CheckpointHeader;
import dev.larder.internal.format.FrameEncoder;
import dev.larder.internal.format.FrameHeader;
import dev.larder.internal.format.FrameKind;
import dev.larder.internal.format.RecordData;
import dev.larder.internal.format.RecordKind;
import dev.larder.internal.index.DeltaBuffer;
import dev.larder.internal.index.Index;
import dev.larder.internal.index.IndexKey;
import dev.larder.internal.index.Pages;
import dev.larder.internal.log.Addresses;
import dev.larder.internal.log.Log;
import dev.larder.internal.log.Segment;
import dev.larder.internal.txn.Records.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The newest state of a store, visible or not, and the frame that leads from it to the next.
///
/// **Threads.** Guarded by the commit lock, except for [#buckets()] and [#index()].
final class State {
  private static final int QUEUE_WORTH_WAKING = 1 << 12;
  private static final long NOTHING_SAID = -1;
  private static final long[] NONE = {};
  private static final int REMOVALS_IN_A_DELTA_MAX = 1 << 14;
  private static final int WATERMARK_SHIFT = 12;

  /// Takes what would otherwise be computed for nothing.
  long prefetched;

  private final Log log;
  private final Index index;
  private final Records records;
  private final Pipeline pipeline;
  private final Deadlines deadlines;
  private final Removals removals = new Removals();

  private final FrameEncoder frame = new FrameEncoder();
  private final RecordData record = new RecordData();

  /// Where the records of the frame that was built begin, and their sizes.
  private long[] positions = new long[16];

  private int[] sizes = new int[16];

  /// How many bytes of that frame belong to no record.
  private int framingSize;

  /// Keys that are being taken out of the index: first out of the tree, then out of the table. See
  /// [Removals#first].
  private long[] underRemoval = NONE;

  /// How many bytes more are live than when the store was opened, about.
  private volatile long liveChange;

  private volatile Map<String, Integer> buckets;
  private long newest;
  private long entryCount;

  /// Whether the last frame of the log is a note of a clean close.
  private boolean endsClosed;

  /// The segment in which a full frame of this epoch was written, and what the last frame in it
  /// said: compact frames after it say what is different.
  private long saidSegment;

  private long saidPage;

  private long saidMillis;
  private long saidDurable;

  State(Log log, Recovered recovered, Pipeline pipeline, boolean endsClosed) {
    this.log = log;
    this.index = recovered.index();
    this.records = recovered.records();
    this.deadlines = recovered.deadlines();
    this.buckets = recovered.buckets();
    this.newest = recovered.sequence();
    this.entryCount = recovered.entryCount();
    this.pipeline = pipeline;
    this.endsClosed = endsClosed;
    deadlines.dropped(removals::isDropped);
    records.dropped(removals::isDropped);
  }

  Index index() {
    return index;
  }

  Deadlines deadlines() {
    return deadlines;
  }

  Removals removals() {
    return removals;
  }

  Map<String, Integer> buckets() {
    return buckets;
  }

  /// {@return the newest commit, visible or not}
  long newest() {
    return newest;
  }

  /// {@return how many bytes more are live than when the store was opened, about} Any thread.
  long liveChange() {
    return liveChange;
  }

  long entryCount() {
    return entryCount;
  }

  /// {@return whether the tree has fallen so far behind that its worker should look at once}
  boolean isOrderBehind() {
    return index.queued() > QUEUE_WORTH_WAKING;
  }

  /// Builds the frame of a commit.
  void build(List<Change> changes, long bound, long now) {
    Segment active = log.active();
    if (changes.size() > positions.length) {
      positions = new long[changes.size()];
      sizes = new int[changes.size()];
    }
    long durable = pipeline.durableSequence();
    if (changes.size() == 1 && isCompact(changes.getFirst(), active)) {
      fill(changes.getFirst());
      positions[0] =
          frame.single(
              active.place(),
              active.end(),
              record,
              isSaid(active, durable) ? NOTHING_SAID : durable,
              now == saidMillis ? NOTHING_SAID : now);
      sizes[0] = frame.size();
      framingSize = 0;
    } else {
      frame.begin(active.place(), active.end(), bound);
      for (int i = 0; i < changes.size(); i++) {
        fill(changes.get(i));
        int start = frame.size();
        positions[i] = frame.add(record);
        sizes[i] = frame.size() - start;
      }
      frame.finish(FrameKind.COMMIT, log.epoch(), newest + 1, durable, now);
      framingSize = FrameHeader.SIZE;
    }
    said(active, durable, now);
  }

  /// A compact frame says nothing of the epoch, so a full one must come before it.
  private boolean isCompact(Change change, Segment active) {
    return saidSegment == active.number()
        && FrameEncoder.isCompact(
            change.indexKey().length - IndexKey.PREFIX_SIZE, change.value().size());
  }

  /// The durable watermark is said again once in each page of the file, so that what tells damage
  /// from a torn end does not hang on a single frame.
  private boolean isSaid(Segment active, long durable) {
    return durable == saidDurable && active.end() >>> WATERMARK_SHIFT == saidPage;
  }

  private void said(Segment active, long durable, long now) {
    saidPage = active.end() >>> WATERMARK_SHIFT;
    saidSegment = active.number();
    saidMillis = now;
    saidDurable = durable;
  }

  private void fill(Change change) {
    byte[] key = change.indexKey();
    record
        .set(change.kind(), IndexKey.bucket(key), newest + 1)
        .key(key, IndexKey.PREFIX_SIZE, key.length - IndexKey.PREFIX_SIZE)
        .value(change.value().lend(), 0, change.value().size())
        .deadline(change.deadlineMillis());
    if (change.isForgotten()) {
      record.forgotten();
    }
    Entry before = change.before();
    if (before != null) {
      Segment segment = segment(before.address());
      record.previous(segment.number(), Addresses.position(before.address(), segment));
      record.replaces(before.kind() == RecordKind.PUT);
    }
  }

  /// Appends the frame that was built.
  ///
  /// @param isMapped whether to store it into a mapping
  void append(boolean isMapped) throws IOException {
    endsClosed = false;
    log.append(frame, isMapped);
    log.active().usage().addFraming(framingSize);
  }

  /// {@return how many bytes the frame has that was built last}
  int frameSize() {
    return frame.size();
  }

  /// Points the index at the records of the frame that was appended.
  void apply(Planner.Plan plan) {
    Segment active = log.active();
    newest++;
    List<Change> changes = plan.changes();
    long difference = 0;
    for (int i = 0; i < changes.size(); i++) {
      Change change = changes.get(i);
      apply(change, active, Addresses.address(active, positions[i]), sizes[i]);
      Entry before = change.before();
      difference += change.isRemoval() ? 0 : sizes[i];
      difference -= before == null || before.isGone() ? 0 : before.size();
    }
    setLiveChange(liveChange + difference);
    if (plan.buckets().size() != buckets.size()) { // a bucket is never removed
      buckets = Map.copyOf(plan.buckets());
    }
  }

  /// Guarded by the commit lock, as is what it is computed from.
  private void setLiveChange(long bytes) {
    liveChange = bytes;
  }

  private void apply(Change change, Segment active, long address, int size) {
    Entry before = change.before();
    if (before == null) {
      index.insert(change.hash(), change.indexKey(), address);
    } else {
      if (!index.replace(change.hash(), before.address(), address)) {
        throw new AssertionError("the index changed without the commit lock");
      }
      removals.forget(before.address());
      if (!before.isGone()) {
        removeLive(before, change.indexKey());
      } else {
        index.addToOrder(change.hash(), address); // the tree may have let go of it already
      }
    }
    var after =
        new Entry(
            address, change.kind(), change.isForgotten(), newest, change.deadlineMillis(), size);
    if (change.isRemoval()) {
      active.usage().addTombstones(size, newest);
      removals.add(change.hash(), newest, address);
    } else {
      active.usage().addLive(size, after.isRemembered());
      deadlines.add(after);
      count(after, change.indexKey(), 1);
    }
  }

  private void count(Entry entry, byte[] indexKey, int difference) {
    boolean isUsers = IndexKey.bucket(indexKey) != IndexKey.DIRECTORY_BUCKET;
    if (entry.kind() == RecordKind.PUT && isUsers) {
      entryCount += difference;
    }
  }

  private void removeLive(Entry entry, byte[] indexKey) {
    Segment.Usage usage = segment(entry.address()).usage();
    usage.removeLive(entry.size(), entry.isRemembered());
    if (entry.isRemembered()) {
      usage.addTombstones(entry.size(), entry.version());
    }
    deadlines.removed(entry);
    count(entry, indexKey, -1);
  }

  private Segment segment(long address) {
    Segment segment = log.addresses().segment(address);
    if (segment == null) {
      throw new AssertionError("the index points to a segment that is gone");
    }
    return segment;
  }

  /// Notes in the log that the index changes.
  void appendIndexFrame(IndexFrame changes, long now) throws IOException {
    Segment active = log.active();
    long durable = pipeline.durableSequence();
    frame.begin(active.place(), active.end(), FrameHeader.SIZE + changes.sizeBound());
    frame.add(changes.record(newest));
    frame.finish(FrameKind.INDEX, log.epoch(), newest, durable, now);
    framingSize = frame.size();
    said(active, durable, now);
    append(true);
  }

  /// Stops remembering that a key expired. It is taken out of the index by [#remove].
  void drop(Deadlines.Due due) {
    Entry entry = due.entry();
    removeLive(entry, due.indexKey());
    removals.drop(entry.address());
    removals.add(due.hash(), entry.version(), entry.address());
  }

  /// Has the processor load what moving records will need. Without the commit lock.
  void prefetch(List<Move> moves) {
    long sum = 0;
    for (int i = 0; i < moves.size(); i++) {
      sum += index.prefetch(moves.get(i).hash());
    }
    prefetched = sum;
  }

  /// Follows a record to its new address.
  void move(Move move) {
    Entry entry = move.from();
    boolean isDropped = removals.isDropped(entry.address());
    if (!index.replace(move.hash(), entry.address(), move.to())) {
      throw new AssertionError("the index changed without the commit lock");
    }
    if (isDropped) {
      removals.forget(entry.address());
      removals.drop(move.to());
    }
    if (entry.isGone() || isDropped) {
      // It is counted as a tombstone; whoever was about to remove it will not find it any more.
      removals.add(move.hash(), entry.version(), move.to());
      return;
    }
    segment(entry.address()).usage().removeLive(entry.size(), entry.isRemembered());
    segment(move.to()).usage().addLive(move.size(), entry.isRemembered());
    deadlines.moved(entry, move.to());
  }

  /// Counts a tombstone at its new address, whether the index still points to it or not.
  void moveTombstone(Move move) {
    segment(move.to()).usage().addTombstones(move.size(), move.from().version());
  }

  /// Takes keys out of the index that were removed before any commit that somebody looks at.
  ///
  /// @param countMax how many at most
  /// @return whether there are more
  boolean remove(int countMax) {
    long[] removed = removals.first(removableCount(countMax));
    removals.removeFirst(removed.length / Removals.FIELDS);
    for (int i = 0; i < removed.length; i += Removals.FIELDS) {
      byte[] key = keyOfRemoved(removed[i], removed[i + 1], removed[i + 2]);
      if (key != null) {
        index.remove(removed[i], key, removed[i + 2]);
        removals.forget(removed[i + 2]);
      }
    }
    return removableCount(1) > 0;
  }

  private int removableCount(int countMax) {
    return removals.size() == 0 ? 0 : removals.countUntil(pipeline.horizon(), countMax);
  }

  /// Begins to take keys out of the index that were removed before any commit that somebody looks
  /// at. They are to be taken out of the tree first, which takes a while, and then of the table.
  ///
  /// @return how many there are
  int beginRemoval(int countMax) {
    int count = removableCount(countMax);
    underRemoval = removals.first(count);
    removals.removeFirst(count);
    return count;
  }

  /// Takes the keys out of the tree. Without the commit lock: a key that comes back meanwhile is
  /// told to the tree again.
  void removeFromOrder() {
    long[] removed = underRemoval;
    index.order(); // a key that waits for the tree must not come to it after its removal
    int count = removed.length / Removals.FIELDS;
    index.removeFromOrder(
        count,
        i -> removed[Removals.FIELDS * i],
        i -> {
          int at = Removals.FIELDS * i;
          return keyOfRemoved(removed[at], removed[at + 1], removed[at + 2]);
        });
  }

  /// Takes some of the keys out of the table that still are what they were.
  ///
  /// @param from the number of the first
  /// @param to one more than that of the last
  void removeFromTable(int from, int to) {
    long[] removed = underRemoval;
    for (int at = from * Removals.FIELDS; at < to * Removals.FIELDS; at += Removals.FIELDS) {
      if (isRemoved(removed[at], removed[at + 1], removed[at + 2])) {
        index.removeFromTable(removed[at], removed[at + 2]);
        removals.forget(removed[at + 2]);
      }
    }
    if (to * Removals.FIELDS == removed.length) {
      underRemoval = NONE;
    }
  }

  /// {@return whether a key is still removed by a commit, and the index points to its tombstone}
  private boolean isRemoved(long hash, long sequence, long address) {
    return index.pointsTo(hash, address) && records.entry(address).version() == sequence;
  }

  /// {@return the key that was removed by a commit; null if it came back or moved meanwhile}
  private byte @Nullable [] keyOfRemoved(long hash, long sequence, long address) {
    return index.pointsTo(hash, address) ? records.key(address, sequence) : null;
  }

  void roll(long now) throws IOException {
    endsClosed = false;
    log.roll(0, newest, now);
  }

  /// Without this frame the next opening takes the end for an unclean one, which only costs time:
  /// so it is not forced, and no room is fought for.
  void appendClose(long now) throws IOException {
    Segment active = log.active();
    if (!endsClosed && active.end() + FrameHeader.SIZE <= active.allocated()) {
      frame.begin(active.place(), active.end(), FrameHeader.SIZE);
      frame.finish(FrameKind.CLOSE, log.epoch(), newest, newest, now);
      log.append(frame, false);
      active.usage().addFraming(FrameHeader.SIZE);
    }
  }

  private List<CheckpointHeader.Removal> pendingRemovals() {
    var pending = new ArrayList<CheckpointHeader.Removal>();
    addPending(removals.first(removals.size()), pending);
    addPending(underRemoval, pending);
    return pending;
  }

  private void addPending(long[] removed, List<CheckpointHeader.Removal> pending) {
    for (int i = 0; i < removed.length; i += Removals.FIELDS) {
      byte[] key = keyOfRemoved(removed[i], removed[i + 1], removed[i + 2]);
      if (key != null) {
        pending.add(new CheckpointHeader.Removal(removed[i], removed[i + 2], Bytes.wrap(key)));
      }
    }
  }

  /// Cuts what happens to the index in two, and begins to take an image of it as of now.
  ///
  /// @param saver what keeps its pages; null if there is to be no image
  /// @return without the changes if they were not gathered, or if snapshots keep so many removed
  ///   keys in the index that naming them would take long
  Cut cut(Pages.@Nullable Saver saver, long now) {
    Segment active = log.active();
    // Replay has to meet the note of a clean close, if the log ends with one.
    long position = endsClosed ? active.end() - FrameHeader.SIZE : active.end();
    Pages.Capture capture = null;
    if (saver != null) {
      deadlines.mergeAll();
      capture = capture(saver);
    }
    boolean isWaiting = saver == null && removals.size() > REMOVALS_IN_A_DELTA_MAX;
    DeltaBuffer.Batch changes = isWaiting ? null : index.changes().take();
    if (saver != null) {
      index.changes().begin();
    }
    var usages = new ArrayList<CheckpointHeader.SegmentUsage>();
    // All whose files are there: records may have moved into some that the manifest does not name
    // yet,
    // and others take up addresses although it does not name them any more.
    for (Segment segment : log.files()) {
      Segment.Usage usage = segment.usage();
      long replayed = segment == active ? active.end() - position : 0;
      usages.add(
          new CheckpointHeader.SegmentUsage(
              segment.number(),
              segment.firstUnit(),
              segment.unitCount(),
              usage.liveCount(),
              usage.liveBytes(),
              usage.tombstoneBytes(),
              usage.tombstoneSequence(),
              usage.rememberedCount(),
              usage.rememberedBytes(),
              usage.framingBytes() - replayed));
    }
    Deadlines.Roots roots = deadlines.roots();
    return new Cut(
        capture,
        new CheckpointHeader(
            log.storeId(),
            newest,
            active.number(),
            position,
            now,
            log.epoch(),
            entryCount,
            new CheckpointHeader.Roots(
                index.tablePage(),
                index.treePage(),
                roots.aheadPage(),
                roots.rememberedPage(),
                roots.aheadCount(),
                roots.rememberedCount()),
            capture == null ? index.pages().pageCount() : capture.pageCount(),
            capture == null ? List.of() : freeRuns(),
            isWaiting ? List.of() : pendingRemovals(),
            buckets,
            usages),
        changes);
  }

  private Pages.Capture capture(Pages.Saver saver) {
    var captured = new Pages.Capture[1];
    index.frozen(() -> captured[0] = index.pages().capture(saver));
    return captured[0];
  }

  private List<Integer> freeRuns() {
    return Arrays.stream(index.pages().freeRuns()).boxed().toList();
  }
}
