package dev.larder.internal.format;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Bytes that are not what was written, and what a decoder makes of them.
final class Damage {
  private Damage() {}

  /// Reads a structure.
  @FunctionalInterface
  interface Decoder {
    /// {@return what the bytes say; null if they say nothing}
    @Nullable Object decode(byte[] bytes) throws FormatException, NewerFormatException;
  }

  /// Puts the right checksum on bytes that were changed.
  @FunctionalInterface
  interface Sealer {
    void seal(byte[] bytes);
  }

  /// {@return whether bytes are refused; any exception that is not declared passes through}
  static boolean isRefused(byte[] bytes, Decoder decoder) {
    try {
      return decoder.decode(bytes) == null;
    } catch (FormatException | NewerFormatException e) {
      return true;
    }
  }

  /// Fails unless every bit of a valid structure makes a difference.
  static void requireEveryBitCounts(byte[] valid, Decoder decoder) {
    if (isRefused(valid, decoder)) {
      throw new AssertionError("refused before it was damaged");
    }
    for (int bit = 0; bit < valid.length * Byte.SIZE; bit++) {
      byte[] flipped = valid.clone();
      flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      if (!isRefused(flipped, decoder)) {
        throw new AssertionError(
            "bit %d of byte %d makes no difference".formatted(bit % Byte.SIZE, bit / Byte.SIZE));
      }
    }
  }

  /// Fails if a decoder does anything but decode or refuse, whatever a few bytes of a valid
  /// structure are replaced by, checksum or not.
  static void requireCalm(
      RandomGenerator random, byte[] valid, Sealer sealer, int count, Decoder decoder) {
    for (int i = 0; i < count; i++) {
      byte[] bytes = valid.clone();
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        bytes[random.nextInt(bytes.length)] = interesting(random);
      }
      if (random.nextInt(4) > 0) {
        sealer.seal(bytes);
      }
      isRefused(bytes, decoder);
    }
  }

  /// Fails if a decoder does anything but refuse bytes that were never written.
  static void requireGarbageIsRefused(
      RandomGenerator random, int sizeMin, int sizeMax, int count, Decoder decoder) {
    for (int i = 0; i < count; i++) {
      byte[] bytes = new byte[random.nextInt(sizeMin, sizeMax + 1)];
      for (int j = 0; j < bytes.length; j++) {
        bytes[j] = i % 2 == 0 ? (byte) random.nextInt() : interesting(random);
      }
      if (!isRefused(bytes, decoder)) {
        throw new AssertionError("garbage was taken for something: " + Hex.format(bytes));
      }
    }
  }

  private static byte interesting(RandomGenerator random) {
    return switch (random.nextInt(6)) {
      case 0 -> 0;
      case 1 -> 1;
      case 2 -> 0x7f;
      case 3 -> (byte) 0x80;
      case 4 -> (byte) 0xff;
      default -> (byte) random.nextInt();
    };
  }

  /// {@return a sealer that puts the plain checksum into the last four bytes}
  static Sealer plain() {
    return bytes -> {
      int checked = bytes.length - Integer.BYTES;
      ByteWriter.U32.set(bytes, checked, Checksums.plain(bytes, 0, checked));
    };
  }

  /// {@return a copy with a few bytes replaced and the checksum put right}
  static byte[] resealed(byte[] valid, int offset, int... replacement) {
    byte[] bytes = valid.clone();
    for (int i = 0; i < replacement.length; i++) {
      bytes[offset + i] = (byte) replacement[i];
    }
    plain().seal(bytes);
    return bytes;
  }
}
