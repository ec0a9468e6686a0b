package dev.larder.benchmarks;

import dev.larder.benchmarks.alone.Measure;
import dev.larder.benchmarks.peer.Peer;
import dev.larder.benchmarks.peer.Peers;
import dev.larder.benchmarks.results.Cell;
import dev.larder.benchmarks.results.Collector;
import dev.larder.benchmarks.results.Curve;
import dev.larder.benchmarks.results.Results;
import dev.larder.benchmarks.rows.Disk;
import dev.larder.benchmarks.rows.Opens;
import dev.larder.benchmarks.rows.Row;
import dev.larder.benchmarks.rows.Setting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Runs peers beside each other: round after round over all of them, each round beginning with
/// another one, so that what drifts on the machine meets all alike.
///
/// **Threads.** For one thread.
final class Comparison {
  private static final List<String> MEMORY_OPTIONS =
      List.of("-Xms32m", "-XX:+AlwaysPreTouch", "-XX:TieredStopAtLevel=1");
  private static final long KILL_AFTER_WRITES = 100_000;
  private static final long KILL_AFTER_MILLIS = 5_000;
  private static final long POLL_MILLIS = 10;
  private static final long SECONDS_MIN = 60;
  private static final long FILLED_PER_SECOND_MIN = 20_000;

  private final Path directory;
  private final Options options;
  private final String section;
  private final Collector collector;
  private final Consumer<String> progress;
  private final ChildJvm jvms;

  /// @param directory where stores go; what is in it is deleted
  /// @param section the part of the results that figures belong to
  Comparison(
      Path directory,
      Options options,
      String section,
      Collector collector,
      Consumer<String> progress) {
    this.directory = directory;
    this.options = options;
    this.section = section;
    this.collector = collector;
    this.progress = progress;
    jvms = new ChildJvm(directory);
  }

  String version(Peer peer) {
    return jvms.version(peer.artifact());
  }

  /// Runs everything that the options ask for.
  void run(List<Peer> peers) throws IOException, InterruptedException {
    for (long keys : options.keyCounts()) {
      for (int valueSize : options.valueSizes()) {
        Setting setting = options.setting(keys, valueSize);
        for (int round = 0; round < options.repetitions(); round++) {
          var order = new ArrayList<>(peers);
          Collections.rotate(order, -round);
          measureFloors(setting, round);
          for (Peer peer : order) {
            measure(peer, setting, round);
          }
        }
      }
    }
  }

  /// Measures one peer by what only it can be asked for.
  void runAlone(Peer peer, Set<Measure> measures) throws IOException, InterruptedException {
    for (long keys : options.keyCounts()) {
      for (int valueSize : options.valueSizes()) {
        Setting setting = options.setting(keys, valueSize);
        for (int round = 0; round < options.repetitions(); round++) {
          for (Measure measure : measures) {
            measureAlone(peer, measure, setting, round);
          }
        }
      }
    }
  }

  private void measureAlone(Peer peer, Measure measure, Setting setting, int round)
      throws IOException, InterruptedException {
    Path store = clean("store");
    var child =
        new Child(
            peer.id(),
            Peers.word(peer),
            peer.jars(),
            jvmOptions(peer, setting),
            setting,
            store,
            EnumSet.noneOf(Row.class));
    settle();
    ChildJvm.Running running = start(child, measure.name());
    long seconds = (long) (measure.times() * 2 * setting.seconds());
    String failure = jvms.await(running, secondsMax(setting) + seconds);
    boolean isWhole = collect(child, running.result());
    String reason = failure.isEmpty() && !isWhole ? "ended without a result" : failure;
    say(peer.id(), measure.name(), setting, round, reason);
    if (!reason.isEmpty()) {
      collector.failure(cell(child, measure.id()), reason);
    }
    clean("store");
    clean(ChildJvm.TEMPORARY);
  }

  private void measureFloors(Setting setting, int round) throws IOException, InterruptedException {
    Path store = clean("floor");
    var child =
        new Child(
            Results.FLOOR,
            Results.FLOOR,
            List.of(),
            List.of(),
            setting,
            store,
            EnumSet.noneOf(Row.class));
    String reason = run(child, Driver.FLOORS);
    say(Results.FLOOR, "machine", setting, round, reason);
    Disk.delete(store);
  }

