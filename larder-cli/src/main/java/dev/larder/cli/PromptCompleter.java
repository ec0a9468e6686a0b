package dev.larder.cli;

import dev.larder.Cursor;
import dev.larder.LarderException;
import dev.larder.Range;
import dev.larder.json.Json;
import dev.larder.json.JsonText;
import java.util.List;
import java.util.Map;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/// Completes commands, their options, the words that an option takes, and keys.
final class PromptCompleter implements Completer {
  private static final int KEYS_MAX = 100;

  private final Session session;
  private final RootCommand root;
  private final Map<String, CommandLine> commands;

  PromptCompleter(Session session, RootCommand root) {
    this.session = session;
    this.root = root;
    this.commands = CommandTable.whole(new RootCommand(session, root)).getSubcommands();
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    if (line.wordIndex() == 0) {
      commands.forEach((name, command) -> {
        String[] header = command.getCommandSpec().usageMessage().header();
        candidates.add(candidate(name, header.length == 0 ? null : header[0]));
      });
      candidates.add(candidate("exit", "Leave."));
      return;
    }
    String name = line.words().getFirst();
    CommandLine command = commands.get(name);
    if (command == null) {
      return;
    }
    OptionSpec before = command.getCommandSpec().optionsMap().get(previous(line));
    if (before != null && before.arity().max() > 0) {
      ofOption(before, line.word(), candidates);
    } else if (line.word().startsWith("-")) {
      for (OptionSpec option : command.getCommandSpec().options()) {
        candidates.add(candidate(option.longestName(), first(option.description())));
      }
    } else if (name.equals("help")) {
      commands.keySet().forEach(other -> candidates.add(candidate(other, null)));
    } else if (line.wordIndex() == 1 && takesKey(command)) {
      keys(line.word(), candidates);
    }
  }

  private void ofOption(OptionSpec option, String word, List<Candidate> candidates) {
    Iterable<String> words = option.completionCandidates();
    if (words != null) {
      words.forEach(one -> candidates.add(candidate(one, null)));
    }
    switch (option.longestName()) {
      case "--from", "--to", "--prefix" -> keys(word, candidates);
      default -> {
        // nothing is known of what it takes
      }
    }
  }

  private static String previous(ParsedLine line) {
    return line.words().get(line.wordIndex() - 1);
  }

  private static boolean takesKey(CommandLine command) {
    return command.getCommand() instanceof KeyCommands.OnKey;
  }

  /// Keys are looked for only in a store that is open or there: pressing Tab creates nothing, and a
  /// store that cannot be opened says so when a command needs it.
  private void keys(String prefix, List<Candidate> candidates) {
    try (Cursor<String, JsonText> cursor =
        Json.texts(root.storeOf(session)).cursor(Range.prefix(prefix).limit(KEYS_MAX))) {
      while (cursor.hasNext()) {
        candidates.add(candidate(cursor.nextKey(), null));
      }
    } catch (LarderException | CommandException _) {
      return; // no keys to offer
    }
  }

  private static @Nullable String first(String[] lines) {
    return lines.length == 0 ? null : lines[0];
  }

  private static Candidate candidate(String value, @Nullable String description) {
    return new Candidate(value, JsonStrings.line(value), null, description, null, null, true);
  }
}
