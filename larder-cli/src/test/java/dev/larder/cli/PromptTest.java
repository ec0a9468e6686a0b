package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jline.reader.Candidate;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Parser.ParseContext;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the prompt knows of a line: its words, whether it is whole, how it could go on, its
/// colours.
class PromptTest {
  @TempDir private Path folder;
  private Session session;
  private RootCommand root;
  private LineReader reader;

  @BeforeEach
  void setUp() throws Exception {
    Console console =
        Console.over(
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            OutputStream.nullOutputStream(),
            Map.of("LARDER_STORE", folder.resolve("store").toString()));
    session = new Session(console, true);
    root = new RootCommand(session, null);
    reader =
        LineReaderBuilder.builder()
            .terminal(
                new DumbTerminal(InputStream.nullInputStream(), OutputStream.nullOutputStream()))
            .build();
  }

  @AfterEach
  void tearDown() {
    session.release();
  }

  private List<String> completions(String line) {
    var candidates = new ArrayList<Candidate>();
    new PromptCompleter(session, root)
        .complete(
            reader,
            new PromptParser().parse(line, line.length(), ParseContext.COMPLETE),
            candidates);
    return candidates.stream().map(Candidate::value).toList();
  }

  @Test
  void commandsComeFirst() {
    assertThat(completions("")).containsAll(CommandTable.NAMES).contains("exit");
    assertThat(completions("re")).contains("read", "remove");
  }

  @Test
  void optionsBelongToTheCommand() {
    assertThat(completions("list --")).contains("--prefix", "--reverse", "--values");
    assertThat(completions("get --")).contains("--entry").doesNotContain("--prefix");
    assertThat(completions("nonsense --")).isEmpty();
  }

  @Test
  void optionsWithChoicesOfferThem() {
    assertThat(completions("import f --on-conflict ")).containsExactly("fail", "skip", "replace");
    assertThat(completions("import f --progress p")).containsExactly("auto", "plain", "none");
    assertThat(completions("create k 1 --ttl ")).isEmpty();
    assertThat(completions("help ")).contains("import");
  }

  @Test
  void keysAreOffered() {
    assertThat(completions("read ")).isEmpty();
    assertThat(folder).isEmptyDirectory();
    for (String key : List.of("apple", "apple pie", "pear")) {
      Main.run(new String[] {"put", key, "1"}, session, root);
    }

    assertThat(completions("read ")).containsExactly("apple", "apple pie", "pear");
    assertThat(completions("read ap")).containsExactly("apple", "apple pie");
    assertThat(completions("list --prefix p")).containsExactly("pear");
    assertThat(completions("count ")).isEmpty();
  }

  @Test
  void candidatesAreQuotedWhereTheyMustBe() {
    var line = (CompletingParsedLine) new PromptParser().parse("read ap", 7, ParseContext.COMPLETE);

    assertThat(line.escape("apple pie", true)).hasToString("'apple pie'");
    assertThat(line.escape("pear", true)).hasToString("pear");
    assertThat(line.rawWordLength()).isEqualTo(2);
    assertThat(line.word()).isEqualTo("ap");
  }

  @Test
  void anOpenLineGoesOn() {
    var parser = new PromptParser();

    assertThatThrownBy(() -> parser.parse("put a {", 7, ParseContext.ACCEPT_LINE))
        .isInstanceOf(EOFError.class);
    assertThat(parser.parse("put a {}", 8, ParseContext.ACCEPT_LINE).words())
        .containsExactly("put", "a", "{}");
  }

  @Test
  void coloursLeaveTheTextAlone() {
    var highlighter = new PromptHighlighter();

    for (String line : List.of("", "  put k 'x y'  --ttl 5s ", "nonsense", "get \"a", "x\\")) {
      assertThat(highlighter.highlight(reader, line)).hasToString(line);
    }
  }
}
