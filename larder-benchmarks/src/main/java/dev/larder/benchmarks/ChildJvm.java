package dev.larder.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Starts measuring processes, each in a fresh JVM with nothing on its class path but the peer it
/// measures and what measuring needs.
///
/// **Threads.** For one thread.
final class ChildJvm {
  /// The folder for what libraries unpack, which killed processes leave behind.
  static final String TEMPORARY = "temporary";

  private static final List<String> ALWAYS =
      List.of("larder-benchmarks", "/test-classes", "HdrHistogram", "/jspecify/", "/slf4j-nop/");
  private static final Pattern THROWN =
      Pattern.compile("(?m)^(?:Exception in thread \\S+|Caused by:) (.+)$");
  private static final int REASON_LENGTH_MAX = 200;

  private final Path directory;
  private final List<String> classPath;

  /// @param directory where logs and results of processes go
  ChildJvm(Path directory) {
    this.directory = directory;
    String separator = Pattern.quote(System.getProperty("path.separator"));
    classPath = List.of(System.getProperty("java.class.path").split(separator, -1));
  }

  /// A process that has been started.
  record Running(Process process, Path result, Path log) {}

  /// Starts one.
  ///
  /// @param jars parts of the paths of the jars that it needs besides the usual ones
  /// @param jvmOptions options of its JVM
  /// @param words what [Driver] is told before and after the file of the result
  Running start(List<String> jars, List<String> jvmOptions, List<String> words) throws IOException {
    Path result = directory.resolve("result");
    Path log = directory.resolve("log");
    Files.deleteIfExists(result);
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    Path temporary = directory.resolve(TEMPORARY);
    Files.createDirectories(temporary);
    command.add("-Djava.io.tmpdir=" + temporary);
    command.add("-XX:ErrorFile=" + directory.resolve("hs_err.log"));
    command.add("-cp");
    command.add(classPath(jars));
    command.add(Driver.class.getName());
    command.addAll(words.subList(0, 3));
    command.add(result.toString());
    command.addAll(words.subList(3, words.size()));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return new Running(process, result, log);
  }

  private String classPath(List<String> jars) {
    var chosen = new ArrayList<String>();
    for (String entry : classPath) {
      String unix = entry.replace('\\', '/');
      if (ALWAYS.stream().anyMatch(unix::contains) || jars.stream().anyMatch(unix::contains)) {
        chosen.add(entry);
      }
    }
    return String.join(System.getProperty("path.separator"), chosen);
  }

  /// {@return the version in the name of an artifact's jar, or nothing}
  String version(String artifact) {
    Pattern jar = Pattern.compile(".*[/\\\\]" + Pattern.quote(artifact) + "-(\\d.*)\\.jar");
    for (String entry : classPath) {
      Matcher matcher = jar.matcher(entry);
      if (!artifact.isEmpty() && matcher.matches()) {
        return matcher.group(1);
      }
    }
    return "";
  }

  /// Waits for the end of a process, and kills it when it takes too long.
  ///
  /// @return why it failed, or nothing
  String await(Running running, long secondsMax) throws IOException, InterruptedException {
    boolean hasEnded = running.process.waitFor(secondsMax, TimeUnit.SECONDS);
    if (!hasEnded) {
      running.process.destroyForcibly().waitFor();
      return reason(running.log, "took longer than " + secondsMax + " s and was ended");
    }
    int status = running.process.exitValue();
    return status == 0 ? "" : reason(running.log, "ended with status " + status);
  }

  /// The first exception in a log, and what caused it in the end.
  private String reason(Path log, String otherwise) throws IOException {
    String text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    Matcher thrown = THROWN.matcher(text);
    String first = "";
    String last = "";
    while (thrown.find()) {
      last = thrown.group(1);
      first = first.isEmpty() ? last : first;
    }
    if (first.isEmpty()) {
      return otherwise;
    }
    String reason = first.equals(last) ? first : first + "; caused by " + last;
    String general = reason.replace(directory.toString(), "...").replaceAll("[\\s|]+", " ");
    return general.length() > REASON_LENGTH_MAX
        ? general.substring(0, REASON_LENGTH_MAX) + "..."
        : general;
  }
}
