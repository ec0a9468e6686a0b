package dev.larder.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.Store;
import dev.larder.StoreOptions;
import dev.larder.testkit.LogStores;
import dev.larder.testkit.ManualClock;
import dev.larder.testkit.ManualWorkers;
import dev.larder.testkit.SimulatedDirectory;
import dev.larder.testkit.SimulatedDisk;
import dev.larder.testkit.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the file system is told, held against docs/DURABILITY.md: a force that goes missing, or
/// comes in another order, is a difference here before it is a loss.
class LogStoreTranscriptTest {
  private final SimulatedDisk disk = new SimulatedDisk();
  private final SimulatedDirectory directory = SimulatedDirectory.on(disk);
  private final ManualClock clock = new ManualClock();
  private ManualWorkers workers = new ManualWorkers(clock);
  private Store store;
  private Bucket<String, String> bucket;

  @BeforeEach
  void openAnEmptyPlace() {
    store = open(directory);
    bucket = store.bucket("b", Codec.text(), Codec.text());
  }

  private Store open(SimulatedDirectory place) {
    StoreOptions options = StoreOptions.defaults().withTimeSource(clock).withCloseAtShutdown(false);
    workers = new ManualWorkers(clock);
    return LogStores.open(place, workers, new SplittableRandom(1), options);
  }

  /// The lines of the first block of a section.
  private static String documented(String section) throws IOException {
    String document = Files.readString(documents().resolve("DURABILITY.md"));
    int heading = document.indexOf("\n### " + section + "\n");
    assertThat(heading).as("section " + section).isNotNegative();
    int start = document.indexOf("```text\n", heading) + "```text\n".length();
    return document.substring(start, document.indexOf("```", start));
  }

  private static Path documents() {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve("docs"))) {
        return folder.resolve("docs");
      }
    }
    throw new AssertionError("no folder docs above " + Path.of("").toAbsolutePath());
  }

  private static String lines(Trace trace) {
    List<String> lines = trace.toString().lines().map(String::strip).toList();
    return String.join("\n", lines) + "\n";
  }

  private String during(Runnable action) {
    Trace trace = disk.record();
    action.run();
    return lines(trace);
  }

  private void twoCommits() {
    bucket.put("k", "v");
    bucket.put("k", "v");
  }

  @Test
  void creation() throws IOException {
    assertThat(during(() -> bucket.put("k", "v"))).isEqualTo(documented("Creating a store"));
  }

  @Test
  void commit() throws IOException {
    bucket.put("k", "v");
    assertThat(during(() -> bucket.put("k", "v"))).isEqualTo(documented("A commit"));
  }

  @Test
  void rollAndCompaction() throws IOException {
    for (int i = 0; i < 20; i++) {
      bucket.put("k", "v");
    }
    assertThat(during(store::compact)).isEqualTo(documented("A roll") + documented("A compaction"));
  }

  @Test
  void rollInTheBackground() throws IOException {
    putMuch(9); // more than half of a segment
    String preparation = during(() -> workers.run("larder-log"));
    putMuch(7); // more than seven eighths
    String roll = during(() -> workers.run("larder-log"));
    String truncation = during(() -> workers.run("larder-log"));
    assertThat(preparation + roll + truncation).isEqualTo(documented("A roll in the background"));
  }

  private void putMuch(int count) {
    for (int i = 0; i < count; i++) {
      bucket.put("k", "x".repeat(15_000));
    }
  }

  @Test
  void checkpoint() throws IOException {
    twoCommits();
    assertThat(during(store::checkpoint)).isEqualTo(documented("A checkpoint"));
  }

  @Test
  void close() throws IOException {
    twoCommits();
    assertThat(during(store::close)).isEqualTo(documented("A close"));
  }

  @Test
  void cleanOpenWritesNothing() {
    twoCommits();
    store.close();
    assertThat(during(() -> open(SimulatedDirectory.on(disk)).close()).strip()).isEmpty();
  }

  @Test
  void uncleanOpen() throws IOException {
    twoCommits();
    directory.kill();
    assertThat(during(() -> open(SimulatedDirectory.on(disk))))
        .isEqualTo(documented("An unclean open"));
  }
}
