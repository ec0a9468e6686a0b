package dev.larder.testkit;

import dev.larder.internal.base.DiskFullException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A disk in memory with one directory on it, and the machine it belongs to: it knows what the
/// processes see and what a power failure would leave.
///
/// A process sees it through a [SimulatedDirectory]; any number may do so at once. When a process
/// dies ([SimulatedDirectory#kill()]) the disk goes on as it is. A power failure is [#crash]: it
/// leaves this disk alone and makes another one, so that many may be tried from one place.
///
/// What survives a power failure: of every file what was last forced, and any part of the writes
/// since then; of the names those of the last force of the directory, and any part of the changes
/// since then. A file and its name are two things: a forced file whose name was not forced is gone.
///
/// **Threads.** Safe for any number of threads.
public final class SimulatedDisk {
  /*
   * Invariants, under `lock`:
   *   (1) names is durableNames with all of pendingNames applied in order.
   *   (2) Every inode that names, durableNames or pendingNames mention is in inodes.
   *   (3) time counts the changes applied so far: applying the same ones to a copy gives the same
   *       times and the same inode numbers.
   *
   * Inodes that nothing mentions are kept for a while, as a source of stale bytes.
   */
  private static final int STALE_INODES_MAX = 4;

  final ReentrantLock lock = new ReentrantLock();

  private final Map<Integer, Inode> inodes = new TreeMap<>();
  private final Map<String, Integer> names = new HashMap<>();
  private Map<String, Integer> durableNames = new HashMap<>();
  private final List<Pending> pendingNames = new ArrayList<>();
  private final Map<Integer, SimulatedLock> locks = new HashMap<>();
  private boolean hasDirectory;
  private int inodeCount;
  private long time;
  private long usedBytes;
  private long capacityBytes = Long.MAX_VALUE;
  private String fileSystemType = "simulated";
  private @Nullable Trace trace;

  /// A disk without the directory.
  public SimulatedDisk() {}

  /// {@return a disk with the directory, empty}
  public static SimulatedDisk withDirectory() {
    var disk = new SimulatedDisk();
    disk.hasDirectory = true;
    return disk;
  }

  /// {@return a disk in the same state, with nothing locked, that goes its own way}
  public SimulatedDisk copy() {
    lock.lock();
    try {
      SimulatedDisk copy = bareCopy();
      for (Inode inode : inodes.values()) {
        copy.inodes.put(inode.id, inode.copy());
      }
      copy.names.putAll(names);
      copy.durableNames.putAll(durableNames);
      for (Pending one : pendingNames) {
        copy.pendingNames.add(one.copy());
      }
      copy.usedBytes = usedBytes;
      return copy;
    } finally {
      lock.unlock();
    }
  }

  private SimulatedDisk bareCopy() {
    var copy = new SimulatedDisk();
    copy.hasDirectory = hasDirectory;
    copy.inodeCount = inodeCount;
    copy.time = time;
    copy.capacityBytes = capacityBytes;
    copy.fileSystemType = fileSystemType;
    return copy;
  }

  // What a test sets and asks.

  /// Limits what all files together may take.
  public void setCapacity(long bytes) {
    locked(() -> capacityBytes = bytes);
  }

  /// {@return the sum of the sizes of all files that have a name}
  public long usedBytes() {
    lock.lock();
    try {
      return usedBytes;
    } finally {
      lock.unlock();
    }
  }

  /// Sets what the directory says of its file system.
  public void setFileSystemType(String type) {
    locked(() -> fileSystemType = type);
  }

  /// Starts to record all changes.
  ///
  /// @return the record, which grows from here on; an earlier one ends
  public Trace record() {
    lock.lock();
    try {
      trace = new Trace(copy());
      return trace;
    } finally {
      lock.unlock();
    }
  }

  /// Puts a line into the record; without one, does nothing.
  public void mark(String text) {
    apply(Operation.of(Operation.Kind.MARK, text, 0));
  }

  /// {@return the names in the directory, sorted}
  public List<String> names() {
    lock.lock();
    try {
      return List.copyOf(new TreeSet<>(names.keySet()));
    } finally {
      lock.unlock();
    }
  }

  /// {@return the bytes of a file, as processes see them}
  public byte[] content(String name) {
    lock.lock();
    try {
      return named(name).live.toArray();
    } finally {
      lock.unlock();
    }
  }

