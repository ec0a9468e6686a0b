package dev.larder.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.CorruptionException;
import dev.larder.Durability;
import dev.larder.Expiry;
import dev.larder.Store;
import dev.larder.UnsupportedVersionException;
import dev.larder.VerifyReport;
import dev.larder.internal.engine.LogStoreProvider;
import dev.larder.testkit.LogStores;
import dev.larder.testkit.ManualClock;
import dev.larder.testkit.ManualWorkers;
import dev.larder.testkit.SimulatedDirectory;
import dev.larder.testkit.SimulatedDisk;
import dev.larder.testkit.Trace;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Bytes that are not what was written: wrong data is never returned.
class LogStoreDamageTest {
  private static final int MAJOR_VERSION_POSITION = 8;

  private final ManualClock clock = new ManualClock();

  private Store open(SimulatedDisk disk) {
    return LogStores.open(
        SimulatedDirectory.on(disk),
        new ManualWorkers(clock),
        new SplittableRandom(1),
        History.options(clock));
  }

  private VerifyReport verify(SimulatedDisk disk) {
    return LogStoreProvider.verify(SimulatedDirectory.on(disk), History.options(clock));
  }

  /// A store with two cold and two history segments, a checkpoint, and a commit behind it.
  private SimulatedDisk disk(boolean isClosed) {
    var disk = new SimulatedDisk();
    Store store = open(disk);
    Bucket<String, String> bucket = store.bucket("b", Codec.text(), Codec.text());
    for (int i = 0; i < 12; i++) {
      bucket.with(Durability.OS).put("k" + i, "v".repeat(5_000 + i));
    }
    store.compact();
    for (int i = 0; i < 8; i++) {
      bucket.with(Durability.OS).put("h" + i, "w".repeat(5_000 + i));
    }
    store.checkpoint();
    bucket.delete("k3");
    bucket.put("last", "x");
    if (isClosed) {
      store.close();
    }
    return disk;
  }

  /// A checkpoint with deltas behind it, which have entries that are new, changed, removed, and
  /// with deadlines.
  private SimulatedDisk diskWithDeltas() {
    var disk = new SimulatedDisk();
    disk(disk, 0);
    disk(disk, 1);
    disk(disk, 2);
    return disk;
  }

  private void disk(SimulatedDisk disk, int session) {
    try (Store store =
        LogStores.open(
            SimulatedDirectory.on(disk),
            new ManualWorkers(clock),
            new SplittableRandom(session + 1L),
            History.options(clock),
            100)) {
      Bucket<String, String> bucket = store.bucket("b", Codec.text(), Codec.text());
      for (int i = 0; i < 30; i++) {
        bucket.with(Durability.OS).put("k" + (10 * session + i), "v" + session);
        bucket
            .with(Durability.OS)
            .put("d" + session + i, "v", Expiry.after(Duration.ofDays(i + 1)));
      }
      for (int i = 0; i < 5; i++) {
        bucket.delete("k" + (10 * session + i));
      }
      if (session == 0) {
        store.checkpoint();
      }
    }
  }

  @Test
  void anyBitThatFlipsInADeltaOrOneThatIsMissingCostsTimeOnly() throws Exception {
    SimulatedDisk whole = diskWithDeltas();
    List<String> deltas =
        whole.names().stream().filter(name -> name.endsWith(".delta")).sorted().toList();
    assertThat(deltas).hasSize(2);
    SortedMap<String, History.Value> right = content(whole);
    assertThat(verify(whole.copy()).remarks()).isEmpty();
    for (String name : deltas) {
      flipSome(whole, name, List.of(right));
      SimulatedDisk without = whole.copy();
      SimulatedDirectory.on(without).delete(name);
      assertThat(content(without)).as("without %s", name).isEqualTo(right);
      for (int cut = whole.content(name).length - 1; cut >= 0; cut -= 1 + cut / 20) {
        SimulatedDisk damaged = whole.copy();
        damaged.cut(name, cut);
        assertThat(content(damaged)).as("%s cut at %d", name, cut).isEqualTo(right);
      }
    }
    SimulatedDisk withoutImage = whole.copy();
    SimulatedDirectory.on(withoutImage).delete("CHECKPOINT");
    try (Store store = open(withoutImage)) {
      assertThat(content(store)).isEqualTo(right);
    }
    assertThat(withoutImage.names()).noneMatch(name -> name.endsWith(".delta"));
  }

