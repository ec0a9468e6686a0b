package dev.larder.cli;

import dev.larder.Durability;
import dev.larder.TimeSource;
import dev.larder.cli.BenchResult.Figure;
import dev.larder.cli.BenchResult.Measure;
import dev.larder.cli.BenchResult.Place;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;

/// `bench`
final class BenchCommand extends StoreCommand {
  private static final long SECONDS = 60;
  private static final long KEYS = 1_000_000;
  private static final long VALUE_SIZE = 100;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /// What an entry takes beside its key and value: record, index in the checkpoint, room ahead.
  private static final long ENTRY_BYTES = 100;

  private static final long SPARE_BYTES = 128L << 20;

  /// What part of the time the measures of a loaded store have, in percent. What all of them leave
  /// is for what is not measured: closing, checking, deleting.
  private static final BenchStore.Share SHARE = new BenchStore.Share(11, 6, 5, 6, 5, 5);

  private final Argument<Long> seconds =
      option(
          "--seconds",
          "N",
          Long.class,
          new Converters.Between("a number of seconds", 1, 3_600),
          "About how long it may take. Unless given: 60.");
  private final Argument<Long> keys =
      option(
          "--keys",
          "N",
          Long.class,
          new Converters.Between("a number of keys", 1, 1_000_000_000),
          "How many keys to load, if there is time. Unless given: 1000000.");
  private final Argument<Long> valueSize =
      option(
          "--value-size",
          "N",
          Long.class,
          new Converters.Between("a value's size", 0, 1 << 20),
          "How many bytes a value has; a key has 16. Unless given: 100.");
  private final Argument<Boolean> wantsJson =
      flag("--json", "Print one line of JSON with the exact figures.");
  private final Argument<ProgressMode> progressMode =
      option(
          "--progress",
          "HOW",
          ProgressMode.class,
          new Converters.Progress(),
          "auto (unless given) shows a bar on a terminal; none.");
  private final Argument<String> directory =
      optional("DIRECTORY", "On which disk. Unless given: where the store is, or would be.");

  BenchCommand(RootCommand root) {
    super(
        root,
        CommandText.of(
                "bench",
                "Measure what the disk and Larder on it do, in about a minute.",
                "larder bench [--seconds N] [--keys N] [--value-size N] [--json]",
                "             [--progress auto|none] [DIRECTORY]")
            .describedAs(
                "Everything happens in a directory of its own, "
                    + BenchPlace.PREFIX
                    + "..., which is made inside DIRECTORY, or beside it where that is a store, and"
                    + " deleted at the end, also after Ctrl-C. No store that exists is opened. What"
                    + " is read is checked.",
                "Each measure ends when its part of the time is over, so that a slow disk takes no"
                    + " longer; then it has loaded fewer keys, and says so. First comes what the"
                    + " disk does without a store: a page of 4 KiB in a file that was written"
                    + " before becomes durable; bytes become durable one after the other. Durable"
                    + " puts say how many of them there are for one such page ('of device');"
                    + " threads share.",
                "In the shell the JVM may compile less than in a program of your own; the line"
                    + " 'jvm' then says emulated-client. As a command it does not.",
                "Keys are random, 16 bytes. Times are of one operation: of a put, a batch, a read,"
                    + " a range. 'open after close' ends with the first value read.",
                "--json has the same: larder, directory, fileSystem, device, freeBytes, system,"
                    + " jvm, processors, seconds, keys, loadedKeys, keySize, valueSize, and"
                    + " measures, which are deviceForce, deviceWrite, durablePut1, durablePut8,"
                    + " durableBatch, osPut, load, readHit, readMiss, range100, scan and open. Each"
                    + " has unit, count (of the unit), nanos (that all took), perSecond; where"
                    + " operations were timed, operations (their number), p50Nanos, p99Nanos,"
                    + " p999Nanos (rounded up by less than 1 %%) and maxNanos; durable puts have"
                    + " ofDevice.")
            .withExamples(
                "  larder bench",
                "  larder bench --value-size 1000 /mnt/data",
                "  larder bench --seconds 10 --json"));
  }

  @Override
  int run() {
    return run(TimeSource.system());
  }

  /// Does it with another clock.
  int run(TimeSource timeSource) {
    ProgressMode mode = progressMode.orElse(ProgressMode.AUTO);
    if (mode == ProgressMode.PLAIN) {
      throw CommandException.usage("--progress of bench is auto or none, not 'plain'");
    }
    Progress progress = Progress.ofBench(mode, console(), seconds() * NANOS_PER_SECOND);
    BenchResult result;
    try (BenchPlace place = place()) {
      result = measure(place, timeSource, progress);
    } finally {
      progress.clear();
    }
    requireGoingOn();
    if (wantsJson.orElse(false)) {
      print(BenchJson.of(result));
    } else {
      BenchTable.of(result).forEach(this::print);
    }
    return Exit.DONE;
  }

  private long seconds() {
    return seconds.orElse(SECONDS);
  }

  private long keys() {
    return keys.orElse(KEYS);
  }

  private int valueSize() {
    return Math.toIntExact(valueSize.orElse(VALUE_SIZE));
  }

  private BenchPlace place() {
    long entryBytes = BenchData.KEY_SIZE + valueSize() + ENTRY_BYTES;
    long needed = SPARE_BYTES + Math.max(BenchDisk.WRITE_BYTES, keys() * entryBytes);
    String named = directory.orNull();
    return named == null
        ? BenchPlace.create(BenchPlace.nearest(root().location()), needed)
        : BenchPlace.create(named, needed);
  }

  private BenchResult measure(BenchPlace place, TimeSource timeSource, Progress progress) {
    try {
      var clock = new BenchClock(timeSource, progress, seconds() * NANOS_PER_SECOND);
      var figures = new ArrayList<Figure>();
      var store = new BenchStore(place, clock, new BenchData(valueSize()), keys());
      store.probe();
      var disk = new BenchDisk(place.directory(), clock);
      figures.add(disk.force(5));
      figures.add(disk.write(5));
      figures.add(store.puts(Measure.DURABLE_PUT_1, 9, Durability.SYNC, 1));
      figures.add(store.puts(Measure.DURABLE_PUT_8, 9, Durability.SYNC, 8));
      figures.add(store.batches(7));
      figures.add(store.puts(Measure.OS_PUT, 7, Durability.OS, 1));
      BenchStore.Loaded loaded = store.load(SHARE);
      figures.addAll(loaded.figures());
      return new BenchResult(where(place), seconds(), keys(), loaded.keys(), valueSize(), figures);
    } catch (ClosedByInterruptException _) {
      throw CommandException.interrupted("interrupted");
    } catch (IOException e) {
      throw CommandException.unable(
          "cannot measure in %s: %s".formatted(place.directory(), Failures.reasonOf(e)), e);
    }
  }

  private static Place where(BenchPlace place) {
    return new Place(
        Main.VERSION,
        String.valueOf(place.directory().getParent()),
        place.fileSystem(),
        place.device(),
        place.freeBytes(),
        "%s %s, %s".formatted(property("os.name"), property("os.version"), property("os.arch")),
        "%s %s, %s"
            .formatted(
                property("java.vm.name"), property("java.vm.version"), property("java.vm.info")),
        Runtime.getRuntime().availableProcessors());
  }

  private static String property(String name) {
    return System.getProperty(name, "unknown");
  }
}
