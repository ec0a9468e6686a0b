package dev.larder;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Turns keys or values of one type into the bytes that are stored, and back.
///
/// The bytes of a key codec decide its order: keys are ordered as unsigned bytes. All codecs here
/// keep the natural order of their type (text by code point).
///
/// **Threads.** A codec is used by many threads at once and must be safe for that; the ones here
/// are.
///
/// @param <T> the type outside the store
public interface Codec<T> {
  /// Makes the bytes to store.
  ///
  /// @param value what to store
  /// @return its bytes; the store does not change them, nor may the codec afterwards
  /// @throws CodecException if the value has no such form
  byte[] encode(T value);

  /// Reads stored bytes.
  ///
  /// @param bytes what [#encode] made; the codec may keep them, nobody else will change them
  /// @return a value equal to the one that was encoded
  /// @throws CodecException if these bytes are none of this codec's
  T decode(byte[] bytes);

  /// {@return whether the bytes are UTF-8 text, so that the key limit counts characters (Unicode
  /// code points) and messages show text}
  default boolean isText() {
    return false;
  }

  /// {@return the codec that stores byte arrays as they are; it copies both ways}
  static Codec<byte[]> bytes() {
    return BuiltInCodecs.BYTES;
  }

  /// {@return the codec for text as UTF-8. Text with an unpaired surrogate is refused, since it has
  /// no UTF-8 form}
  static Codec<String> text() {
    return BuiltInCodecs.TEXT;
  }

  /// {@return the codec for 32-bit integers: four bytes, big-endian, the sign bit turned round so
  /// that negative keys come before positive ones}
  static Codec<Integer> int32() {
    return BuiltInCodecs.INT32;
  }

  /// {@return the codec for 64-bit integers: eight bytes, made like [#int32()]}
  static Codec<Long> int64() {
    return BuiltInCodecs.INT64;
  }
}

/// The codecs that come with the core.
final class BuiltInCodecs {
  static final Codec<byte[]> BYTES =
      new Codec<>() {
        @Override
        public byte[] encode(byte[] value) {
          return value.clone();
        }

        @Override
        public byte[] decode(byte[] bytes) {
          return bytes.clone();
        }
      };

  static final Codec<String> TEXT =
      new Codec<>() {
        @Override
        public byte[] encode(String value) {
          try {
            ByteBuffer encoded =
                StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(value));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
          } catch (CharacterCodingException e) {
            throw new CodecException(
                "text has an unpaired surrogate at index "
                    + unpairedSurrogate(value)
                    + "; only whole Unicode characters can be stored",
                e);
          }
        }

        @Override
        public String decode(byte[] bytes) {
          ByteBuffer source = ByteBuffer.wrap(bytes);
          try {
            return StandardCharsets.UTF_8.newDecoder().decode(source).toString();
          } catch (CharacterCodingException e) {
            throw new CodecException("invalid UTF-8 at byte " + source.position(), e);
          }
        }

        @Override
        public boolean isText() {
          return true;
        }
      };

  static final Codec<Integer> INT32 =
      new Codec<>() {
        @Override
        public byte[] encode(Integer value) {
          return ByteBuffer.allocate(Integer.BYTES).putInt(value ^ Integer.MIN_VALUE).array();
        }

        @Override
        public Integer decode(byte[] bytes) {
          requireSize(bytes, Integer.BYTES);
          return ByteBuffer.wrap(bytes).getInt() ^ Integer.MIN_VALUE;
        }
      };

  static final Codec<Long> INT64 =
      new Codec<>() {
        @Override
        public byte[] encode(Long value) {
          return ByteBuffer.allocate(Long.BYTES).putLong(value ^ Long.MIN_VALUE).array();
        }

        @Override
        public Long decode(byte[] bytes) {
          requireSize(bytes, Long.BYTES);
          return ByteBuffer.wrap(bytes).getLong() ^ Long.MIN_VALUE;
        }
      };

  private BuiltInCodecs() {}

  private static void requireSize(byte[] bytes, int size) {
    if (bytes.length != size) {
      throw new CodecException(
          "an integer of %d bytes was expected, %d are stored".formatted(size, bytes.length));
    }
  }

  private static int unpairedSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return i;
      }
    }
    return -1;
  }
}
