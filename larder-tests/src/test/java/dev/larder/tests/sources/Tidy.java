package dev.larder.tests.sources;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// The rules of style that no other tool checks. Each looks at one text and says what is wrong.
final class Tidy {
  static final int FILE_LINES_MAX = 800;
  static final int METHOD_LINES_MAX = 70;
  static final int CONSTRUCTOR_PARAMETERS_MAX = 6;

  /// What a source must not contain, where that holds, and what to write in its place.
  private record Ban(Pattern pattern, String words, Predicate<String> holds, String instead) {
    Ban(String regex, String words, Predicate<String> holds, String instead) {
      this(Pattern.compile(regex), words, holds, instead);
    }
  }

  private static final List<Ban> BANS =
      List.of(
          new Ban(
              "\\bSystem\\s*\\.\\s*(out|err)\\b",
              "System.out or System.err",
              path -> isMain(path) && isLibrary(path),
              "System.Logger, or the writer that the caller passes in"),
          new Ban(
              "\\.printStackTrace\\(\\)",
              "printStackTrace()",
              path -> true,
              "System.Logger with the exception"),
          new Ban(
              "\\bSystem\\s*\\.\\s*exit\\b",
              "System.exit",
              path -> isMain(path) && isLibrary(path),
              "an exception or a return value"),
          new Ban(
              "\\bThread\\s*\\.\\s*sleep\\b",
              "Thread.sleep",
              path -> isTest(path),
              "a latch, an Awaitility condition or the manual clock"),
          new Ban(
              "\\bjava\\.io\\.File\\b(?!\\.)", "java.io.File", path -> true, "java.nio.file.Path"),
          new Ban(
              "\\.ordinal\\(\\)",
              "ordinal()",
              path -> path.contains("/internal/format/"),
              "an explicit code: what is stored must not depend on the order of declarations"),
          new Ban(
              "(?m)^import (static )?[\\w.]+\\.\\*;",
              "an import with a wildcard",
              path -> isMain(path),
              "each import by name"),
          new Ban(
              "(?m)^import module ",
              "a module import",
              path -> isMain(path) && isLibrary(path),
              "each import by name"));

  /// Bans that hold in comments too.
  private static final List<Ban> BANS_IN_ALL_TEXT =
      List.of(
          new Ban("\\bTO" + "DO\\b", "TO" + "DO", path -> true, "the thing itself, or an issue"),
          new Ban("\\bFIX" + "ME\\b", "FIX" + "ME", path -> true, "the thing itself, or an issue"),
          new Ban("@auth" + "or\\b", "@auth" + "or", path -> true, "nothing: history knows"),
          new Ban(
              "@Dis" + "abled\\b", "@Dis" + "abled", path -> true, "a test that passes, or none"));

  /// Comments and literals of Java, so that bans look at code alone.
  private static final Pattern NOT_CODE =
      Pattern.compile(
          "//[^\\n]*|/\\*.*?\\*/|\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])+'",
          Pattern.DOTALL);

  /// Places and hosts that exist on somebody's machine only.
  private static final Pattern MACHINE =
      Pattern.compile(
          "(?<![\\w.}\\])$-])/(wo"
              + "rk|ro"
              + "ot|ho"
              + "me/\\w+|Us"
              + "ers/\\w+)/[\\w.]"
              + "|\\b(repo1?\\.mav"
              + "en(\\.apache)?\\.org|registry\\.np"
              + "mjs\\.org"
              + "|deb\\.deb"
              + "ian\\.org)\\b");

  private static final Pattern MARKDOWN_LINK =
      Pattern.compile("\\]\\(([^)\\s]+)(?: \"[^\"]*\")?\\)");
  private static final Pattern MARKDOWN_CODE = Pattern.compile("(?s)```.*?```|`[^`\\n]*`");

  private Tidy() {}

  /// What is wrong with one file of the project; `exists` tells whether a path from the root is
  /// that of a file or folder.
  static List<String> check(String path, String text, Predicate<Path> exists) {
    var problems = new ArrayList<String>();
    Matcher machine = MACHINE.matcher(text);
    while (machine.find()) {
      problems.add(
          "%s:%d: %s is of one machine only"
              .formatted(path, line(text, machine.start()), machine.group()));
    }
    if (path.endsWith(".java")) {
      checkJava(path, text, problems);
    }
    if (path.endsWith(".md")) {
      checkLinks(path, text, exists, problems);
    }
    return problems;
  }

