package dev.larder.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NioSharedWordsTest {
  @TempDir Path path;

  private NioStoreDirectory directory;

  @BeforeEach
  void openDirectory() {
    directory = NioStoreDirectory.of(path);
  }

  @Test
  void newWordsAreZeroAndTakeUpTheirRoom() throws IOException {
    try (SharedWords words = directory.mapWords("words", 1000)) {
      for (int i = 0; i < 1000; i++) {
        assertThat(words.get(i)).isZero();
      }
    }
    assertThat(directory.size("words")).isEqualTo(8000);
  }

  @Test
  void wordsAreKeptAndLittleEndian() throws IOException {
    try (SharedWords words = directory.mapWords("words", 4)) {
      words.set(1, 0x0102_0304_0506_0708L);
    }
    try (SharedWords words = directory.mapWords("words", 4)) {
      assertThat(words.get(1)).isEqualTo(0x0102_0304_0506_0708L);
    }
    assertThat(Files.readAllBytes(path.resolve("words")))
        .startsWith(0, 0, 0, 0, 0, 0, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1);
  }

  @Test
  void openersSeeEachOther() throws IOException {
    try (SharedWords one = directory.mapWords("words", 4);
        SharedWords other = directory.mapWords("words", 4)) {
      one.set(3, 42);
      assertThat(other.get(3)).isEqualTo(42);
      assertThat(other.compareAndSet(3, 41, 43)).isFalse();
      assertThat(other.compareAndSet(3, 42, 43)).isTrue();
      assertThat(one.get(3)).isEqualTo(43);
    }
  }

  @Test
  void shortFileGrowsAndKeepsItsWords() throws IOException {
    try (SharedWords few = directory.mapWords("words", 2)) {
      few.set(1, 5);
      try (SharedWords many = directory.mapWords("words", 2000)) {
        assertThat(many.get(1)).isEqualTo(5);
        assertThat(many.get(1999)).isZero();
        many.set(1, 6);
      }
      assertThat(few.get(1)).isEqualTo(6);
    }
  }

  @Test
  void longFileIsLeftAsItIs() throws IOException {
    directory.mapWords("words", 2000).close();
    directory.mapWords("words", 2).close();

    assertThat(directory.size("words")).isEqualTo(16_000);
  }

  @Test
  void closedWordsRefuseEverything() throws IOException {
    SharedWords words = directory.mapWords("words", 4);
    words.close();
    words.close();

    assertThatThrownBy(() -> words.get(0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> words.set(0, 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> words.compareAndSet(0, 0, 1))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void indexesOutsideAreRefused() throws IOException {
    try (SharedWords words = directory.mapWords("words", 4)) {
      assertThatThrownBy(() -> words.get(4)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> words.set(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void simultaneousOpenersLoseNoWord() throws Exception {
    int openers = 4;
    int rounds = 30;
    try (var executor = Executors.newFixedThreadPool(openers)) {
      for (int round = 0; round < rounds; round++) {
        String name = "words" + round;
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int opener = 0; opener < openers; opener++) {
          int index = opener;
          tasks.add(() -> {
            try (SharedWords words = directory.mapWords(name, 1000)) {
              words.set(index, index + 1L);
            }
            return null;
          });
        }
        for (Future<Void> done : executor.invokeAll(tasks)) {
          done.get();
        }
        try (SharedWords words = directory.mapWords(name, 1000)) {
          assertThat(List.of(words.get(0), words.get(1), words.get(2), words.get(3)))
              .containsExactly(1L, 2L, 3L, 4L);
        }
      }
    }
  }

  @Test
  void otherProcessesSeeTheSameWords() throws IOException {
    try (SharedWords words = directory.mapWords("words", 4)) {
      words.set(0, 41);
      try (var child = ChildJvm.start(List.of(), Increment.class, path.toString())) {
        assertThat(child.rest()).isEqualTo("41\n");
      }
      assertThat(words.get(0)).isEqualTo(42);
    }
  }

  /// Adds one to the first word.
  static final class Increment {
    private Increment() {}

    public static void main(String[] arguments) throws IOException {
      try (SharedWords words = NioStoreDirectory.of(Path.of(arguments[0])).mapWords("words", 4)) {
        long value = words.get(0);
        if (words.compareAndSet(0, value, value + 1)) {
          System.out.println(value);
        }
      }
    }
  }
}
