package dev.larder.benchmarks.rows;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/// What the machine can do at best, without any store: the floors that rows are held against.
public final class Floors {
  /// The device's force after 4 KiB at the end of a growing file, in microseconds.
  public static final String FORCE_GROWING = "force-growing";

  /// The device's force after 4 KiB inside a file written beforehand, in microseconds.
  public static final String FORCE_PREALLOCATED = "force-preallocated";

  /// `write` of 136 bytes, in microseconds.
  public static final String WRITE_136 = "write-136";

  /// A load that waits for the one before, over 16 MB, in nanoseconds; likewise the next two.
  public static final String LOAD_16M = "load-16m";

  public static final String LOAD_128M = "load-128m";
  public static final String LOAD_2G = "load-2g";

  /// Reading memory in order with one thread, in gigabytes of 10^9 bytes a second.
  public static final String BANDWIDTH = "bandwidth";

  /// Mapping a file of the payload's size and reading its last bytes, in milliseconds.
  public static final String MAP_OPEN = "map-open";

  private static final int PAGE = 4096;
  private static final int FORCES_MAX = 10_000;
  private static final int WRITES_MAX = 200_000;
  private static final int RECORD = 136;
  private static final int LINE = 64;
  private static final long LOADS = 2_000_000;
  private static final int MAPS = 50;
  private static final long UNLIKELY = 0x6E75_6D62_6572_2121L;
  private static final long LARGE = 2L << 30;

  private final Path directory;
  private final Setting setting;
  private final Sink sink;

  private Floors(Path directory, Setting setting, Sink sink) {
    this.directory = directory;
    this.setting = setting;
    this.sink = sink;
  }

  /// Measures all of them.
  public static void run(Path directory, Setting setting, Sink sink) throws IOException {
    Files.createDirectories(directory);
    new Floors(directory, setting, sink).run();
  }

  private void run() throws IOException {
    sink.figure(FORCE_GROWING, forceMicros(false), "");
    sink.figure(FORCE_PREALLOCATED, forceMicros(true), "");
    sink.figure(WRITE_136, writeMicros(), "");
    sink.figure(MAP_OPEN, mapMillis(), "");
    loads(LOAD_16M, 16L << 20);
    // A quick look at a small store does not need gigabytes.
    if (setting.keys() >= 10_000) {
      loads(LOAD_128M, 128L << 20);
      loads(LOAD_2G, LARGE);
      sink.figure(BANDWIDTH, bandwidth(), "");
    }
  }

  private double forceMicros(boolean isPreallocated) throws IOException {
    Path file = directory.resolve("force");
    var page = ByteBuffer.allocateDirect(PAGE);
    try (FileChannel channel = create(file)) {
      if (isPreallocated) {
        for (int i = 0; i < FORCES_MAX; i++) {
          channel.write(page.clear());
        }
        channel.force(true);
        channel.position(0);
      }
      var nanos = new long[FORCES_MAX];
      int count = 0;
      long end = System.nanoTime() + (long) (setting.seconds() * 1e9);
      while (count < FORCES_MAX && System.nanoTime() < end) {
        page.clear().putLong(0, count);
        long start = System.nanoTime();
        channel.write(page);
        channel.force(false);
        nanos[count++] = System.nanoTime() - start;
      }
      return median(nanos, count) / 1e3;
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private double writeMicros() throws IOException {
    Path file = directory.resolve("write");
    var bytes = ByteBuffer.allocateDirect(RECORD);
    try (FileChannel channel = create(file)) {
      var nanos = new long[WRITES_MAX];
      for (int i = 0; i < WRITES_MAX; i++) {
        bytes.clear();
        long start = System.nanoTime();
        channel.write(bytes);
        nanos[i] = System.nanoTime() - start;
      }
      return median(nanos, WRITES_MAX) / 1e3;
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private double mapMillis() throws IOException {
    Path file = directory.resolve("map");
    long size = Math.max(PAGE, setting.keys() * (RECORD + 0L));
    try (FileChannel channel = create(file)) {
      var chunk = ByteBuffer.allocateDirect(1 << 20);
      for (long written = 0; written < size; written += chunk.capacity()) {
        channel.write(chunk.clear());
      }
    }
    var nanos = new long[MAPS];
    for (int i = 0; i < MAPS; i++) {
      long start = System.nanoTime();
      try (Arena arena = Arena.ofShared();
          FileChannel channel = FileChannel.open(file)) {
        long length = channel.size();
        MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, length, arena);
        consume(mapped.get(ValueLayout.JAVA_LONG, length - Long.BYTES));
      }
      nanos[i] = System.nanoTime() - start;
    }
    Files.delete(file);
    return median(nanos, MAPS) / 1e6;
  }

  private static FileChannel create(Path file) throws IOException {
    return FileChannel.open(
        file,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE);
  }

  /// Lines of a cache point at each other in an order that the processor cannot foresee.
  private void loads(String name, long size) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(size, LINE);
      long lines = size / LINE;
      for (long line = 0; line < lines; line++) {
        // A full cycle: lines is a power of two, the factor is 1 modulo 4, the summand odd.
        long next = (line * 0x5DEE_CE66DL + 0xBL) & (lines - 1);
        memory.set(ValueLayout.JAVA_LONG, line * LINE, next * LINE);
      }
      long at = chase(memory, 0, LOADS / 4);
      long start = System.nanoTime();
      at = chase(memory, at, LOADS);
      double nanos = System.nanoTime() - start;
      consume(at);
      sink.figure(name, nanos / LOADS, "");
    }
  }

  private static long chase(MemorySegment memory, long from, long loads) {
    long at = from;
    for (long i = 0; i < loads; i++) {
      at = memory.get(ValueLayout.JAVA_LONG, at);
    }
    return at;
  }

  private static double bandwidth() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(LARGE / 2, LINE).fill((byte) 1);
      long best = Long.MAX_VALUE;
      for (int i = 0; i < 4; i++) {
        long start = System.nanoTime();
        consume(sum(memory));
        best = Math.min(best, System.nanoTime() - start);
      }
      return (double) memory.byteSize() / best;
    }
  }

  private static long sum(MemorySegment memory) {
    long sum = 0;
    for (long at = 0; at < memory.byteSize(); at += Long.BYTES) {
      sum += memory.get(ValueLayout.JAVA_LONG, at);
    }
    return sum;
  }

  /// Keeps the compiler from leaving out what a number was computed by.
  private static void consume(long number) {
    if (number == UNLIKELY) {
      throw new AssertionError(number);
    }
  }

  private static double median(long[] nanos, int count) {
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return sorted[count / 2];
  }
}
