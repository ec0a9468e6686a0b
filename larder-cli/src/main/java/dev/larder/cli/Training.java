package dev.larder.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Runs typical commands, so that the JVM can write down which classes they load. The launcher does
/// it once on each machine; later commands start with what it found.
public final class Training {
  private Training() {}

  /// Runs them.
  ///
  /// @param arguments a directory that does not exist yet
  public static void main(String[] arguments) {
    // What the program does before and beside a command.
    Shutdown.install();
    Shutdown.finished();
    Loggers.connect(Console.ofProcess());
    String store = ProcessArguments.recover(arguments)[0];
    String lines = "{\"key\":\"b\",\"value\":[1],\"ttl\":60}\n{\"key\":\"c\",\"value\":\"x\"}\n";
    run(lines, "--store", store, "create", "a", "{\"n\":1.5,\"t\":\"\u00e9\"}", "--ttl", "1h");
    run(lines, "--store", store, "put", "a", "-5");
    run(lines, "--store", store, "update", "a", "{\"n\":2}", "--if-version", "2");
    run(lines, "--store", store, "read", "a", "--entry");
    run(lines, "--store", store, "read", "missing");
    run(lines, "--store", store, "get", "a");
    run(lines, "--store", store, "import", "-");
    run(lines, "--store", store, "list", "--prefix", "a", "--values");
    run(lines, "--store", store, "count");
    run(lines, "--store", store, "ttl", "a");
    run(lines, "--store", store, "export");
    run(lines, "--store", store, "stats");
    run(lines, "--store", store, "remove", "a");
    run(lines, "--store", store, "--durability", "batched:3,10s", "put", "d", "null");
    run(lines, "--help");
    run(lines, "--nonsense");
  }

  private static void run(String input, String... words) {
    Main.run(
        words,
        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
        new ByteArrayOutputStream(),
        new ByteArrayOutputStream(),
        Map.of());
  }
}
