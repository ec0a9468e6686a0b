package dev.larder.tests.sources;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher in a small installation of its own: JDKs, Maven and the program are scripts that
/// say what they were given, unless a test needs a real JVM.
class LauncherTest {
  private static final String ECHO =
      """
      #!/bin/sh
      echo "java of ${0%/bin/java}"
      for argument; do echo "$argument"; done
      """;

  /// A Maven that takes a second, counts its runs and leaves what a build leaves.
  private static final String MAVEN =
      """
      #!/bin/sh
      echo run >>"$MAVEN_RUNS"
      sleep 1
      echo "noise of Maven"
      mkdir -p "$INSTALLATION/larder-cli/target"
      : >"$INSTALLATION/larder-cli/target/larder-cli.jar"
      printf %s "lib/picocli.jar:lib/jline.jar" >"$INSTALLATION/larder-cli/target/classpath"
      """;

  private static final String FAILING_MAVEN =
      """
      #!/bin/sh
      echo "[ERROR] COMPILATION ERROR : somewhere"
      exit 1
      """;

  private static final List<String> TOOLS =
      List.of(
          "cat",
          "find",
          "grep",
          "head",
          "mkdir",
          "mktemp",
          "mv",
          "readlink",
          "rm",
          "rmdir",
          "sleep",
          "sort",
          "touch");

  private record Outcome(int code, String out, String err) {}

  @TempDir private Path folder;
  private Path system;
  private Path installation;
  private final Map<String, String> environment = new TreeMap<>();

  @BeforeEach
  void install() throws IOException {
    system = Files.createDirectories(folder.resolve("system"));
    installation = Files.createDirectories(folder.resolve("a folder with blanks"));
    // The usual folders of JDKs, moved to where the test has a say in them.
    String script =
        Files.readString(Project.root().resolve("larder"))
            .replaceAll("(?<=[ (])/(?=(usr|opt|Library)/)", system + "/");
    write(installation.resolve("larder"), script);
    Files.createDirectories(folder.resolve("home"));
    environment.put("HOME", folder.resolve("home").toString());
    environment.put("XDG_CACHE_HOME", "/dev/null"); // no start-up cache
    environment.put("PATH", folder.resolve("bin") + ":" + tools());
    environment.put("INSTALLATION", installation.toString());
    environment.put("MAVEN_RUNS", folder.resolve("runs").toString());
  }

  @Test
  void withoutAJdkItSaysSoInOneLineAndExitsWith69() throws Exception {
    built();
    Outcome outcome = run("get", "key");
    assertThat(outcome.code()).isEqualTo(69);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .isEqualTo(
            "larder: needs a JDK 25 or newer and found none;"
                + " install one, or let LARDER_JAVA_HOME name it\n");
  }

  @Test
  void jdksThatAreTooOldAreListedOnceEach() throws Exception {
    built();
    Path old = jdk("usr/lib/jvm/java-17", "17.0.15");
    Files.createSymbolicLink(old.resolveSibling("default"), old);
    jdk("opt/java/jdk8", "1.8.0_402");
    Outcome outcome = run();
    assertThat(outcome.code()).isEqualTo(69);
    assertThat(outcome.err().lines()).hasSize(1);
    assertThat(outcome.err())
        .containsOnlyOnce("17.0.15 (" + old.toRealPath() + ")")
        .contains("1.8.0_402 (");
  }

  @Test
  void theNewestJdkOfTheUsualFoldersIsTaken() throws Exception {
    built();
    jdk("usr/lib/jvm/java-25", "25.0.9");
    Path newest = jdk("usr/lib/jvm/java-25.1", "25.0.10");
    jdk("opt/java/old", "21.0.2");
    assertThat(run().out()).startsWith("java of " + newest + "\n");
  }

