package dev.larder;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/// An unchanging sequence of bytes: how keys and values cross the waist between buckets and
/// backends.
///
/// Two of them are equal when their bytes are; they are ordered as unsigned bytes, the shorter
/// first where one begins with the other.
///
/// **Threads.** Safe for any number of threads.
public final class Bytes implements Comparable<Bytes> {
  /// No bytes at all.
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] bytes;

  private Bytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /// {@return a copy of the given bytes}
  public static Bytes of(byte[] bytes) {
    return new Bytes(bytes.clone());
  }

  /// {@return the UTF-8 form of the text; an unpaired surrogate becomes a question mark, so text
  /// from outside goes through [Codec#text()], which refuses it}
  public static Bytes ofUtf8(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Takes the array over without copying it. The caller must never change it afterwards.
  ///
  /// @param bytes an array that nobody will change
  /// @return the same bytes
  public static Bytes wrap(byte[] bytes) {
    return new Bytes(bytes);
  }

  /// {@return how many bytes there are}
  public int size() {
    return bytes.length;
  }

  /// {@return the byte at an index from 0 to `size() - 1`}
  public byte at(int index) {
    return bytes[index];
  }

  /// {@return a copy of the bytes, which the caller may change}
  public byte[] toArray() {
    return bytes.clone();
  }

  /// Lends the bytes without copying them. The caller must not change the array.
  ///
  /// @return the array itself
  public byte[] lend() {
    return bytes;
  }

  /// {@return whether these bytes begin with the given ones}
  public boolean startsWith(Bytes prefix) {
    return prefix.bytes.length <= bytes.length
        && Arrays.equals(bytes, 0, prefix.bytes.length, prefix.bytes, 0, prefix.bytes.length);
  }

  /// {@return the bytes decoded as UTF-8, with a replacement character for what is no UTF-8}
  public String toUtf8() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /// {@return the bytes as hexadecimal digits}
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