  private static void checkJava(String path, String text, List<String> problems) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 126) {
        problems.add(
            "%s:%d: not ASCII: write \\u%04x".formatted(path, line(text, i), (int) text.charAt(i)));
        break;
      }
    }
    ban(BANS_IN_ALL_TEXT, path, text, problems);
    ban(BANS, path, codeOnly(text), problems);
  }

  private static void ban(List<Ban> bans, String path, String text, List<String> problems) {
    for (Ban ban : bans) {
      Matcher matcher = ban.pattern.matcher(text);
      while (ban.holds.test(path) && matcher.find()) {
        problems.add(
            "%s:%d: %s is banned here, use %s"
                .formatted(path, line(text, matcher.start()), ban.words, ban.instead));
      }
    }
  }

  private static void checkLinks(
      String path, String text, Predicate<Path> exists, List<String> problems) {
    Matcher matcher = MARKDOWN_LINK.matcher(MARKDOWN_CODE.matcher(text).replaceAll(""));
    while (matcher.find()) {
      String target = matcher.group(1).replaceAll("#.*", "");
      if (target.isEmpty() || target.matches("[a-z]+:.*")) {
        continue;
      }
      if (!exists.test(Path.of(path).resolveSibling(target).normalize())) {
        problems.add("%s: the link to %s leads nowhere".formatted(path, target));
      }
    }
  }

  /// The sizes that exceed their limit in one source of the product, by what they are the size of:
  /// the path of a file, or path and name of a method.
  static Map<String, Integer> oversizes(String path, String text) throws IOException {
    var found = new TreeMap<String, Integer>();
    int lines = (int) text.lines().count();
    if (lines > FILE_LINES_MAX) {
      found.put(path, lines);
    }
    var source =
        new SimpleJavaFileObject(URI.create("string:///" + path), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
          }
        };
    JavacTask task =
        (JavacTask)
            ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, _ -> {}, List.of("-proc:none"), null, List.of(source));
    SourcePositions positions = Trees.instance(task).getSourcePositions();
    for (CompilationUnitTree unit : task.parse()) {
      new MethodSizes(path, unit, positions, found).scan(unit, null);
    }
    return found;
  }

  private static final class MethodSizes extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final String path;
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final Map<String, Integer> found;

    MethodSizes(
        String path,
        CompilationUnitTree unit,
        SourcePositions positions,
        Map<String, Integer> found) {
      this.path = path;
      this.unit = unit;
      this.positions = positions;
      this.found = found;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
      boolean isConstructor = method.getName().contentEquals("<init>");
      ClassTree owner = (ClassTree) getCurrentPath().getParentPath().getLeaf();
      String name = path + "#" + (isConstructor ? owner.getSimpleName() : method.getName());
      int lines = lineOf(positions.getEndPosition(unit, method)) - firstLine(method) + 1;
      if (lines > METHOD_LINES_MAX) {
        found.merge(name + " lines", lines, Math::max);
      }
      int parameters = method.getParameters().size();
      if (isConstructor
          && owner.getKind() != Tree.Kind.RECORD
          && parameters > CONSTRUCTOR_PARAMETERS_MAX) {
        found.merge(name + " parameters", parameters, Math::max);
      }
      return super.visitMethod(method, null);
    }

    private int firstLine(MethodTree method) {
      return lineOf(positions.getStartPosition(unit, method));
    }

    private int lineOf(long position) {
      return (int) unit.getLineMap().getLineNumber(position);
    }
  }

  static boolean isMain(String path) {
    return path.contains("/src/main/");
  }

  static boolean isTest(String path) {
    return path.contains("/src/test/") || path.startsWith("larder-testkit/");
  }

  /// Whether others run this code: the programs may print and end the process, a library not.
  private static boolean isLibrary(String path) {
    return !path.startsWith("larder-cli/") && !path.startsWith("examples/");
  }

  private static String codeOnly(String text) {
    return NOT_CODE
        .matcher(text)
        .replaceAll(
            match -> "\n".repeat((int) match.group().chars().filter(c -> c == '\n').count()));
  }

  private static int line(String text, int offset) {
    return 1 + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
  }
}