  @Test
  void theOrderIsOwnVariableThenJavaHomeThenPathThenUsualFolders() throws Exception {
    built();
    jdk("usr/lib/jvm/java-27", "27");
    Path onPath = jdk("somewhere/on-path", "25");
    Files.createDirectories(folder.resolve("bin"));
    Files.createSymbolicLink(folder.resolve("bin/java"), onPath.resolve("bin/java"));
    assertThat(run().out()).startsWith("java of " + onPath + "\n");

    Path javaHome = jdk("somewhere/java-home", "25.0.1");
    environment.put("JAVA_HOME", javaHome.toString());
    assertThat(run().out()).startsWith("java of " + javaHome + "\n");

    Path own = jdk("somewhere/with blanks", "26-ea");
    environment.put("LARDER_JAVA_HOME", own.toString());
    assertThat(run().out()).startsWith("java of " + own + "\n");
  }

  @Test
  void anOldJavaHomeIsPassedOver() throws Exception {
    built();
    environment.put("JAVA_HOME", jdk("somewhere/old", "17.0.1").toString());
    Path jdk = jdk("usr/lib/jvm/java-25", "25");
    assertThat(run().out()).startsWith("java of " + jdk + "\n");
  }

  @Test
  void anUnfitLarderJavaHomeIsAnErrorNotAHint() throws Exception {
    built();
    jdk("usr/lib/jvm/java-25", "25");
    Path old = jdk("somewhere/old", "17.0.1");
    environment.put("LARDER_JAVA_HOME", old.toString());
    Outcome outcome = run();
    assertThat(outcome.code()).isEqualTo(69);
    assertThat(outcome.err())
        .isEqualTo("larder: LARDER_JAVA_HOME names no JDK 25 or newer: " + old + " is 17.0.1\n");
  }

  @Test
  void argumentsOptionsAndClassPathArriveWhole() throws Exception {
    built();
    jdk("usr/lib/jvm/java-25", "25");
    environment.put("LARDER_OPTS", "-Xmx64m -Dx=*");
    Path target = installation.resolve("larder-cli/target");
    assertThat(run("put", "a key", "", "*", "{\"a\": 1}").out().lines().toList())
        .containsSubsequence("-Xmx64m", "-Dx=*", "-cp")
        .endsWith(
            target + "/larder-cli.jar:" + target + "/lib/picocli.jar:" + target + "/lib/jline.jar",
            "dev.larder.cli.Main",
            "put",
            "a key",
            "",
            "*",
            "{\"a\": 1}");
  }

  @Test
  void onlyAMeasurementHasTheFullCompiler() throws Exception {
    built();
    jdk("usr/lib/jvm/java-25", "25");
    String full = "-XX:TieredStopAtLevel=4";
    assertThat(run("bench", "--json").out()).contains(full);
    assertThat(run("--debug", "--store", "get", "bench").out()).contains(full);
    assertThat(run("put", "bench", "1").out()).doesNotContain(full);
    assertThat(run("--store", "bench", "count").out()).doesNotContain(full);
    assertThat(run("--store").out()).doesNotContain(full);
  }

  @Test
  void itWorksThroughChainsOfLinksFromAnyFolder() throws Exception {
    built();
    jdk("usr/lib/jvm/java-25", "25");
    Path bin = Files.createDirectories(folder.resolve("my bin"));
    Files.createSymbolicLink(bin.resolve("first"), installation.resolve("larder"));
    Files.createSymbolicLink(bin.resolve("second"), Path.of("first"));
    Outcome outcome = start(List.of(bin.resolve("second").toString(), "x"), bin);
    assertThat(outcome.out()).contains(installation + "/larder-cli/target/larder-cli.jar:");
    assertThat(outcome.code()).isZero();
  }

