package dev.larder.tests.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.internal.file.DataFile;
import dev.larder.testkit.CrashMode;
import dev.larder.testkit.NameOrder;
import dev.larder.testkit.Operation;
import dev.larder.testkit.SimulatedDirectory;
import dev.larder.testkit.SimulatedDisk;
import dev.larder.testkit.Trace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TraceTest {
  private SimulatedDisk disk;
  private SimulatedDirectory directory;
  private Trace trace;

  @BeforeEach
  void createDisk() {
    disk = new SimulatedDisk();
    directory = SimulatedDirectory.on(disk);
    trace = disk.record();
  }

  private void replaceManifest(char letter) throws IOException {
    try (DataFile file = directory.createFile("MANIFEST.tmp")) {
      file.write(0, new byte[] {(byte) letter, '.'}, 0, 2);
      file.force();
    }
    directory.rename("MANIFEST.tmp", "MANIFEST");
    directory.force();
  }

  @Test
  void transcriptHasALineForEachChange() throws IOException {
    disk.mark("open");
    directory.create();
    disk.mark("write the manifest");
    replaceManifest('1');
    directory.list();
    directory.size("MANIFEST");
    disk.mark("use it up");
    try (DataFile file = directory.openFile("MANIFEST", true)) {
      file.allocate(10);
      file.truncate(1);
    }
    directory.delete("MANIFEST");

    assertThat(trace)
        .hasToString(
            """
            open
              create directory
            write the manifest
              create MANIFEST.tmp
              write MANIFEST.tmp [0, 2)
              force MANIFEST.tmp
              rename MANIFEST.tmp MANIFEST
              force directory
            use it up
              allocate MANIFEST [2, 10)
              truncate MANIFEST to 1
              delete MANIFEST
            """);
    assertThat(trace.size()).isEqualTo(12);
  }

  @Test
  void everyStateOfTheRunComesBack() throws IOException {
    List<SimulatedDisk> seen = new ArrayList<>();
    directory.create();
    for (char letter = 'a'; letter < 'f'; letter++) {
      directory.listen(_ -> seen.add(disk.copy()));
      replaceManifest(letter);
      directory.listen(null);
    }
    // The listener is also told of what changes nothing, after which the state is the same.
    List<String> expected = distinct(seen);

    List<SimulatedDisk> replayed = new ArrayList<>();
    for (int i = 1; i < trace.size(); i++) {
      replayed.add(trace.stateAt(i));
    }
    assertThat(distinct(replayed)).isEqualTo(expected);

    List<SimulatedDisk> backwards = new ArrayList<>();
    for (int i = trace.size() - 1; i > 0; i--) {
      backwards.addFirst(trace.stateAt(i));
    }
    assertThat(distinct(backwards)).isEqualTo(expected);
  }

  /// {@return the states without immediate repetitions, including what may be lost}
  private static List<String> distinct(List<SimulatedDisk> disks) {
    List<String> texts = new ArrayList<>();
    for (SimulatedDisk one : disks) {
      String text = text(one) + one.pendingUnits();
      for (CrashMode mode : CrashMode.values()) {
        text += text(one.crash(mode, NameOrder.ANY, new SplittableRandom(3)));
      }
      if (texts.isEmpty() || !texts.getLast().equals(text)) {
        texts.add(text);
      }
    }
    return texts;
  }

  private static String text(SimulatedDisk disk) {
    var text = new StringBuilder();
    for (String name : disk.names()) {
      text.append(name).append(java.util.Arrays.toString(disk.content(name)));
    }
    return text.toString();
  }

  @Test
  void killWithinAWriteLeavesItsBeginning() throws IOException {
    directory.create();
    replaceManifest('x');

    assertThat(trace.operations().get(2)).hasToString("write MANIFEST.tmp [0, 2)");
    assertThat(trace.stateWithin(2, 0).content("MANIFEST.tmp")).isEmpty();
    assertThat(trace.stateWithin(2, 1).content("MANIFEST.tmp")).containsExactly('x');
    assertThat(trace.stateWithin(2, 9).content("MANIFEST.tmp")).containsExactly('x', '.');
    assertThat(trace.stateWithin(3, 1).content("MANIFEST.tmp")).containsExactly('x', '.');
  }

  @Test
  void mappedWriteIsAnOperationOfItsOwn() throws IOException {
    directory.create();
    try (DataFile file = directory.createFile("a")) {
      file.allocate(8);
      file.writeMapped(2, new byte[] {'x', 'y', 'z'}, 0, 3);
      assertThatThrownBy(() -> file.writeMapped(6, new byte[3], 0, 3))
          .isInstanceOf(IllegalArgumentException.class);
      file.force();
    }

    assertThat(trace)
        .hasToString(
            """
              create directory
              create a
              allocate a [0, 8)
              write mapped a [2, 5)
              force a
            """);
    assertThat(trace.operations().get(3).kind()).isEqualTo(Operation.Kind.WRITE_MAPPED);
    assertThat(trace.stateAt(4).content("a")).containsExactly(0, 0, 'x', 'y', 'z', 0, 0, 0);
    assertThat(trace.stateWithin(3, 1).content("a")).containsExactly(0, 0, 'x', 0, 0, 0, 0, 0);
    assertThat(trace.stateAt(4).hasPending()).isTrue();
    assertThat(
            trace
                .stateAt(5)
                .crash(CrashMode.NOTHING, NameOrder.ANY, new SplittableRandom(1))
                .names())
        .isEmpty();
  }

  @Test
  void recordingMayBeginAnywhere() throws IOException {
    directory.create();
    replaceManifest('1');
    SimulatedDisk after = disk.crash(CrashMode.NOTHING, NameOrder.ANY, new SplittableRandom(1));
    Trace nested = after.record();
    try (DataFile file = SimulatedDirectory.on(after).openFile("MANIFEST", true)) {
      file.write(2, new byte[] {'!'}, 0, 1);
    }

    assertThat(nested).hasToString("  write MANIFEST [2, 3)\n");
    assertThat(nested.stateAt(0).content("MANIFEST")).containsExactly('1', '.');
    assertThat(nested.stateAt(1).content("MANIFEST")).containsExactly('1', '.', '!');
  }

  @Test
  void statesAreIndependentOfEachOther() throws IOException {
    directory.create();
    replaceManifest('1');
    SimulatedDisk state = trace.stateAt(trace.size());
    state.overwrite("MANIFEST", 0, (byte) 'D');

    assertThat(trace.stateAt(trace.size()).content("MANIFEST")).containsExactly('1', '.');
    assertThat(disk.content("MANIFEST")).containsExactly('1', '.');
  }
}
