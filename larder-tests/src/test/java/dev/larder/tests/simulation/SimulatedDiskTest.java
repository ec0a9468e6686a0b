package dev.larder.tests.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.internal.base.DiskFullException;
import dev.larder.internal.file.DataFile;
import dev.larder.internal.file.DirectoryLock;
import dev.larder.internal.file.ReadMapping;
import dev.larder.internal.file.SharedWords;
import dev.larder.testkit.CrashMode;
import dev.larder.testkit.NameOrder;
import dev.larder.testkit.SimulatedDirectory;
import dev.larder.testkit.SimulatedDisk;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimulatedDiskTest {
  private static final int SEEDS = 300;

  private SimulatedDisk disk;
  private SimulatedDirectory directory;

  @BeforeEach
  void createDisk() {
    disk = SimulatedDisk.withDirectory();
    directory = SimulatedDirectory.on(disk);
  }

  /// A file of some sectors of the same letter, all durable.
  private DataFile forcedFile(String name, int sectors, char letter) throws IOException {
    DataFile file = directory.createFile(name);
    write(file, 0, sectors, letter);
    file.force();
    directory.force();
    return file;
  }

  private static void write(DataFile file, int sector, int count, char letter) throws IOException {
    file.write(sector * 512L, sectors(count, letter), 0, 512 * count);
  }

  private static byte[] sectors(int count, char letter) {
    byte[] bytes = new byte[512 * count];
    Arrays.fill(bytes, (byte) letter);
    return bytes;
  }

  /// {@return names, and the first byte of each sector of their files}
  private static String state(SimulatedDisk disk) {
    var text = new StringBuilder();
    for (String name : disk.names()) {
      text.append(name).append('=');
      byte[] content = disk.content(name);
      for (int i = 0; i < content.length; i += 512) {
        text.append(content[i] == 0 ? '0' : (char) content[i]);
      }
      text.append(' ');
    }
    return text.toString().trim();
  }

  private Set<String> states(CrashMode mode, NameOrder order) {
    Set<String> states = new TreeSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      states.add(state(disk.crash(mode, order, new SplittableRandom(seed))));
    }
    return states;
  }

  private Set<String> allStates() {
    Set<String> states = new TreeSet<>();
    for (CrashMode mode : CrashMode.values()) {
      for (NameOrder order : NameOrder.values()) {
        states.addAll(states(mode, order));
      }
    }
    return states;
  }

  @Test
  void forcedWriteIsNeverLost() throws IOException {
    DataFile file = forcedFile("a", 2, 'x');
    write(file, 1, 1, 'y');
    file.force();

    assertThat(disk.hasPending()).isFalse();
    assertThat(allStates()).containsExactly("a=xy");
  }

  @Test
  void unforcedWriteMayBeLost() throws IOException {
    DataFile file = forcedFile("a", 2, 'x');
    write(file, 0, 2, 'y');

    assertThat(disk.hasPending()).isTrue();
    assertThat(states(CrashMode.NOTHING, NameOrder.ANY)).containsExactly("a=xx");
    assertThat(states(CrashMode.EVERYTHING, NameOrder.ANY)).containsExactly("a=yy");
    assertThat(states(CrashMode.SECTORS_512, NameOrder.ANY))
        .containsExactly("a=xx", "a=xy", "a=yx", "a=yy");
    assertThat(states(CrashMode.ALL_BUT_ONE, NameOrder.ANY)).containsExactly("a=xy", "a=yx");
    assertThat(states(CrashMode.SECTORS_4096, NameOrder.ANY)).containsExactly("a=xx", "a=yy");
  }

  /// A power failure may do to mapped writes what it may do to others.
  @Test
  void mappedWriteMayBeLostUntilItIsForced() throws IOException {
    DataFile file = forcedFile("a", 2, 'x');
    file.writeMapped(0, sectors(2, 'y'), 0, 1024);

    assertThat(disk.hasPending()).isTrue();
    assertThat(disk.pendingUnits()).isEqualTo(2);
    assertThat(states(CrashMode.NOTHING, NameOrder.ANY)).containsExactly("a=xx");
    assertThat(states(CrashMode.EVERYTHING, NameOrder.ANY)).containsExactly("a=yy");
    assertThat(states(CrashMode.SECTORS_512, NameOrder.ANY))
        .containsExactly("a=xx", "a=xy", "a=yx", "a=yy");
    assertThat(states(CrashMode.ALL_BUT_ONE, NameOrder.ANY)).containsExactly("a=xy", "a=yx");

    write(file, 0, 1, 'z');
    file.writeMapped(512, sectors(1, 'q'), 0, 512);
    Set<String> states = new TreeSet<>();
    for (long bits = 0; bits < 1 << disk.pendingUnits(); bits++) {
      states.add(state(disk.crash(BitSet.valueOf(new long[] {bits}))));
    }
    assertThat(states)
        .containsExactly("a=xq", "a=xx", "a=xy", "a=yq", "a=yx", "a=yy", "a=zq", "a=zx", "a=zy");

    file.force();
    assertThat(allStates()).containsExactly("a=zq");
  }

  @Test
  void prefixTearsAMappedWriteAnywhere() throws IOException {
    DataFile file = forcedFile("a", 1, 'x');
    file.writeMapped(0, sectors(1, 'y'), 0, 512);

    Set<Integer> torn = new HashSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      SimulatedDisk after = disk.crash(CrashMode.PREFIX, NameOrder.ANY, new SplittableRandom(seed));
      String content = new String(after.content("a"), java.nio.charset.StandardCharsets.US_ASCII);
      assertThat(content).matches("y*x*").hasSize(512);
      torn.add(content.lastIndexOf('y'));
    }
    assertThat(torn).hasSizeGreaterThan(100);
  }

  @Test
  void mappedWriteSurvivesAKill() throws IOException {
    DataFile file = forcedFile("a", 2, 'x');
    file.writeMapped(512, sectors(1, 'y'), 0, 512);
    directory.kill();

    assertThat(state(disk)).isEqualTo("a=xy");
    assertThatThrownBy(() -> file.writeMapped(0, sectors(1, 'z'), 0, 512))
        .isInstanceOf(IOException.class);
    assertThat(state(disk)).isEqualTo("a=xy");
  }

  @Test
  void mappedWriteNeedsNoRoom() throws IOException {
    DataFile file = directory.createFile("a");
    file.allocate(1024);
    disk.setCapacity(1024);
    assertThatExceptionOfType(DiskFullException.class).isThrownBy(() -> write(file, 2, 1, 'y'));

    file.writeMapped(0, sectors(2, 'y'), 0, 1024);

    assertThat(state(disk)).isEqualTo("a=yy");
    assertThat(disk.usedBytes()).isEqualTo(1024);
  }

  @Test
  void memoryFollowsTheDiskItIsOn() throws IOException {
    DataFile file = forcedFile("a", 20, 'x');
    try (ReadMapping mapping = file.map(20 * 512)) {
      MemorySegment memory = mapping.memory();
      SimulatedDisk copy = disk.copy();
      SimulatedDisk after = disk.crash(CrashMode.NOTHING, NameOrder.ANY, new SplittableRandom(1));
      try (DataFile other = SimulatedDirectory.on(disk).openFile("a", true);
          DataFile elsewhere = SimulatedDirectory.on(copy).openFile("a", true)) {
        write(elsewhere, 0, 2, 'q');
        after.overwrite("a", 0, (byte) 'q');
        assertThat(memory.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 'x');

        write(other, 0, 1, 'y');
        disk.overwrite("a", 5_000, (byte) 'D');
        assertThat(memory.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(disk.content("a"));
        disk.cut("a", 3_000);
        assertThat(Arrays.copyOf(disk.content("a"), 20 * 512))
            .isEqualTo(memory.toArray(ValueLayout.JAVA_BYTE));
      }
    }
  }

  @Test
  void memoryFollowsEveryKindOfWrite() throws IOException {
    var random = new SplittableRandom(2);
    DataFile file = directory.createFile("a");
    file.allocate(40_000);
    ReadMapping mapping = file.map(30_000);
    MemorySegment memory = mapping.memory();
    byte[] source = new byte[10_000];
    for (int i = 0; i < 300; i++) {
      random.nextBytes(source);
      int count = random.nextInt(source.length);
      int position = random.nextInt((int) file.size() - count);
      switch (random.nextInt(10)) {
        case 0 -> {
          file.truncate(random.nextInt(25_000, 40_000));
          assertThat(memory.toArray(ValueLayout.JAVA_BYTE))
              .isEqualTo(Arrays.copyOf(disk.content("a"), 30_000));
          file.allocate(40_000);
        }
        case 1, 2, 3 -> file.write(position, source, 0, count);
        default -> file.writeMapped(position, source, 0, count);
      }
      assertThat(memory.toArray(ValueLayout.JAVA_BYTE))
          .isEqualTo(Arrays.copyOf(disk.content("a"), 30_000));
    }
    mapping.close();
  }

  @Test
  void memoryOfAMappingThatWasDroppedIsGivenBack() throws Exception {
    DataFile file = forcedFile("a", 1, 'x');
    file.allocate(10_000);
    MemorySegment memory = file.map(512).memory();
    SimulatedDirectory.on(disk).openFile("a", false).close();
    directory = SimulatedDirectory.on(disk);
    file = directory.openFile("a", true);

    boolean isAlive = true;
    for (int i = 0; isAlive && i < 100; i++) {
      System.gc();
      try (ReadMapping other = file.map(1)) { // looks for what was dropped
        assertThat(other.memory().byteSize()).isEqualTo(1);
      }
      isAlive = memory.scope().isAlive();
    }

    assertThat(isAlive).isFalse();
    write(file, 0, 1, 'y'); // the file no longer cares for it
    assertThat(state(disk)).startsWith("a=y0");
  }

  @Test
  void confinedProcessHasOneThread() throws Exception {
    var confined = SimulatedDirectory.on(disk).confine();
    forcedFile("a", 1, 'x').close();
    DataFile file = confined.openFile("a", true);
    ReadMapping mapping = file.map(512);
    MemorySegment memory = mapping.memory();
    write(file, 0, 1, 'y');
    assertThat(memory.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 'y');

    var failure = new AtomicReference<Throwable>();
    Thread.ofPlatform()
        .start(() -> {
          try {
            failure.set(new AssertionError(memory.get(ValueLayout.JAVA_BYTE, 0)));
          } catch (RuntimeException e) {
            failure.set(e);
          }
        })
        .join();
    assertThat(failure.get()).isInstanceOf(WrongThreadException.class);

    mapping.close();
    assertThatThrownBy(() -> memory.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
    file.close();
    assertThat(confined.openObjects()).isEmpty();
  }

  @Test
  void forcedFileIsGoneWithoutItsName() throws IOException {
    DataFile file = directory.createFile("a");
    write(file, 0, 1, 'x');
    file.force();

    assertThat(allStates()).containsExactly("", "a=x");
  }

  @Test
  void forcedNameMayHaveAnEmptyFile() throws IOException {
    DataFile file = directory.createFile("a");
    write(file, 0, 1, 'x');
    directory.force();

    assertThat(states(CrashMode.NOTHING, NameOrder.ANY)).containsExactly("a=");
    assertThat(allStates()).contains("a=", "a=0", "a=x");
  }

  @Test
  void renameIsUndoneWithoutAForceOfTheDirectory() throws IOException {
    forcedFile("old", 1, 'o').close();
    forcedFile("new", 1, 'n').close();
    directory.rename("new", "old");

    assertThat(allStates()).containsExactly("new=n old=o", "old=n");

    directory.force();
    assertThat(allStates()).containsExactly("old=n");
  }

  @Test
  void deletedFileComesBackWithoutAForceOfTheDirectory() throws IOException {
    forcedFile("a", 1, 'x').close();
    directory.delete("a");

    assertThat(allStates()).containsExactly("", "a=x");

    directory.force();
    assertThat(allStates()).containsExactly("");
  }

  @Test
  void orderedNamesSurviveInTheirOrder() throws IOException {
    directory.createFile("1").close();
    directory.createFile("2").close();
    directory.createFile("3").close();

    assertThat(states(CrashMode.SECTORS_512, NameOrder.ORDERED))
        .containsExactly("", "1=", "1= 2=", "1= 2= 3=");
    assertThat(states(CrashMode.SECTORS_512, NameOrder.ANY)).hasSize(8);
  }

  @Test
  void everyStateOfASmallCaseIsReached() throws IOException {
    DataFile file = forcedFile("a", 3, 'x');
    write(file, 0, 2, 'y');
    write(file, 2, 1, 'z');
    directory.createFile("b").close();
    int units = disk.pendingUnits();
    assertThat(units).isEqualTo(4);

    Set<String> states = new HashSet<>();
    for (long bits = 0; bits < 1 << units; bits++) {
      states.add(state(disk.crash(BitSet.valueOf(new long[] {bits}))));
    }

    assertThat(states).hasSize(16).contains("a=xxx", "a=yyz b=", "a=xyx b=", "a=yxz");
    assertThat(allStates()).containsAll(states);
  }

  @Test
  void prefixKeepsTheOrderOverAllFiles() throws IOException {
    DataFile a = forcedFile("a", 1, 'x');
    DataFile b = forcedFile("b", 1, 'x');
    write(a, 0, 1, '1');
    write(b, 0, 1, '2');
    directory.createFile("c").close();
    write(a, 0, 1, '3');

    assertThat(states(CrashMode.PREFIX, NameOrder.ANY))
        .containsExactly("a=1 b=2", "a=1 b=2 c=", "a=1 b=x", "a=3 b=2 c=", "a=x b=x");
  }

  @Test
  void prefixTearsAWriteAnywhere() throws IOException {
    DataFile file = forcedFile("a", 1, 'x');
    write(file, 0, 1, 'y');

    Set<Integer> torn = new HashSet<>();
    for (int seed = 0; seed < 3 * SEEDS; seed++) {
      SimulatedDisk after = disk.crash(CrashMode.PREFIX, NameOrder.ANY, new SplittableRandom(seed));
      String content = new String(after.content("a"), java.nio.charset.StandardCharsets.US_ASCII);
      assertThat(content).matches("y*x*").hasSize(512);
      torn.add(content.lastIndexOf('y'));
    }
    assertThat(torn).hasSizeGreaterThan(200);
  }

  @Test
  void sizeMaySurviveBeforeTheBytes() throws IOException {
    forcedFile("other", 20, 's').close();
    DataFile file = forcedFile("a", 1, 'x');
    write(file, 1, 2, 'y');

    assertThat(states(CrashMode.SIZE_FIRST_ZEROS, NameOrder.ANY))
        .allMatch(state -> state.matches("a=x[y0][y0] other=s{20}"))
        .hasSize(4);
    assertThat(states(CrashMode.SIZE_FIRST_STALE, NameOrder.ANY))
        .allMatch(state -> state.matches("a=x[ys][ys] other=s{20}"))
        .hasSize(4);
    assertThat(states(CrashMode.SIZE_FIRST_GARBAGE, NameOrder.ANY)).hasSizeGreaterThan(50);
  }

  @Test
  void staleBytesComeFromDeletedFiles() throws IOException {
    forcedFile("old", 8, 'd').close();
    directory.delete("old");
    directory.force();
    DataFile file = forcedFile("a", 0, '-');
    write(file, 0, 1, 'y');

    assertThat(states(CrashMode.SIZE_FIRST_STALE, NameOrder.ANY)).containsExactly("a=d", "a=y");
  }

  @Test
  void cutIsUndoneWithoutAForce() throws IOException {
    DataFile file = forcedFile("a", 2, 'x');
    file.truncate(0);

    assertThat(states(CrashMode.NOTHING, NameOrder.ANY)).containsExactly("a=xx");
    assertThat(states(CrashMode.EVERYTHING, NameOrder.ANY)).containsExactly("a=");
    file.force();
    assertThat(allStates()).containsExactly("a=");
  }

  @Test
  void allocationIsPendingUntilItIsForced() throws IOException {
    DataFile file = forcedFile("a", 1, 'x');
    file.allocate(1024);
    assertThat(allStates()).contains("a=x", "a=x0");
    file.force();
    assertThat(allStates()).containsExactly("a=x0");
  }

  @Test
  void crashLeavesTheDiskAlone() throws IOException {
    DataFile file = forcedFile("a", 1, 'x');
    write(file, 0, 1, 'y');
    SimulatedDisk after = disk.crash(CrashMode.NOTHING, NameOrder.ANY, new SplittableRandom(1));

    try (DataFile other = SimulatedDirectory.on(after).openFile("a", true)) {
      write(other, 0, 1, 'z');
      other.force();
    }
    write(file, 1, 1, 'q');

    assertThat(state(after)).isEqualTo("a=z");
    assertThat(after.hasPending()).isFalse();
    assertThat(state(disk)).isEqualTo("a=yq");
    assertThat(states(CrashMode.NOTHING, NameOrder.ANY)).containsExactly("a=x");
  }

  @Test
  void killKeepsEverythingAndStopsTheDead() throws IOException {
    DataFile file = forcedFile("a", 1, 'x');
    write(file, 0, 1, 'y');
    ReadMapping mapping = file.map(512);
    SharedWords words = directory.mapWords("words", 1);
    words.set(0, 42);
    assertThat(directory.tryLock("LOCK")).isNotNull();

    directory.kill();

    var next = SimulatedDirectory.on(disk);
    assertThat(state(disk)).startsWith("LOCK= a=y words=");
    try (DirectoryLock lock = next.tryLock("LOCK");
        SharedWords again = next.mapWords("words", 1)) {
      assertThat(lock).isNotNull();
      assertThat(again.get(0)).isEqualTo(42);
    }
    assertThatThrownBy(() -> write(file, 0, 1, 'z')).isInstanceOf(IOException.class);
    assertThatThrownBy(file::force).isInstanceOf(IOException.class);
    assertThatThrownBy(directory::list).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> mapping.read(0, new byte[1], 0, 1)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> words.set(0, 1)).isInstanceOf(IllegalStateException.class);
    assertThat(state(disk)).startsWith("LOCK= a=y words=");
    assertThat(disk.hasPending()).isTrue();
  }

  @Test
  void locksAndWordsEndWithThePower() throws IOException {
    SharedWords words = directory.mapWords("words", 1);
    words.set(0, 42);
    assertThat(directory.tryLock("LOCK")).isNotNull();
    directory.force();

    Set<Boolean> wereKept = new HashSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      var random = new SplittableRandom(seed);
      SimulatedDisk after = disk.crash(CrashMode.SECTORS_512, NameOrder.ANY, random);
      var next = SimulatedDirectory.on(after);
      assertThat(next.tryLock("LOCK")).isNotNull();
      wereKept.add(next.mapWords("words", 1).get(0) == 42);
    }
    assertThat(wereKept).containsExactlyInAnyOrder(true, false);
    assertThat(words.get(0)).isEqualTo(42);
  }

  @Test
  void twoProcessesShareADisk() throws IOException {
    var other = SimulatedDirectory.on(disk);
    try (DirectoryLock lock = directory.tryLock("LOCK")) {
      assertThat(lock).isNotNull();
      assertThat(other.tryLock("LOCK")).isNull();
    }
    assertThat(other.tryLock("LOCK")).isNotNull();
    assertThat(other.identity()).isEqualTo(directory.identity());
  }

  @Test
  void diskIsFullAtItsCapacity() throws IOException {
    DataFile file = forcedFile("a", 2, 'x');
    disk.setCapacity(2000);
    assertThat(directory.freeBytes()).isEqualTo(2000 - 1024);

    assertThatExceptionOfType(DiskFullException.class).isThrownBy(() -> write(file, 2, 2, 'y'));
    assertThat(file.size()).isEqualTo(2000);
    assertThat(directory.freeBytes()).isZero();
    write(file, 0, 2, 'z');

    assertThatExceptionOfType(DiskFullException.class).isThrownBy(() -> file.allocate(2001));
    DataFile other = directory.createFile("b");
    assertThatExceptionOfType(DiskFullException.class).isThrownBy(() -> write(other, 0, 1, 'y'));
    directory.delete("a");
    write(other, 0, 1, 'y');
    assertThat(disk.usedBytes()).isEqualTo(512);
  }

  @ParameterizedTest
  @EnumSource(CrashMode.class)
  void sameSeedGivesTheSameState(CrashMode mode) throws IOException {
    DataFile file = forcedFile("a", 3, 'x');
    write(file, 1, 4, 'y');
    directory.createFile("b").close();

    for (int seed = 0; seed < 20; seed++) {
      SimulatedDisk one = disk.crash(mode, NameOrder.ANY, new SplittableRandom(seed));
      SimulatedDisk two = disk.copy().crash(mode, NameOrder.ANY, new SplittableRandom(seed));
      assertThat(one.names()).isEqualTo(two.names());
      assertThat(one.content("a")).isEqualTo(two.content("a"));
    }
  }

  @Test
  void damageIsDurableAndGoesUnnoticed() throws IOException {
    forcedFile("a", 2, 'x').close();
    disk.overwrite("a", 512, (byte) 'D');
    disk.put("b", (byte) 'n');
    assertThat(allStates()).containsExactly("a=xD b=n");
    disk.cut("a", 512);
    assertThat(allStates()).containsExactly("a=x b=n");
    assertThat(disk.usedBytes()).isEqualTo(513);
  }

  @Test
  void whatIsLeftOpenIsKnown() throws IOException {
    DataFile file = forcedFile("a", 1, 'x');
    ReadMapping mapping = file.map(512);
    DirectoryLock lock = directory.tryLock("LOCK");
    SharedWords words = directory.mapWords("words", 3);
    assertThat(directory.openObjects())
        .containsExactly("3 words", "file a", "lock on LOCK", "mapping of a");

    words.close();
    lock.close();
    mapping.close();
    file.close();
    assertThat(directory.openObjects()).isEmpty();
  }
}