  /// Compaction may have the history between the image and the last delta. What that stood for is
  /// then in the deltas alone, and where one of them is damaged all of the log has to be read.
  @Test
  void aDeltaMayBeDamagedThatStandsForHistoryThatIsGone() throws Exception {
    var disk = new SimulatedDisk();
    SortedMap<String, History.Value> right;
    var workers = new ManualWorkers(clock);
    try (Store store =
        LogStores.open(
            SimulatedDirectory.on(disk),
            workers,
            new SplittableRandom(1),
            History.options(clock),
            100)) {
      Bucket<String, String> bucket =
          store.bucket("b", Codec.text(), Codec.text()).with(Durability.OS);
      overwrite(bucket, 20);
      store.checkpoint();
      var needed = new TreeSet<>(disk.names());
      needed.removeIf(name -> !name.endsWith(".segment"));
      for (int round = 0; round < 4; round++) {
        overwrite(bucket, 60);
        workers.run("larder-checkpoint");
        workers.run("larder-compaction");
      }
      assertThat(disk.names()).as("history from the image on").doesNotContain(needed.last());
      right = content(store);
      SimulatedDisk killed = disk.copy();
      assertThat(content(killed)).isEqualTo(right);
      List<String> deltas =
          killed.names().stream().filter(name -> name.endsWith(".delta")).sorted().toList();
      assertThat(deltas).hasSizeGreaterThan(1);
      for (String name : deltas) {
        flipSome(killed, name, List.of(right));
        SimulatedDisk without = killed.copy();
        SimulatedDirectory.on(without).delete(name);
        assertThat(content(without)).as("without %s", name).isEqualTo(right);
      }
    }
  }

  private static void overwrite(Bucket<String, String> bucket, int count) {
    for (int i = 0; i < count; i++) {
      bucket.put("k" + i % 20, "v".repeat(3_000 + i));
    }
  }

  @Test
  void verifyTellsOfADamagedDelta() {
    SimulatedDisk whole = diskWithDeltas();
    String name =
        whole.names().stream().filter(each -> each.endsWith(".delta")).findFirst().orElseThrow();
    int last = whole.content(name).length - 1;
    whole.overwrite(name, last, (byte) (whole.content(name)[last] ^ 1));
    VerifyReport report = verify(whole);
    assertThat(report.isSound()).isTrue();
    assertThat(report.remarks()).hasSize(1);
  }

  private SortedMap<String, History.Value> content(SimulatedDisk disk) {
    try (Store store = open(disk.copy())) {
      return content(store);
    }
  }

  private static SortedMap<String, History.Value> content(Store store) {
    return new TreeMap<>(History.dump(store));
  }

  @Test
  void anyBitThatFlipsInAStoreThatWasClosedIsNoticedOrHarmless() {
    SimulatedDisk whole = disk(true);
    for (String name : whole.names()) {
      flipSome(whole, name, List.of(content(whole)));
    }
  }

  /// Behind the last commit that a later one calls durable, damage cannot be told from a torn tail:
  /// there, and only there, commits may be missing, from the last one on.
  @Test
  void anyBitThatFlipsInAStoreThatWasNotClosedIsNoticedOrLooksLikeATornTail() {
    SimulatedDisk whole = disk(false);
    var last = new TreeMap<>(content(whole));
    var withoutLast = new TreeMap<>(last);
    withoutLast.remove("last");
    for (String name : whole.names()) {
      flipSome(whole, name, List.of(last, withoutLast));
    }
  }

