package dev.larder.benchmarks;

import dev.larder.benchmarks.alone.Measure;
import dev.larder.benchmarks.peer.Peers;
import dev.larder.benchmarks.rows.Floors;
import dev.larder.benchmarks.rows.Groups;
import dev.larder.benchmarks.rows.Row;
import dev.larder.benchmarks.rows.Setting;
import dev.larder.benchmarks.rows.Sink;
import dev.larder.benchmarks.rows.Task;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A measuring process: one peer, one group of rows, one JVM.
///
/// It writes what it measures into a file, line by line with tabs between the words, since a peer
/// may print what it likes. It ends when its parent does, whatever it is doing.
public final class Driver {
  /// What a line of the result begins with: the figure of a row.
  static final String FIGURE = "figure";

  /// A distribution.
  static final String CURVE = "curve";

  /// The line that ends a result: nothing is missing.
  static final String DONE = "done";

  /// What to do in place of a group: measure the floors.
  static final String FLOORS = "floors";

  /// Write until somebody kills this process.
  static final String WRITE_UNTIL_KILLED = "write-until-killed";

  private Driver() {}

  /// Measures what the words say.
  ///
  /// @param words the peer's name, the group or what to do in its place, the directory of the
  ///   store, the file of the result, the rows with commas between them, and the settings
  public static void main(String[] words) throws Exception {
    endWithParent();
    Path result = Path.of(words[3]);
    try (PrintWriter writer =
        new PrintWriter(Files.newBufferedWriter(result, StandardCharsets.UTF_8))) {
      Sink sink = new Lines(writer);
      run(words[0], words[1], Path.of(words[2]), Row.named(words[4]), setting(words), sink);
      writer.println(DONE);
    }
    // Some peers leave threads behind that would keep the process alive.
    Runtime.getRuntime().halt(0);
  }

  private static Setting setting(String[] words) {
    return Setting.parse(List.of(words).subList(5, words.length));
  }

  static void run(
      String peer, String what, Path directory, Set<Row> rows, Setting setting, Sink sink)
      throws Exception {
    if (what.equals(FLOORS)) {
      Floors.run(directory, setting, sink);
      return;
    }
    var task = new Task(Peers.named(peer), directory, setting, rows, sink);
    Optional<Measure> alone = Measure.of(what);
    if (alone.isPresent()) {
      alone.get().run(task);
      return;
    }
    if (what.equals(WRITE_UNTIL_KILLED)) {
      Groups.writeUntilKilled(task);
    } else {
      Groups.run(Row.Group.valueOf(what), task);
    }
  }

  /// The parent holds the other end of the standard input, which closes with it.
  private static void endWithParent() {
    InputStream input = System.in;
    Thread.ofPlatform()
        .daemon()
        .name("parent-watch")
        .start(() -> {
          try {
            while (input.read() >= 0) {
              // Nothing is ever said.
            }
          } catch (IOException _) {
            // As good as closed.
          }
          Runtime.getRuntime().halt(1);
        });
  }

  private record Lines(PrintWriter writer) implements Sink {
    @Override
    public void figure(String row, double value, String note) {
      writer.printf(Locale.ROOT, "%s\t%s\t%s\t%s%n", FIGURE, row, value, note);
      writer.flush();
    }

    @Override
    public void curve(String name, String points) {
      writer.printf(Locale.ROOT, "%s\t%s\t%s%n", CURVE, name, points);
      writer.flush();
    }
  }
}
