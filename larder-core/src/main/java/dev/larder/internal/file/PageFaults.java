package dev.larder.internal.file;

import java.io.IOException;

/// Makes sure that an access to a mapped page that cannot be reached is reported where it happens.
///
/// Whoever reads fields straight from [ReadMapping#memory()] or [DataFile#mapPrivate] does it so:
///
/// ```java
/// try {
///   long field = memory.get(LAYOUT, position);
///   PageFaults.raise();
///   return field;
/// } catch (IllegalStateException e) { // thrown for a closed mapping
///   throw new MappingClosedException(name);
/// } catch (InternalError e) { // a page that cannot be read
///   throw PageFaults.lost(name, position, position + 8, e);
/// }
/// ```
///
/// Any number of accesses may come before one call. Until it has returned, what was read is not to
/// be relied on: it must not decide on another access, such as how many bytes to read, unless any
/// value is fit for that.
///
/// Some accesses to such a page end the JVM, so they are never made to mapped memory: the checksums
/// of the JDK and its inflater, which read it in native code, and an interpreted compare-and-set.
/// Bytes are copied out first.
public final class PageFaults {
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
  public static void raise() {
    int left = rounds;
    while (left > 1) {
      left >>= 1;
    }
  }

  /// {@return the exception for a read that failed}
  ///
  /// @param name the name of the file
  /// @param from the first byte that was wanted
  /// @param to the end of what was wanted
  /// @param cause what the JVM threw
  public static IOException lost(String name, long from, long to, InternalError cause) {
    return new IOException(
        "bytes [%d, %d) of %s cannot be read from the disk".formatted(from, to, name), cause);
  }
}
