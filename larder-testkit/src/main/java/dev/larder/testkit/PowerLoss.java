package dev.larder.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Makes what a power failure leaves of a disk.
final class PowerLoss {
  private final SimulatedDisk.View view;
  private final Survival survival;
  private final RandomGenerator random;
  private final Map<String, Integer> names;
  private final Map<Integer, Inode> inodes = new HashMap<>();

  /// The number of the next piece to decide on.
  private int unit;

  PowerLoss(SimulatedDisk.View view, Survival survival, NameOrder order, RandomGenerator random) {
    this.view = view;
    this.survival = survival;
    this.random = random;
    names = new HashMap<>(view.durableNames());
    decideNames(order);
    for (Inode inode : view.inodes().values()) {
      if (names.containsValue(inode.id)) {
        inodes.put(inode.id, surviving(inode));
      } else {
        skip(inode);
      }
    }
  }

  Map<String, Integer> survivingNames() {
    return names;
  }

  /// {@return what is left of a file that has a name}
  Inode surviving(int id) {
    Inode inode = inodes.get(id);
    if (inode == null) {
      throw new AssertionError("no inode " + id);
    }
    return inode;
  }

  private void decideNames(NameOrder order) {
    boolean isCut = false;
    for (Pending change : view.pendingNames()) {
      if (!change.isDurable()) {
        boolean isKept = survival.keepsName(unit, change.time);
        unit++;
        isCut |= !isKept && order == NameOrder.ORDERED;
        if (!isKept || isCut) {
          continue;
        }
      }
      SimulatedDisk.rename(names, change.operation);
    }
  }

  private void skip(Inode inode) {
    for (Pending change : inode.pending) {
      if (!change.isDurable()) {
        unit += Survival.unitCount(change.operation, survival.mode.sectorBytes());
      }
    }
  }

  private Inode surviving(Inode inode) {
    Inode left = Inode.durable(inode.id, survivingBytes(inode));
    if (inode.words != null) {
      left.words = survivingWords(inode.words);
    }
    return left;
  }

  /// A mapping is written back at any time or never.
  private @Nullable WordTable survivingWords(WordTable words) {
    int choice =
        switch (survival.mode) {
          case NOTHING -> 0;
          case EVERYTHING -> 1;
          default -> random.nextInt(3);
        };
    if (choice == 0) {
      return null;
    }
    WordTable left = words.copy();
    if (choice == 2) {
      left.scramble(random);
    }
    return left;
  }

  private Pages survivingBytes(Inode inode) {
    if (inode.pending.isEmpty()) {
      return inode.durable.copy();
    }
    if (survival.mode == CrashMode.EVERYTHING) {
      return inode.live.copy();
    }
    Pages left = inode.durable.copy();
    long durableSize = left.size();
    if (survival.mode.isSizeFirst()) {
      fill(left, inode);
    }
    long sizeMin = 0;
    for (Pending change : inode.pending) {
      Operation operation = change.operation;
      if (change.isDurable()) {
        Inode.apply(operation, left, operation.from(), operation.to());
        sizeMin = Math.max(sizeMin, operation.to());
      } else {
        decide(change, left);
      }
    }
    long size = survival.size(left.size(), durableSize, inode.live.size());
    size = Math.max(size, sizeMin);
    left.cut(size);
    left.grow(size);
    return left;
  }

  /// Applies the pieces of one change that survive; neighbours in one go.
  private void decide(Pending change, Pages left) {
    Operation operation = change.operation;
    int sectorBytes = survival.mode.sectorBytes();
    int unitEnd = unit + Survival.unitCount(operation, sectorBytes);
    long tornBytes = survival.tornBytes(change);
    if (operation.kind() == Operation.Kind.TRUNCATE) {
      if (survival.keeps(unit, change.time)) {
        Inode.apply(operation, left, operation.from(), operation.to());
      }
    } else if (tornBytes >= 0) {
      if (tornBytes > 0) {
        Inode.apply(operation, left, operation.from(), operation.from() + tornBytes);
      }
    } else {
      decideSectors(change, left, unitEnd, sectorBytes);
    }
    unit = unitEnd;
  }

  private void decideSectors(Pending change, Pages left, int unitEnd, int sectorBytes) {
    Operation operation = change.operation;
    long from = operation.from();
    long keptFrom = from;
    for (int i = unit; i < unitEnd; i++) {
      long end = Math.min(operation.to(), (from / sectorBytes + 1) * sectorBytes);
      if (!survival.keeps(i, change.time)) {
        applyRun(operation, left, keptFrom, from);
        keptFrom = end;
      }
      from = end;
    }
    applyRun(operation, left, keptFrom, from);
  }

  private static void applyRun(Operation operation, Pages left, long from, long end) {
    if (from < end) {
      Inode.apply(operation, left, from, end);
    }
  }

  /// Makes a file as long as it was in the end, with what the mode says behind its durable end.
  private void fill(Pages left, Inode inode) {
    long from = left.size();
    long end = inode.live.size();
    left.grow(end);
    List<Pages> sources = new ArrayList<>();
    if (survival.mode == CrashMode.SIZE_FIRST_STALE) {
      for (Inode other : view.inodes().values()) {
        if (other.id != inode.id && other.durable.size() > 0) {
          sources.add(other.durable);
        }
      }
    }
    byte[] page = new byte[Pages.PAGE_BYTES];
    while (from < end && survival.mode != CrashMode.SIZE_FIRST_ZEROS) {
      int count = (int) Math.min(end - from, page.length - from % page.length);
      if (sources.isEmpty()) {
        random.nextBytes(page);
      } else {
        readAnyPage(sources.get(random.nextInt(sources.size())), page);
      }
      left.write(from, page, (int) (from % page.length), count);
      from += count;
    }
  }

  private void readAnyPage(Pages source, byte[] page) {
    long pageCount = (source.size() + page.length - 1) / page.length;
    long position = random.nextLong(pageCount) * page.length;
    int count = (int) Math.min(page.length, source.size() - position);
    source.read(position, page, 0, count);
  }
}
