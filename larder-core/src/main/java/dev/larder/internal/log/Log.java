package dev.larder.internal.log;

import dev.larder.Bytes;
import dev.larder.internal.base.DiskFullException;
import dev.larder.internal.file.DirectoryLock;
import dev.larder.internal.file.StoreDirectory;
import dev.larder.internal.format.FileNames;
import dev.larder.internal.format.FrameEncoder;
import dev.larder.internal.format.Manifest;
import dev.larder.internal.format.SegmentHeader;
import dev.larder.internal.format.SegmentKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The log: frames in, records out, in segments that a manifest names. Rolling, allocating ahead,
/// sealing and the atomic replacement of the manifest are behind these methods.
///
/// **Threads.** [#find] and [#force] are safe for any number of threads. [#prepare] and [#append]
/// are for the thread that holds the commit lock. Compaction may create, swap and delete segments
/// at the same time.
public final class Log {
  /*
   * Invariants, under `tableLock`:
   *   (1) what the manifest on disk names is `cold` and `history`, in that order;
   *   (2) every segment but `active` is sealed, and durable up to its end;
   *   (3) `byNumber` holds those and the retired ones whose files are still there.
   */
  /// Segments from this size on have room written ahead in the background.
  private static final long CAPACITY_WORTH_AHEAD = 8L << 20;

  /// Which share of a segment is left when it is sealed in the background.
  private static final int CAPACITY_LEFT_SHARE = 8;

  private final StoreDirectory directory;
  private final Space space;
  private final RandomGenerator random;
  private final DirectoryLock lock;
  private final Reserve reserve;
  private final Bytes storeId;
  private final long createdMillis;

  private final ReentrantLock tableLock = new ReentrantLock();
  private final ConcurrentHashMap<Long, Segment> byNumber = new ConcurrentHashMap<>();
  private final Addresses addresses;
  private final TreeMap<Long, Segment> cold = new TreeMap<>();
  private final TreeMap<Long, Segment> history = new TreeMap<>();
  private long generation;
  private long nextSegment;
  private int epoch;

  private final AtomicLong usedBytes = new AtomicLong();
  private final AtomicLong appendedBytes = new AtomicLong();
  private volatile Segment active;
  private volatile long activeCapacity;

  /// Guarded by `tableLock` as it says.
  private final NextFile nextFile;

  /// Segments that were sealed, whose files still have room and are open for writing.
  private final ConcurrentLinkedQueue<Segment> sealed = new ConcurrentLinkedQueue<>();

  private final CheckpointMark checkpoint;

  /// How much more than allowed there was already when the store was opened, under a limit that is
  /// lower than the one it was written with. Removing and compacting must work all the same.
  private final long overhangBytes;

  /// What a log begins with.
  ///
  /// @param directory where its files are
  /// @param space how much room it may take
  /// @param random where salts and identities come from
  /// @param lock what keeps other processes from writing
  public record Setting(
      StoreDirectory directory, Space space, RandomGenerator random, DirectoryLock lock) {}

  private Log(
      Setting setting,
      Manifest manifest,
      Collection<Segment> segments,
      Segment active,
      Addresses addresses)
      throws IOException {
    this.addresses = addresses;
    this.directory = setting.directory();
    this.space = setting.space();
    this.random = setting.random();
    this.lock = setting.lock();
    this.reserve = new Reserve(directory);
    this.nextFile = new NextFile(directory);
    this.storeId = manifest.storeId();
    this.createdMillis = manifest.createdMillis();
    this.generation = manifest.generation();
    this.nextSegment = manifest.nextSegment();
    this.epoch = (int) Math.min(Integer.MAX_VALUE, manifest.epoch());
    for (Segment segment : segments) {
      enter(segment);
    }
    this.active = active;
    this.activeCapacity = Math.max(space.segmentCapacity(liveBytes()), active.allocated());
    this.checkpoint =
        new CheckpointMark(directory, Math.max(0, directory.size(FileNames.CHECKPOINT)));
    this.overhangBytes = Math.max(0, usedBytes() - space.boundFor(Space.Purpose.GROW));
  }

