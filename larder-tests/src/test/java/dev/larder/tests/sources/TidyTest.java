package dev.larder.tests.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The whole project keeps the rules of [Tidy], and each rule is seen to fail where it should.
class TidyTest {
  /// Today's exceptions from the limits of size, each with its present size, which may only fall.
  private static final Map<String, Integer> CEILINGS = Map.of();

  private static final Set<String> TEXTS =
      Set.of("java", "md", "xml", "txt", "json", "yml", "yaml", "properties", "sh", "config");

  private static final String MAIN = "larder-core/src/main/java/dev/larder/internal/format/A.java";
  private static final String TEST = "larder-core/src/test/java/dev/larder/internal/format/A.java";

  @Test
  void allFilesAreTidy() throws IOException {
    Path root = Project.root();
    var problems = new ArrayList<String>();
    for (Path file : Project.files()) {
      if (isText(file)) {
        String text = Files.readString(root.resolve(file));
        problems.addAll(Tidy.check(unix(file), text, target -> Files.exists(root.resolve(target))));
      }
    }
    assertThat(problems).isEmpty();
  }

  @Test
  void filesMethodsAndConstructorsAreSmallOrListedWithTheirSize() throws IOException {
    Path root = Project.root();
    var oversizes = new TreeMap<String, Integer>();
    for (Path file : Project.files()) {
      String path = unix(file);
      if (path.endsWith(".java") && Tidy.isMain(path)) {
        oversizes.putAll(Tidy.oversizes(path, Files.readString(root.resolve(file))));
      }
    }
    assertThat(oversizes).as("a ceiling falls with the size").isEqualTo(new TreeMap<>(CEILINGS));
  }

  @Test
  void everyPackageSaysWhatItIs() throws IOException {
    var files = new TreeSet<>(Project.files());
    var silent = new TreeSet<Path>();
    for (Path file : files) {
      boolean isInPackage = Tidy.isMain(unix(file)) && file.toString().endsWith(".java");
      if (isInPackage
          && !file.endsWith("module-info.java")
          && !files.contains(file.resolveSibling("package-info.java"))) {
        silent.add(file.getParent());
      }
    }
    assertThat(silent).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          System.out.println();           | main | System.out
          System.err.println();           | main | System.out
          System.exit(1);                 | main | System.exit
          e.printStackTrace();            | main | printStackTrace
          e.printStackTrace();            | test | printStackTrace
          Thread.sleep(1);                | test | Thread.sleep
          java.io.File f;                 | main | java.io.File
          int code = kind.ordinal();      | main | ordinal
          import java.util.*;             | main | wildcard
          import module java.base;        | main | module import
          // TO_DO later                  | main | TO_DO
          /* FIX_ME */                    | test | FIX_ME
          /// @auth_or somebody           | main | @auth_or
          @Dis_abled                      | test | @Dis_abled
          """)
  void bannedNamesAreFound(String line, String kind, String named) {
    String path = kind.equals("main") ? MAIN : TEST;
    assertThat(problems(path, "\n" + line.replace("_", "") + "\n"))
        .singleElement()
        .asString()
        .startsWith(path + ":2: ")
        .contains(named.replace("_", ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          // System.out is for programs   | main
          String s = "System.out";        | main
          Thread.sleep(1);                | main
          System.out.println();           | test
          import java.io.FileReader;      | main
          """)
  void whatOnlyLooksBannedPasses(String line, String kind) {
    assertThat(problems(kind.equals("main") ? MAIN : TEST, line)).isEmpty();
  }

  @Test
  void programsMayPrintAndExit() {
    String path = "larder-cli/src/main/java/dev/larder/cli/Main.java";
    assertThat(problems(path, "System.out.println(); System.exit(1);")).isEmpty();
  }

  @Test
  void otherCharactersThanAsciiAreFound() {
    assertThat(problems(MAIN, "// \u00fc")).singleElement().asString().contains("\\u00fc");
    assertThat(problems("docs/A.md", "\u00fc")).isEmpty();
  }

  @Test
  void placesOfOneMachineAreFound() {
    for (String place :
        List.of(
            "/wo" + "rk/x",
            "see /ho" + "me/jane/x",
            "\"/Us" + "ers/jane/x\"",
            "https://repo.mav" + "en.apache.org/maven2")) {
      assertThat(problems("docs/A.md", place)).as(place).hasSize(1);
    }
    assertThat(problems("docs/A.md", "a home/wo" + "rk/balance, /usr/lib/jvm")).isEmpty();
  }

  @Test
  void linksThatLeadNowhereAreFound() {
    String text =
        """
        [a](../README.md) [b](ARCHITECTURE.md#threads) [c](https://example.org/x) [d](#here)
        [gone](GONE.md) `[code](NOTHING.md)`
        """;
    Set<Path> existing = Set.of(Path.of("README.md"), Path.of("docs/ARCHITECTURE.md"));
    assertThat(Tidy.check("docs/A.md", text, existing::contains))
        .containsExactly("docs/A.md: the link to GONE.md leads nowhere");
  }

  @Test
  void longFilesAreFound() throws IOException {
    assertThat(Tidy.oversizes("A.java", "\n".repeat(Tidy.FILE_LINES_MAX))).isEmpty();
    assertThat(Tidy.oversizes("A.java", "\n".repeat(Tidy.FILE_LINES_MAX + 1)))
        .containsExactly(Map.entry("A.java", Tidy.FILE_LINES_MAX + 1));
  }

  @Test
  void longMethodsAreFound() throws IOException {
    String body = "\n".repeat(Tidy.METHOD_LINES_MAX - 1);
    assertThat(Tidy.oversizes("A.java", "class A {\n  void f() {" + body + "}\n}")).isEmpty();
    assertThat(Tidy.oversizes("A.java", "class A {\n  void f() {\n" + body + "}\n}"))
        .containsExactly(Map.entry("A.java#f lines", Tidy.METHOD_LINES_MAX + 1));
  }

  @Test
  void constructorsWithManyParametersAreFoundButNotThoseOfRecords() throws IOException {
    String seven = "int a, int b, int c, int d, int e, int f, int g";
    assertThat(Tidy.oversizes("A.java", "class A { A(" + seven + ") {} }"))
        .containsExactly(Map.entry("A.java#A parameters", 7));
    assertThat(Tidy.oversizes("A.java", "record A(" + seven + ") { A { } }")).isEmpty();
  }

  private static List<String> problems(String path, String text) {
    return Tidy.check(path, text, _ -> true);
  }

  private static boolean isText(Path file) throws IOException {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    if (dot > 0) {
      return TEXTS.contains(name.substring(dot + 1));
    }
    // Scripts have no ending; a test fixture may be anything.
    byte[] bytes = Files.readAllBytes(Project.root().resolve(file));
    return new String(bytes, 0, Math.min(2, bytes.length), StandardCharsets.US_ASCII).equals("#!");
  }

  private static String unix(Path file) {
    return file.toString().replace('\\', '/');
  }
}