  private void flipSome(
      SimulatedDisk whole, String name, List<SortedMap<String, History.Value>> allowed) {
    byte[] content = whole.content(name);
    var random = new SplittableRandom(content.length);
    for (int position = 0; position < content.length; ) {
      SimulatedDisk damaged = whole.copy();
      damaged.overwrite(name, position, (byte) (content[position] ^ 1 << random.nextInt(8)));
      String place = "%s at %d".formatted(name, position);
      try (Store store = open(damaged)) {
        require(place, content(store), allowed);
      } catch (CorruptionException | UnsupportedVersionException e) {
        assertThat(e).as(place).hasMessageContaining(name);
      }
      // The heads of files byte by byte, what follows in strides.
      position += position < 256 ? 1 : 1 + random.nextInt(63);
    }
  }

  private static void require(
      String place,
      SortedMap<String, History.Value> shown,
      List<SortedMap<String, History.Value>> allowed) {
    if (!allowed.contains(shown)) {
      throw new AssertionError("%s: the store shows %s".formatted(place, shown.keySet()));
    }
  }

  @Test
  void verifyFindsAFlippedBitInEverySegmentAndNamesFileAndPosition() {
    SimulatedDisk whole = disk(true);
    assertThat(verify(whole.copy()).isSound()).isTrue();
    for (String name : whole.names()) {
      if (name.endsWith(".segment")) {
        SimulatedDisk damaged = whole.copy();
        damaged.overwrite(name, 200, (byte) (damaged.content(name)[200] ^ 4));
        VerifyReport report = verify(damaged);
        assertThat(report.findings()).as(name).hasSize(1);
        assertThat(report.findings().getFirst().file()).isEqualTo(name);
      }
    }
  }

  /// What is cut off takes with it what said that it was durable; only the checkpoint still knows.
  @Test
  void aFileCutAtAnyLengthIsNoticedOrLooksLikeATornTail() {
    SimulatedDisk whole = disk(false);
    SortedMap<String, History.Value> last = content(whole);
    var withoutLast = new TreeMap<>(last);
    withoutLast.remove("last");
    var atCheckpoint = new TreeMap<>(withoutLast);
    atCheckpoint.put("k3", new History.Value("v".repeat(5_003), Expiry.NO_DEADLINE));
    for (String name : whole.names()) {
      int size = whole.content(name).length;
      for (int cut = size - 1; cut >= 0; cut -= 1 + cut / 60) {
        SimulatedDisk damaged = whole.copy();
        damaged.cut(name, cut);
        try (Store store = open(damaged)) {
          String place = "%s cut at %d".formatted(name, cut);
          require(place, content(store), List.of(last, withoutLast, atCheckpoint));
        } catch (CorruptionException e) {
          assertThat(e).hasMessageContaining(name);
        }
      }
    }
  }

  @Test
  void aCommitThatWasDurableAndIsDamagedIsCorruptionAndNoTornTail() {
    var disk = new SimulatedDisk();
    Store store = open(disk);
    Bucket<String, String> bucket = store.bucket("b", Codec.text(), Codec.text());
    bucket.put("first", "1");
    bucket.put("second", "2"); // says that the first was durable
    String segment = "0000000001.segment";
    disk.overwrite(segment, 180, (byte) (disk.content(segment)[180] ^ 1));

    assertThatThrownBy(() -> open(disk.copy()))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(segment)
        .hasMessageContaining("commits up to 1 were durable");
    store.close();
  }

  @Test
  void aMissingSegmentIsCorruption() throws Exception {
    SimulatedDisk disk = disk(true);
    String segment =
        disk.names().stream().filter(n -> n.endsWith(".segment")).findFirst().orElseThrow();
    SimulatedDirectory.on(disk).delete(segment);
    assertThatThrownBy(() -> open(disk))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(segment)
        .hasMessageContaining("missing");
  }

