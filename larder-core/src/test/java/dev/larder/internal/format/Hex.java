package dev.larder.internal.format;

import java.util.HexFormat;

/// Bytes as pairs of hexadecimal digits with spaces between them.
final class Hex {
  private static final HexFormat FORMAT = HexFormat.ofDelimiter(" ");

  private Hex() {}

  static byte[] parse(String text) {
    return FORMAT.parseHex(text);
  }

  static String format(byte[] bytes, int offset, int count) {
    return FORMAT.formatHex(bytes, offset, offset + count);
  }

  static String format(byte[] bytes) {
    return FORMAT.formatHex(bytes);
  }
}
