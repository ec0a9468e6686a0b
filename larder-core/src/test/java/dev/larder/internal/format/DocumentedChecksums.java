package dev.larder.internal.format;

import java.util.Arrays;

/// The checksums as the document defines them, written a second time and bit by bit.
final class DocumentedChecksums {
  private static final int POLYNOMIAL = 0x82f63b78;

  private DocumentedChecksums() {}

  static int crc(byte[] bytes, int offset, int count) {
    int crc = 0xffffffff;
    for (int i = offset; i < offset + count; i++) {
      crc ^= bytes[i] & 0xff;
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        crc = (crc & 1) != 0 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
      }
    }
    return ~crc;
  }

  static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /// {@return eight bytes as an integer, the lowest first}
  static long word(byte[] bytes, int offset) {
    long word = 0;
    for (int i = Long.BYTES - 1; i >= 0; i--) {
      word = word << Byte.SIZE | (bytes[offset + i] & 0xffL);
    }
    return word;
  }

  static long seed(byte[] salt, long segment) {
    return mix(word(salt, Long.BYTES) ^ mix(word(salt, 0) ^ mix(segment)));
  }

  /// {@return what the head of a record, behind its checksum, is to the mask}
  static long head(byte[] bytes, int offset, int count) {
    long h = count * 0x9e3779b97f4a7c15L;
    byte[] filled = Arrays.copyOf(Arrays.copyOfRange(bytes, offset, offset + count), count + 7);
    for (int i = 0; i < count; i += Long.BYTES) {
      h = mix(h ^ word(filled, i));
    }
    return h;
  }

  static int mask(long seed, long head, long position, long sequence) {
    return (int) (mix(seed ^ head ^ mix(position ^ mix(sequence))) >>> Integer.SIZE);
  }

  /// {@return the checksum of a record}
  ///
  /// @param keyOffset where its key begins
  /// @param end where its value ends
  static int record(
      byte[] bytes, int offset, int keyOffset, int end, long seed, long position, long sequence) {
    int head = offset + Integer.BYTES;
    return crc(bytes, keyOffset, end - keyOffset)
        ^ mask(seed, head(bytes, head, keyOffset - head), position, sequence);
  }
}