  @Test
  void firstRunsAtTheSameTimeBuildOnceAndAllSucceed() throws Exception {
    jdk("usr/lib/jvm/java-25", "25");
    write(folder.resolve("bin/mvn"), MAVEN);
    var processes = new ArrayList<Process>();
    for (int i = 0; i < 3; i++) {
      processes.add(process(List.of(installation + "/larder", "run" + i), folder).start());
    }
    for (int i = 0; i < 3; i++) {
      Outcome outcome = finish(processes.get(i));
      assertThat(outcome.code()).as(outcome.err()).isZero();
      assertThat(outcome.out()).endsWith("run" + i + "\n").doesNotContain("noise");
      assertThat(outcome.err().lines())
          .allMatch(line -> line.matches("larder: (building, .*|waiting .*)"));
    }
    assertThat(folder.resolve("runs")).hasContent("run");
    assertThat(run("again").err()).isEmpty();
    assertThat(folder.resolve("runs")).hasContent("run");
  }

  @Test
  void theLockOfAKilledBuildIsTaken() throws Exception {
    jdk("usr/lib/jvm/java-25", "25");
    write(folder.resolve("bin/mvn"), MAVEN);
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    write(installation.resolve("target/larder-build.lock/pid"), dead.pid() + "\n");
    assertThat(run("x").code()).isZero();
    assertThat(installation.resolve("target/larder-build.lock")).doesNotExist();
  }

  @Test
  void aChangedSourceIsBuiltAgain() throws Exception {
    jdk("usr/lib/jvm/java-25", "25");
    write(folder.resolve("bin/mvn"), MAVEN);
    write(installation.resolve("pom.xml"), "<project/>");
    assertThat(run().err()).startsWith("larder: building, ");
    assertThat(run().err()).isEmpty();
    write(installation.resolve("larder-core/src/main/java/A.java"), "class A {}");
    assertThat(run().err()).isEqualTo("larder: building what has changed ...\n");
    assertThat(run().err()).isEmpty();
  }

  @Test
  void aFailedBuildNamesItsLogAndTheErrors() throws Exception {
    jdk("usr/lib/jvm/java-25", "25");
    write(folder.resolve("bin/mvn"), FAILING_MAVEN);
    Outcome outcome = run();
    assertThat(outcome.code()).isEqualTo(70);
    assertThat(outcome.err())
        .contains("the build failed; its log is " + installation + "/target/larder-build.log")
        .endsWith("[ERROR] COMPILATION ERROR : somewhere\n");
    assertThat(installation.resolve("target/larder-build.lock")).doesNotExist();
  }

  @Test
  void withoutMavenItSaysSoInOneLine() throws Exception {
    jdk("usr/lib/jvm/java-25", "25");
    Outcome outcome = run();
    assertThat(outcome.code()).isEqualTo(69);
    assertThat(outcome.err().lines()).hasSize(1);
    assertThat(outcome.err()).contains("Maven");
  }

  @Test
  void argumentsAndFileNamesAreUtf8InEveryLocale() throws Exception {
    realProgram();
    String word = "Z\u00fcrich-\u6771\u4eac";
    Files.writeString(folder.resolve(word), "there");
    for (String locale : List.of("C", "POSIX", "C.UTF-8", "xx_XX.ISO-8859-1")) {
      environment.put("LC_ALL", locale);
      Outcome outcome = run(word, folder.resolve(word).toString());
      assertThat(outcome.out()).as(locale).isEqualTo(word + " there\n");
      assertThat(outcome.err()).as(locale).isEmpty();
    }
  }

  @Test
  void theStartUpCacheIsMadeOnceUsedAndMadeAgainForOtherJars() throws Exception {
    realProgram();
    Path caches = folder.resolve("caches with blanks");
    environment.put("XDG_CACHE_HOME", caches.toString());
    String[] arguments = {"x", folder.resolve("runs").toString()};
    Files.writeString(folder.resolve("runs"), "there");
    assertThat(run(arguments).out()).isEqualTo("x there\n");
    awaitCache(caches, "");
    environment.put("LARDER_OPTS", "-Dshow.options=true");
    assertThat(run(arguments).out()).contains("-XX:AOTCache=" + caches);
    // Other jars are told from their list; the old cache does no harm.
    Path list = installation.resolve("larder-cli/target/classpath");
    Files.writeString(list, "lib/other.jar");
    Outcome outcome = run(arguments);
    assertThat(outcome.out()).startsWith("x there").doesNotContain("AOTCache");
    assertThat(outcome.err()).isEmpty();
    awaitCache(caches, "lib/other.jar");
  }

