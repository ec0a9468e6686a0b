package dev.larder.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the documents name exists: words of the glossary in the code, examples, build commands.
class DocumentsTest {
  private static final int EXAMPLE_LINES_MAX = 60;
  private static final String EXAMPLES = "examples/src/main/java/dev/larder/examples";

  private static final List<String> MODULES =
      List.of(
          "larder-core",
          "larder-json",
          "larder-testkit",
          "larder-cli",
          "larder-tests",
          "larder-stress",
          "examples");

  private static final List<String> DOCUMENTS =
      List.of("README.md", "CONTRIBUTING.md", "examples/README.md", "docs/TESTING.md");

  @Test
  void everyTermOfTheGlossaryIsInTheCode() throws IOException {
    Map<String, String> types = types();
    var missing = new TreeSet<String>();
    int count = 0;
    for (List<String> row : Document.read("docs/GLOSSARY.md").rows()) {
      assertThat(row).as("a row of the glossary").hasSize(4);
      for (MatchResult name : Pattern.compile("`([^`]+)`").matcher(row.get(2)).results().toList()) {
        count++;
        if (!isInCode(name.group(1), types)) {
          missing.add(name.group(1));
        }
      }
    }
    assertThat(missing).isEmpty();
    assertThat(count).isGreaterThan(50);
  }

  @Test
  void everyExampleIsShortSaysWhatItShowsAndIsInTheTable() throws IOException {
    var listed = new TreeSet<String>();
    for (List<String> row : Document.read("examples/README.md").rows()) {
      first("\\[(\\w+)\\]\\(.*/\\1\\.java\\)", row.getFirst())
          .ifPresent(link -> listed.add(link.group(1)));
    }
    var present = new TreeSet<String>();
    try (Stream<Path> files = Files.list(Document.root().resolve(EXAMPLES))) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        if (!name.equals("package-info")) {
          present.add(name);
          String text = Files.readString(file);
          assertThat(text.lines()).as(name).hasSizeLessThan(EXAMPLE_LINES_MAX);
          assertThat(text)
              .containsPattern("///[^{]*\\n/// Shows [^{]*\\npublic final class " + name);
        }
      }
    }
    assertThat(listed).isEqualTo(present);
  }

  @Test
  void examplesRunFromTheirSources(@TempDir Path folder) throws Exception {
    List<String> commands = Document.read("examples/README.md").blocks("sh");
    String file =
        first("java -cp 'larder-cli/target/lib/\\*' (\\S+)\\n", String.join("", commands))
            .orElseThrow()
            .group(1);
    // The class path holds the same classes here, packaged or not.
    String source = Document.root().resolve(file).toString();
    String output = new Terminal(folder).java("-cp", Terminal.classPath(), source);
    assertThat(output).startsWith("Session[user=ada");
    assertThat(folder.resolve("pantry")).isDirectory();
  }

  @Test
  void everyCommandOfTheBuildScriptExists() throws IOException {
    String script = Files.readString(Document.root().resolve("build"));
    var unknown = new TreeSet<String>();
    for (String name : DOCUMENTS) {
      for (MatchResult call :
          Pattern.compile("\\./build (\\w+)")
              .matcher(Document.read(name).text())
              .results()
              .toList()) {
        if (!script.contains("\n  " + call.group(1) + ") ")) {
          unknown.add(name + ": " + call.group());
        }
      }
    }
    assertThat(unknown).isEmpty();
  }

  @Test
  void everyNameInTheDocumentOnTestsIsInTheSources() throws IOException {
    var sources = new StringBuilder();
    for (Path file : javaFiles()) {
      sources.append(Files.readString(file));
    }
    String all = sources.toString();
    String text = Document.read("docs/TESTING.md").text();
    var missing = new TreeSet<String>();
    for (MatchResult name :
        Pattern.compile("`([A-Z]\\w+)(?:\\.(\\w+))?(?:\\(\\w*\\))?`")
            .matcher(text)
            .results()
            .toList()) {
      for (int i = 1; i <= 2; i++) {
        String word = name.group(i);
        if (word != null && first("\\b" + word + "\\b", all).isEmpty()) {
          missing.add(name.group());
        }
      }
    }
    for (MatchResult property :
        Pattern.compile("-D((?:larder|crash)\\.[a-z.]+)").matcher(text).results().toList()) {
      if (!all.contains('"' + property.group(1) + '"')) {
        missing.add(property.group());
      }
    }
    assertThat(missing).isEmpty();
  }

  private static boolean isInCode(String name, Map<String, String> types) {
    List<String> words = List.of(name.split("\\.", -1));
    String source = types.get(words.getFirst());
    return source != null
        && words.stream().allMatch(word -> first("\\b" + word + "\\b", source).isPresent());
  }

  /// The sources of the product by the name of the type that the file is called after.
  private static Map<String, String> types() throws IOException {
    var types = new TreeMap<String, String>();
    for (Path file : javaFiles()) {
      if (file.toString().contains("/src/main/")) {
        types.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
      }
    }
    return types;
  }

  private static List<Path> javaFiles() throws IOException {
    var found = new ArrayList<Path>();
    for (String module : MODULES) {
      try (Stream<Path> files = Files.walk(Document.root().resolve(module).resolve("src"))) {
        files.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
      }
    }
    return found;
  }

  private static Optional<MatchResult> first(String regex, String text) {
    return Pattern.compile(regex).matcher(text).results().findFirst();
  }
}
