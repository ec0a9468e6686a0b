package dev.larder;

import java.util.Map;

/// Figures of a store at one moment.
///
/// @param backend the name of the provider, such as `log`
/// @param version the sequence number of the last commit
/// @param durableVersion the sequence number up to which commits survive a power failure
/// @param entries how many entries there are, those past their deadline and not yet removed
///   included
/// @param expiredRemembered how many expired keys are remembered
/// @param openSnapshots how many snapshots and cursors are open
/// @param space what the bytes of the directory are for
/// @param counters how often things happened since the store was opened, by name
public record Statistics(
    String backend,
    long version,
    long durableVersion,
    long entries,
    long expiredRemembered,
    int openSnapshots,
    Space space,
    Map<String, Long> counters) {
  /// Copies the counters.
  public Statistics {
    counters = Map.copyOf(counters);
  }

  /// What the bytes of a store's directory are for. The parts add up to [#directoryBytes()].
  ///
  /// @param liveBytes records that hold entries
  /// @param deadBytes records that are superseded, removed or expired, and what keeps removed keys
  ///   removed; compaction gives most of it back
  /// @param pinnedBytes whole segments that are kept only for open snapshots and cursors
  /// @param freeBytes room written ahead in the segment that is appended to
  /// @param checkpointBytes the image of the index
  /// @param reserveBytes set aside so that deletes work on a full disk
  /// @param otherBytes headers of segments, manifest, control file
  /// @param limitBytes how much the directory may take
  /// @param usableBytes how much of that live records may take
  /// @param segmentCount how many segments there are
  public record Space(
      long liveBytes,
      long deadBytes,
      long pinnedBytes,
      long freeBytes,
      long checkpointBytes,
      long reserveBytes,
      long otherBytes,
      long limitBytes,
      long usableBytes,
      int segmentCount) {
    /// {@return how many bytes the directory takes}
    public long directoryBytes() {
      return liveBytes
          + deadBytes
          + pinnedBytes
          + freeBytes
          + checkpointBytes
          + reserveBytes
          + otherBytes;
    }
  }
}