  /// What is the same for all processes of a peer in a round.
  private record Child(
      String peer,
      String word,
      List<String> jars,
      List<String> jvmOptions,
      Setting setting,
      Path store,
      Set<Row> rows) {}

  private void measure(Peer peer, Setting setting, int round)
      throws IOException, InterruptedException {
    Path store = clean("store");
    boolean isLoaded = false;
    for (Row.Group group : Row.Group.values()) {
      Set<Row> rows = rows(peer, group);
      if (rows.isEmpty()) {
        continue;
      }
      var child =
          new Child(
              peer.id(),
              Peers.word(peer),
              peer.jars(),
              jvmOptions(peer, setting),
              setting,
              store,
              rows);
      boolean isLoadedBefore = isLoaded;
      // What others have deleted from or written to is no store to be killed.
      if (group == Row.Group.LOAD_SEQUENTIAL || group == Row.Group.OPEN_KILLED) {
        clean("store");
        Files.deleteIfExists(store.resolveSibling(Opens.ACKNOWLEDGED));
        isLoadedBefore = false;
      }
      if (needsLoad(peer, group) && !isLoadedBefore) {
        String reason = load(child);
        if (!reason.isEmpty()) {
          clean("store");
          fail(child, "could not be loaded: " + reason);
          continue;
        }
        isLoaded = true;
      }
      String reason = run(child, group);
      say(peer.id(), group.name(), setting, round, reason);
      if (!reason.isEmpty()) {
        fail(child, reason);
      }
      boolean isLoad = group == Row.Group.LOAD_RANDOM;
      isLoaded |= isLoad && reason.isEmpty();
      if (group == Row.Group.LOAD_SEQUENTIAL || (isLoad && !isLoaded)) {
        clean("store");
      }
    }
    clean("store");
    clean(ChildJvm.TEMPORARY);
  }

  /// Whether a group works on what was loaded before it.
  private static boolean needsLoad(Peer peer, Row.Group group) {
    return switch (group) {
      case LOAD_SEQUENTIAL, LOAD_RANDOM, DURABLE -> false;
      default -> peer.features().contains(Peer.Feature.PERSISTENCE);
    };
  }

  private Set<Row> rows(Peer peer, Row.Group group) {
    var rows = EnumSet.noneOf(Row.class);
    for (Row row : options.rows()) {
      if (row.group() == group && peer.features().containsAll(row.needs())) {
        rows.add(row);
      }
    }
    return rows;
  }

  private String load(Child child) throws IOException, InterruptedException {
    var unmeasured =
        new Child(
            child.peer,
            child.word,
            child.jars,
            child.jvmOptions,
            child.setting,
            child.store,
            EnumSet.noneOf(Row.class));
    return run(unmeasured, Row.Group.LOAD_RANDOM.name());
  }

  private String run(Child child, Row.Group group) throws IOException, InterruptedException {
    return switch (group) {
      case OPEN_FRESH -> {
        String reason = "";
        for (int i = 0; i < child.setting.opens() && reason.isEmpty(); i++) {
          reason = run(child, group.name());
        }
        yield reason;
      }
      case OPEN_KILLED -> {
        String reason = "";
        for (int i = 0; i < child.setting.opens() && reason.isEmpty(); i++) {
          reason = killAndOpen(child);
        }
        yield reason;
      }
      default -> run(child, group.name());
    };
  }

  /// Kills a process that writes to the store, and opens what it left.
  private String killAndOpen(Child child) throws IOException, InterruptedException {
    settle();
    Path counter = child.store.resolveSibling(Opens.ACKNOWLEDGED);
    long before = Opens.acknowledged(counter);
    ChildJvm.Running writer = start(child, Driver.WRITE_UNTIL_KILLED);
    long wanted = Math.min(KILL_AFTER_WRITES, child.setting.keys() / 2);
    long begun = 0;
    long startMillis = millis();
    while (writer.process().isAlive()) {
      long written = Opens.acknowledged(counter);
      // The number that the writer before it left stays until this one begins.
      boolean hasBegun = written > 0 && (begun > 0 || written != before);
      begun = hasBegun && begun == 0 ? millis() : begun;
      boolean isTooLong = begun > 0 && millis() - begun > KILL_AFTER_MILLIS;
      boolean isStuck = millis() - startMillis > 1_000 * secondsMax(child.setting);
      if ((begun > 0 && written >= wanted) || isTooLong || isStuck) {
        break;
      }
      Thread.sleep(POLL_MILLIS);
    }
    boolean hasFailed = !writer.process().isAlive();
    writer.process().destroyForcibly();
    String reason = jvms.await(writer, secondsMax(child.setting));
    return hasFailed
        ? "the writer that was to be killed failed: " + reason
        : run(child, Row.Group.OPEN_KILLED.name());
  }

