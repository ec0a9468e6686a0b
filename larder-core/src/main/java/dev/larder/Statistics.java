package dev.larder;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Figures of a store, as of about one moment: each part of them is true in itself, while the store
/// goes on being used between one and the next.
///
/// **Threads.** Immutable.
///
/// @param backend the name of the provider, such as `log`
/// @param version the sequence number of the last commit
/// @param durableVersion the sequence number up to which commits survive a power failure
/// @param entries how many entries there are, those past their deadline and not yet removed
///   included
/// @param expiredRemembered how many expired keys are remembered
/// @param openSnapshots how many snapshots, cursors, loans and reads of many keys are open
/// @param holders who they are, and compaction, the oldest commit first; at most [#HOLDERS_MAX]
///   elements
/// @param space what the bytes of the directory are for
/// @param index what the index takes of memory
/// @param counters how often things happened since the store was opened, by name
public record Statistics(
    String backend,
    long version,
    long durableVersion,
    long entries,
    long expiredRemembered,
    int openSnapshots,
    List<Holder> holders,
    Space space,
    IndexMemory index,
    Map<String, Long> counters) {
  /// How many elements [#holders()] has at most.
  public static final int HOLDERS_MAX = 100;

  /// Copies list and map.
  public Statistics {
    holders = List.copyOf(holders);
    counters = Map.copyOf(counters);
  }

  /// Those who look at the store as of one commit in the same way, and so keep what can be seen as
  /// of it.
  ///
  /// @param kind in which way
  /// @param version the commit's sequence number
  /// @param count how many they are
  /// @param age since when the oldest of them has been open, by the monotonic clock
  /// @param keptBytes how many bytes of [Part#PINNED] would go without them, if nobody else kept
  ///   the same ones: compaction had the entries written anew, and these are the old files
  public record Holder(Kind kind, long version, int count, Duration age, long keptBytes) {
    /// Ways of looking at the store as of a commit.
    public enum Kind {
      /// Snapshots, cursors, and everything that goes over many entries.
      SNAPSHOT,
      /// Values that [Bucket#withValue] has lent.
      LOAN,
      /// Calls of [Bucket#getAll].
      GET_ALL,
      /// The store's own compaction, for as long as a run of it takes.
      COMPACTION
    }
  }

  /// What bytes of a directory are for. Each byte is for one of these.
  public enum Part {
    /// Newest records of entries, and of names of buckets.
    LIVE,
    /// Newest records of entries that are past their deadline and wait to be removed. No more than
    /// 1,000 are looked at; of more, the others count as [#LIVE].
    EXPIRED,
    /// Records that tell of a key that it expired, and when, for about a minute after its deadline.
    REMEMBERED,
    /// Records that tell of a key that it was removed, or expired and is not remembered any more.
    /// They keep older records of the key from coming back; which of them are not needed for that
    /// any more is found out by compaction.
    TOMBSTONES,
    /// Records that newer ones have superseded. Compaction gives their bytes back.
    SUPERSEDED,
    /// What stands between records: headers of segments and of commits, notes of changes of the
    /// index and of clean closes.
    FRAMING,
    /// Whole segments whose entries were written anew, which are kept for [#holders()].
    PINNED,
    /// Segments that compaction is writing, as far as they do not count as live yet, and those that
    /// it has replaced, until they are deleted.
    COMPACTION,
    /// Room written ahead of the end of the log, and what a crash left of it.
    AHEAD,
    /// The image of the index, and one that is being written.
    CHECKPOINT,
    /// Set aside so that removing works on a full disk.
    RESERVE,
    /// Manifest, control file, lock file.
    MANIFEST,
    /// Files that are not the store's. The limit does not count them.
    FOREIGN
  }

  /// What the bytes of a store's directory are for. The parts add up to the sizes of the files in
  /// it, as they are listed, if nothing changes meanwhile.
  ///
  /// A store in memory has no directory: there the parts say what the limit counts of its entries.
  /// What a snapshot keeps of entries that were superseded is not among it.
  ///
  /// @param parts how many bytes each part has; every part is there
  /// @param heldForCheckpointBytes how many bytes of [Part#SUPERSEDED] and [Part#TOMBSTONES] stand
  ///   in sealed segments that compaction leaves alone, since opening the store from its checkpoint
  ///   needs all of the log from there on; the next checkpoint lets go of them
  /// @param limitBytes how much the directory may take
  /// @param usableBytes how much of that entries may take
  /// @param segmentCount how many segments there are, those included that are kept or being written
  public record Space(
      Map<Part, Long> parts,
      long heldForCheckpointBytes,
      long limitBytes,
      long usableBytes,
      int segmentCount) {
    /// Copies the parts, and adds those that are missing, with 0 bytes.
    ///
    /// @throws IllegalArgumentException if a part has less than 0 bytes
    public Space {
      var all = new EnumMap<Part, Long>(Part.class);
      for (Part part : Part.values()) {
        long bytes = parts.getOrDefault(part, 0L);
        if (bytes < 0) {
          throw new IllegalArgumentException("%d bytes for %s".formatted(bytes, part));
        }
        all.put(part, bytes);
      }
      parts = Collections.unmodifiableMap(all);
    }

    /// {@return how many bytes a part has}
    public long bytes(Part part) {
      return parts.getOrDefault(part, 0L);
    }

    /// {@return the bytes of [Part#LIVE]}
    public long liveBytes() {
      return bytes(Part.LIVE);
    }

    /// {@return the bytes of all records that hold no entry that can be seen, pinned ones aside}
    public long deadBytes() {
      return bytes(Part.EXPIRED)
          + bytes(Part.REMEMBERED)
          + bytes(Part.TOMBSTONES)
          + bytes(Part.SUPERSEDED);
    }

    /// {@return the bytes of [Part#PINNED]}
    public long pinnedBytes() {
      return bytes(Part.PINNED);
    }

    /// {@return how many bytes the directory takes: the sum of all parts}
    public long directoryBytes() {
      return parts.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /// What the index takes of memory outside the heap. A store in memory has no index there: all
  /// figures but the keys are 0.
  ///
  /// @param keys how many keys it has: entries, names of buckets, expired keys that are remembered,
  ///   and removed keys that somebody may still look at
  /// @param tableBytes the table that finds a key
  /// @param treeBytes the tree that has the keys in order
  /// @param deadlineBytes the deadlines of entries and of keys that are remembered
  /// @param freeBytes what was taken and is not in use. Of an index that was opened from a
  ///   checkpoint, what was not changed since belongs to the operating system's page cache
  public record IndexMemory(
      long keys, long tableBytes, long treeBytes, long deadlineBytes, long freeBytes) {
    /// {@return how many bytes are in use}
    public long usedBytes() {
      return tableBytes + treeBytes + deadlineBytes;
    }

    /// {@return how many bytes are in use for each key; 0 if there are no keys}
    public double bytesPerKey() {
      return keys == 0 ? 0 : (double) usedBytes() / keys;
    }
  }
}
