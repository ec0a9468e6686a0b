package dev.larder.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// What bytes have to be before a parser sees them. Jackson guesses at other encodings when the
/// first bytes look like it, and lets overlong forms pass.
final class Utf8 {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
  private static final long LOW_BITS = 0x0101_0101_0101_0101L;
  private static final int FIRST_OF_TWO = 0xC2;
  private static final int FIRST_OF_THREE = 0xE0;
  private static final int FIRST_OF_FOUR = 0xF0;
  private static final int FIRST_OF_NONE = 0xF5;

  private Utf8() {}

  /// {@return the size of the byte order mark in front, 0 if there is none}
  static int byteOrderMarkSize(byte[] bytes) {
    boolean marked =
        bytes.length >= 3
            && bytes[0] == (byte) 0xEF
            && bytes[1] == (byte) 0xBB
            && bytes[2] == (byte) 0xBF;
    return marked ? 3 : 0;
  }

  static boolean isContinuation(byte b) {
    return (b & 0xC0) == 0x80;
  }

  /// {@return the offset of the first byte that is no UTF-8, or -1}
  static int firstInvalid(byte[] bytes) {
    int i = 0;
    while (i < bytes.length) {
      if (i + Long.BYTES <= bytes.length && ((long) WORD.get(bytes, i) & HIGH_BITS) == 0) {
        i += Long.BYTES;
        continue;
      }
      int size = sizeAt(bytes, i);
      if (size == 0) {
        return i;
      }
      i += size;
    }
    return -1;
  }

  /// {@return whether an ASCII character is among the bytes}
  static boolean contains(byte[] bytes, char ascii) {
    long pattern = ascii * LOW_BITS;
    int i = 0;
    for (; i + Long.BYTES <= bytes.length; i += Long.BYTES) {
      long difference = (long) WORD.get(bytes, i) ^ pattern;
      // Subtracting 1 from each byte borrows into the high bit where the byte was 0.
      if (((difference - LOW_BITS) & ~difference & HIGH_BITS) != 0) {
        return true;
      }
    }
    for (; i < bytes.length; i++) {
      if (bytes[i] == ascii) {
        return true;
      }
    }
    return false;
  }

  /// {@return how many bytes the character at an offset takes, or 0 if there is no valid one}
  static int sizeAt(byte[] bytes, int offset) {
    int first = bytes[offset] & 0xFF;
    if (first < 0x80) {
      return 1;
    }
    int size = first < FIRST_OF_THREE ? 2 : first < FIRST_OF_FOUR ? 3 : 4;
    if (first < FIRST_OF_TWO || first >= FIRST_OF_NONE || offset + size > bytes.length) {
      return 0;
    }
    for (int i = 1; i < size; i++) {
      if (!isContinuation(bytes[offset + i])) {
        return 0;
      }
    }
    // The first bytes of a range leave room for overlong forms, surrogates and what is past
    // U+10FFFF; the second byte tells.
    int second = bytes[offset + 1] & 0xFF;
    boolean valid =
        switch (first) {
          case 0xE0 -> second >= 0xA0;
          case 0xED -> second < 0xA0;
          case 0xF0 -> second >= 0x90;
          case 0xF4 -> second < 0x90;
          default -> true;
        };
    return valid ? size : 0;
  }

  /// {@return the index of the first half of a surrogate pair that lacks the other half, or -1}
  static int unpairedSurrogate(CharSequence text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean paired =
            Character.isHighSurrogate(c)
                && i + 1 < length
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!paired) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  static byte[] encode(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String decode(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static String decode(byte[] bytes, int start, int end) {
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }
}