  /// Creates the log of a new store, in a directory that exists. When this returns the store is
  /// durable and empty.
  public static Log create(Setting setting, long presentMillis) throws IOException {
    Bytes storeId = randomId(setting.random());
    long capacity = setting.space().segmentCapacity(0);
    var header =
        new SegmentHeader(
            storeId, 1, SegmentKind.HISTORY, randomId(setting.random()), 1, 1, 0, presentMillis);
    Segment first = Segment.create(setting.directory(), header, Space.chunkSize(capacity));
    try {
      first.force();
      setting.directory().force();
      var manifest = new Manifest(storeId, 0, 2, presentMillis, 1, List.of());
      var addresses = new Addresses();
      addresses.enter(first, capacity);
      var log = new Log(setting, manifest, List.of(first), first, addresses);
      log.saveManifest();
      return log;
    } catch (IOException | RuntimeException | Error e) {
      first.retire();
      throw e;
    }
  }

  /// Goes on with the log of a store that was recovered.
  ///
  /// @param setting where it is
  /// @param manifest what the manifest says
  /// @param segments every segment it names
  /// @param active the one of them that is appended to
  /// @param addresses where they stand in the space of addresses
  public static Log reopen(
      Setting setting,
      Manifest manifest,
      Collection<Segment> segments,
      Segment active,
      Addresses addresses)
      throws IOException {
    return new Log(setting, manifest, segments, active, addresses);
  }

  /// {@return where segments stand in the space of addresses}
  public Addresses addresses() {
    return addresses;
  }

  /// {@return the identity of the store}
  public Bytes storeId() {
    return storeId;
  }

  /// {@return when the store was created, in milliseconds since 1970}
  public long createdMillis() {
    return createdMillis;
  }

  /// {@return the writer's epoch}
  public int epoch() {
    return epoch;
  }

  /// Begins a new epoch; frames carry it from now on.
  public void beginEpoch(int number) {
    epoch = number;
  }

  /// Sees to it that new segments get numbers above one.
  public void skipNumbers(long highest) {
    nextSegment = Math.max(nextSegment, highest + 1);
  }

  /// {@return how much room the log may take}
  public Space space() {
    return space;
  }

  /// {@return where the store is, for messages}
  public Path location() {
    return directory.path();
  }

  /// {@return up to how many bytes the directory may grow for a purpose}
  public long boundFor(Space.Purpose purpose) {
    long bound = space.boundFor(purpose);
    boolean isOver = purpose != Space.Purpose.GROW && overhangBytes > 0;
    return isOver ? bound + Math.min(overhangBytes, Long.MAX_VALUE - bound) : bound;
  }

  /// {@return how many bytes the disk has room for, what is set aside included}
  public long freeDiskBytes() {
    try {
      long free = directory.freeBytes();
      return free + Math.min(reserve.size(), Long.MAX_VALUE - free);
    } catch (IOException _) {
      return Long.MAX_VALUE; // unknown: allocating shows it
    }
  }

  /// Works out at which size segments are sealed, once it is known how much is live.
  public void usageKnown() {
    activeCapacity = Math.max(space.segmentCapacity(liveBytes()), active.allocated());
  }

  /// {@return the directory}
  public StoreDirectory directory() {
    return directory;
  }

  /// {@return the segment that is appended to}
  public Segment active() {
    return active;
  }

  /// {@return a segment that is live, or retired and not deleted yet; null if there is none}
  public @Nullable Segment find(long number) {
    return byNumber.get(number);
  }

  /// {@return the live segments: cold ones, then history in commit order}
  public List<Segment> segments() {
    tableLock.lock();
    try {
      var all = new ArrayList<Segment>(cold.values());
      all.addAll(history.values());
      return all;
    } finally {
      tableLock.unlock();
    }
  }

