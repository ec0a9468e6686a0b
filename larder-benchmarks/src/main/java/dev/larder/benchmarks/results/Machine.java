package dev.larder.benchmarks.results;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// Where a run was.
///
/// @param processor the processor's name
/// @param processors how many the JVM sees
/// @param memoryGigabytes the memory, in units of 2^30 bytes
/// @param system the operating system and its version
/// @param fileSystem the type of the file system that the stores were on
/// @param jvm the Java virtual machine
public record Machine(
    String processor,
    int processors,
    double memoryGigabytes,
    String system,
    String fileSystem,
    String jvm) {
  /// {@return this machine}
  ///
  /// @param directory where the stores are
  public static Machine here(Path directory) throws IOException {
    return new Machine(
        field(Path.of("/proc/cpuinfo"), "model name", System.getProperty("os.arch", "unknown")),
        Runtime.getRuntime().availableProcessors(),
        totalGigabytes(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        Files.getFileStore(directory).type(),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
  }

  private static double totalGigabytes() {
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system) {
      return Math.round(system.getTotalMemorySize() / (double) (1 << 30) * 10) / 10.0;
    }
    return 0;
  }

  private static String field(Path file, String name, String otherwise) throws IOException {
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        if (line.toLowerCase(Locale.ROOT).startsWith(name)) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    }
    return otherwise;
  }
}
