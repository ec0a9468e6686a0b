package dev.larder.internal.index;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/// What keys look like in tests of [OrderIndex]: each makes different keys of different numbers.
enum KeyShape {
  /// Four bytes and no more.
  SHORT {
    @Override
    byte[] key(int number) {
      return ByteBuffer.allocate(4).putInt(number * 0x9e3779b1).array();
    }
  },

  /// A bucket, and bytes that look like chance.
  SCATTERED {
    @Override
    byte[] key(int number) {
      return ByteBuffer.allocate(16)
          .putInt(7)
          .putLong(number * 0x9e3779b97f4a7c15L)
          .putInt(number)
          .array();
    }
  },

  /// Decimal numbers of several lengths after a word, so that many are prefixes of others.
  DECIMAL {
    @Override
    byte[] key(int number) {
      return ("\0\0\0\1user:" + number).getBytes(StandardCharsets.UTF_8);
    }
  },

  /// Zeros, as many as the number says, up to a limit, and then little else.
  ZEROS {
    @Override
    byte[] key(int number) {
      byte[] key = new byte[4 + number % 40 + (number / 40 == 0 ? 0 : 3)];
      if (number / 40 > 0) {
        key[key.length - 2] = (byte) ((number / 40) >>> 8);
        key[key.length - 1] = (byte) (number / 40);
        key[key.length - 3] = 1;
      }
      return key;
    }
  },

  /// 20 bytes in common.
  PREFIX_20 {
    @Override
    byte[] key(int number) {
      return prefixed(20, 1, number);
    }
  },

  /// 200 bytes in common.
  PREFIX_200 {
    @Override
    byte[] key(int number) {
      return prefixed(200, 1, number);
    }
  },

  /// 5000 bytes in common.
  PREFIX_5000 {
    @Override
    byte[] key(int number) {
      return prefixed(5000, 1, number);
    }
  },

  /// Families with different long prefixes, so that separators are long.
  FAMILIES {
    @Override
    byte[] key(int number) {
      int family = number % 61;
      return prefixed(5 + 29 * family, family, number);
    }
  },

  /// Pairs that differ only after hundreds of bytes, and little in common with others.
  PAIRS {
    @Override
    byte[] key(int number) {
      byte[] key = prefixed(700, number >>> 1, number);
      return Arrays.copyOfRange(key, 4, key.length);
    }
  },

  /// As long as keys can be.
  LONGEST {
    @Override
    byte[] key(int number) {
      byte[] key = new byte[OrderIndex.KEY_MAX];
      Arrays.fill(key, (byte) (number & 1));
      putInt(key, number % 3 == 0 ? 4 : key.length - 4, number);
      return key;
    }
  };

  abstract byte[] key(int number);

  /// {@return a key that begins with bytes that look like chance}
  static byte[] prefixed(int length, int seed, int number) {
    byte[] key = new byte[length + 4];
    new SplittableRandom(seed).nextBytes(key);
    putInt(key, length, number);
    return key;
  }

  private static void putInt(byte[] key, int at, int number) {
    ByteBuffer.wrap(key).putInt(at, number);
  }
}