  /// Damages a file behind everybody's back: what is put there is durable at once, and not
  /// recorded.
  ///
  /// @param position where the bytes go; they may make the file longer
  public void overwrite(String name, long position, byte... bytes) {
    damage(name, pages -> pages.write(position, bytes, 0, bytes.length));
  }

  /// Cuts a file behind everybody's back, durably, and not recorded.
  public void cut(String name, long size) {
    damage(name, pages -> pages.cut(size));
  }

  /// Makes a file behind everybody's back, durably, and not recorded.
  public void put(String name, byte... bytes) {
    lock.lock();
    try {
      names.computeIfAbsent(
          name,
          _ -> {
            var inode = new Inode(++inodeCount);
            inodes.put(inode.id, inode);
            durableNames.put(name, inode.id);
            return inode.id;
          });
      cut(name, 0);
      overwrite(name, 0, bytes);
    } finally {
      lock.unlock();
    }
  }

  private void damage(String name, Consumer<Pages> change) {
    lock.lock();
    try {
      Inode inode = named(name);
      usedBytes -= inode.live.size();
      change.accept(inode.live);
      change.accept(inode.durable);
      inode.show(0, Long.MAX_VALUE);
      usedBytes += inode.live.size();
    } finally {
      lock.unlock();
    }
  }

  private Inode named(String name) {
    Inode inode = find(name);
    if (inode == null) {
      throw new IllegalArgumentException("no file " + name);
    }
    return inode;
  }

  // Power failures.

  /// {@return whether a power failure could lose anything}
  public boolean hasPending() {
    lock.lock();
    try {
      boolean hasPending = !pendingNames.isEmpty();
      for (Inode inode : inodes.values()) {
        hasPending |= !inode.pending.isEmpty();
      }
      return hasPending;
    } finally {
      lock.unlock();
    }
  }

  /// Cuts the power.
  ///
  /// @param mode which writes survive
  /// @param order which names may survive
  /// @param random chooses what the mode leaves open
  /// @return the disk after the machine has started again; this one stays as it is
  public SimulatedDisk crash(CrashMode mode, NameOrder order, RandomGenerator random) {
    lock.lock();
    try {
      return afterwards(new PowerLoss(view(), Survival.of(mode, view(), random), order, random));
    } finally {
      lock.unlock();
    }
  }

  /// {@return how many pieces of what is not forced survive or not, each for itself: changes of
  /// names and sectors of 512 bytes}
  public int pendingUnits() {
    lock.lock();
    try {
      return Survival.unitCount(view(), CrashMode.SECTORS_512.sectorBytes());
    } finally {
      lock.unlock();
    }
  }

  /// Cuts the power and chooses piece by piece what survives.
  ///
  /// @param kept the pieces, in the order in which [#pendingUnits()] counts them
  /// @return the disk after the machine has started again; this one stays as it is
  public SimulatedDisk crash(BitSet kept) {
    lock.lock();
    try {
      return afterwards(
          new PowerLoss(
              view(), Survival.of(kept), NameOrder.ANY, new SplittableRandom(kept.hashCode())));
    } finally {
      lock.unlock();
    }
  }

  private View view() {
    return new View(inodes, durableNames, pendingNames);
  }

  private SimulatedDisk afterwards(PowerLoss loss) {
    SimulatedDisk disk = bareCopy();
    disk.names.putAll(loss.survivingNames());
    disk.durableNames.putAll(disk.names);
    for (int id : new HashSet<>(disk.names.values())) {
      Inode inode = loss.surviving(id);
      disk.inodes.put(id, inode);
      disk.usedBytes += inode.live.size();
    }
    return disk;
  }

  /// What is pending and what is not, for the duration of a call.
  record View(
      Map<Integer, Inode> inodes, Map<String, Integer> durableNames, List<Pending> pendingNames) {}

  // What directories do.

  boolean hasDirectory() {
    lock.lock();
    try {
      return hasDirectory;
    } finally {
      lock.unlock();
    }
  }

  String fileSystemType() {
    lock.lock();
    try {
      return fileSystemType;
    } finally {
      lock.unlock();
    }
  }

  long freeBytes() {
    lock.lock();
    try {
      return capacityBytes == Long.MAX_VALUE
          ? Long.MAX_VALUE
          : Math.max(0, capacityBytes - usedBytes);
    } finally {
      lock.unlock();
    }
  }

  long time() {
    lock.lock();
    try {
      return time;
    } finally {
      lock.unlock();
    }
  }

