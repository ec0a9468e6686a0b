package dev.larder.cli;

import java.time.Duration;
import java.util.StringJoiner;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// How words of a command line become values. What makes no sense is a usage error with a reason.
final class Converters {
  /// Stands before a word such as `-5`, which would look like an option. No argument of a process
  /// can hold this character.
  private static final char MARK = '\0';

  private Converters() {}

  /// Marks words that are negative numbers or durations, up to a `--`: JSON has the former, the
  /// latter are to be told that they make no sense, and no option looks like either.
  static String[] markNumbers(String[] words) {
    String[] marked = words.clone();
    for (int i = 0; i < words.length && !words[i].equals("--"); i++) {
      if (isNegative(words[i])) {
        marked[i] = MARK + words[i];
      }
    }
    return marked;
  }

  /// {@return the text without the marks that [#markNumbers] made}
  static String unmark(String text) {
    return text.indexOf(MARK) < 0 ? text : text.replace(String.valueOf(MARK), "");
  }

  private static boolean isNegative(String word) {
    if (word.length() < 2 || word.charAt(0) != '-') {
      return false;
    }
    char second = word.charAt(1);
    return second == 'P' || (second >= '0' && second <= '9');
  }

  private static long number(String word, long min, String what) {
    String text = unmark(word);
    try {
      long number = Long.parseLong(text);
      if (number >= min) {
        return number;
      }
    } catch (NumberFormatException _) {
      // told below, together with what is out of range
    }
    throw new TypeConversionException(
        "%s is a whole number from %d, not %s".formatted(what, min, JsonStrings.quote(text)));
  }

  /// Text as it is.
  static final class Text implements ITypeConverter<String> {
    @Override
    public String convert(String word) {
      return unmark(word);
    }
  }

  /// A time to live.
  static final class Ttl implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String word) {
      try {
        return Durations.parse(unmark(word));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(Failures.message(e));
      }
    }
  }

  /// The version of an entry.
  static final class Version implements ITypeConverter<Long> {
    @Override
    public Long convert(String word) {
      return number(word, 1, "a version");
    }
  }

  /// How many lines to print.
  static final class Limit implements ITypeConverter<Long> {
    @Override
    public Long convert(String word) {
      return number(word, 0, "a limit");
    }
  }

  /// How many lines make a batch.
  static final class BatchSize implements ITypeConverter<Integer> {
    private static final long SIZE_MAX = 1_000_000;

    @Override
    public Integer convert(String word) {
      long size = number(word, 1, "a batch");
      if (size > SIZE_MAX) {
        throw new TypeConversionException(
            "a batch has at most %,d lines, not %,d".formatted(SIZE_MAX, size));
      }
      return (int) size;
    }
  }

  /// A whole number with bounds.
  ///
  /// @param what what messages call it, such as `a number of keys`
  record Between(String what, long min, long max) implements ITypeConverter<Long> {
    @Override
    public Long convert(String word) {
      long number = number(word, min, what);
      if (number > max) {
        throw new TypeConversionException(
            "%s is at most %,d, not %,d".formatted(what, max, number));
      }
      return number;
    }
  }

  /// What an import does where a key has an entry.
  static final class Conflict implements ITypeConverter<ImportCommand.OnConflict> {
    @Override
    public ImportCommand.OnConflict convert(String word) {
      return oneOf(ImportCommand.OnConflict.values(), word);
    }
  }

  /// How progress is shown.
  static final class Progress implements ITypeConverter<ProgressMode> {
    @Override
    public ProgressMode convert(String word) {
      return oneOf(ProgressMode.values(), word);
    }
  }

  private static <T> T oneOf(T[] choices, String word) {
    String text = unmark(word);
    var words = new StringJoiner(", ");
    for (T choice : choices) {
      if (choice.toString().equals(text)) {
        return choice;
      }
      words.add(choice.toString());
    }
    throw new TypeConversionException(
        "one of %s, not %s".formatted(words, JsonStrings.quote(text)));
  }
}
