package dev.larder.testkit;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/// Decides which pieces of what is not forced survive a power failure.
///
/// A piece is a change of a name, a cut of a file, or the part of a write that lies within one
/// sector. Pieces are numbered: first the names in their order, then file by file, write by write.
abstract class Survival {
  private static final double[] SHARES = {0.1, 0.5, 0.9, 1};

  final CrashMode mode;

  private Survival(CrashMode mode) {
    this.mode = mode;
  }

  /// {@return whether a piece survives}
  ///
  /// @param unit its number
  /// @param time when it was made
  abstract boolean keeps(int unit, long time);

  /// {@return whether a change of a name survives}
  boolean keepsName(int unit, long time) {
    return keeps(unit, time);
  }

  /// {@return how many bytes survive of a write that is torn in one place, or -1 if it is cut at
  /// sectors and each is kept or not}
  long tornBytes(Pending write) {
    return -1;
  }

  /// {@return the size that a file is left with}
  ///
  /// @param kept what it has if the pieces that survive make it as long as they must
  /// @param durable what it had when it was last forced
  /// @param live what it had in the end
  long size(long kept, long durable, long live) {
    return kept;
  }

  static Survival of(CrashMode mode, SimulatedDisk.View view, RandomGenerator random) {
    return switch (mode) {
      case NOTHING -> new Share(mode, 0, 0, random);
      case EVERYTHING -> new Share(mode, 1, 1, random);
      case SECTORS_512, SECTORS_4096 -> new Share(mode, anyShare(random), anyShare(random), random);
      case SIZE_FIRST_ZEROS, SIZE_FIRST_GARBAGE, SIZE_FIRST_STALE ->
          new Share(mode, random.nextInt(2) / 2.0, anyShare(random), random);
      case PREFIX -> new Prefix(view, random);
      case ALL_BUT_ONE -> new AllButOne(view, random);
    };
  }

  private static double anyShare(RandomGenerator random) {
    return SHARES[random.nextInt(SHARES.length)];
  }

  static Survival of(BitSet kept) {
    return new Survival(CrashMode.SECTORS_512) {
      @Override
      boolean keeps(int unit, long time) {
        return kept.get(unit);
      }
    };
  }

  /// {@return how many pieces there are}
  static int unitCount(SimulatedDisk.View view, int sectorBytes) {
    int count = 0;
    for (Pending name : view.pendingNames()) {
      count += name.isDurable() ? 0 : 1;
    }
    for (Inode inode : view.inodes().values()) {
      for (Pending write : inode.pending) {
        count += write.isDurable() ? 0 : unitCount(write.operation, sectorBytes);
      }
    }
    return count;
  }

  /// {@return in how many pieces a change of a file falls}
  static int unitCount(Operation operation, int sectorBytes) {
    if (operation.kind() == Operation.Kind.TRUNCATE) {
      return 1;
    }
    if (operation.from() == operation.to()) {
      return 0;
    }
    return (int) ((operation.to() - 1) / sectorBytes - operation.from() / sectorBytes + 1);
  }

  /// Every piece of a file has the same chance, and so has every name.
  private static final class Share extends Survival {
    private final double share;
    private final double nameShare;
    private final RandomGenerator random;

    Share(CrashMode mode, double share, double nameShare, RandomGenerator random) {
      super(mode);
      this.share = share;
      this.nameShare = nameShare;
      this.random = random;
    }

    @Override
    boolean keeps(int unit, long time) {
      return random.nextDouble() < share;
    }

    @Override
    boolean keepsName(int unit, long time) {
      return random.nextDouble() < nameShare;
    }

    @Override
    long size(long kept, long durable, long live) {
      return switch (mode) {
        case NOTHING -> kept;
        case EVERYTHING -> live;
        case SIZE_FIRST_ZEROS, SIZE_FIRST_GARBAGE, SIZE_FIRST_STALE -> Math.max(kept, live);
        default ->
            switch (random.nextInt(4)) {
              case 0 -> kept;
              case 1 -> durable;
              case 2 -> live;
              default -> random.nextLong(Math.min(durable, live), Math.max(durable, live) + 1);
            };
      };
    }
  }

  /// Everything up to a moment survives.
  private static final class Prefix extends Survival {
    private final long cutTime;
    private final RandomGenerator random;

    Prefix(SimulatedDisk.View view, RandomGenerator random) {
      super(CrashMode.PREFIX);
      List<Long> times = new ArrayList<>();
      addTimes(times, view.pendingNames());
      for (Inode inode : view.inodes().values()) {
        addTimes(times, inode.pending);
      }
      Collections.sort(times);
      int index = random.nextInt(times.size() + 1);
      cutTime = index == times.size() ? Long.MAX_VALUE : times.get(index);
      this.random = random;
    }

    private static void addTimes(List<Long> times, List<Pending> changes) {
      for (Pending one : changes) {
        if (!one.isDurable()) {
          times.add(one.time);
        }
      }
    }

    @Override
    boolean keeps(int unit, long time) {
      return time < cutTime;
    }

    @Override
    long tornBytes(Pending write) {
      long size = write.operation.to() - write.operation.from();
      if (write.time == cutTime) {
        return random.nextInt(4) == 0 ? 0 : random.nextLong(size + 1);
      }
      return write.time < cutTime ? size : 0;
    }

    @Override
    long size(long kept, long durable, long live) {
      return random.nextBoolean() ? kept : Math.max(kept, live);
    }
  }

  /// Everything survives but one piece.
  private static final class AllButOne extends Survival {
    private final int lostUnit;
    private final RandomGenerator random;

    AllButOne(SimulatedDisk.View view, RandomGenerator random) {
      super(CrashMode.ALL_BUT_ONE);
      lostUnit = random.nextInt(Math.max(1, unitCount(view, mode.sectorBytes())));
      this.random = random;
    }

    @Override
    boolean keeps(int unit, long time) {
      return unit != lostUnit;
    }

    @Override
    long size(long kept, long durable, long live) {
      return random.nextBoolean() ? kept : live;
    }
  }
}
