package dev.larder.tests.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.internal.base.DiskFullException;
import dev.larder.internal.file.DataFile;
import dev.larder.testkit.CrashMode;
import dev.larder.testkit.Fault;
import dev.larder.testkit.FaultPlan;
import dev.larder.testkit.NameOrder;
import dev.larder.testkit.Operation;
import dev.larder.testkit.ShortWriteException;
import dev.larder.testkit.SimulatedDirectory;
import dev.larder.testkit.SimulatedDisk;
import java.io.IOException;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultTest {
  private SimulatedDisk disk;
  private SimulatedDirectory directory;
  private DataFile file;

  @BeforeEach
  void createFile() throws IOException {
    disk = SimulatedDisk.withDirectory();
    directory = SimulatedDirectory.on(disk);
    file = directory.createFile("a");
    directory.force();
  }

  private void append(String text) throws IOException {
    file.write(file.size(), bytes(text), 0, text.length());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }

  private static String text(SimulatedDisk disk) {
    return new String(disk.content("a"), java.nio.charset.StandardCharsets.US_ASCII);
  }

  private Set<String> statesAfterPowerLoss() {
    Set<String> states = new TreeSet<>();
    for (int seed = 0; seed < 200; seed++) {
      var random = new SplittableRandom(seed);
      states.add(text(disk.crash(CrashMode.SECTORS_512, NameOrder.ANY, random)));
    }
    return states;
  }

  @Test
  void onceIsOnce() throws IOException {
    FaultPlan plan = FaultPlan.once(1, Fault.IO_ERROR);
    directory.listen(plan);

    append("1");
    assertThat(plan.hasStruck()).isFalse();
    assertThatThrownBy(() -> append("2"))
        .isInstanceOf(IOException.class)
        .hasMessage("injected: Input/output error in: write a [1, 2)");
    append("3");

    assertThat(text(disk)).isEqualTo("13");
    assertThat(plan.hasStruck()).isTrue();
    assertThat(plan.count()).isEqualTo(3);
  }

  @Test
  void fromThenOnIsForEver() throws IOException {
    directory.listen(FaultPlan.from(1, Fault.DISK_FULL));

    append("1");
    for (int i = 0; i < 3; i++) {
      assertThatExceptionOfType(DiskFullException.class).isThrownBy(() -> append("2"));
    }
    directory.listen(null);
    append("3");

    assertThat(text(disk)).isEqualTo("13");
  }

  @Test
  void planMeansWhatItIsToldTo() throws IOException {
    directory.listen(FaultPlan.once(0, Fault.IO_ERROR).only(Operation.Kind.READ));

    append("1");
    directory.createFile("b").close();
    assertThatThrownBy(() -> file.read(0, new byte[1], 0, 1)).isInstanceOf(IOException.class);
    file.read(0, new byte[1], 0, 1);
  }

  @Test
  void neverCountsChanges() throws IOException {
    FaultPlan plan = FaultPlan.never();
    directory.listen(plan);

    append("1");
    file.read(0, new byte[1], 0, 1);
    file.force();
    directory.list();

    assertThat(plan.count()).isEqualTo(2);
    assertThat(plan.hasStruck()).isFalse();
  }

  @Test
  void shortWriteLeavesHalf() throws IOException {
    directory.listen(FaultPlan.once(0, Fault.SHORT_WRITE));
    assertThatThrownBy(() -> append("1234")).isInstanceOf(IOException.class);
    assertThat(text(disk)).isEqualTo("12");

    directory.listen(FaultPlan.once(0, Fault.SHORT_WRITE_DISK_FULL));
    assertThatExceptionOfType(DiskFullException.class).isThrownBy(() -> append("3456"));
    assertThat(text(disk)).isEqualTo("1234");

    directory.listen(FaultPlan.once(0, Fault.OUT_OF_MEMORY));
    assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> append("56"));
    assertThat(text(disk)).isEqualTo("1234");
  }

  @ParameterizedTest
  @EnumSource(names = {"DISK_FULL", "SHORT_WRITE_DISK_FULL"})
  void mappedWriteNeverMeetsAFullDisk(Fault fault) throws IOException {
    file.allocate(4);
    FaultPlan once = FaultPlan.once(0, fault);
    directory.listen(once);
    file.writeMapped(0, bytes("1234"), 0, 4);
    assertThat(once.count()).isZero();
    assertThatExceptionOfType(DiskFullException.class).isThrownBy(() -> append("5"));

    FaultPlan forEver = FaultPlan.from(0, fault).only(Operation.Kind.WRITE_MAPPED);
    directory.listen(forEver);
    file.writeMapped(0, bytes("abcd"), 0, 4);
    assertThat(forEver.hasStruck()).isFalse();
    assertThat(text(disk)).startsWith("abcd");
  }

  @Test
  void failedMappedWriteLeavesAnyPart() throws IOException {
    file.allocate(4);
    directory.listen(FaultPlan.once(0, Fault.IO_ERROR));
    assertThatThrownBy(() -> file.writeMapped(0, bytes("1234"), 0, 4))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(DiskFullException.class)
        .hasMessage("injected: Input/output error in: write mapped a [0, 4)");
    assertThat(text(disk)).isEqualTo("\0\0\0\0");

    directory.listen(FaultPlan.once(0, Fault.SHORT_WRITE));
    assertThatThrownBy(() -> file.writeMapped(0, bytes("1234"), 0, 4))
        .isInstanceOf(IOException.class);
    assertThat(text(disk)).isEqualTo("12\0\0");

    directory.listen(FaultPlan.once(0, Fault.LATE_HALF));
    assertThatThrownBy(() -> file.writeMapped(0, bytes("5678"), 0, 4))
        .isInstanceOf(IOException.class)
        .hasMessage("injected: Input/output error within: write mapped a [0, 4)");
    assertThat(text(disk)).isEqualTo("1278");

    directory.listen(_ -> {
      throw new ShortWriteException(1, 2, new IOException("some part"));
    });
    assertThatThrownBy(() -> file.writeMapped(0, bytes("abcd"), 0, 4)).hasMessage("some part");
    assertThat(text(disk)).isEqualTo("1bc8");
  }

  @Test
  void otherWritesNeverLeaveOutTheirBeginning() {
    directory.listen(FaultPlan.once(0, Fault.LATE_HALF));
    assertThatThrownBy(() -> append("1234"))
        .isInstanceOf(IOException.class)
        .hasMessage("injected: Input/output error in: write a [0, 4)");
    assertThat(text(disk)).isEmpty();
  }

  @Test
  void failedForceLosesAMappedWrite() throws IOException {
    file.allocate(2);
    file.force();
    file.writeMapped(0, bytes("12"), 0, 2);
    directory.listen(FaultPlan.once(0, Fault.IO_ERROR));
    assertThatThrownBy(file::force).isInstanceOf(IOException.class);
    file.force();

    assertThat(statesAfterPowerLoss()).containsExactly("\0\0", "12");
  }

  /// Linux marks the pages clean when writing them back failed.
  @Test
  void failedForceIsNotMadeGoodByTheNextOne() throws IOException {
    append("1");
    directory.listen(FaultPlan.once(0, Fault.IO_ERROR));
    assertThatThrownBy(file::force).isInstanceOf(IOException.class);
    append("2");
    file.force();
    file.force();

    assertThat(text(disk)).isEqualTo("12");
    assertThat(statesAfterPowerLoss()).containsExactly("\0" + "2", "12");
  }

  @Test
  void rewrittenBytesAreForced() throws IOException {
    append("1");
    directory.listen(FaultPlan.once(0, Fault.IO_ERROR));
    assertThatThrownBy(file::force).isInstanceOf(IOException.class);
    file.write(0, new byte[] {'1'}, 0, 1);
    file.force();

    assertThat(statesAfterPowerLoss()).containsExactly("1");
  }

  @Test
  void failedForceOfTheDirectoryIsNotMadeGoodByTheNextOne() throws IOException {
    directory.createFile("b").close();
    directory.listen(FaultPlan.once(0, Fault.IO_ERROR));
    assertThatThrownBy(directory::force).isInstanceOf(IOException.class);
    directory.createFile("c").close();
    directory.force();

    assertThat(disk.crash(CrashMode.NOTHING, NameOrder.ANY, new SplittableRandom(1)).names())
        .containsExactly("a", "c");
  }

  @Test
  void failedCallChangesNothing() throws IOException {
    directory.listen(FaultPlan.from(0, Fault.IO_ERROR));
    assertThatThrownBy(() -> directory.createFile("b")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> directory.rename("a", "b")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> directory.delete("a")).isInstanceOf(IOException.class);
    assertThat(disk.names()).containsExactly("a");
  }

  @Test
  void failedCloseClosesNevertheless() {
    directory.listen(FaultPlan.once(0, Fault.IO_ERROR).only(Operation.Kind.CLOSE));
    assertThatThrownBy(file::close).isInstanceOf(IOException.class);
    assertThat(directory.openObjects()).isEmpty();
  }

  @Test
  void forceCoversOnlyWhatWasWrittenBeforeItBegan() throws IOException {
    append("1");
    directory.listen(operation -> {
      if (operation.kind() == Operation.Kind.FORCE) {
        directory.listen(null);
        append("2"); // another thread, while the force is under way
      }
    });
    file.force();

    assertThat(text(disk)).isEqualTo("12");
    assertThat(statesAfterPowerLoss()).contains("1", "12");
  }
}
