package dev.larder.internal.format;

import java.util.zip.CRC32C;

/// Checksums of one segment. CRC-32C, turned by a mask that depends on the segment's salt and
/// number, the position and the sequence number: bytes that stand anywhere else than where they
/// were written do not pass, even if each of them is right.
///
/// The mask is the upper half of a 64-bit mix (the finalizer of SplitMix64, Steele, Lea and Flood,
/// 2014) folded over those four; see docs/FILE_FORMAT.md, section "Checksums".
///
/// **Threads.** Immutable.
public final class Checksums {
  private final long seed;

  /// Prepares the masks of one segment.
  ///
  /// @param salt the segment's salt, 16 bytes
  /// @param segment the segment's number
  public Checksums(byte[] salt, long segment) {
    long high = (long) ByteWriter.U64.get(salt, 0);
    long low = (long) ByteWriter.U64.get(salt, Long.BYTES);
    this.seed = mix(low ^ mix(high ^ mix(segment)));
  }

  /// {@return the checksum of bytes}
  ///
  /// @param position where in the segment the structure begins that the checksum belongs to
  /// @param sequence its sequence number, or 0 for what has none yet
  public int of(byte[] bytes, int offset, int count, long position, long sequence) {
    return plain(bytes, offset, count) ^ (int) (mix(seed ^ mix(position ^ mix(sequence))) >>> 32);
  }

  /// {@return the plain CRC-32C, for files that stand alone}
  public static int plain(byte[] bytes, int offset, int count) {
    var crc = new CRC32C();
    crc.update(bytes, offset, count);
    return (int) crc.getValue();
  }

  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
