package dev.larder.cli;

import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/// Tells JLine where words begin and whether a line is whole.
final class PromptParser implements Parser {
  @Override
  public ParsedLine parse(String line, int cursor, ParseContext context) {
    if (context == ParseContext.COMPLETE || context == ParseContext.SPLIT_LINE) {
      return upTo(line, cursor);
    }
    Words words = Words.of(line);
    if (words.isOpen() && context == ParseContext.ACCEPT_LINE) {
      throw new EOFError(-1, -1, "a quote or a bracket is open");
    }
    return upTo(line, cursor);
  }

  @Override
  public boolean isEscapeChar(char c) {
    return false; // the line reaches the shell as it was typed
  }

  /// Only what stands before the cursor counts for completion.
  private static ParsedLine upTo(String line, int cursor) {
    int end = Math.min(cursor, line.length());
    String before = line.substring(0, end);
    Words split = Words.of(before);
    List<String> words = split.texts();
    int start = end;
    boolean isInWord =
        !words.isEmpty() && (split.isOpen() || !Character.isWhitespace(before.charAt(end - 1)));
    if (isInWord) {
      start = split.list().getLast().start();
    } else {
      words.add("");
    }
    return new Line(line, cursor, words, end - start);
  }

  /// A line as JLine wants it.
  private record Line(String line, int cursor, List<String> words, int rawWordLength)
      implements CompletingParsedLine {
    @Override
    public String word() {
      return words.getLast();
    }

    @Override
    public int wordCursor() {
      return word().length();
    }

    @Override
    public int wordIndex() {
      return words.size() - 1;
    }

    @Override
    public int rawWordCursor() {
      return rawWordLength;
    }

    @Override
    public CharSequence escape(CharSequence candidate, boolean isComplete) {
      return Words.quote(candidate.toString());
    }
  }
}
