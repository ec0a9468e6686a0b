package dev.larder.internal.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// No call is hurt by an interrupt, keeps the flag, and closes nothing for others.
class InterruptTest {
  @TempDir Path parent;

  @Test
  void everyCallOfAnInterruptedPlatformThreadWorks() throws Exception {
    doEverything(Thread.ofPlatform());
  }

  @Test
  void everyCallOfAnInterruptedVirtualThreadWorks() throws Exception {
    doEverything(Thread.ofVirtual());
  }

  private void doEverything(Thread.Builder threads) throws Exception {
    var directory = NioStoreDirectory.of(parent.resolve("store"));
    directory.create();
    try (DataFile shared = directory.createFile("shared")) {
      var failure = new AtomicReference<Throwable>();
      var isFlagKept = new AtomicBoolean();
      Thread thread =
          threads.start(() -> {
            Thread.currentThread().interrupt();
            try {
              useDirectory(directory);
              useFile(shared);
            } catch (Throwable t) {
              failure.set(t);
            }
            isFlagKept.set(Thread.currentThread().isInterrupted());
          });
      thread.join();

      assertThat(failure.get()).isNull();
      assertThat(isFlagKept).isTrue();
      useFile(shared);
    }
  }

  private void useDirectory(NioStoreDirectory directory) throws IOException {
    NioStoreDirectory.of(parent.resolve("a/b")).create();
    assertThat(directory.exists()).isTrue();
    directory.createFile("x").close();
    directory.rename("x", "y");
    directory.force();
    assertThat(directory.size("y")).isZero();
    directory.openFile("y", false).close();
    directory.delete("y");
    assertThat(directory.list()).contains("shared");
    assertThat(directory.freeBytes()).isPositive();
    assertThat(directory.fileSystemType()).isNotNull();
    assertThat(directory.identity()).isNotNull();
    try (DirectoryLock lock = directory.tryLock("LOCK")) {
      assertThat(lock.isHeld()).isTrue();
      assertThat(directory.tryLock("LOCK")).isNull();
    }
    try (SharedWords words = directory.mapWords("words", 10)) {
      words.set(1, 2);
      assertThat(words.get(1)).isEqualTo(2);
    }
  }

  private static void useFile(DataFile file) throws IOException {
    file.write(0, new byte[] {9, 9, 3}, 0, 3);
    file.allocate(5000);
    file.writeMapped(0, new byte[] {1, 2}, 0, 2);
    file.force();
    byte[] target = new byte[3];
    file.read(0, target, 0, 3);
    assertThat(target).containsExactly(1, 2, 3);
    try (ReadMapping mapping = file.map(5000)) {
      mapping.read(1, target, 0, 2);
      assertThat(target).containsExactly(2, 3, 3);
      assertThat(mapping.memory().get(ValueLayout.JAVA_BYTE, 1)).isEqualTo((byte) 2);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = file.mapPrivate(1, 4000, arena);
      assertThat(memory.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 2);
    }
    file.truncate(10);
    assertThat(file.size()).isEqualTo(10);
  }

  @Test
  void stormOfInterruptsHarmsNoCall() throws Exception {
    var directory = NioStoreDirectory.of(parent);
    try (DataFile file = directory.createFile("shared")) {
      var failure = new AtomicReference<Throwable>();
      var isDone = new AtomicBoolean();
      Thread victim =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  for (int i = 0; i < 60; i++) {
                    useFile(file);
                    Thread.interrupted();
                  }
                } catch (Throwable t) {
                  failure.set(t);
                }
                isDone.set(true);
              });
      while (!isDone.get()) {
        victim.interrupt();
        Thread.onSpinWait();
      }
      victim.join();

      assertThat(failure.get()).isNull();
      useFile(file);
    }
  }
}
