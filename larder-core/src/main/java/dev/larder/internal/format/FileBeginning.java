package dev.larder.internal.format;

/// What checkpoints and deltas have in common at their beginning: a word that says what they are,
/// the version of the format, the size of the head; and at the end of the beginning flags and a
/// checksum.
final class FileBeginning {
  private static final int END_SIZE = 2 * Integer.BYTES;

  private FileBeginning() {}

  /// {@return what takes the rest of a beginning, up to its end}
  ///
  /// @param size how many bytes the beginning has
  /// @param magic says what file it is
  /// @param headSize how many bytes the head has
  static ByteWriter begin(int size, long magic, int headSize) {
    var writer = new ByteWriter(size);
    writer.u64(magic);
    writer.u16(FormatVersion.MAJOR);
    writer.u16(FormatVersion.MINOR);
    writer.u32(headSize);
    return writer;
  }

  /// {@return the bytes of a beginning that has everything but its end}
  static byte[] end(ByteWriter writer) {
    writer.u32(0); // required flags
    writer.u32(Checksums.plain(writer.array(), 0, writer.size()));
    return writer.toArray();
  }

  /// {@return what reads a beginning, from the size of the head on}
  ///
  /// @param bytes as many as it has, at least
  /// @param size how many it has
  /// @param magic what file it has to be
  /// @param what what such a file is called
  /// @throws FormatException if it is no such file of a version that is known, or damaged
  static ByteReader open(byte[] bytes, int size, long magic, String what) throws FormatException {
    var reader = new ByteReader(bytes, 0, Math.min(bytes.length, size));
    if (bytes.length < size || reader.u64() != magic) {
      throw new FormatException("not the beginning of a " + what);
    }
    if (reader.u16() != FormatVersion.MAJOR) {
      throw new FormatException("a " + what + " of another format version");
    }
    reader.u16();
    var end = new ByteReader(bytes, size - END_SIZE, size);
    int flags = end.u32();
    if (Checksums.plain(bytes, 0, size - Integer.BYTES) != end.u32()) {
      throw new FormatException("the checksum of the " + what + "'s beginning");
    }
    if (flags != 0) {
      throw new FormatException("a " + what + " with features that are not known");
    }
    return reader;
  }
}
