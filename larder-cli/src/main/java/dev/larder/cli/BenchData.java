package dev.larder.cli;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/// The keys and values of a measurement: keys made from numbers, values from keys, so that whatever
/// is read can be checked without remembering what was written.
///
/// Different numbers have different keys, in no order. Nothing in a value repeats, so that nothing
/// on the way to the disk gains by compressing it.
///
/// **Threads.** Immutable.
final class BenchData {
  /// How many bytes a key has.
  static final int KEY_SIZE = 16;

  private static final VarHandle BIG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LITTLE =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long SEED = 42;

  private final int valueSize;
  private final long[] pattern;

  /// Makes data.
  ///
  /// @param valueSize how many bytes each value has
  BenchData(int valueSize) {
    this.valueSize = valueSize;
    pattern = new SplittableRandom(SEED).longs(valueSize / Long.BYTES + 1L).toArray();
  }

  /// {@return how many bytes each value has}
  int valueSize() {
    return valueSize;
  }

  /// Writes the key of a number: 16 hexadecimal digits.
  void writeKey(long number, byte[] target) {
    long mixed = mix(number);
    BIG.set(target, 0, hex((int) (mixed >>> 32)));
    BIG.set(target, Long.BYTES, hex((int) mixed));
  }

  /// Writes the value of a key.
  void writeValue(byte[] key, byte[] target) {
    long base = base(key);
    int at = 0;
    for (; at + Long.BYTES <= valueSize; at += Long.BYTES) {
      LITTLE.set(target, at, base ^ pattern[at / Long.BYTES]);
    }
    for (; at < valueSize; at++) {
      target[at] = restByte(base, at);
    }
  }

  /// {@return whether these are the bytes of a key's value}
  ///
  /// @param value begins with them
  /// @param size how many there are
  boolean isValue(byte[] key, byte[] value, int size) {
    if (size != valueSize) {
      return false;
    }
    long base = base(key);
    long wrong = 0;
    int at = 0;
    for (; at + Long.BYTES <= valueSize; at += Long.BYTES) {
      wrong |= (long) LITTLE.get(value, at) ^ base ^ pattern[at / Long.BYTES];
    }
    for (; at < valueSize; at++) {
      wrong |= value[at] ^ restByte(base, at);
    }
    return wrong == 0;
  }

  /// {@return whether this is an entry of the data}
  ///
  /// @param keyBytes has room for a key, valueBytes for a value
  boolean isEntry(MemorySegment key, MemorySegment value, byte[] keyBytes, byte[] valueBytes) {
    if (key.byteSize() != KEY_SIZE || value.byteSize() != valueSize) {
      return false;
    }
    MemorySegment.copy(key, ValueLayout.JAVA_BYTE, 0, keyBytes, 0, KEY_SIZE);
    MemorySegment.copy(value, ValueLayout.JAVA_BYTE, 0, valueBytes, 0, valueSize);
    return isValue(keyBytes, valueBytes, valueSize);
  }

  /// A value depends on all of its key.
  private static long base(byte[] key) {
    return mix((long) BIG.get(key, 0) * 0x9E37_79B9_7F4A_7C15L + (long) BIG.get(key, Long.BYTES));
  }

  private byte restByte(long base, int at) {
    return (byte) ((base ^ pattern[at / Long.BYTES]) >>> (at % Long.BYTES * Byte.SIZE));
  }

  /// The last steps of SplitMix64: each can be undone, so that different numbers stay different.
  static long mix(long number) {
    long mixed = (number ^ number >>> 30) * 0xBF58_476D_1CE4_E5B9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94D0_49BB_1331_11EBL;
    return mixed ^ mixed >>> 31;
  }

  /// Eight hexadecimal digits in one word, the first in the highest byte.
  private static long hex(int number) {
    long digits = Integer.toUnsignedLong(number);
    digits = (digits | digits << 16) & 0x0000_FFFF_0000_FFFFL;
    digits = (digits | digits << 8) & 0x00FF_00FF_00FF_00FFL;
    digits = (digits | digits << 4) & 0x0F0F_0F0F_0F0F_0F0FL;
    long letters = ((digits + 0x0606_0606_0606_0606L) >>> 4) & 0x0101_0101_0101_0101L;
    return digits + 0x3030_3030_3030_3030L + letters * ('a' - '0' - 10);
  }
}
