package dev.larder.benchmarks.rows;

import dev.larder.benchmarks.peer.Peer.Feature;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// A row of the report: one thing that is measured of every peer that can do it.
public enum Row {
  LOAD_SEQUENTIAL(
      Group.LOAD_SEQUENTIAL,
      Unit.PER_SECOND,
      "load, sequential",
      "single puts of new keys in key order"),
  LOAD_RANDOM(
      Group.LOAD_RANDOM,
      Unit.PER_SECOND,
      "load, random",
      "single puts of new keys in random order"),
  CLOSE_LOADED(
      Group.LOAD_RANDOM, Unit.MILLIS, "close after the load", "what the load had left for later"),
  OVERWRITE(
      Group.WRITE,
      Unit.PER_SECOND,
      "overwrite, random",
      "single writes, each key once, in random order"),
  DELETE(
      Group.DELETE,
      Unit.PER_SECOND,
      "delete, random",
      "single writes, each key once, in random order"),
  READ_HIT_1(
      Group.READ,
      Unit.PER_SECOND,
      "read hit, 1 thread",
      "random keys, value copied into an array of the caller"),
  READ_HIT_2(
      Group.READ,
      Unit.PER_SECOND,
      "read hit, 2 threads",
      "random keys, value copied into an array of the caller"),
  READ_MISS(Group.READ, Unit.PER_SECOND, "read miss, 1 thread", "keys between those there are"),
  SCAN_FORWARD(
      Group.READ,
      Unit.PER_SECOND,
      "scan forward",
      "entries a second, key and value seen in place",
      Feature.ORDER),
  SCAN_REVERSE(
      Group.READ,
      Unit.PER_SECOND,
      "scan reverse",
      "entries a second, key and value seen in place",
      Feature.ORDER),
  RANGE_100(
      Group.READ,
      Unit.PER_SECOND,
      "range of 100",
      "seeks a second, each to a random key and over 100 entries from it",
      Feature.ORDER),
  READ_WHILE_WRITING(
      Group.WRITE,
      Unit.PER_SECOND,
      "read while writing",
      "a reader of random keys beside a writer"),
  WRITE_WHILE_READING(
      Group.WRITE,
      Unit.PER_SECOND,
      "write while reading",
      "the writer of the row before, overwriting random keys"),
  YCSB_A(Group.YCSB, Unit.PER_SECOND, "YCSB A", "2 threads, 50% read, 50% update"),
  YCSB_B(Group.YCSB, Unit.PER_SECOND, "YCSB B", "2 threads, 95% read, 5% update"),
  YCSB_C(Group.YCSB, Unit.PER_SECOND, "YCSB C", "2 threads, all read"),
  YCSB_F(Group.YCSB, Unit.PER_SECOND, "YCSB F", "2 threads, 50% read, 50% read-modify-write"),
  DURABLE_PUT_1(
      Group.DURABLE,
      Unit.PER_SECOND,
      "durable put, 1 thread",
      "single puts of new keys, each forced",
      Feature.DURABILITY),
  DURABLE_PUT_8(
      Group.DURABLE,
      Unit.PER_SECOND,
      "durable put, 8 threads",
      "single puts of new keys, each forced",
      Feature.DURABILITY),
  DURABLE_BATCH(
      Group.DURABLE,
      Unit.PER_SECOND,
      "durable batch of 100",
      "keys a second, in commits of 100, each forced",
      Feature.BATCH),
  GET_P99(
      Group.LATENCY,
      Unit.MICROS,
      "get, p99",
      "2 threads as fast as they can, 50% get, 50% put, random keys"),
  GET_P999(Group.LATENCY, Unit.MICROS, "get, p99.9", "same"),
  GET_MAX(Group.LATENCY, Unit.MICROS, "get, max", "same"),
  PUT_P99(Group.LATENCY, Unit.MICROS, "put, p99", "same"),
  PUT_P999(Group.LATENCY, Unit.MICROS, "put, p99.9", "same"),
  PUT_MAX(Group.LATENCY, Unit.MICROS, "put, max", "same"),
  OPEN_WARM(
      Group.OPEN,
      Unit.MILLIS,
      "open after a close, warm JVM",
      "from the call that opens to the answer of the first read",
      Feature.PERSISTENCE),
  OPEN_FRESH(
      Group.OPEN_FRESH,
      Unit.MILLIS,
      "open in a fresh JVM",
      "from the call that opens to the answer of the first read",
      Feature.PERSISTENCE),
  OPEN_KILLED(
      Group.OPEN_KILLED,
      Unit.MILLIS,
      "open after `kill -9`, fresh JVM",
      "from the call that opens to the answer of the first read",
      Feature.PERSISTENCE),
  DISK_LOADED(
      Group.LOAD_RANDOM, Unit.MEGABYTES, "disk, loaded", "after the random load and a close"),
  DISK_OVERWRITTEN(
      Group.WRITE, Unit.MEGABYTES, "disk, overwritten", "after overwriting and a close"),
  DISK_COMPACTED(
      Group.COMPACT,
      Unit.MEGABYTES,
      "disk, compacted",
      "after the peer's own compaction and a close",
      Feature.COMPACTION),
  MEMORY_PEAK(
      Group.MEMORY, Unit.MEGABYTES, "memory, peak", "VmHWM after reading all, mapped pages too"),
  MEMORY_HEAP(Group.MEMORY, Unit.BYTES_PER_KEY, "memory, heap", "after reading all and a GC"),
  MEMORY_NATIVE(
      Group.MEMORY, Unit.BYTES_PER_KEY, "memory, off the heap", "anonymous pages besides the heap");

