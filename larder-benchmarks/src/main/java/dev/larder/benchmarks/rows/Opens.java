package dev.larder.benchmarks.rows;

import dev.larder.benchmarks.peer.Level;
import dev.larder.benchmarks.peer.PeerSession;
import dev.larder.benchmarks.peer.PeerStore;
import dev.larder.benchmarks.workload.Keys;
import dev.larder.benchmarks.workload.Permutation;
import dev.larder.benchmarks.workload.Values;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// How long it takes from the call that opens a store to the answer of the first read, and what is
/// there after a kill.
public final class Opens {
  /// The file, beside a store, in which the writer that is to be killed counts its returned writes.
  public static final String ACKNOWLEDGED = "acknowledged";

  private static final int COUNT_AT = 0;
  private static final int VERSION_AT = 8;
  private static final long KILLED_VERSION = 1L << 40;
  private static final long VERSIONS_APART = 1L << 20;

  private Opens() {}

  /// Opens and closes several times in this JVM.
  static void warm(Task task) throws Exception {
    // The first one loads and compiles code: that is another row.
    openOnce(task, false);
    for (int i = 0; i < task.setting().opens(); i++) {
      task.figure(Row.OPEN_WARM, openOnce(task, false));
    }
  }

  /// Opens once, as the first thing that this JVM does.
  static void fresh(Task task) throws Exception {
    task.figure(Row.OPEN_FRESH, openOnce(task, false));
  }

  /// Opens once, as the first thing that this JVM does, what another process left when it was
  /// killed.
  static void killed(Task task) throws Exception {
    task.figure(Row.OPEN_KILLED, openOnce(task, true), "");
  }

  private static double openOnce(Task task, boolean isAfterKill) throws Exception {
    Keys keys = task.keys();
    Values values = task.values();
    var key = new byte[Keys.SIZE];
    var value = new byte[values.size()];
    long number = task.setting().keys() / 2;
    keys.write(number, key);
    long start = System.nanoTime();
    try (PeerStore store = task.open(task.directory(), Level.PROCESS);
        PeerSession session = store.session()) {
      int size = session.get(key, value);
      double millis = (System.nanoTime() - start) / 1e6;
      Task.checkVersion(number, values.check(number, value, size), 0);
      if (isAfterKill) {
        countLost(task, session);
      }
      return millis;
    }
  }

  /// Writes until it is killed.
  static void writeUntilKilled(Task task) throws Exception {
    Path file = task.directory().resolveSibling(ACKNOWLEDGED);
    // Other versions than a writer before it that was killed, so that no write can pass for
    // another.
    long version = Math.max(KILLED_VERSION, read(file, VERSION_AT) + VERSIONS_APART);
    try (PeerStore store = task.open(task.directory(), Level.PROCESS);
        PeerSession session = store.session()) {
      var writing = new Writes.Overwriting(task, session, version);
      MappedByteBuffer acknowledged = map(file);
      acknowledged.putLong(COUNT_AT, 0);
      acknowledged.putLong(VERSION_AT, version);
      for (long count = 1; ; count++) {
        writing.run(1);
        // A store to a shared mapping outlives the process.
        acknowledged.putLong(COUNT_AT, count);
      }
    }
  }

  private static MappedByteBuffer map(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, VERSION_AT + 8);
      mapped.order(ByteOrder.LITTLE_ENDIAN);
      return mapped;
    }
  }

  /// {@return how many writes have returned in the process that counts them in a file, 0 if it has
  /// not begun}
  public static long acknowledged(Path file) throws IOException {
    return read(file, COUNT_AT);
  }

  private static long read(Path file, int at) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    byte[] bytes = Files.readAllBytes(file);
    return bytes.length < at + Long.BYTES ? 0 : Values.word(bytes, at);
  }

  /// Holds what is there against what had returned before the kill.
  private static void countLost(Task task, PeerSession session) throws Exception {
    Path file = task.directory().resolveSibling(ACKNOWLEDGED);
    long count = read(file, COUNT_AT);
    long version = read(file, VERSION_AT);
    long keyCount = task.setting().keys();
    Permutation order = task.order();
    Keys keys = task.keys();
    Values values = task.values();
    var key = new byte[Keys.SIZE];
    var value = new byte[values.size()];
    long lost = 0;
    for (long place = Math.max(0, count - keyCount); place < count; place++) {
      long number = order.at(place % keyCount);
      keys.write(number, key);
      if (values.check(number, value, session.get(key, value)) < version + place / keyCount) {
        lost++;
      }
    }
    task.sink().figure("killed-lost", (double) lost, Long.toString(count));
  }
}