  /// {@return every segment whose file is there: live ones, those that are being written, and those
  /// that are not live any more}
  public List<Segment> files() {
    return List.copyOf(byNumber.values());
  }

  /// {@return whether a file is the one made ahead for the next segment}
  public boolean isMadeAhead(String name) {
    return nextFile.hasName(name);
  }

  /// {@return the bytes of everything in the directory, but for room written ahead}
  public long usedBytes() {
    return usedBytes.get() + checkpoint.bytes() + reserve.size() + overheadBytes();
  }

  /// {@return the bytes of segments, headers included, retired ones included}
  public long segmentBytes() {
    return usedBytes.get();
  }

  /// {@return how many bytes of commits were appended since the store was opened}
  public long appendedBytes() {
    return appendedBytes.get();
  }

  /// {@return what is known of the checkpoint}
  public CheckpointMark checkpoint() {
    return checkpoint;
  }

  /// {@return the bytes set aside for a full disk}
  public long reserveBytes() {
    return reserve.size();
  }

  /// {@return the bytes of manifest and control file}
  public long overheadBytes() {
    return Manifest.size(cold.size() + history.size()) + (4L << 10);
  }

  /// {@return at which size the active segment is sealed}
  public long activeCapacity() {
    return activeCapacity;
  }

  /// {@return the bytes of live records; under the commit lock}
  public long liveBytes() {
    long live = 0;
    for (Segment segment : byNumber.values()) {
      live += segment.usage().liveBytes;
    }
    return live;
  }

  /// Makes room for a frame in the active segment, rolling to a new one where it is full. When this
  /// throws [DiskFullException] nothing has changed.
  ///
  /// @param frameBound how many bytes the frame has at most
  /// @param lastSequence the last commit in the log
  /// @param presentMillis the store's present
  /// @param mayUseReserve whether the reserve may be given up for it
  /// @return whether the log rolled, which made everything before durable
  public boolean prepare(
      long frameBound, long lastSequence, long presentMillis, boolean mayUseReserve)
      throws IOException {
    return mayUseReserve
        ? withReserve(() -> tryPrepare(frameBound, lastSequence, presentMillis))
        : tryPrepare(frameBound, lastSequence, presentMillis);
  }

  private interface Allocation<T> {
    T attempt() throws IOException;
  }

  /// Tries once more with the reserve given up, if the disk is full.
  private <T> T withReserve(Allocation<T> allocation) throws IOException {
    try {
      return allocation.attempt();
    } catch (DiskFullException e) {
      if (!releaseReserve()) {
        throw e;
      }
      return allocation.attempt();
    }
  }

  private boolean tryPrepare(long frameBound, long lastSequence, long presentMillis)
      throws IOException {
    long needed = active.end() + frameBound;
    boolean mustRoll =
        (needed > activeCapacity && active.end() > SegmentHeader.SIZE)
            || Addresses.unitCount(needed) > active.unitCount();
    if (mustRoll) {
      roll(frameBound, lastSequence, presentMillis);
    }
    needed = active.end() + frameBound;
    if (needed > active.allocated()) {
      long chunk = Space.chunkSize(activeCapacity);
      long ahead = Math.min(active.allocated() + chunk, activeCapacity);
      active.allocate(Math.max(needed, ahead));
    }
    return mustRoll;
  }

  /// {@return whether the room written ahead runs short}
  private boolean isRoomShort() {
    Segment segment = active;
    long allocated = segment.allocated();
    return allocated - segment.end() < Space.chunkSize(activeCapacity) / 2
        && allocated < activeCapacity
        && activeCapacity >= CAPACITY_WORTH_AHEAD;
  }

  /// Writes room ahead in the active segment. Where the disk is full that shows when the room is
  /// needed.
  private void allocateAhead() throws IOException {
    Segment segment = active;
    if (isRoomShort()) {
      long wanted = segment.allocated() + Space.chunkSize(activeCapacity);
      try {
        segment.allocateAhead(Math.min(wanted, activeCapacity));
      } catch (DiskFullException _) {
        // an append that needs the room says so
      }
    }
  }

