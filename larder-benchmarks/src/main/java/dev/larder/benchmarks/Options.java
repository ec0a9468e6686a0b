package dev.larder.benchmarks;

import dev.larder.benchmarks.alone.Measure;
import dev.larder.benchmarks.peer.Peers;
import dev.larder.benchmarks.rows.Row;
import dev.larder.benchmarks.rows.Setting;
import dev.larder.benchmarks.workload.Keys;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What the command line asks for.
final class Options {
  static final String USAGE =
      """
      usage: build bench [run|report|jmh] [options]
        run      measures and writes the report (the default)
        report   writes the report anew from what the last run saved
        jmh      the microbenchmarks of parts; what follows goes to JMH
      options of run
        --peers a,b          larder, lmdb, rocksdb, mvstore, mapdb, xodus, chronicle, sqlite,
                             leveldb, heap, or a class that implements Peer; all by default
        --rows x,y           names of rows, of groups (load-random, read, ycsb, latency, open,
                             write, durable, memory ...), or beginnings of them; all by default
        --keys 1M            keys of a store, with k or M; several with commas between them
        --value-sizes 100    bytes of a value, at least 16; several with commas between them
        --repetitions 1      rounds over all peers; three or more for figures that are published
        --seconds 1          how long a rate is measured
        --warm-seconds 0.5   how long the same runs before that
        --whole-seconds 8    how long what is done once for each key may take: beyond it is a sample
        --opens 2            how often opening is measured in a round
        --key-shape hex      hex, counter or binary
        --compressible       half of each value is blank
        --growth 100k,1M     no comparison: how the first of the peers, Larder unless --peers says
                             otherwise, gets on as its store grows, up to 50M
        --larder-only all    no comparison: what can only be asked of Larder; compaction, expiry, or
                             beginnings of expiry-10, expiry-30 and expiry-60 in place of all.
                             How long they take is in proportion to --seconds
        --merge              keep what the last run saved of rows and peers that this one leaves out
        --heap 4g            the heap of each process; by default what the peers' caches need
        --directory DIR      where stores are put, a folder of its own in it; the system's temporary
                             folder by default. It should be on the device that is to be measured
      options of run and report
        --docs DIR           where PERFORMANCE.md and performance/ are; docs by default
      """;

  enum Command {
    RUN,
    REPORT,
    JMH,
    HELP
  }

  private Command command = Command.RUN;
  private List<String> peers = Peers.DEFAULT;
  private Set<Row> rows = EnumSet.allOf(Row.class);
  private List<Long> keyCounts = List.of(1_000_000L);
  private List<Integer> valueSizes = List.of(100);
  private int repetitions = 1;
  private double seconds = 1;
  private double warmSeconds = 0.5;
  private double wholeSeconds = 8;
  private int opens = 2;
  private Keys.Shape shape = Keys.Shape.HEX;
  private boolean isCompressible;
  private boolean isGrowth;
  private final Set<Measure> alone = EnumSet.noneOf(Measure.class);
  private boolean isMerged;
  private String heap = "";
  private Path directory = Path.of(System.getProperty("java.io.tmpdir"));
  private Path documents = Path.of("docs");
  private final List<String> rest = new ArrayList<>();

  private Options() {}

  /// {@return what words ask for}
  ///
  /// @throws IllegalArgumentException if they ask for nothing that there is
  static Options parse(String... words) {
    var options = new Options();
    for (int i = 0; i < words.length; i++) {
      String word = words[i];
      if (options.command == Command.JMH) {
        options.rest.add(word);
      } else if (word.equals("--compressible")) {
        options.isCompressible = true;
      } else if (word.equals("--merge")) {
        options.isMerged = true;
      } else if (word.equals("--help") || word.equals("-h")) {
        options.command = Command.HELP;
      } else if (!word.startsWith("--")) {
        options.command = command(word);
      } else if (i + 1 < words.length) {
        options.set(word, words[++i]);
      } else {
        throw new IllegalArgumentException(word + " needs a value");
      }
    }
    return options;
  }

