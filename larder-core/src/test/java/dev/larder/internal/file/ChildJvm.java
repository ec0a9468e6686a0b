package dev.larder.internal.file;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// Another process that runs a class of these tests.
final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private ChildJvm(Process process) {
    this.process = process;
    output = process.inputReader(StandardCharsets.UTF_8);
  }

  /// Starts `java`.
  ///
  /// @param options what the JVM is told
  /// @param main the class to run
  /// @param arguments what it is told
  static ChildJvm start(List<String> options, Class<?> main, String... arguments)
      throws IOException {
    return new ChildJvm(
        new ProcessBuilder(command(options, main, arguments)).redirectErrorStream(true).start());
  }

  /// {@return the words of a command line}
  static List<String> command(List<String> options, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xshare:auto", "-Xmx64m"));
    command.addAll(options);
    String classPath = place(NioStoreDirectory.class) + System.getProperty("path.separator");
    command.addAll(List.of("-cp", classPath + place(main), main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  static ChildJvm start(List<String> command) throws IOException {
    return new ChildJvm(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  private static Path place(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
  }

  /// {@return the next line the child prints}
  String line() throws IOException {
    return Objects.requireNonNullElse(output.readLine(), "(it has ended)");
  }

  /// Waits for the end of the child.
  ///
  /// @return what it printed from here on
  String rest() throws IOException {
    String rest = output.readAllAsString();
    await();
    return rest;
  }

  /// Kills the child as `kill -9` does, and waits until it is gone.
  void kill() {
    process.destroyForcibly();
    await();
  }

  private void await() {
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new AssertionError("the child process does not end");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
