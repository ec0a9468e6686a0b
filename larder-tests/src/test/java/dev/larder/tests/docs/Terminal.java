package dev.larder.tests.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Runs programs in a folder, as a reader of the documents would.
final class Terminal {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin/java").toString();

  /// What makes a short run short.
  private static final List<String> FLAGS =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED");

  private final Path folder;

  /// A terminal whose user has nothing at home yet.
  ///
  /// @param folder where it stands; its `./larder` runs the command line that is being tested
  Terminal(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectory(folder.resolve("home"));
    Path launcher = folder.resolve("larder");
    Files.writeString(
        launcher,
        """
        #!/bin/sh
        exec '%s' %s -cp '%s' dev.larder.cli.Main "$@"
        """
            .formatted(JAVA, String.join(" ", FLAGS), classPath()));
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
  }

  static String classPath() {
    return System.getProperty("java.class.path");
  }

  /// Runs a Java program.
  ///
  /// @param arguments what follows the options that every run needs
  /// @return what it prints
  String java(String... arguments) throws Exception {
    var command = new ArrayList<String>();
    command.add(JAVA);
    command.addAll(FLAGS);
    command.addAll(Arrays.asList(arguments));
    return run(command);
  }

  /// Runs commands of a shell, one after the other in the same shell.
  ///
  /// @return what each prints
  List<String> shell(List<String> commands) throws Exception {
    // Between two commands stands a line of ours, and the exit code is as if it did not.
    String end = "@@@ end of a command";
    String script =
        commands.stream()
            .map(one -> one + "\nstatus=$?\necho '" + end + "'\n(exit $status)\n")
            .collect(Collectors.joining());
    String output = run(List.of("/bin/sh", "-c", script));
    List<String> outputs = List.of(output.split(end + "\n", -1));
    assertThat(outputs).as(output).hasSize(commands.size() + 1);
    return outputs.subList(0, commands.size());
  }

  private String run(List<String> command) throws Exception {
    Path output = folder.resolve("home/output");
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.matches("LARDER_.*|XDG_.*|JAVA_.*|JDK_.*"));
    builder.environment().put("HOME", folder.resolve("home").toString());
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process = builder.start();
    process.getOutputStream().close();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("ended in time: " + command).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(output, UTF_8);
  }
}
