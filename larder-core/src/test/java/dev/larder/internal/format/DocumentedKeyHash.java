package dev.larder.internal.format;

import java.math.BigInteger;
import java.util.Arrays;

/// The hash of keys as the document defines it, written a second time and with large numbers.
final class DocumentedKeyHash {
  private static final BigInteger FIRST = new BigInteger("a0761d6478bd642f", 16);
  private static final BigInteger SECOND = new BigInteger("e7037ed1a0b428db", 16);
  private static final BigInteger WHOLE = BigInteger.TWO.pow(Long.SIZE);

  private DocumentedKeyHash() {}

  static long of(byte[] storeId, int bucket, byte[] key) {
    BigInteger low = word(Arrays.copyOf(storeId, Long.BYTES));
    BigInteger high = word(Arrays.copyOfRange(storeId, Long.BYTES, storeId.length));
    BigInteger seed = fold(low.xor(high.multiply(SECOND).mod(WHOLE)).xor(FIRST), SECOND);
    BigInteger h =
        seed.xor(BigInteger.valueOf(bucket).shiftLeft(32).add(BigInteger.valueOf(key.length)));
    int at = 0;
    for (; key.length - at >= Long.BYTES; at += Long.BYTES) {
      h = fold(h.xor(word(Arrays.copyOfRange(key, at, at + Long.BYTES))), FIRST);
    }
    var rest = new BigInteger(1, Arrays.copyOfRange(key, at, key.length));
    long hash = fold(h.xor(rest), SECOND).longValue();
    return hash == 0 ? 1 : hash;
  }

  private static BigInteger fold(BigInteger a, BigInteger b) {
    BigInteger[] halves = a.multiply(b).divideAndRemainder(WHOLE);
    return halves[0].xor(halves[1]).add(a).mod(WHOLE);
  }

  /// {@return bytes as an integer, the lowest first}
  private static BigInteger word(byte[] bytes) {
    BigInteger word = BigInteger.ZERO;
    for (int i = bytes.length - 1; i >= 0; i--) {
      word = word.shiftLeft(Byte.SIZE).add(BigInteger.valueOf(bytes[i] & 0xff));
    }
    return word;
  }
}