  /// A store whose manifest was lost looked like one whose creation was cut short, and was emptied.
  @Test
  void aMissingManifestIsCorruptionAndNothingIsRemoved() throws Exception {
    SimulatedDisk disk = disk(true);
    SimulatedDirectory.on(disk).delete("MANIFEST");
    var names = new TreeSet<>(disk.names());
    assertThatThrownBy(() -> open(disk))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("MANIFEST")
        .hasMessageContaining("missing");
    assertThat(verify(disk).findings()).hasSize(1);
    assertThat(verify(disk).findings().getFirst().file()).isEqualTo("MANIFEST");
    assertThat(new TreeSet<>(disk.names())).isEqualTo(names);
  }

  /// Killed at any moment of its creation, a store is an empty one, for whoever looks first.
  @Test
  void aCreationThatWasCutShortVerifiesAndOpensAsAnEmptyStore() {
    var fresh = new SimulatedDisk();
    Trace trace = fresh.record();
    try (Store store = open(fresh)) {
      store.bucket("b", Codec.text(), Codec.text()).put("k", "v");
    }
    for (int count = 0; count < trace.size(); count++) {
      SimulatedDisk disk = trace.stateAt(count);
      if (!disk.names().isEmpty() && !disk.names().contains("MANIFEST")) {
        assertThat(verify(disk).findings()).isEmpty();
        assertThat(verify(disk).entries()).isZero();
        try (Store store = open(disk)) {
          assertThat(content(store)).isEmpty();
        }
      }
    }
  }

  @Test
  void aSegmentOfAnotherStoreIsRefused() {
    SimulatedDisk disk = disk(true);
    var other = new SimulatedDisk();
    try (Store store =
        LogStores.open(
            SimulatedDirectory.on(other),
            new ManualWorkers(clock),
            new SplittableRandom(2),
            History.options(clock))) {
      store.bucket("b", Codec.text(), Codec.text()).put("k", "v");
    }
    String segment =
        disk.names().stream().filter(n -> n.endsWith(".segment")).findFirst().orElseThrow();
    byte[] foreign = other.content("0000000001.segment");
    disk.overwrite(segment, 0, Arrays.copyOf(foreign, 128));
    assertThatThrownBy(() -> open(disk))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("another store");
  }

  @Test
  void aStoreOfANewerFormatIsRefusedAndNothingIsWritten() {
    for (String name : new String[] {"MANIFEST", "segment"}) {
      SimulatedDisk disk = disk(true);
      String file =
          disk.names().stream().filter(n -> n.endsWith(name)).sorted().findFirst().orElseThrow();
      disk.overwrite(file, MAJOR_VERSION_POSITION, (byte) 2);
      byte[] before = disk.content(file);
      assertThatThrownBy(() -> open(disk))
          .isInstanceOf(UnsupportedVersionException.class)
          .hasMessageContaining(file)
          .hasMessageContaining("format version 2")
          .hasMessageContaining("this release reads format version 1");
      assertThat(disk.content(file)).isEqualTo(before);
    }
  }

  @Test
  void aDamagedCheckpointOnlyCostsTime() {
    SimulatedDisk disk = disk(true);
    SortedMap<String, History.Value> expected;
    try (Store store = open(disk.copy())) {
      expected = content(store);
    }
    byte[] whole = disk.content("CHECKPOINT");
    // its beginning, a page of the index, a checksum of pages, the head
    for (int position : new int[] {10, 5000, whole.length - 700, whole.length - 10}) {
      SimulatedDisk damaged = disk.copy();
      damaged.overwrite("CHECKPOINT", position, (byte) (whole[position] ^ 1));
      assertThat(verify(damaged.copy()).isSound()).isTrue();
      assertThat(verify(damaged.copy()).remarks())
          .as("position %d of %d", position, whole.length)
          .anyMatch(remark -> remark.contains("CHECKPOINT"));
      try (Store store = open(damaged)) {
        assertThat(content(store)).isEqualTo(expected);
      }
    }
  }
}
