package dev.larder.internal.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NioDirectoryLockTest {
  @TempDir Path path;

  private NioStoreDirectory directory;

  @BeforeEach
  void openDirectory() {
    directory = NioStoreDirectory.of(path);
  }

  @Test
  void lockIsTakenOnce() throws IOException {
    try (DirectoryLock lock = directory.tryLock("LOCK")) {
      assertThat(lock).isNotNull();
      assertThat(lock.isHeld()).isTrue();
      assertThat(directory.tryLock("LOCK")).isNull();
      assertThat(NioStoreDirectory.of(path).tryLock("LOCK")).isNull();
    }
    try (DirectoryLock again = directory.tryLock("LOCK")) {
      assertThat(again).isNotNull();
    }
  }

  @Test
  void lockFileStaysWhenTheLockIsGivenBack() throws IOException {
    directory.tryLock("LOCK").close();

    assertThat(directory.list()).containsExactly("LOCK");
  }

  @Test
  void locksOfDifferentNamesAndDirectoriesAreIndependent() throws IOException {
    var other = NioStoreDirectory.of(path.resolve("other"));
    other.create();
    try (DirectoryLock one = directory.tryLock("one");
        DirectoryLock two = directory.tryLock("two");
        DirectoryLock elsewhere = other.tryLock("one")) {
      assertThat(one).isNotNull();
      assertThat(two).isNotNull();
      assertThat(elsewhere).isNotNull();
    }
  }

  @Test
  void lockIsFoundThroughALink() throws IOException {
    Path link = Files.createSymbolicLink(path.resolve("link"), path);
    try (DirectoryLock lock = directory.tryLock("LOCK")) {
      assertThat(lock).isNotNull();
      assertThat(NioStoreDirectory.of(link).tryLock("LOCK")).isNull();
    }
  }

  @Test
  void closedLockIsNotHeld() throws IOException {
    DirectoryLock lock = directory.tryLock("LOCK");
    lock.close();
    lock.close();

    assertThat(lock.isHeld()).isFalse();
  }

  @Test
  void closingALockTwiceDoesNotReleaseTheNextOne() throws IOException {
    DirectoryLock lock = directory.tryLock("LOCK");
    lock.close();
    try (DirectoryLock next = directory.tryLock("LOCK")) {
      lock.close();

      assertThat(next.isHeld()).isTrue();
      assertThat(directory.tryLock("LOCK")).isNull();
      assertThat(childGets()).isEqualTo("denied");
    }
  }

  @Test
  void lockIsNotHeldOnceItsFileIsReplaced() throws IOException {
    try (DirectoryLock lock = directory.tryLock("LOCK")) {
      Files.delete(path.resolve("LOCK"));
      assertThat(lock.isHeld()).isFalse();

      Files.createFile(path.resolve("LOCK"));
      assertThat(lock.isHeld()).isFalse();
    }
  }

  @Test
  void otherProcessIsDeniedAlsoAfterFailedAttemptsInThisOne() throws IOException {
    try (DirectoryLock lock = directory.tryLock("LOCK")) {
      assertThat(lock).isNotNull();
      assertThat(directory.tryLock("LOCK")).isNull();
      assertThat(childGets()).isEqualTo("denied");
    }
    assertThat(childGets()).isEqualTo("held");
  }

  @Test
  void lockOfAKilledProcessIsGone() throws IOException {
    try (var child = startHolder()) {
      assertThat(child.line()).isEqualTo("held");
      assertThat(directory.tryLock("LOCK")).isNull();

      child.kill();

      try (DirectoryLock lock = directory.tryLock("LOCK")) {
        assertThat(lock).isNotNull();
      }
    }
  }

  /// A POSIX lock is lost when the process closes any descriptor of the file, also one that a
  /// second class loader opened only to be turned away.
  @Test
  void attemptFromASecondClassLoaderLosesNothing() throws Exception {
    try (DirectoryLock lock = directory.tryLock("LOCK");
        var loader = secondLoader()) {
      assertThat(lock).isNotNull();
      assertThat(tryLockIn(loader)).isNull();
      assertThat(childGets()).isEqualTo("denied");
    }
  }

  @Test
  void attemptFromASecondClassLoaderLosesNothingWithoutTheClaim() throws Exception {
    Properties properties = System.getProperties();
    try (var loader = secondLoader()) {
      try (DirectoryLock lock = directory.tryLock("LOCK")) {
        assertThat(lock).isNotNull();
        System.setProperties(withoutClaims(properties));
        assertThat(tryLockIn(loader)).isNull();
        assertThat(tryLockIn(loader)).isNull();
        assertThat(childGets()).isEqualTo("denied");
      }
      try (AutoCloseable second = tryLockIn(loader)) {
        assertThat(second).isNotNull();
        assertThat(childGets()).isEqualTo("denied");
      }
      assertThat(childGets()).isEqualTo("held");
    } finally {
      System.setProperties(properties);
    }
  }

  private static Properties withoutClaims(Properties properties) {
    var copy = new Properties();
    for (String name : properties.stringPropertyNames()) {
      if (!name.startsWith("dev.larder.lock.")) {
        copy.setProperty(name, properties.getProperty(name));
      }
    }
    return copy;
  }

  private static URLClassLoader secondLoader() {
    URL classes = NioStoreDirectory.class.getProtectionDomain().getCodeSource().getLocation();
    return new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader());
  }

  private AutoCloseable tryLockIn(ClassLoader loader) throws ReflectiveOperationException {
    Class<?> type = loader.loadClass(NioStoreDirectory.class.getName());
    assertThat(type).isNotSameAs(NioStoreDirectory.class);
    Object second = type.getMethod("of", Path.class).invoke(null, path);
    return (AutoCloseable) type.getMethod("tryLock", String.class).invoke(second, "LOCK");
  }

  private String childGets() throws IOException {
    try (var child = startHolder()) {
      return child.line();
    }
  }

  private ChildJvm startHolder() throws IOException {
    return ChildJvm.start(List.of("-XX:TieredStopAtLevel=1"), Holder.class, path.toString());
  }

  /// Tries to take the lock, says whether it could, and holds it until it is killed.
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws IOException {
      DirectoryLock lock = NioStoreDirectory.of(Path.of(arguments[0])).tryLock("LOCK");
      System.out.println(lock == null ? "denied" : "held");
      if (System.in.read() >= 0) {
        throw new AssertionError(lock);
      }
    }
  }
}