  private static Command command(String word) {
    try {
      return Command.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("no such command: " + word, e);
    }
  }

  private void set(String option, String value) {
    switch (option) {
      case "--peers" -> peers = list(value);
      case "--rows" -> rows = rows(value);
      case "--keys" -> keyCounts = counts(value);
      case "--value-sizes" -> valueSizes = list(value).stream().map(Integer::valueOf).toList();
      case "--repetitions" -> repetitions = Integer.parseInt(value);
      case "--seconds" -> seconds = Double.parseDouble(value);
      case "--warm-seconds" -> warmSeconds = Double.parseDouble(value);
      case "--whole-seconds" -> wholeSeconds = Double.parseDouble(value);
      case "--opens" -> opens = Integer.parseInt(value);
      case "--key-shape" -> shape = Keys.Shape.valueOf(value.toUpperCase(Locale.ROOT));
      case "--growth" -> {
        isGrowth = true;
        keyCounts = counts(value);
      }
      case "--larder-only" -> {
        for (String word : list(value)) {
          Set<Measure> meant = Measure.meantBy(word);
          if (meant.isEmpty()) {
            throw new IllegalArgumentException("nothing of Larder alone begins with " + word);
          }
          alone.addAll(meant);
        }
      }
      case "--heap" -> heap = value;
      case "--directory" -> directory = Path.of(value);
      case "--docs" -> documents = Path.of(value);
      default -> throw new IllegalArgumentException("no such option: " + option);
    }
  }

  private static List<String> list(String value) {
    return List.of(value.split(",", -1));
  }

  private static List<Long> counts(String value) {
    return list(value).stream().map(Options::count).toList();
  }

  private static long count(String word) {
    String digits = word.replaceAll("[kKmM]$", "");
    long unit = word.matches(".*[kK]") ? 1_000 : word.matches(".*[mM]") ? 1_000_000 : 1;
    long count = Long.parseLong(digits) * unit;
    if (count < 1 || count > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("a number of keys from 1 to 2^31 is needed: " + word);
    }
    return count;
  }

  private static Set<Row> rows(String value) {
    var chosen = EnumSet.noneOf(Row.class);
    for (String word : list(value)) {
      Set<Row> meant = Row.meantBy(word);
      if (meant.isEmpty()) {
        throw new IllegalArgumentException("no row or group begins with " + word);
      }
      chosen.addAll(meant);
    }
    return chosen;
  }

  Command command() {
    return command;
  }

  List<String> peers() {
    return peers;
  }

  Set<Row> rows() {
    return rows;
  }

  /// Leaves out all other rows.
  void keepRows(Set<Row> kept) {
    var both = EnumSet.copyOf(kept);
    both.retainAll(rows);
    rows = both;
  }

  List<Long> keyCounts() {
    return keyCounts;
  }

  List<Integer> valueSizes() {
    return valueSizes;
  }

  int repetitions() {
    return repetitions;
  }

  boolean isGrowth() {
    return isGrowth;
  }

  /// {@return what is measured of Larder alone, in place of a comparison; empty where there is one}
  Set<Measure> alone() {
    return alone;
  }

  boolean isMerged() {
    return isMerged;
  }

  String heap() {
    return heap;
  }

  Path directory() {
    return directory;
  }

  Path documents() {
    return documents;
  }

  List<String> rest() {
    return rest;
  }

  Setting setting(long keys, int valueSize) {
    return new Setting(
        keys, valueSize, shape, isCompressible, seconds, warmSeconds, wholeSeconds, opens);
  }

  /// {@return in words what the figures depend on besides the size of the store}
  String inWords() {
    return "%d %s, rates over %s s after %s s of warming up, at most %s s for what is done once for each key, keys of shape %s, values %s"
        .formatted(
            repetitions,
            repetitions == 1 ? "repetition" : "repetitions",
            plain(seconds),
            plain(warmSeconds),
            plain(wholeSeconds),
            shape.name().toLowerCase(Locale.ROOT),
            isCompressible ? "of which half can be compressed" : "that cannot be compressed");
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }
}
