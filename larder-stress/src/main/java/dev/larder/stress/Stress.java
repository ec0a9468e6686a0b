package dev.larder.stress;

import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;

/// The command: runs the tests of this package under jcstress. Of what that says, the console gets
/// how far it is and what was found; the rest is in the file `stress.txt`. It fails if anything
/// forbidden was seen.
///
/// The words are jcstress's options, or `short` for the run that is a part of every build.
public final class Stress {
  /// A single configuration of the virtual machine, and little time.
  private static final String SHORT =
      "-sc false -f 1 -fsm 1 -iters 1 -time 300 -jvmArgs -XX:+UseSerialGC";

  /// States are large here, so that only a few can be at once.
  private static final String STRIDES = "-strideSize 32 -strideCount 4";

  private static final Path LOG = Path.of("stress.txt");

  private Stress() {}

  /// Runs the tests.
  public static void main(String[] words) throws Exception {
    Options options = new Options(options(List.of(words)));
    if (!options.parse()) {
      Runtime.getRuntime().halt(List.of(words).contains("-h") ? 0 : 2);
      return;
    }
    if (options.shouldList()) {
      new JCStress(options).getTests().forEach(IO::println);
      return;
    }
    var console =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    try (OutputStream log = Files.newOutputStream(LOG)) {
      var excerpt = new Excerpt(console, log);
      System.setOut(new PrintStream(excerpt, true, StandardCharsets.UTF_8));
      var stress = new JCStress(options);
      try {
        stress.run(); // throws what the first failure was
      } finally {
        console.printf("stress: %d tests in %s%n", stress.getTests().size(), excerpt.counts);
      }
    }
  }

  private static String[] options(List<String> words) {
    var options = new ArrayList<String>();
    for (String word : words) {
      options.addAll(word.equals("short") ? List.of(SHORT.split(" ", -1)) : List.of(word));
    }
    if (!options.contains("-strideSize") && !options.contains("-strideCount")) {
      options.addAll(List.of(STRIDES.split(" ", -1)));
    }
    if (!options.contains("-r")) {
      options.addAll(List.of("-r", "stress"));
    }
    return options.toArray(new String[0]);
  }

  /// Writes everything to a log, and to the console lines about progress, and all after the title
  /// of the results.
  private static final class Excerpt extends OutputStream {
    private static final Pattern COUNTS =
        Pattern.compile(
            "\\(Results: (\\d+) planned; (\\d+) passed, (\\d+) failed, (\\d+) .*, (\\d+) hard"
                + " errs\\)");

    private final PrintStream console;
    private final OutputStream log;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean isResult;
    private String counts = "no runs";

    Excerpt(PrintStream console, OutputStream log) {
      this.console = console;
      this.log = log;
    }

    @Override
    public synchronized void write(int b) throws IOException {
      log.write(b);
      if (b == '\n') {
        show(line.toString(StandardCharsets.UTF_8));
        line.reset();
      } else {
        line.write(b);
      }
    }

    private void show(String text) {
      Matcher matcher = COUNTS.matcher(text);
      if (matcher.matches()) {
        counts =
            "%s runs, %s passed, %s with forbidden results, %s and %s with soft and hard errors"
                .formatted(
                    matcher.group(1),
                    matcher.group(2),
                    matcher.group(3),
                    matcher.group(4),
                    matcher.group(5));
      }
      isResult |= text.startsWith("RUN RESULTS");
      if (isResult ? !text.isBlank() : text.startsWith("(ETA") || text.startsWith("(Results")) {
        console.println(text.strip());
      }
    }
  }
}
