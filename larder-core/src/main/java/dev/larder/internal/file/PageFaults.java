package dev.larder.internal.file;

/// Makes sure that an access to a mapped page that cannot be read is reported where it happens.
final class PageFaults {
  /*
   * The JVM turns such an access (the file was cut by somebody else, the disk has a bad sector) into
   * an InternalError, but compiled code throws it only when the thread next comes to a safepoint
   * poll. Inlined into a hot loop, that is in the middle of the caller, long past the catch.
   *
   * A branch back in a loop whose number of rounds the compiler cannot foresee has a poll. This costs
   * about a nanosecond; PageFaultTest fails when a compiler learns to leave the poll out.
   */
  private static volatile int rounds = 4;

  private PageFaults() {}

  /// Throws the `InternalError` of an access just made, if it failed. To be called inside the `try`
  /// that catches it.
  static void raise() {
    int left = rounds;
    while (left > 1) {
      left >>= 1;
    }
  }
}
