package dev.larder.benchmarks.rows;

import dev.larder.benchmarks.peer.PeerSession;
import dev.larder.benchmarks.peer.PeerStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;

/// What memory a process has that opened a loaded store and read every key once.
///
/// Its JVM touches every page of the heap when it takes it from the operating system, so that what
/// is not heap can be told apart: anonymous pages less the committed heap, less the same before the
/// store was opened.
final class Memory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private static final int PATIENCE = 25;
  private static final long PAUSE_MILLIS = 200;
  private static final double STILL_MEGABYTES = 0.5;

  private Memory() {}

  static void run(Task task) throws Exception {
    Usage before = usage();
    try (PeerStore store = task.openLoaded();
        PeerSession session = store.session()) {
      task.wholeWindow(0).run(new Reads.All(task, session));
      double peak = megabytes("VmHWM");
      Usage after = usage();
      long keys = task.setting().keys();
      if (task.wants(Row.MEMORY_PEAK) && peak > 0) {
        String mapped = "of which mapped files %.0f MB".formatted(megabytes("RssFile"));
        task.figure(Row.MEMORY_PEAK, peak, mapped);
      }
      if (task.wants(Row.MEMORY_HEAP)) {
        task.figure(Row.MEMORY_HEAP, Math.max(0, after.heap - before.heap) / (double) keys);
      }
      if (task.wants(Row.MEMORY_NATIVE) && peak > 0) {
        task.figure(Row.MEMORY_NATIVE, Math.max(0, after.other - before.other) / (double) keys);
      }
    }
  }

  /// @param heap bytes of live objects
  /// @param other bytes of anonymous pages that are not of the heap
  private record Usage(long heap, long other) {}

  /// Live objects are what is left after a collection. The JVM gives pages back while it runs on,
  /// so that one has to wait until their number stays the same.
  private static Usage usage() throws IOException, InterruptedException {
    for (int i = 0; i < 2; i++) {
      System.gc();
    }
    double before = -1;
    double now = megabytes("RssAnon");
    for (int i = 0; i < PATIENCE && Math.abs(now - before) > STILL_MEGABYTES; i++) {
      Thread.sleep(PAUSE_MILLIS);
      before = now;
      now = megabytes("RssAnon");
    }
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    return new Usage(heap.getUsed(), (long) (now * 1e6) - heap.getCommitted());
  }

  /// A figure of the operating system in megabytes of 10^6 bytes; 0 where it has none.
  private static double megabytes(String name) throws IOException {
    if (!Files.exists(STATUS)) {
      return 0;
    }
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith(name + ":")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1e6;
      }
    }
    return 0;
  }
}