  /// {@return whether there is something to do for [#tend], or [#isRollDue]}
  public boolean needsTending() {
    return isRoomShort() || isNextWanted() || isRollDue() || !sealed.isEmpty();
  }

  /// {@return whether the active segment is nearly full and the file of the next one is there: the
  /// moment to roll in the background, before a commit has to}
  public boolean isRollDue() {
    return nextFile.isThere()
        && active.end() > activeCapacity - activeCapacity / CAPACITY_LEFT_SHARE;
  }

  /// Does on any thread what a commit would otherwise have to wait for: writes room ahead, makes
  /// the file of the next segment, and lets go of files that were sealed.
  public void tend() throws IOException {
    allocateAhead();
    prepareNext();
    closeSealed();
  }

  private boolean isNextWanted() {
    return !nextFile.isThere() && active.end() > activeCapacity / 2;
  }

  private void prepareNext() throws IOException {
    long size = activeCapacity;
    if (!isNextWanted() || usedBytes() + 2 * size > space.boundFor(Space.Purpose.GROW)) {
      return;
    }
    long number;
    tableLock.lock();
    try {
      number = nextSegment++;
    } finally {
      tableLock.unlock();
    }
    NextFile.Made made = nextFile.make(number, size);
    tableLock.lock();
    try {
      nextFile.keep(made);
    } finally {
      tableLock.unlock();
    }
  }

  /// Gives back the room behind the end of segments that were sealed, and lets go of their files.
  public void closeSealed() throws IOException {
    for (Segment next = sealed.poll(); next != null; next = sealed.poll()) {
      next.giveRoomBack();
    }
  }

  /// Seals the active segment and goes on in a new one. Everything in the log is durable
  /// afterwards.
  ///
  /// @param frameBound how many bytes the first frame has at most
  /// @param lastSequence the last commit in the log
  /// @param presentMillis the store's present
  public void roll(long frameBound, long lastSequence, long presentMillis) throws IOException {
    forceActive();
    switchTo(createNext(frameBound, lastSequence, presentMillis), lastSequence);
  }

  /// Creates the segment that follows the active one, and makes its name durable. It is not live
  /// before [#switchTo].
  ///
  /// @param frameBound how many bytes the first frame has at most
  /// @param lastSequence the last commit before it
  /// @param presentMillis the store's present
  public Segment createNext(long frameBound, long lastSequence, long presentMillis)
      throws IOException {
    long capacity = capacityFor(frameBound);
    tableLock.lock();
    try {
      Segment next = beginPrepared(lastSequence, presentMillis);
      if (next == null) {
        long ahead = Math.max(Space.chunkSize(capacity), SegmentHeader.SIZE + frameBound);
        SegmentHeader header =
            header(nextSegment++, SegmentKind.HISTORY, lastSequence + 1, 0, presentMillis);
        next = Segment.create(directory, header, Math.min(ahead, capacity));
        try {
          directory.force();
        } catch (IOException | RuntimeException | Error e) {
          next.retire();
          throw e;
        }
      }
      addresses.enter(next, capacity);
      return next;
    } finally {
      tableLock.unlock();
    }
  }

  /// Begins the next segment in the file that was made for it, if there is one.
  private @Nullable Segment beginPrepared(long lastSequence, long presentMillis)
      throws IOException {
    NextFile.Made next = nextFile.take(active.number());
    if (next == null) {
      return null;
    }
    SegmentHeader header =
        header(next.number(), SegmentKind.HISTORY, lastSequence + 1, 0, presentMillis);
    return Segment.begin(directory, header, next.file());
  }

  /// Appends a frame to a segment that is not live yet; draws on the reserve.
  public void appendNext(Segment next, FrameEncoder frame) throws IOException {
    withReserve(() -> next.append(frame.array(), frame.size(), false));
  }

