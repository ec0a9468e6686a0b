package dev.larder.cli;

import java.util.ArrayList;
import java.util.List;

/// Splits a line of the shell into words, as a Unix shell would: blanks separate, single quotes
/// keep everything, double quotes keep all but backslashes, a backslash keeps the next character.
/// Besides, a word that begins with `{` or `[` is JSON and goes on to its closing bracket, so that
/// a document needs no quotes.
final class Words {
  /// A word.
  ///
  /// @param text what it means
  /// @param start where it begins in the line
  /// @param isPlain whether it is written as it reads
  record Word(String text, int start, boolean isPlain) {}

  private final String line;
  private final List<Word> words = new ArrayList<>();
  private int next;
  private boolean isOpen;

  private Words(String line) {
    this.line = line;
  }

  /// {@return the words of a line}
  static Words of(String line) {
    var words = new Words(line);
    words.split();
    return words;
  }

  /// {@return the words}
  List<Word> list() {
    return words;
  }

  /// {@return the texts of the words}
  List<String> texts() {
    var texts = new ArrayList<String>(words.size());
    for (Word word : words) {
      texts.add(word.text());
    }
    return texts;
  }

  /// {@return whether a quote or a bracket is still open at the end}
  boolean isOpen() {
    return isOpen;
  }

  /// {@return a word written so that splitting gives it back}
  static String quote(String word) {
    boolean isPlain = !word.isEmpty();
    for (int i = 0; i < word.length() && isPlain; i++) {
      char c = word.charAt(i);
      isPlain = !isBlank(c) && c != '\'' && c != '"' && c != '\\' && c != '#';
    }
    isPlain &= !word.startsWith("{") && !word.startsWith("[");
    return isPlain ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private void split() {
    while (next < line.length()) {
      if (isBlank(line.charAt(next))) {
        next++;
      } else {
        word();
      }
    }
  }

  private void word() {
    int start = next;
    var text = new StringBuilder();
    char first = line.charAt(next);
    if (first == '{' || first == '[') {
      json(text);
    }
    while (next < line.length() && !isBlank(line.charAt(next))) {
      char c = line.charAt(next++);
      switch (c) {
        case '\'' -> singleQuoted(text);
        case '"' -> doubleQuoted(text);
        case '\\' -> escaped(text);
        default -> text.append(c);
      }
    }
    boolean isPlain = text.length() == next - start;
    words.add(new Word(text.toString(), start, isPlain));
  }

  private void json(StringBuilder text) {
    int depth = 0;
    boolean isInString = false;
    do {
      char c = line.charAt(next++);
      text.append(c);
      if (isInString) {
        if (c == '\\' && next < line.length()) {
          text.append(line.charAt(next++));
        } else if (c == '"') {
          isInString = false;
        }
      } else {
        switch (c) {
          case '"' -> isInString = true;
          case '{', '[' -> depth++;
          case '}', ']' -> depth--;
          default -> {
            // any other character changes nothing
          }
        }
      }
    } while (next < line.length() && depth > 0);
    isOpen |= depth > 0;
  }

  private void singleQuoted(StringBuilder text) {
    while (next < line.length()) {
      char c = line.charAt(next++);
      if (c == '\'') {
        return;
      }
      text.append(c);
    }
    isOpen = true;
  }

  private void doubleQuoted(StringBuilder text) {
    while (next < line.length()) {
      char c = line.charAt(next++);
      if (c == '"') {
        return;
      }
      boolean isEscape = c == '\\' && next < line.length();
      if (isEscape && (line.charAt(next) == '"' || line.charAt(next) == '\\')) {
        c = line.charAt(next++);
      }
      text.append(c);
    }
    isOpen = true;
  }

  private void escaped(StringBuilder text) {
    if (next < line.length()) {
      text.append(line.charAt(next++));
    } else {
      isOpen = true;
    }
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }
}
