package dev.larder.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.Durability;
import dev.larder.Store;
import dev.larder.internal.file.DirectoryLock;
import dev.larder.internal.file.StoreDirectory;
import dev.larder.internal.format.FileNames;
import dev.larder.internal.log.Log;
import dev.larder.internal.log.Space;
import dev.larder.internal.recovery.Recovery;
import dev.larder.testkit.CrashMode;
import dev.larder.testkit.LogStores;
import dev.larder.testkit.ManualClock;
import dev.larder.testkit.ManualWorkers;
import dev.larder.testkit.NameOrder;
import dev.larder.testkit.SimulatedDirectory;
import dev.larder.testkit.SimulatedDisk;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What an opening finds of the index, whenever the store was closed.
class LogStoreCheckpointTest {
  private static final long DELTA_WORTH = 400;
  private static final long STORE_BYTES = 1L << 30;

  private final ManualClock clock = new ManualClock();
  private final SimulatedDisk disk = new SimulatedDisk();

  /// What happens when the file of a new image is created.
  private final AtomicReference<Runnable> beforeImage = new AtomicReference<>(() -> {});

  private StoreDirectory directory() {
    StoreDirectory directory = SimulatedDirectory.on(disk);
    return (StoreDirectory)
        Proxy.newProxyInstance(
            StoreDirectory.class.getClassLoader(),
            new Class<?>[] {StoreDirectory.class},
            (_, method, arguments) -> {
              if (method.getName().equals("createFile")
                  && FileNames.CHECKPOINT_NEXT.equals(arguments[0])) {
                beforeImage.getAndSet(() -> {}).run();
              }
              try {
                return method.invoke(directory, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private ManualWorkers workers = new ManualWorkers(clock);

  private Store open() {
    workers = new ManualWorkers(clock);
    return LogStores.open(
        directory(), workers, new SplittableRandom(1), History.options(clock), DELTA_WORTH);
  }

  private static void putAll(Store store, int from, int to) {
    Bucket<String, String> bucket = store.bucket("b", Codec.text(), Codec.text());
    for (int i = from; i < to; i++) {
      bucket.with(Durability.OS).put("k" + i, "v" + i);
    }
  }

  private Recovery.Result recovered() throws IOException {
    StoreDirectory directory = SimulatedDirectory.on(disk);
    try (DirectoryLock lock = Objects.requireNonNull(directory.tryLock(FileNames.LOCK))) {
      var setting =
          new Log.Setting(directory, new Space(STORE_BYTES), new SplittableRandom(2), lock);
      Recovery.Result result = Recovery.open(setting, true, clock.wallMillis());
      result.log().close();
      result.state().index().close();
      return result;
    }
  }

  /// Closing gave an image up that was being written, and with it everything that had happened
  /// before it: each opening from then on read the log from the image before, which had all that
  /// was pending applied, and when it was closed soon, the next one did so again.
  @Test
  @Timeout(60)
  void aCloseThatGivesAnImageUpLosesNothingThatIsWrittenDown() throws Exception {
    try (Store store = open()) {
      putAll(store, 0, 100);
      store.checkpoint();
    }
    Store store = open();
    putAll(store, 50, 150);
    var closing = new Thread(store::close);
    beforeImage.set(() -> {
      closing.start();
      while (closing.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
    });
    store.checkpoint();
    closing.join();

    Recovery.Result result = recovered();
    assertThat(result.isClean()).isTrue();
    assertThat(result.behind().deltaCount()).isPositive();
    assertThat(result.replayedBytes()).as("only the note of the close").isLessThan(200);
    try (Store again = open()) {
      Bucket<String, String> bucket = again.bucket("b", Codec.text(), Codec.text());
      assertThat(bucket.keys()).hasSize(150);
    }
  }

  /// What a close writes takes the place of what was gathered: that needs no delta any more.
  @Test
  void aCloseThatWritesAnImageWritesNoDeltaBeside() throws IOException {
    try (Store store = open()) {
      putAll(store, 0, 100);
      store.checkpoint();
      putAll(store, 0, 20_000);
    }
    assertThat(disk.names()).noneMatch(name -> name.endsWith(".delta"));
    Recovery.Result result = recovered();
    assertThat(result.behind().imageBytes()).isPositive();
    assertThat(result.replayedBytes()).isLessThan(200);
  }

  /// What is forgotten is noted behind the last commit, and nobody forced the note. A power failure
  /// took it and left a hole before the place where the checkpoint goes on. The opening after it
  /// was right, and sealed a segment with a hole: that could not be compacted, nor be read at all
  /// once the checkpoint was gone.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPowerFailureTakesNothingThatACheckpointGoesOnBehind(boolean isImage) {
    Store store = open();
    Bucket<String, String> bucket = store.bucket("b", Codec.text(), Codec.text());
    putAll(store, 0, 100);
    bucket.put("goes", "v", Duration.ofSeconds(1));
    store.checkpoint();
    putAll(store, 100, 120);
    clock.advance(Duration.ofSeconds(1));
    workers.run("larder-expiry");
    store.force();
    clock.advance(Duration.ofSeconds(61));
    workers.run("larder-expiry"); // forgets it
    if (isImage) {
      store.checkpoint();
    } else {
      workers.run("larder-checkpoint");
      assertThat(disk.names()).anyMatch(name -> name.endsWith(".delta"));
    }

    SimulatedDisk after = disk.crash(CrashMode.NOTHING, NameOrder.ANY, new SplittableRandom(1));

    for (int round = 0; round < 2; round++) {
      try (Store again =
          LogStores.open(
              SimulatedDirectory.on(after),
              new ManualWorkers(clock),
              new SplittableRandom(2),
              History.options(clock))) {
        assertThat(again.bucket("b", Codec.text(), Codec.text()).keys()).hasSize(120);
        again.compact();
      }
    }
  }
}