  @Nullable Inode find(String name) {
    Integer id = names.get(name);
    return id == null ? null : inodes.get(id);
  }

  Map<Integer, SimulatedLock> locks() {
    return locks;
  }

  int nextInode() {
    return inodeCount + 1;
  }

  /// Applies a write or an allocation as far as there is room.
  void applyWithinCapacity(Operation operation, Inode inode) throws IOException {
    long growth = Math.max(0, operation.to() - inode.live.size());
    long room = freeBytes();
    if (growth <= room || !isNamed(inode)) {
      apply(operation);
      return;
    }
    long fitting = operation.to() - operation.from() - (growth - room);
    if (fitting > 0) {
      apply(operation.beginning(fitting));
    }
    throw new DiskFullException("No space left on device in: " + operation, null);
  }

  private boolean isNamed(Inode inode) {
    return names.containsValue(inode.id);
  }

  /// Applies a change and records it.
  void apply(Operation operation) {
    lock.lock();
    try {
      switch (operation.kind()) {
        case CREATE_DIRECTORY -> hasDirectory = true;
        case CREATE, RENAME, DELETE -> changeNames(operation);
        case WRITE, WRITE_MAPPED, ALLOCATE, TRUNCATE -> changeBytes(operation);
        case FORCE -> {
          Inode inode = inodes.get(operation.inode);
          if (inode != null) {
            inode.force(operation.coveredTime(), operation.isFailed);
          }
        }
        case FORCE_DIRECTORY -> forceNames(operation);
        case MARK -> {}
        case EXISTS,
            LIST,
            SIZE,
            OPEN,
            READ,
            MAP,
            MAP_PRIVATE,
            READ_MAPPED,
            LOCK,
            MAP_WORDS,
            CLOSE ->
            throw new AssertionError(operation);
      }
      time++;
      if (trace != null) {
        trace.add(operation);
      }
    } finally {
      lock.unlock();
    }
  }

  private void changeBytes(Operation operation) {
    Inode inode = inodes.get(operation.inode);
    if (inode == null) {
      return; // in a copy, whose processes have all let go of this nameless file
    }
    long oldSize = inode.live.size();
    inode.change(operation, time);
    if (isNamed(inode)) {
      usedBytes += inode.live.size() - oldSize;
    }
  }

  private void changeNames(Operation operation) {
    if (operation.kind() == Operation.Kind.CREATE) {
      inodeCount = operation.inode;
      inodes.put(operation.inode, new Inode(operation.inode));
    }
    long before = sizeOf(names.get(operation.name())) + sizeOf(names.get(operation.newName()));
    rename(names, operation);
    long after = sizeOf(names.get(operation.name())) + sizeOf(names.get(operation.newName()));
    usedBytes += after - before;
    pendingNames.add(new Pending(operation, time));
  }

  private long sizeOf(@Nullable Integer id) {
    Inode inode = id == null ? null : inodes.get(id);
    return inode == null ? 0 : inode.live.size();
  }

  /// Applies a change of names. It concerns a file, and does nothing to another one that has its
  /// name because an earlier change was lost.
  static void rename(Map<String, Integer> names, Operation operation) {
    if (operation.kind() == Operation.Kind.CREATE) {
      names.put(operation.name(), operation.inode);
      return;
    }
    names.remove(operation.name(), operation.inode);
    if (operation.kind() == Operation.Kind.RENAME) {
      names.put(operation.newName(), operation.inode);
    }
  }

  private void forceNames(Operation operation) {
    int durableCount = Pending.force(pendingNames, operation.coveredTime(), operation.isFailed);
    List<Pending> done = pendingNames.subList(0, durableCount);
    for (Pending one : done) {
      rename(durableNames, one.operation);
    }
    done.clear();
    forgetNameless();
  }

  private void forgetNameless() {
    Set<Integer> mentioned = new HashSet<>(names.values());
    mentioned.addAll(durableNames.values());
    for (Pending one : pendingNames) {
      mentioned.add(one.operation.inode);
    }
    List<Integer> nameless = new ArrayList<>();
    for (Inode inode : inodes.values()) {
      if (!mentioned.contains(inode.id) && inode.openCount == 0) {
        nameless.add(inode.id);
      }
    }
    int forgottenCount = Math.max(0, nameless.size() - STALE_INODES_MAX);
    nameless.subList(0, forgottenCount).forEach(inodes::remove);
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }
}
