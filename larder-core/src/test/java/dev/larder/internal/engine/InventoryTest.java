package dev.larder.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.Bucket;
import dev.larder.Bytes;
import dev.larder.Codec;
import dev.larder.Cursor;
import dev.larder.Durability;
import dev.larder.Limits;
import dev.larder.Range;
import dev.larder.Statistics;
import dev.larder.Statistics.Holder;
import dev.larder.Statistics.Part;
import dev.larder.Store;
import dev.larder.StoreOptions;
import dev.larder.TimeSource;
import dev.larder.internal.base.Worker;
import dev.larder.internal.file.NioStoreDirectory;
import dev.larder.internal.format.FileNames;
import dev.larder.internal.format.Manifest;
import dev.larder.internal.format.RecordKind;
import dev.larder.internal.format.SegmentHeader;
import dev.larder.internal.index.IndexKey;
import dev.larder.internal.log.FrameScanner;
import dev.larder.internal.log.FrameScanner.Step;
import dev.larder.internal.log.Segment;
import dev.larder.internal.log.StoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every byte of the directory is explained, and by what it is: held against the sizes of the
/// files, and against what a scan of the log meets.
class InventoryTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir Path folder;
  private Path path;
  private final HandClock clock = new HandClock();
  private final Map<String, Worker> workers = new LinkedHashMap<>();
  private Store store;
  private Bucket<String, String> bucket;

  /// A clock that is turned by hand.
  private static final class HandClock implements TimeSource {
    private long millis = 1_000_000;

    @Override
    public long wallMillis() {
      return millis;
    }

    @Override
    public long monotonicNanos() {
      return millis * 1_000_000;
    }

    void advance(Duration time) {
      millis += time.toMillis();
    }
  }

  @BeforeEach
  void create() {
    path = folder.resolve("store");
    open();
  }

  private void open() {
    StoreOptions options =
        StoreOptions.defaults()
            .withTimeSource(clock)
            .withLimits(Limits.defaults().withStoreBytes(64L << 20));
    workers.clear();
    var environment =
        new LogStorage.Environment(
            NioStoreDirectory.of(path), this::started, new SplittableRandom(1));
    store = Store.over(LogStoreProvider.open(environment, options), options);
    bucket = store.bucket("b", Codec.text(), Codec.text()).with(Durability.OS);
  }

  private Worker.Handle started(String name, Worker worker) {
    workers.put(name, worker);
    return new Worker.Handle() {
      @Override
      public void wake() {
        // steps are done by hand
      }

      @Override
      public void stop() {
        workers.remove(name);
      }
    };
  }

  private void step(String name) {
    Worker worker = workers.get(name);
    for (int i = 0; worker != null && i < 1000 && worker.step() == 0; i++) {
      // there is more to do
    }
  }

  @AfterEach
  void close() {
    store.close();
  }

  /// Holds the figures against the files.
  private Statistics.Space explained() throws IOException {
    Statistics.Space space = store.statistics().space();
    assertThat(space.directoryBytes()).as("%s", space).isEqualTo(listedBytes());
    Truth truth = scan();
    assertThat(space.bytes(Part.FRAMING)).as("%s", space).isEqualTo(truth.framingBytes);
    assertThat(space.liveBytes() + space.bytes(Part.EXPIRED))
        .as("%s", space)
        .isEqualTo(truth.liveBytes());
    assertThat(space.liveBytes() + space.deadBytes()).as("%s", space).isEqualTo(truth.recordBytes);
    return space;
  }

  private long listedBytes() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  /// What a scan of the live segments meets.
  private static final class Truth {
    private long framingBytes;
    private long recordBytes;
    private final Map<Bytes, long[]> newest = new HashMap<>();

    /// The newest record of each key, where that is one of an entry.
    long liveBytes() {
      return newest.values().stream().mapToLong(record -> record[1]).sum();
    }
  }

  private Truth scan() throws IOException {
    var truth = new Truth();
    var directory = NioStoreDirectory.of(path);
    Manifest manifest = StoreFiles.readManifest(directory);
    for (Manifest.SegmentInfo info : manifest.segments()) {
      SegmentHeader header = StoreFiles.readHeader(directory, manifest, info);
      Segment segment =
          info.isSealed()
              ? Segment.openSealed(directory, header, info)
              : Segment.openActive(directory, header, SegmentHeader.SIZE, false);
      truth.framingBytes += SegmentHeader.SIZE;
      var scanner =
          new FrameScanner(segment::read, segment.place(), SegmentHeader.SIZE, segment.allocated());
      Step step = scanner.next();
      while (step instanceof Step.Frame frame) {
        truth.framingBytes += frame.header().size();
        scanner.visit(
            frame,
            (record, _) -> {
              if (record.kind() == RecordKind.INDEX_CHANGES) {
                return;
              }
              truth.framingBytes -= record.size();
              truth.recordBytes += record.size();
              Bytes key = Bytes.wrap(IndexKey.of(record.bucket(), record.keyCopy()));
              long[] known = truth.newest.computeIfAbsent(key, _ -> new long[] {-1, 0});
              if (record.sequence() > known[0]) {
                known[0] = record.sequence();
                known[1] = record.kind() == RecordKind.PUT ? record.size() : 0;
              }
            });
        step = scanner.next();
      }
      assertThat(step).isInstanceOf(Step.End.class);
      segment.retire();
    }
    return truth;
  }

  private void load(int count, int valueSize) {
    for (int i = 0; i < count; i++) {
      bucket.put("k%05d".formatted(i), "v".repeat(valueSize));
    }
  }

  @Test
  void aFreshStoreIsExplained() throws IOException {
    bucket.put("k", "v");
    Statistics.Space space = explained();
    assertThat(space.bytes(Part.SUPERSEDED)).isZero();
    assertThat(space.bytes(Part.AHEAD)).isPositive();
    assertThat(space.bytes(Part.MANIFEST)).isPositive();
    assertThat(space.heldForCheckpointBytes()).isZero();
  }

  @Test
  void whatIsWrittenAgainIsSuperseded() throws IOException {
    load(1000, 300);
    assertThat(explained().bytes(Part.SUPERSEDED)).isZero();
    load(1000, 300);
    assertThat(explained().bytes(Part.SUPERSEDED)).isGreaterThan(300_000);
    bucket.putAll(Map.of("k00001", "x", "k00002", "y", "new", "z"));
    explained();
    store.compact();
    assertThat(explained().bytes(Part.SUPERSEDED)).isLessThan(100);
  }

  @Test
  void whatIsRemovedLeavesTombstones() throws IOException {
    load(500, 300);
    for (int i = 0; i < 100; i++) {
      bucket.remove("k%05d".formatted(i));
    }
    Statistics.Space space = explained();
    assertThat(space.bytes(Part.TOMBSTONES)).isBetween(1_000L, 5_000L);
    assertThat(space.bytes(Part.SUPERSEDED)).isGreaterThan(30_000);
  }

  @Test
  void whatExpiresGoesFromPartToPart() throws IOException {
    for (int i = 0; i < 100; i++) {
      bucket.put("k" + i, "v".repeat(100), MINUTE);
    }
    bucket.put("stays", "v");
    assertThat(explained().bytes(Part.EXPIRED)).isZero();
    clock.advance(MINUTE);
    long waiting = explained().bytes(Part.EXPIRED);
    assertThat(waiting).isGreaterThan(10_000);
    step("larder-expiry");
    Statistics.Space removed = explained();
    assertThat(removed.bytes(Part.EXPIRED)).isZero();
    assertThat(removed.bytes(Part.SUPERSEDED)).isEqualTo(waiting);
    assertThat(removed.bytes(Part.REMEMBERED)).isBetween(1_000L, 4_000L);
    assertThat(store.statistics().expiredRemembered()).isEqualTo(100);
    clock.advance(MINUTE);
    step("larder-expiry");
    Statistics.Space forgotten = explained();
    assertThat(forgotten.bytes(Part.REMEMBERED)).isZero();
    assertThat(forgotten.bytes(Part.TOMBSTONES)).isEqualTo(removed.bytes(Part.REMEMBERED));
    assertThat(store.statistics().expiredRemembered()).isZero();
  }

  @Test
  void moreThanAFewThatWaitToBeRemovedCountAsLive() throws IOException {
    for (int i = 0; i < 1100; i++) {
      bucket.put("k%04d".formatted(i), "v", MINUTE);
    }
    long each = explained().liveBytes() / 1100;
    clock.advance(MINUTE);
    Statistics.Space space = explained();
    assertThat(space.bytes(Part.EXPIRED)).isBetween(1000 * each, 1000 * (each + 8));
    assertThat(space.liveBytes()).isGreaterThan(99 * each);
  }

  @Test
  void whoKeepsOldSegmentsIsNamed() throws IOException {
    load(1000, 300);
    Cursor<String, String> oldest = bucket.cursor(Range.all());
    long version = store.statistics().version();
    clock.advance(MINUTE);
    Cursor<String, String> another = bucket.cursor(Range.all());
    load(1000, 301);
    store.compact();
    Cursor<String, String> late = bucket.cursor(Range.all());
    clock.advance(Duration.ofSeconds(1));
    long pinned = explainedPinned();
    Statistics statistics = store.statistics();
    assertThat(statistics.openSnapshots()).isEqualTo(3);
    assertThat(statistics.holders())
        .containsExactly(
            new Holder(Holder.Kind.SNAPSHOT, version, 2, MINUTE.plusSeconds(1), pinned),
            new Holder(Holder.Kind.SNAPSHOT, statistics.version(), 1, Duration.ofSeconds(1), 0));
    oldest.close();
    assertThat(store.statistics().holders().getFirst().age()).isEqualTo(Duration.ofSeconds(1));
    another.close();
    assertThat(store.statistics().space().pinnedBytes()).isZero();
    assertThat(store.statistics().space().bytes(Part.COMPACTION)).isEqualTo(pinned);
    explained();
    step("larder-compaction");
    assertThat(explained().bytes(Part.COMPACTION)).isZero();
    late.close();
    assertThat(store.statistics().holders()).isEmpty();
  }

  private long explainedPinned() throws IOException {
    long pinned = explained().pinnedBytes();
    assertThat(pinned).isGreaterThan(300_000);
    return pinned;
  }

  @Test
  void loansAreHoldersToo() {
    bucket.put("k", "v");
    List<Holder> holders = bucket.withValue("k", _ -> store.statistics().holders()).orElseThrow();
    assertThat(holders).containsExactly(new Holder(Holder.Kind.LOAN, 1, 1, Duration.ZERO, 0));
    assertThat(store.statistics().holders()).isEmpty();
  }

  @Test
  void aCheckpointHoldsTheLogBehindIt() throws IOException {
    load(1000, 300);
    store.checkpoint();
    Statistics.Space space = explained();
    assertThat(space.bytes(Part.CHECKPOINT)).isPositive();
    assertThat(space.heldForCheckpointBytes()).isZero();
    load(1000, 300);
    load(1000, 300);
    long held = explained().heldForCheckpointBytes();
    assertThat(held).isBetween(1L, explained().bytes(Part.SUPERSEDED));
    store.checkpoint();
    assertThat(explained().heldForCheckpointBytes()).isLessThan(held);
  }

  @Test
  void strangersAreFiles() throws IOException {
    bucket.put("k", "v");
    Files.writeString(path.resolve("notes.txt"), "hello");
    Files.writeString(path.resolve(FileNames.segment(77)), "not a segment");
    Files.createDirectory(path.resolve("folder"));
    assertThat(explained().bytes(Part.FOREIGN)).isEqualTo(5 + 13);
  }

  /// A sealed segment is cut to its size only after the manifest calls it sealed, and without
  /// force.
  @Test
  void roomThatACrashLeftBehindASealedSegmentIsExplained() throws IOException {
    load(2000, 300);
    store.close();
    Files.write(
        path.resolve(FileNames.segment(1)),
        new byte[4096],
        java.nio.file.StandardOpenOption.APPEND);
    long before = listedBytes();
    open();
    assertThat(explained().bytes(Part.AHEAD)).isGreaterThanOrEqualTo(4096);
    assertThat(listedBytes()).isEqualTo(before);
  }

  @Test
  void figuresAreTheSameAfterOpening() throws IOException {
    load(1000, 300);
    load(500, 100);
    store.checkpoint();
    load(200, 50);
    for (int i = 0; i < 50; i++) {
      bucket.put("t" + i, "v", MINUTE);
      bucket.remove("k%05d".formatted(i));
    }
    bucket.putAll(Map.of("a", "1", "b", "2"));
    clock.advance(MINUTE);
    step("larder-expiry");
    Statistics.Space before = explained();
    long closeFrame = 48;
    store.close();
    open();
    requireSame(before, explained(), closeFrame);
    assertThat(store.statistics().expiredRemembered()).isEqualTo(50);
    store.close();
    Files.delete(path.resolve(FileNames.CHECKPOINT));
    open();
    requireSame(before, explained(), closeFrame);
    assertThat(store.statistics().expiredRemembered()).isEqualTo(50);
  }

  private static void requireSame(Statistics.Space one, Statistics.Space other, long closeFrame) {
    var expected = new EnumMap<Part, Long>(one.parts());
    expected.merge(Part.FRAMING, closeFrame, Long::sum);
    expected.put(Part.AHEAD, 0L); // a close gives room back
    var met = new EnumMap<Part, Long>(other.parts());
    expected.remove(Part.CHECKPOINT);
    met.remove(Part.CHECKPOINT);
    assertThat(met).isEqualTo(expected);
  }

  /// Where compaction moved the records that tell of expired keys, and a checkpoint did not know of
  /// it yet, the keys were counted twice when the store was opened, for good.
  @Test
  void rememberedKeysThatWereMovedAreCountedOnce() throws IOException {
    load(500, 300);
    for (int i = 0; i < 50; i++) {
      bucket.put("t" + i, "v", MINUTE);
    }
    clock.advance(MINUTE);
    step("larder-expiry");
    store.compact();
    store.checkpoint();
    long compactions = compactions();
    for (int i = 0; i < 20 && compactions() == compactions; i++) {
      load(400, 300);
      step("larder-compaction");
    }
    assertThat(compactions()).isGreaterThan(compactions);
    store.close();
    open();
    assertThat(store.statistics().expiredRemembered()).isEqualTo(50);
    clock.advance(MINUTE.multipliedBy(2));
    step("larder-expiry");
    assertThat(store.statistics().expiredRemembered()).isZero();
    explained();
  }

  private long compactions() {
    return store.statistics().counters().getOrDefault("compactions", 0L);
  }

  @Test
  void figuresAreTrueAfterACrash() throws IOException {
    load(1000, 300);
    store.checkpoint();
    load(300, 200);
    bucket.putAll(Map.of("a", "1", "b", "2"));
    crash();
    explained();
    load(300, 200);
    store.compact();
    explained();
  }

  /// Goes on with what a process that is killed leaves behind.
  private void crash() throws IOException {
    Path copy = folder.resolve(path.getFileName() + "x");
    Files.createDirectory(copy);
    try (Stream<Path> files = Files.list(path)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    store.close();
    path = copy;
    open();
  }

  @Test
  void theIndexTellsWhatItTakes() {
    load(1, 1);
    Statistics.IndexMemory small = store.statistics().index();
    assertThat(small.keys()).isEqualTo(2); // and the name of the bucket
    assertThat(small.tableBytes()).isGreaterThanOrEqualTo(256 << 10);
    for (int i = 0; i < 40_000; i++) {
      bucket.put("k%05d".formatted(i), "v", MINUTE);
    }
    Statistics.IndexMemory large = store.statistics().index();
    assertThat(large.keys()).isEqualTo(40_001);
    assertThat(large.tableBytes()).isGreaterThan(small.tableBytes());
    assertThat(large.treeBytes()).isGreaterThan(40_000L * 16);
    assertThat(large.deadlineBytes()).isGreaterThan(40_000L * 8);
    assertThat(large.bytesPerKey()).isBetween(30.0, 80.0);
    assertThat(large.freeBytes()).isPositive();
  }

  @Test
  void everythingIsExplainedWhateverHappens() throws IOException {
    var random = new SplittableRandom(Integer.getInteger("seed", 7));
    Cursor<String, String> cursor = null;
    bucket.put("k", "v");
    for (int i = 0; i < 1500; i++) {
      String key = "k" + random.nextInt(300);
      switch (random.nextInt(40)) {
        case 0 -> store.compact();
        case 1 -> store.checkpoint();
        case 2, 3 -> clock.advance(Duration.ofSeconds(random.nextInt(40)));
        case 4 -> workers.keySet().stream().toList().forEach(this::step);
        case 5 -> {
          if (cursor != null) {
            cursor.close();
          }
          cursor = random.nextBoolean() ? bucket.cursor(Range.all()) : null;
        }
        case 6 -> {
          cursor = null;
          reopen(random.nextInt(8));
        }
        case 7, 8, 9, 10 -> bucket.remove(key);
        case 11, 12, 13, 14, 15 ->
            bucket.put(key, "x".repeat(random.nextInt(900)), Duration.ofSeconds(20));
        case 16 -> bucket.putAll(Map.of(key, "y", "extra", "z".repeat(5_000)));
        default -> bucket.put(key, "v".repeat(random.nextInt(2_000)));
      }
      if (i % 10 == 0) {
        explained();
      }
    }
    explained();
  }

  private void reopen(int way) throws IOException {
    if (way == 0) {
      crash();
    } else if (way < 4) {
      store.close();
      if (way == 1) {
        Files.deleteIfExists(path.resolve(FileNames.CHECKPOINT));
      }
      open();
    }
  }
}
