package dev.larder.internal.format;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/// Checksums of one segment. CRC-32C, turned by a mask that depends on the segment's salt and
/// number, the position and the sequence number: bytes that stand anywhere else than where they
/// were written do not pass, even if each of them is right.
///
/// The mask is the upper half of a 64-bit mix (the finalizer of SplitMix64, Steele, Lea and Flood,
/// 2014) folded over those four; see docs/FILE_FORMAT.md, section "Checksums". The mask of a record
/// depends on the bytes of its head too. So the CRC is one of key and value alone, and whoever has
/// these in arrays need not copy the head next to them.
///
/// **Threads.** Immutable.
public final class Checksums {
  /// 2^64 divided by the golden ratio, as SplitMix64 has it.
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

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
    return plain(bytes, offset, count) ^ mask(0, position, sequence);
  }

  /// {@return what the CRC-32C of a structure is turned by}
  ///
  /// @param head the [#hash] of a record's head; 0 for anything else
  /// @param position where in the segment the structure begins
  /// @param sequence its sequence number, or 0 for what has none yet
  int mask(long head, long position, long sequence) {
    return (int) (mix(seed ^ head ^ mix(position ^ mix(sequence))) >>> Integer.SIZE);
  }

  /// {@return the plain CRC-32C, for files that stand alone}
  public static int plain(byte[] bytes, int offset, int count) {
    var crc = new CRC32C();
    crc.update(bytes, offset, count);
    return (int) crc.getValue();
  }

  /// {@return a mix of the head of a record; the same as of the same bytes in memory}
  ///
  /// @param offset where the head begins, behind the checksum; there must be 4 bytes before it
  /// @param count how many bytes it has, at least 4
  static long hash(byte[] bytes, int offset, int count) {
    int end = offset + count;
    long hash = count * GOLDEN;
    int at = offset;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      hash = mix(hash ^ (long) ByteWriter.U64.get(bytes, at));
    }
    return at == end
        ? hash
        : mix(hash ^ rest((long) ByteWriter.U64.get(bytes, end - Long.BYTES), end - at));
  }

  /// {@return a mix of the head of a record; the same as of the same bytes in an array}
  ///
  /// @param position where the head begins, behind the checksum; there must be 4 bytes before it
  /// @param count how many bytes it has, at least 4
  static long hash(MemorySegment memory, long position, int count) {
    long end = position + count;
    long hash = count * GOLDEN;
    long at = position;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      hash = mix(hash ^ memory.get(RecordHead.U64, at));
    }
    return at == end
        ? hash
        : mix(hash ^ rest(memory.get(RecordHead.U64, end - Long.BYTES), (int) (end - at)));
  }

  /// {@return the last bytes of a word as a word that is filled up with zeros}
  private static long rest(long word, int count) {
    return word >>> ((Long.BYTES - count) * Byte.SIZE);
  }

  private static long mix(long value) {
    long z = value + GOLDEN;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
