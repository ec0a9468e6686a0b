package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final long SECOND = 1_000_000_000;

  @Test
  void theBarShowsPartRateAndRemainingTime() {
    assertThat(Progress.ProgressText.of("stored", 5_000, 250, 1_000, 2 * SECOND))
        .isEqualTo("[#######-----------------------]  25%  5,000 stored  2,500/s  0:06 left");
    assertThat(Progress.ProgressText.of("stored", 9, 1, 7_202, SECOND)).endsWith("  2:00:00 left");
  }

  @Test
  void withoutATotalThereIsNoBar() {
    assertThat(Progress.ProgressText.of("stored", 10, 99, Source.SIZE_UNKNOWN, SECOND))
        .isEqualTo("10 stored  10/s");
  }

  @Test
  void moreThanAllIsAll() {
    assertThat(Progress.ProgressText.of("written", 12, 12, 10, SECOND))
        .isEqualTo("[##############################] 100%  12 written  12/s  0:00 left");
  }

  @Test
  void whatHasATimeToEndShowsWhatItIsSpentOn() {
    assertThat(Progress.ProgressText.ofTime("scan", 45 * SECOND, 60 * SECOND))
        .isEqualTo("[######################--------]  75%  scan  0:15 left");
    assertThat(Progress.ProgressText.ofTime("open", 61 * SECOND, 60 * SECOND))
        .isEqualTo("[##############################] 100%  open  0:00 left");
  }

  @Test
  void plainProgressIsHandedOverAtOnce() {
    var out = new ByteArrayOutputStream();
    Progress progress = Progress.ofImport(ProgressMode.PLAIN, console(out), source(console(out)));

    progress.advanced(500);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("stored 500\n");
    progress.advanced(1_000);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("stored 500\nstored 1000\n");
    assertThat(progress.hasSaid("stored 1000")).isTrue();
    assertThat(progress.hasSaid("stored 1000, skipped 1")).isFalse();
  }

  @Test
  void plainProgressThatNobodyReadsDoesNotStopTheWork() {
    Console console =
        console(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
              }
            });
    Progress progress = Progress.ofImport(ProgressMode.PLAIN, console, source(console));

    progress.advanced(500);
    progress.advanced(1_000);
    assertThat(progress.hasSaid("stored 1000, expired 1")).isTrue();
  }

  private static Console console(OutputStream out) {
    return Console.over(
        InputStream.nullInputStream(), out, OutputStream.nullOutputStream(), Map.of());
  }

  private static Source source(Console console) {
    return Source.open("-", console);
  }
}
