package dev.larder.internal.log;

/// How the room that a store may take is shared out.
///
/// A share of the limit is kept back. Writes of entries may not touch it, so that deletes and
/// expiry always go on, in the first quarter of it, and compaction finds room to work, in the rest.
/// Segments and frames are small against that rest, so that any of them can be rewritten within it.
///
/// **Threads.** Immutable.
///
/// @param limitBytes how many bytes the directory may take
public record Space(long limitBytes) {
  private static final int RESERVE_SHARE = 8;
  private static final int FRAME_SHARE = 16;
  private static final int SEGMENT_SHARE = 64;
  private static final int LIVE_SHARE = 8;
  private static final int CHUNK_SHARE = 8;
  private static final long CAPACITY_MIN = 32L << 10;
  private static final long CAPACITY_FIRST = 256L << 10;
  private static final long CAPACITY_MAX = 64L << 20;
  private static final long CHUNK_MIN = 32L << 10;
  private static final long CHUNK_MAX = 4L << 20;

  /// What a write is for, which decides how far it may go.
  public enum Purpose {
    /// Entries are written.
    GROW,
    /// Entries are removed.
    SHRINK,
    /// Live records are rewritten so that dead ones can go.
    COMPACT
  }

  /// {@return up to how many bytes the directory may grow for a purpose}
  public long boundFor(Purpose purpose) {
    long reserve = limitBytes / RESERVE_SHARE;
    return switch (purpose) {
      case GROW -> limitBytes - reserve;
      case SHRINK -> limitBytes - reserve / 4 * 3;
      case COMPACT -> limitBytes;
    };
  }

  /// {@return how many bytes one frame may have}
  ///
  /// @param formatMax how many the format's writer can build
  public long frameSizeMax(long formatMax) {
    return Math.min(formatMax, limitBytes / FRAME_SHARE);
  }

  /// {@return at which size a segment is sealed: small stores have small ones}
  ///
  /// @param liveBytes the bytes of live records in the store
  public long segmentCapacity(long liveBytes) {
    long wanted = Math.max(CAPACITY_FIRST, Long.highestOneBit(liveBytes / LIVE_SHARE + 1));
    return Math.max(
        CAPACITY_MIN, Math.min(Math.min(wanted, CAPACITY_MAX), limitBytes / SEGMENT_SHARE));
  }

  /// {@return how many bytes are allocated ahead at a time}
  ///
  /// @param capacity the size at which the segment is sealed
  public static long chunkSize(long capacity) {
    return Math.clamp(capacity / CHUNK_SHARE, CHUNK_MIN, CHUNK_MAX);
  }
}
