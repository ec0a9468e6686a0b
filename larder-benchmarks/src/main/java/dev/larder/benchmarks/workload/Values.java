package dev.larder.benchmarks.workload;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The values of a run. Every byte of one follows from its key's number and its version, so that
/// whatever is read can be checked; a version is in the value itself, so that a reader beside a
/// writer can check too. Nothing in them repeats, so that no compressor gains from them, unless
/// that is asked for.
///
/// **Threads.** Immutable.
public final class Values {
  /// The smallest value that can be checked, in bytes.
  public static final int SIZE_MIN = 16;

  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long BLANKS = 0x2020_2020_2020_2020L;

  private final int size;
  private final long[] pattern;
  private final int randomWords;

  /// @param size how many bytes each value has, at least [#SIZE_MIN]
  /// @param compressible whether the second half of each value is blank
  public Values(int size, boolean compressible) {
    if (size < SIZE_MIN) {
      throw new IllegalArgumentException("a value needs at least " + SIZE_MIN + " bytes: " + size);
    }
    this.size = size;
    pattern = new long[size / Long.BYTES + 1];
    var randoms = new Randoms(size);
    for (int i = 0; i < pattern.length; i++) {
      pattern[i] = randoms.next();
    }
    randomWords = compressible ? pattern.length / 2 : pattern.length;
  }

  /// {@return how many bytes each value has}
  public int size() {
    return size;
  }

  /// Writes the value of a key's number at a version.
  public void write(long number, long version, byte[] target) {
    long base = base(number, version);
    int last = size - Long.BYTES;
    for (int at = Long.BYTES; at < last; at += Long.BYTES) {
      WORDS.set(target, at, word(base, at));
    }
    WORDS.set(target, 0, head(number, version));
    WORDS.set(target, last, word(base, 0));
  }

  /// {@return the version of a value, or -1 if any byte of it is wrong for the key's number}
  public long check(long number, byte[] value, int valueSize) {
    if (valueSize != size) {
      return -1;
    }
    long version = version(number, (long) WORDS.get(value, 0));
    long base = base(number, version);
    int last = size - Long.BYTES;
    long wrong = (long) WORDS.get(value, last) ^ word(base, 0);
    int at = Long.BYTES;
    for (; at + Long.BYTES <= last; at += Long.BYTES) {
      wrong |= (long) WORDS.get(value, at) ^ word(base, at);
    }
    for (int shift = 0; at + shift < last; shift++) {
      wrong |= (value[at + shift] ^ (word(base, at) >>> (shift * Byte.SIZE))) & 0xFF;
    }
    return wrong == 0 && version >= 0 ? version : -1;
  }

  /// {@return the version of a value of which only the first and last 8 bytes are looked at, as
  /// little-endian words, or -1 if they are wrong for the key's number}
  public long check(long number, long head, long tail) {
    long version = version(number, head);
    return tail == word(base(number, version), 0) && version >= 0 ? version : -1;
  }

  /// {@return 8 bytes of a value, as a little-endian word}
  public static long word(byte[] value, int at) {
    return (long) WORDS.get(value, at);
  }

  private static long base(long number, long version) {
    return Randoms.mix(number * 0xD6E8_FEB8_6659_FD93L + version);
  }

  private long word(long base, int at) {
    int index = at / Long.BYTES;
    return index < randomWords ? base ^ pattern[index] : BLANKS;
  }

  private static long head(long number, long version) {
    return version ^ Randoms.mix(~number);
  }

  private static long version(long number, long head) {
    return head ^ Randoms.mix(~number);
  }
}