  private static long millis() {
    return System.nanoTime() / 1_000_000;
  }

  private String run(Child child, String what) throws IOException, InterruptedException {
    settle();
    ChildJvm.Running running = start(child, what);
    String reason = jvms.await(running, secondsMax(child.setting));
    boolean isWhole = collect(child, running.result());
    return reason.isEmpty() && !isWhole ? "ended without a result" : reason;
  }

  private ChildJvm.Running start(Child child, String what) throws IOException {
    var jvmOptions = new ArrayList<>(child.jvmOptions);
    if (what.equals(Row.Group.MEMORY.name())) {
      jvmOptions.addAll(MEMORY_OPTIONS);
    }
    var words = new ArrayList<String>();
    words.add(child.word);
    words.add(what);
    words.add(child.store.toString());
    words.add(Row.names(child.rows));
    words.addAll(child.setting.words());
    return jvms.start(child.jars, jvmOptions, words);
  }

  private List<String> jvmOptions(Peer peer, Setting setting) {
    var jvmOptions = new ArrayList<>(peer.jvmOptions());
    String heap = options.heap();
    if (heap.isEmpty()) {
      // Room for caches on the heap that hold everything, and for indexes.
      long payload = setting.keys() * (setting.valueSize() + 16L);
      heap = Math.clamp(2 + payload * 5 / (1L << 30), 2, 12) + "g";
    }
    jvmOptions.add("-Xmx" + heap);
    return jvmOptions;
  }

  private static long secondsMax(Setting setting) {
    double rates = 20 * (setting.seconds() + setting.warmSeconds());
    double wholes = 4 * setting.wholeSeconds();
    return SECONDS_MIN + (long) (rates + wholes) + setting.keys() / FILLED_PER_SECOND_MIN;
  }

  /// {@return whether the process reached its end}
  private boolean collect(Child child, Path result) throws IOException {
    if (!Files.exists(result)) {
      return false;
    }
    for (String line : Files.readAllLines(result, StandardCharsets.UTF_8)) {
      String[] words = line.split("\t", -1);
      switch (words[0]) {
        case Driver.FIGURE ->
            collector.figure(cell(child, words[1]), Double.parseDouble(words[2]), words[3]);
        case Driver.CURVE -> {
          if (section.equals(Cell.COMPARISON)) {
            Setting setting = child.setting;
            var curve =
                new Curve(setting.keys(), setting.valueSize(), child.peer, words[1], List.of());
            collector.curve(curve, words[2]);
          }
        }
        case Driver.DONE -> {
          return true;
        }
        default -> throw new IOException("not a line of a result: " + line);
      }
    }
    return false;
  }

  private void fail(Child child, String reason) {
    for (Row row : child.rows) {
      collector.failure(cell(child, row.id()), reason);
    }
  }

  private Cell cell(Child child, String row) {
    return new Cell(
        section,
        child.setting.keys(),
        child.setting.valueSize(),
        child.peer,
        row,
        List.of(),
        List.of(),
        List.of());
  }

  private void say(String peer, String what, Setting setting, int round, String reason) {
    progress.accept(
        "%d keys of %d bytes, round %d: %s %s %s"
            .formatted(
                setting.keys(),
                setting.valueSize(),
                round + 1,
                peer,
                what,
                reason.isEmpty() ? "done" : "FAILED: " + reason));
  }

  private Path clean(String name) throws IOException {
    Path path = directory.resolve(name);
    Disk.delete(path);
    return path;
  }

  /// Lets the operating system write what others have left, so that nobody pays for it.
  private static void settle() throws InterruptedException {
    try {
      new ProcessBuilder("sync").start().waitFor();
    } catch (IOException _) {
      // No such program here.
    }
  }
}
