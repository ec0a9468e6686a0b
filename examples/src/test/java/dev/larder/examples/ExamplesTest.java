package dev.larder.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every example runs, twice in the same directory, and prints what it should.
class ExamplesTest {
  @TempDir private Path folder;

  @Test
  void sessionStore() throws Exception {
    assertThatBothRunsPrint(
        SessionStore::main,
        """
        Session[user=ada, basket=[plum jam]]
        ends in half an hour: true
        signed out: true
        still there: false
        it has expired, and the store knows when: [90c1]
        """);
  }

  @Test
  void batchLoad() throws Exception {
    assertThat(output(BatchLoad::main)).isEqualTo("begins at 0\nholds 10000\n");
    assertThat(output(BatchLoad::main)).isEqualTo("begins at 10000\nholds 10000\n");
  }

  @Test
  void typedRecords() throws Exception {
    assertThatBothRunsPrint(
        TypedRecords::main,
        """
        equal: true
        {"name":"pump","seen":"2026-03-01T12:00:00Z","ports":[{"number":22,"isOpen":false},\
        {"number":443,"isOpen":true}],"limits":{"bar":6.50}}
        the JSON does not fit Sensor: .seen is unknown at line 1, column 16
        """);
  }

  @Test
  void writeBehind() throws Exception {
    assertThatBothRunsPrint(
        WriteBehind::main,
        """
        after write 1: 1 not forced yet
        after write 2: 2 not forced yet
        after write 3: 0 not forced yet
        after write 4: 1 not forced yet
        after a SYNC write: 0 not forced yet
        after write 5: 1 not forced yet
        after force(): 0 not forced yet
        """);
  }

  @Test
  void hitCounter() throws Exception {
    assertThatBothRunsPrint(HitCounter::main, "hits: 1000\n");
  }

  @Test
  void orderedRanges() throws Exception {
    assertThatBothRunsPrint(
        OrderedRanges::main,
        """
        France: [FR.13001, FR.69001, FR.75001]
        from D to G: 4
        the last two: [IT.00118, FR.75001]
        at or after FR.5: Lyon
        before FR.13001: Berlin
        FR.13001 Marseille
        FR.69001 Lyon
        FR.75001 Paris
        """);
  }

  @Test
  void onceOnly() throws Exception {
    assertThat(output(OnceOnly::main)).isEqualTo("charged now\nsent again, and is: charged\n");
    assertThat(output(OnceOnly::main))
        .isEqualTo("sent again, and is: charged\nsent again, and is: charged\n");
  }

  @Test
  void expiryInTests() throws Exception {
    assertThatBothRunsPrint(
        ExpiryInTests::main,
        """
        a moment before: Optional[10 percent]
        at the deadline: Optional.empty
        the key is free again: version 2
        """);
  }

  @FunctionalInterface
  private interface Program {
    void run(String[] arguments) throws Exception;
  }

  private void assertThatBothRunsPrint(Program program, String expected) throws Exception {
    assertThat(output(program)).isEqualTo(expected);
    assertThat(output(program)).as("the second run").isEqualTo(expected);
  }

  private String output(Program program) throws Exception {
    var bytes = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      program.run(new String[] {folder.resolve("pantry").toString()});
    } finally {
      System.setOut(before);
    }
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
