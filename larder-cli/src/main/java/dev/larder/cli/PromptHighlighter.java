package dev.larder.cli;

import org.jline.reader.Highlighter;
import org.jline.reader.LineReader;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/// Colours the line while it is typed: a command that exists, one that does not, options.
final class PromptHighlighter implements Highlighter {
  private static final AttributedStyle COMMAND = AttributedStyle.BOLD;
  private static final AttributedStyle UNKNOWN =
      AttributedStyle.DEFAULT.foreground(AttributedStyle.RED);
  private static final AttributedStyle OPTION =
      AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN);

  @Override
  public AttributedString highlight(LineReader reader, String buffer) {
    var coloured = new AttributedStringBuilder();
    int end = 0;
    boolean isFirst = true;
    for (Words.Word word : Words.of(buffer).list()) {
      coloured.append(buffer, end, word.start());
      end = word.isPlain() ? word.start() + word.text().length() : word.start();
      if (word.isPlain()) {
        coloured.styled(style(word.text(), isFirst), word.text());
      }
      isFirst = false;
    }
    coloured.append(buffer, end, buffer.length());
    return coloured.toAttributedString();
  }

  private static AttributedStyle style(String word, boolean isFirst) {
    if (isFirst) {
      boolean isKnown =
          CommandTable.NAMES.contains(word) || word.equals("exit") || word.equals("quit");
      return isKnown ? COMMAND : UNKNOWN;
    }
    return word.startsWith("--") ? OPTION : AttributedStyle.DEFAULT;
  }
}
