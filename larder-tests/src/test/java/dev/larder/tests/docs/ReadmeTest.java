package dev.larder.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.Limits;
import dev.larder.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever the README shows is executed, and prints what the README says.
class ReadmeTest {
  private static final int PROGRAM_LINES_MAX = 15;
  private static final String PROGRAM = "Pantry";

  private final Document readme = Document.read("README.md");

  ReadmeTest() throws IOException {}

  @Test
  void theProgramIsShort() {
    assertThat(readme.blocks("java"))
        .singleElement()
        .satisfies(program -> assertThat(program.lines()).hasSizeBetween(1, PROGRAM_LINES_MAX));
  }

  @Test
  void theProgramAndTheCommandsPrintWhatIsShown(@TempDir Path folder) throws Exception {
    Path classes = Files.createDirectory(folder.resolve("classes"));
    compile(readme.blocks("java").getFirst(), classes);
    var terminal = new Terminal(folder);
    String output = terminal.java("-cp", classes + ":" + Terminal.classPath(), PROGRAM);
    assertThat(output).isEqualTo(readme.blocks("text").getFirst());

    List<Shown> shown = shown(readme.blocks("console"));
    List<String> outputs = terminal.shell(shown.stream().map(Shown::command).toList());
    for (int i = 0; i < outputs.size(); i++) {
      assertThat(outputs.get(i)).as(shown.get(i).command()).matches(shown.get(i).pattern());
    }
  }

  @Test
  void everySnippetIsOfAKindThatIsTested() {
    assertThat(readme.blocks())
        .extracting(Document.Block::language)
        .containsExactly("java", "text", "console", "xml", "console", "console", "sh");
  }

  @Test
  void theCoordinatesAreThoseOfTheBuild() throws IOException {
    String snippet = readme.blocks("xml").getFirst();
    String module = Files.readString(Document.root().resolve("larder-json/pom.xml"));
    for (String element : List.of("groupId", "artifactId", "version")) {
      String value = snippet.replaceFirst("(?s).*<" + element + ">(.*?)<.*", "$1");
      // The group and the version are those of the parent, which the module names first.
      assertThat(module).contains("<" + element + ">" + value + "<");
    }
    assertThat(run("--version")).isEqualTo("larder " + version(module) + "\n");
    assertThat(snippet).contains(version(module));
  }

  @Test
  void theTestCommandIsTheOneThatContinuousIntegrationRuns() throws IOException {
    assertThat(readme.blocks("sh")).containsExactly("mvn verify\n");
    assertThat(Files.readString(Document.root().resolve(".ci/run"))).contains("\nmvn -B verify\n");
  }

  @Test
  void theLimitsAreThoseOfTheCode() {
    Limits limits = Limits.defaults();
    assertThat(limits.batchCount()).isEqualTo(Limits.none().batchCount());
    assertThat(limits.storeBytes()).isEqualTo(1L << 30);
    assertThat(Limits.VALUE_BYTES_MAX).isEqualTo(1 << 30);
    assertThat(readme.text())
        .contains("| %d characters".formatted(limits.keyCharacters()))
        .contains("| %d bytes | %,d bytes |".formatted(limits.keyBytes(), Limits.KEY_BYTES_MAX))
        .contains("| value | %,d bytes as stored | 1 GiB |".formatted(limits.valueBytes()))
        .contains("| store, everything in its directory | 1 GiB | none |")
        .contains("| entries in one batch | none | none |");
  }

  @Test
  void theCommandsAreThoseOfTheProgram() {
    var named = new TreeSet<String>();
    for (List<String> row : readme.rows()) {
      if (row.getFirst().matches("(`[a-z-]+`(, )?)+") && row.size() == 2) {
        named.addAll(List.of(row.getFirst().replace("`", "").split(", ", -1)));
      }
    }
    var known = new TreeSet<String>();
    run("--help")
        .replaceFirst("(?s).*\nCommands:\n(.*?)\n\n.*", "$1")
        .lines()
        .filter(line -> line.matches("  [a-z].*"))
        .forEach(line -> known.add(line.strip().split(" ", -1)[0]));
    assertThat(named).isEqualTo(known);
  }

  /// A command and what it prints, in which three dots stand for anything.
  private record Shown(String command, String output) {
    String pattern() {
      return "(?s)"
          + Arrays.stream(output.split(Pattern.quote("..."), -1))
              .map(Pattern::quote)
              .collect(Collectors.joining(".*"));
    }
  }

  private static List<Shown> shown(List<String> blocks) {
    var shown = new ArrayList<Shown>();
    for (String block : blocks) {
      for (String one : block.split("(?m)^\\$ ", -1)) {
        List<String> lines = one.lines().toList();
        if (!lines.isEmpty()) {
          int commandCount = 1;
          while (commandCount < lines.size() && lines.get(commandCount).startsWith("> ")) {
            commandCount++;
          }
          String command = String.join("\n", lines.subList(0, commandCount)).replace("\n> ", "\n");
          String output =
              lines.stream()
                  .skip(commandCount)
                  .map(line -> line + "\n")
                  .collect(Collectors.joining());
          shown.add(new Shown(command, output));
        }
      }
    }
    return shown;
  }

  private static void compile(String program, Path classes) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    var messages = new StringWriter();
    var source =
        new SimpleJavaFileObject(
            URI.create("string:///" + PROGRAM + ".java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return program;
          }
        };
    List<String> options =
        List.of(
            "-Xlint:all,-path",
            "-Werror",
            "-proc:none",
            "-cp",
            Terminal.classPath(),
            "-d",
            classes + "");
    boolean isCompiled =
        compiler.getTask(messages, null, null, options, null, List.of(source)).call();
    assertThat(isCompiled).as(messages.toString()).isTrue();
  }

  private static String version(String module) {
    return module.replaceFirst("(?s).*?<version>(.*?)<.*", "$1");
  }

  private static String run(String... arguments) {
    var out = new ByteArrayOutputStream();
    int exitCode = Main.run(arguments, InputStream.nullInputStream(), out, out, Map.of());
    assertThat(exitCode).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }
}
