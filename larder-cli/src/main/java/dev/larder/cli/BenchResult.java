package dev.larder.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a measurement found.
///
/// @param place where it was
/// @param seconds how long it was allowed to take
/// @param keys how many keys were asked for
/// @param loadedKeys how many of them there was time to load; reads and scans are of these
/// @param valueSize the size of a value in bytes
/// @param figures what was measured, in the order of [Measure]
record BenchResult(
    Place place, long seconds, long keys, long loadedKeys, int valueSize, List<Figure> figures) {
  /// What is measured.
  enum Measure {
    DEVICE_FORCE("deviceForce", "device, 4 KiB forced", "forces"),
    DEVICE_WRITE("deviceWrite", "device, sequential write", "bytes"),
    DURABLE_PUT_1("durablePut1", "durable put, 1 thread", "puts"),
    DURABLE_PUT_8("durablePut8", "durable put, 8 threads", "puts"),
    DURABLE_BATCH("durableBatch", "durable batch of 100", "entries"),
    OS_PUT("osPut", "put at level OS", "puts"),
    LOAD("load", "load", "entries"),
    READ_HIT("readHit", "read, hit", "reads"),
    READ_MISS("readMiss", "read, miss", "reads"),
    RANGE("range100", "range of 100", "ranges"),
    SCAN("scan", "scan", "entries"),
    OPEN("open", "open after close", "opens");

    private final String id;
    private final String title;
    private final String unit;

    Measure(String id, String title, String unit) {
      this.id = id;
      this.title = title;
      this.unit = unit;
    }

    /// {@return what programs call it}
    String id() {
      return id;
    }

    /// {@return what people call it}
    String title() {
      return title;
    }

    /// {@return what is counted}
    String unit() {
      return unit;
    }
  }

  /// One thing that was measured.
  ///
  /// @param measure what it is
  /// @param count how many of its unit were done while it was measured
  /// @param nanos how long that took
  /// @param latencies how long each operation took; null where there was one that did everything
  record Figure(Measure measure, long count, long nanos, @Nullable Latencies latencies) {
    /// {@return how many of its unit were done in a second}
    double rate() {
      return count * 1e9 / Math.max(1, nanos);
    }
  }

  /// Where something was measured.
  ///
  /// @param larder the release
  /// @param directory the directory that was asked for
  /// @param fileSystem the type of its file system
  /// @param device what the operating system calls the disk
  /// @param freeBytes the room that was free there
  /// @param system the operating system
  /// @param jvm the Java virtual machine, and how it compiles
  /// @param processors how many the JVM sees
  record Place(
      String larder,
      String directory,
      String fileSystem,
      String device,
      long freeBytes,
      String system,
      String jvm,
      int processors) {}

  /// {@return a durable put's rate by the rate at which the device forces; 1 is what one thread can
  /// reach, and several threads share forces}
  double ofDevice(Figure figure) {
    return figure.rate() / figures.getFirst().rate();
  }

  /// {@return whether a figure is held against the device's}
  static boolean isHeldAgainstDevice(Measure measure) {
    return measure == Measure.DURABLE_PUT_1 || measure == Measure.DURABLE_PUT_8;
  }
}