  /// Processes of their own, in the order in which they work on a peer's store.
  public enum Group {
    LOAD_SEQUENTIAL,
    LOAD_RANDOM,
    OPEN_FRESH,
    MEMORY,
    READ,
    YCSB,
    LATENCY,
    OPEN,
    WRITE,
    COMPACT,
    DELETE,
    OPEN_KILLED,
    DURABLE
  }

  /// What a figure counts, and which way is better.
  public enum Unit {
    PER_SECOND("/s", true),
    MILLIS("ms", false),
    MICROS("us", false),
    MEGABYTES("MB", false),
    BYTES_PER_KEY("B/key", false);

    private final String text;
    private final boolean isMoreBetter;

    Unit(String text, boolean isMoreBetter) {
      this.text = text;
      this.isMoreBetter = isMoreBetter;
    }

    /// {@return how it is written behind a figure}
    public String text() {
      return text;
    }

    /// {@return whether a larger figure is a better one}
    public boolean isMoreBetter() {
      return isMoreBetter;
    }
  }

  private final Group group;
  private final Unit unit;
  private final String title;
  private final String detail;

  @SuppressWarnings("ImmutableEnumChecker") // nobody changes it
  private final Set<Feature> needs;

  Row(Group group, Unit unit, String title, String detail, Feature... needs) {
    this.group = group;
    this.unit = unit;
    this.title = title;
    this.detail = detail;
    this.needs = Set.of(needs);
  }

  /// {@return the rows whose constants are named}
  ///
  /// @param names with commas between them
  public static Set<Row> named(String names) {
    var rows = EnumSet.noneOf(Row.class);
    for (String name : names.split(",", -1)) {
      if (!name.isEmpty()) {
        rows.add(Row.valueOf(name));
      }
    }
    return rows;
  }

  /// {@return the names of rows, as [#named(String)] takes them}
  public static String names(Set<Row> rows) {
    return rows.stream().map(Row::name).collect(Collectors.joining(","));
  }

  /// {@return its name in options and results}
  public String id() {
    return word(this);
  }

  /// {@return which process measures it}
  public Group group() {
    return group;
  }

  /// {@return what its figure counts}
  public Unit unit() {
    return unit;
  }

  /// {@return its name for readers}
  public String title() {
    return title;
  }

  /// {@return what exactly is measured, in a few words}
  public String detail() {
    return detail;
  }

  /// {@return what a peer has to be able to do}
  public Set<Feature> needs() {
    return needs;
  }

  /// {@return the rows that a word of the `--rows` option means: the one of that name, else all of
  /// the group of that name, else all whose names begin with it}
  public static Set<Row> meantBy(String word) {
    var exact = EnumSet.noneOf(Row.class);
    var grouped = EnumSet.noneOf(Row.class);
    var begun = EnumSet.noneOf(Row.class);
    for (Row row : values()) {
      if (row.id().equals(word)) {
        exact.add(row);
      }
      if (word(row.group).equals(word)) {
        grouped.add(row);
      }
      if (row.id().startsWith(word)) {
        begun.add(row);
      }
    }
    return !exact.isEmpty() ? exact : !grouped.isEmpty() ? grouped : begun;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
