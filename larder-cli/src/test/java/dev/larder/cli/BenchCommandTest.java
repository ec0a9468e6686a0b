package dev.larder.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.TimeSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole measurements, with a clock of the test's own.
class BenchCommandTest {
  private static final long MILLI = 1_000_000;

  @TempDir private Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private BenchCommand command(String... options) {
    Console console = Console.over(InputStream.nullInputStream(), out, out, Map.of());
    var root = new RootCommand(new Session(console, false), null);
    var line = CommandTable.forWords(root, new String[] {"bench"});
    var words = new ArrayList<String>();
    words.add("bench");
    words.addAll(List.of(options));
    words.add(folder.toString());
    line.parseArgs(words.toArray(String[]::new));
    return line.getSubcommands().get("bench").getCommand();
  }

  @Test
  void aDiskThatIsSlowLoadsFewerKeysAndTakesNoLonger() {
    // Each look at the clock takes 10 ms of the ten seconds, however fast this machine is.
    BenchCommand command = command("--seconds", "10", "--keys", "500000");
    assertThat(command.run(new ManualTime(10 * MILLI))).isZero();

    command.console().out().flush();
    assertThat(out.toString(UTF_8))
        .containsPattern("keys +500,000 of 16 bytes .*, [0-9,]+ of which there was time to load\n")
        .containsPattern("\ndurable put, 8 threads +[0-9.]+ puts/s ")
        .containsPattern("\nscan +[0-9,.]+ entries/s\n");
    assertThat(folder).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 60, 120, 200, 300})
  void whereverItFailsNothingStays(int looks) {
    var seen = new AtomicInteger();
    var failing =
        new TimeSource() {
          @Override
          public long wallMillis() {
            return 0;
          }

          @Override
          public long monotonicNanos() {
            if (seen.incrementAndGet() == looks) {
              assertThat(folder).isDirectoryContaining(path -> Files.isDirectory(path));
              throw new UncheckedIOException(new IOException("the clock stands"));
            }
            return seen.get() * MILLI * 2;
          }
        };

    assertThatThrownBy(() -> command("--seconds", "1", "--keys", "100").run(failing))
        .hasMessageContaining("the clock stands");
    assertThat(folder).isEmptyDirectory();
  }
}
