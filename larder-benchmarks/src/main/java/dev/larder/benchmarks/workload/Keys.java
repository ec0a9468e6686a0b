package dev.larder.benchmarks.workload;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The keys of a run: 16 bytes each, made from their number on the fly, in the order of the
/// numbers.
///
/// Between any two neighbours there is a key that no store holds, so that a search for what is
/// absent has to look as closely as one for what is there.
///
/// **Threads.** Immutable.
public final class Keys {
  /// How many bytes a key has.
  public static final int SIZE = 16;

  /// What keys look like.
  public enum Shape {
    /// 16 hexadecimal digits, spread evenly over all numbers of 64 bits: like a session's token.
    HEX,
    /// 16 hexadecimal digits counted from zero, so that the first half is the same in all: like an
    /// identifier out of a sequence.
    COUNTER,
    /// 8 bytes spread evenly and 8 random ones.
    BINARY
  }

  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final Shape shape;
  private final long stride;

  /// @param count how many keys the store is to hold
  public Keys(Shape shape, long count) {
    this.shape = shape;
    stride = shape == Shape.COUNTER ? 1 : Long.MAX_VALUE / (2 * count + 2);
  }

  /// Writes the key of a number.
  public void write(long number, byte[] target) {
    WORDS.set(target, 0, head(number));
    WORDS.set(target, Long.BYTES, tail(number));
  }

  /// Writes a key that is absent, and follows the one of the number.
  public void writeAbsent(long number, byte[] target) {
    long place = 2 * number + 1;
    WORDS.set(target, 0, headOf(place));
    WORDS.set(target, Long.BYTES, tailOf(place));
  }

  /// {@return the first 8 bytes of a number's key, as a big-endian word}
  public long head(long number) {
    return headOf(2 * number);
  }

  /// {@return the last 8 bytes of a number's key, as a big-endian word}
  public long tail(long number) {
    return tailOf(2 * number);
  }

  private long headOf(long place) {
    long word = place * stride;
    return shape == Shape.BINARY ? word : hex((int) (word >>> 32));
  }

  private long tailOf(long place) {
    long word = place * stride;
    return shape == Shape.BINARY ? Randoms.mix(place) : hex((int) word);
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