  /// Seals the active segment at its end and makes another one active, durably. What was active
  /// must be durable up to its end.
  ///
  /// @param next the new active segment
  /// @param lastSequence the last commit in the old one
  public void switchTo(Segment next, long lastSequence) throws IOException {
    Segment old = active;
    boolean isEmpty = old.end() == SegmentHeader.SIZE;
    tableLock.lock();
    try {
      old.seal(lastSequence);
      enter(next);
      if (isEmpty) {
        leaveTable(old); // a segment without frames says nothing
      }
      try {
        next.force();
        saveManifest();
      } catch (DiskFullException e) {
        leave(next);
        enterTable(old);
        old.unseal();
        discard(next);
        throw e;
      }
      active = next;
      activeCapacity = Math.max(capacityFor(0), next.allocated());
    } finally {
      tableLock.unlock();
    }
    if (isEmpty) {
      delete(old);
    } else {
      sealed.add(old);
    }
  }

  private long capacityFor(long frameBound) {
    return Math.max(space.segmentCapacity(liveBytes()), SegmentHeader.SIZE + frameBound);
  }

  /// Appends a frame to the active segment; [#prepare] has made room. After an exception the store
  /// must fail: any part of the frame may have been written.
  ///
  /// @param frame what to append
  /// @param isMapped whether to store it into a mapping, which is fast, or to hand it to the
  ///   operating system, which makes a force cheaper
  /// @return where it begins
  public long append(FrameEncoder frame, boolean isMapped) throws IOException {
    long position = active.append(frame.array(), frame.size(), isMapped);
    usedBytes.addAndGet(frame.size());
    appendedBytes.addAndGet(frame.size());
    return position;
  }

  /// Makes the names of segments durable that no manifest names yet.
  public void forceNames() throws IOException {
    directory.force();
  }

  /// Makes everything in the log durable, frames behind the last commit included.
  public void forceActive() throws IOException {
    Segment segment = active;
    if (!segment.isUnforced()) {
      return;
    }
    try {
      segment.force();
    } catch (DiskFullException e) {
      // Unlike an allocation that finds no room, a force that fails has lost something.
      throw new IOException("the force of " + segment.path() + " failed", e);
    }
  }

  /// Makes everything appended to a segment durable. Where the log has rolled on meanwhile, it is
  /// already.
  public void force(Segment segment) throws IOException {
    segment.force();
  }

  /// Creates a cold segment, which is not live before [#swap].
  ///
  /// @param baseSequence the lowest sequence number it will hold
  /// @param cleanSequence the commit as of which everything in it is live
  /// @param presentMillis the store's present
  /// @param sizeMax how many bytes it will have at most
  public Segment createCold(long baseSequence, long cleanSequence, long presentMillis, long sizeMax)
      throws IOException {
    tableLock.lock();
    try {
      SegmentHeader header =
          header(nextSegment++, SegmentKind.COLD, baseSequence, cleanSequence, presentMillis);
      Segment segment = withReserve(() -> Segment.create(directory, header, 0));
      addresses.enter(segment, sizeMax);
      byNumber.put(segment.number(), segment);
      usedBytes.addAndGet(segment.end());
      return segment;
    } finally {
      tableLock.unlock();
    }
  }

  /// Appends bytes to a cold segment that is being written.
  public void appendCold(Segment segment, FrameEncoder frame) throws IOException {
    withReserve(() -> segment.append(frame.array(), frame.size(), false));
    usedBytes.addAndGet(frame.size());
  }

  /// Makes a cold segment durable and seals it.
  ///
  /// @param lastSequence the highest sequence number in it
  public void sealCold(Segment segment, long lastSequence) throws IOException {
    segment.force();
    segment.seal(lastSequence);
    segment.giveRoomBack();
  }