  /// Waits until nothing is being made any more and the one cache that stands is for these jars.
  private static void awaitCache(Path caches, String jars) {
    await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions() // what is walked over may just be renamed
        .until(() -> cachesFor(caches, jars) == 1);
  }

  private static long cachesFor(Path caches, String jars) throws IOException {
    try (Stream<Path> files = Files.walk(caches)) {
      List<Path> found = files.toList();
      if (found.stream().anyMatch(file -> file.toString().matches(".*(\\.lock|/making.*)"))) {
        return 0;
      }
      long right = 0;
      for (Path file : found) {
        if (file.toString().endsWith(".jars") && Files.readString(file).strip().equals(jars)) {
          right++;
        }
      }
      long all = found.stream().filter(file -> file.toString().endsWith(".aot")).count();
      return right == all ? all : 0;
    }
  }

  private void built() throws IOException {
    Path target = installation.resolve("larder-cli/target");
    write(target.resolve("larder-cli.jar"), "");
    write(target.resolve("classpath"), "lib/picocli.jar:lib/jline.jar");
  }

  /// A program that prints its first argument and what is in the file of its second.
  private void realProgram() throws IOException {
    environment.put("LARDER_JAVA_HOME", System.getProperty("java.home"));
    write(installation.resolve("larder-cli/target/classpath"), "");
    Path source = folder.resolve("Main.java");
    write(
        source,
        """
        package dev.larder.cli;
        public class Main {
          public static void main(String[] a) throws Exception {
            if (a.length < 2 || a[0].equals("--help")) return;
            String text = java.nio.file.Files.readString(java.nio.file.Path.of(a[1]));
            System.out.println(a[0] + " " + text);
            if (Boolean.getBoolean("show.options")) {
              System.out.println(
                  java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments());
            }
          }
        }
        """);
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-proc:none", "-d", folder.toString(), source.toString());
    assertThat(result).isZero();
    String name = "dev/larder/cli/Main.class";
    try (OutputStream file =
            Files.newOutputStream(installation.resolve("larder-cli/target/larder-cli.jar"));
        var jar = new JarOutputStream(file)) {
      jar.putNextEntry(new JarEntry(name));
      jar.write(Files.readAllBytes(folder.resolve(name)));
    }
  }

  private Path jdk(String place, String version) throws IOException {
    Path home = system.resolve(place);
    write(home.resolve("bin/java"), ECHO);
    write(home.resolve("bin/javac"), ECHO);
    write(home.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  private Outcome run(String... arguments) throws Exception {
    var command = new ArrayList<>(List.of(installation + "/larder"));
    command.addAll(List.of(arguments));
    return start(command, folder);
  }

  private Outcome start(List<String> command, Path directory) throws Exception {
    return finish(process(command, directory).start());
  }

  private ProcessBuilder process(List<String> command, Path directory) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder;
  }

  private static Outcome finish(Process process) throws Exception {
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return new Outcome(process.exitValue(), out, err);
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    if (text.startsWith("#!")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  /// A folder with the ordinary tools alone, for java and mvn must not be found by accident.
  private Path tools() throws IOException {
    Path tools = folder.resolve("tools");
    for (String name : TOOLS) {
      String place = Files.exists(Path.of("/bin", name)) ? "/bin/" : "/usr/bin/";
      write(tools.resolve(name), "#!/bin/sh\nexec " + place + name + " \"$@\"\n");
    }
    return tools;
  }
}
