package dev.larder.internal.format;

/// The names of a store's files.
public final class FileNames {
  /// Locked by the process that writes; empty.
  public static final String LOCK = "LOCK";

  /// Words shared by the processes that have the store open.
  public static final String CONTROL = "CONTROL";

  /// Names the live segments.
  public static final String MANIFEST = "MANIFEST";

  /// The manifest that is being written.
  public static final String MANIFEST_NEXT = "MANIFEST.tmp";

  /// The image of the index.
  public static final String CHECKPOINT = "CHECKPOINT";

  /// The image that is being written.
  public static final String CHECKPOINT_NEXT = "CHECKPOINT.tmp";

  /// Space that is given up when the disk is full.
  public static final String RESERVE = "RESERVE";

  private static final String SEGMENT_SUFFIX = ".segment";
  private static final String DELTA_SUFFIX = ".delta";
  private static final int SEGMENT_DIGITS = 10;
  private static final int NUMBER_DIGITS_MAX = 18;

  private FileNames() {}

  /// {@return the name of a segment's file: its number in at least ten digits}
  public static String segment(long number) {
    // A formatter loads half the platform's locale data, and `+` makes a class: while a store is
    // opened neither has been done yet.
    return padded(number).concat(SEGMENT_SUFFIX);
  }

  private static String padded(long number) {
    String digits = Long.toString(number);
    return "0".repeat(Math.max(0, SEGMENT_DIGITS - digits.length())).concat(digits);
  }

  /// {@return the name of the file of a delta: its number in at least ten digits}
  public static String delta(long number) {
    return padded(number).concat(DELTA_SUFFIX);
  }

  /// {@return whether a name looks like a segment's}
  public static boolean isSegment(String name) {
    return isNumbered(name, SEGMENT_SUFFIX);
  }

  /// {@return whether a name looks like a delta's}
  public static boolean isDelta(String name) {
    return isNumbered(name, DELTA_SUFFIX);
  }

  private static boolean isNumbered(String name, String suffix) {
    int digits = name.length() - suffix.length();
    return digits >= SEGMENT_DIGITS && name.endsWith(suffix) && isNumber(name, digits);
  }

  /// {@return the number in the name of a delta; 0 if it is larger than any}
  ///
  /// @param name a name for which [#isDelta] holds
  public static long deltaNumber(String name) {
    return number(name, DELTA_SUFFIX);
  }

  private static long number(String name, String suffix) {
    String digits = name.substring(0, name.length() - suffix.length());
    return digits.length() > NUMBER_DIGITS_MAX ? 0 : Long.parseLong(digits);
  }

  private static boolean isNumber(String name, int end) {
    for (int i = 0; i < end; i++) {
      if (name.charAt(i) < '0' || name.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /// {@return the number in a segment's name; 0 if it is larger than any segment's}
  ///
  /// @param name a name for which [#isSegment] holds
  public static long segmentNumber(String name) {
    return number(name, SEGMENT_SUFFIX);
  }

  /// {@return whether a name is one that a store gives to its files}
  public static boolean isOurs(String name) {
    return switch (name) {
      case LOCK, CONTROL, MANIFEST, MANIFEST_NEXT, CHECKPOINT, CHECKPOINT_NEXT, RESERVE -> true;
      default -> isSegment(name) || isDelta(name);
    };
  }
}