  /// Makes new cold segments live and takes others out, in one step. Those taken out can still be
  /// read until [#delete].
  ///
  /// @param added sealed cold segments
  /// @param removed live segments other than the active one
  public void swap(List<Segment> added, List<Segment> removed) throws IOException {
    directory.force();
    tableLock.lock();
    try {
      added.forEach(segment -> cold.put(segment.number(), segment));
      removed.forEach(this::leaveTable);
      try {
        saveManifest();
      } catch (DiskFullException e) {
        added.forEach(this::leaveTable);
        removed.forEach(this::enterTable);
        throw e;
      }
    } finally {
      tableLock.unlock();
    }
  }

  /// Deletes a segment that is not live and that nobody needs.
  public void delete(Segment segment) throws IOException {
    byNumber.remove(segment.number());
    addresses.leave(segment.number());
    usedBytes.addAndGet(-segment.end());
    segment.retire();
    directory.delete(segment.name());
  }

  /// Fills the reserve up to what suits the size of the store, if the disk has ample room.
  public void fillReserve() throws IOException {
    long wanted = 2 * Space.chunkSize(activeCapacity);
    if (reserve.size() < wanted
        && usedBytes() + wanted <= space.boundFor(Space.Purpose.GROW)
        && directory.freeBytes() > 4 * wanted) {
      tableLock.lock();
      try {
        reserve.fill(wanted);
      } finally {
        tableLock.unlock();
      }
    }
  }

  /// Gives the reserve up.
  ///
  /// @return whether there was any
  public boolean releaseReserve() throws IOException {
    tableLock.lock();
    try {
      return reserve.release();
    } finally {
      tableLock.unlock();
    }
  }

  /// Gives back the room behind the end of the active segment, to which nothing is appended any
  /// more. That is not forced: what a power failure leaves there are zeros.
  public void giveRoomBack() throws IOException {
    active.giveRoomBack();
  }

  /// Lets go of every file. Nothing is made durable here.
  public void close() throws IOException {
    IOException failure = null;
    try {
      closeSealed();
      nextFile.discard();
    } catch (IOException e) {
      failure = e;
    }
    for (Segment segment : byNumber.values()) {
      try {
        segment.retire();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private SegmentHeader header(
      long number, SegmentKind kind, long baseSequence, long cleanSequence, long presentMillis) {
    return new SegmentHeader(
        storeId, number, kind, randomId(random), epoch, baseSequence, cleanSequence, presentMillis);
  }

  /// Replaces the manifest in one step: written beside, forced, renamed, the directory forced.
  private void saveManifest() throws IOException {
    if (!lock.isHeld()) {
      throw new IOException(
          "the lock file was removed or replaced: another process may be writing");
    }
    var segments = new ArrayList<Manifest.SegmentInfo>();
    cold.values().forEach(segment -> segments.add(segment.info()));
    history.values().forEach(segment -> segments.add(segment.info()));
    var manifest =
        new Manifest(storeId, generation + 1, nextSegment, createdMillis, epoch, segments);
    byte[] bytes = manifest.encode();
    StoreFiles.replaceManifest(
        directory,
        file ->
            withReserve(() -> {
              file.write(0, bytes, 0, bytes.length);
              return bytes.length;
            }));
    generation++;
  }

  private void enter(Segment segment) {
    byNumber.put(segment.number(), segment);
    enterTable(segment);
    usedBytes.addAndGet(segment.end());
  }

  private void leave(Segment segment) {
    byNumber.remove(segment.number());
    leaveTable(segment);
    usedBytes.addAndGet(-segment.end());
  }

  private void enterTable(Segment segment) {
    (segment.kind() == SegmentKind.COLD ? cold : history).put(segment.number(), segment);
  }

  private void leaveTable(Segment segment) {
    (segment.kind() == SegmentKind.COLD ? cold : history).remove(segment.number());
  }

  private void discard(Segment segment) throws IOException {
    addresses.leave(segment.number());
    segment.retire();
    directory.delete(segment.name());
  }

  private static Bytes randomId(RandomGenerator random) {
    byte[] id = new byte[SegmentHeader.ID_SIZE];
    random.nextBytes(id);
    return Bytes.wrap(id);
  }
}
