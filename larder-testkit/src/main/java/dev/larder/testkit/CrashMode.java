package dev.larder.testkit;

/// Which of the changes that were not forced a power failure leaves behind.
public enum CrashMode {
  /// None of them.
  NOTHING,
  /// All of them.
  EVERYTHING,
  /// Any set of sectors of 512 bytes.
  SECTORS_512,
  /// Any set of sectors of 4096 bytes.
  SECTORS_4096,
  /// All up to some moment, over all files, and the beginning of the write that was next.
  PREFIX,
  /// All but one: a sector of 512 bytes, or a name.
  ALL_BUT_ONE,
  /// The sizes, with zeros in place of the bytes that are lost.
  SIZE_FIRST_ZEROS,
  /// The sizes, with anything in place of the bytes that are lost.
  SIZE_FIRST_GARBAGE,
  /// The sizes, with bytes of other files in place of those that are lost.
  SIZE_FIRST_STALE;

  /// {@return whether sizes survive before what they are about}
  boolean isSizeFirst() {
    return compareTo(SIZE_FIRST_ZEROS) >= 0;
  }

  int sectorBytes() {
    return this == SECTORS_4096 ? 4096 : 512;
  }
}
