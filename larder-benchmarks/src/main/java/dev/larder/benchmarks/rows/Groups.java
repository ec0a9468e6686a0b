package dev.larder.benchmarks.rows;

import dev.larder.benchmarks.peer.PeerStore;

/// Runs a group of rows.
public final class Groups {
  private Groups() {}

  /// Measures what a task asks of a group.
  public static void run(Row.Group group, Task task) throws Exception {
    switch (group) {
      case LOAD_SEQUENTIAL -> Loads.run(task, false);
      case LOAD_RANDOM -> Loads.run(task, true);
      case OPEN_FRESH -> Opens.fresh(task);
      case MEMORY -> Memory.run(task);
      case READ -> Reads.run(task);
      case YCSB -> Ycsb.run(task);
      case LATENCY -> Latencies.run(task);
      case OPEN -> Opens.warm(task);
      case OPEN_KILLED -> Opens.killed(task);
      case WRITE -> Writes.overwrite(task);
      case COMPACT -> compact(task);
      case DELETE -> Writes.delete(task);
      case DURABLE -> Durables.run(task);
    }
  }

  /// Writes to the store of a task until the process is killed.
  public static void writeUntilKilled(Task task) throws Exception {
    Opens.writeUntilKilled(task);
  }

  private static void compact(Task task) throws Exception {
    long start = System.nanoTime();
    try (PeerStore store = task.openLoaded()) {
      store.compact();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    task.figure(
        Row.DISK_COMPACTED,
        Disk.megabytes(task.directory()),
        "compacted in %.1f s".formatted(seconds));
  }
}
