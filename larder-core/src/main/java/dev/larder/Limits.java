package dev.larder;

/// How much a store takes. Limits are part of the contract: what is beyond them is refused with an
/// exception that says what was given and what is allowed.
///
/// @param keyCharacters how many characters (Unicode code points) a key of text may have, 1 to
///   65,536
/// @param keyBytes how many bytes any other key may have, 1 to 65,536; text keys are bound by the
///   format's 65,536 bytes
/// @param valueBytes how many bytes a stored value may have, 0 to 1 GiB
/// @param storeBytes how many bytes everything in the store's directory may take, garbage included;
///   at least [#STORE_BYTES_MIN]
/// @param batchCount how many mutations one atomic batch may have, at least 1. The log engine also
///   bounds the bytes of one batch: to a sixteenth of `storeBytes`, and to 1.25 GiB
public record Limits(
    int keyCharacters, int keyBytes, int valueBytes, long storeBytes, int batchCount) {
  /// The longest key that the format takes, in bytes.
  public static final int KEY_BYTES_MAX = 65_536;

  /// The largest value that the format takes, in bytes: 1 GiB.
  public static final int VALUE_BYTES_MAX = 1 << 30;

  /// The smallest limit that a store can be held to: 2 MiB.
  public static final long STORE_BYTES_MIN = 2L << 20;

  private static final Limits DEFAULTS = new Limits(32, 128, 16 << 10, 1L << 30, Integer.MAX_VALUE);
  private static final Limits NONE =
      new Limits(KEY_BYTES_MAX, KEY_BYTES_MAX, VALUE_BYTES_MAX, Long.MAX_VALUE, Integer.MAX_VALUE);

  /// Checks the limits of the limits.
  public Limits {
    requireRange("keyCharacters", keyCharacters, 1, KEY_BYTES_MAX);
    requireRange("keyBytes", keyBytes, 1, KEY_BYTES_MAX);
    requireRange("valueBytes", valueBytes, 0, VALUE_BYTES_MAX);
    requireRange("storeBytes", storeBytes, STORE_BYTES_MIN, Long.MAX_VALUE);
    requireRange("batchCount", batchCount, 1, Integer.MAX_VALUE);
  }

  /// {@return keys of 32 characters (128 bytes where they are no text), values of 16 KiB, a store
  /// of 1 GiB, batches without a limit}
  public static Limits defaults() {
    return DEFAULTS;
  }

  /// {@return no limits but the format's: keys of 64 KiB, values of 1 GiB}
  public static Limits none() {
    return NONE;
  }

  /// {@return these limits with another one on the characters of text keys}
  ///
  /// @param count 1 to 65,536
  public Limits withKeyCharacters(int count) {
    return new Limits(count, keyBytes, valueBytes, storeBytes, batchCount);
  }

  /// {@return these limits with another one on the bytes of keys that are no text}
  ///
  /// @param size 1 to 65,536
  public Limits withKeyBytes(int size) {
    return new Limits(keyCharacters, size, valueBytes, storeBytes, batchCount);
  }

  /// {@return these limits with another one on the bytes of a value}
  ///
  /// @param size 0 to 1 GiB
  public Limits withValueBytes(int size) {
    return new Limits(keyCharacters, keyBytes, size, storeBytes, batchCount);
  }

  /// {@return these limits with another one on what the directory takes, in bytes}
  ///
  /// @param size at least [#STORE_BYTES_MIN]
  public Limits withStoreBytes(long size) {
    return new Limits(keyCharacters, keyBytes, valueBytes, size, batchCount);
  }

  /// {@return these limits with another one on the mutations of a batch}
  ///
  /// @param count at least 1
  public Limits withBatchCount(int count) {
    return new Limits(keyCharacters, keyBytes, valueBytes, storeBytes, count);
  }

  private static void requireRange(String name, long given, long min, long max) {
    if (given < min || max < given) {
      throw new IllegalArgumentException(
          "%s must be from %d to %d, not %d".formatted(name, min, max, given));
    }
  }
}
