package dev.larder.cli;

import dev.larder.Bucket;
import dev.larder.json.JsonText;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Range;

/// What commands have in common: what they take, streams, the store, and an exit code.
///
/// Commands tell picocli in calls what they take. Annotations would say the same, but reading them
/// by reflection takes longer than everything else that a short command does.
///
/// **Threads.** For one thread at a time.
abstract class StoreCommand {
  private final RootCommand root;
  private final CommandSpec spec;
  private int positionalCount;

  /// Makes a command.
  ///
  /// @param root the options that every command takes
  /// @param text what help says of it
  StoreCommand(RootCommand root, CommandText text) {
    this.root = root;
    this.spec = text.applyTo(CommandSpec.wrapWithoutInspection(this));
    spec.usageMessage().parameterListHeading("%n");
  }

  /// Does it.
  ///
  /// @return the exit code
  abstract int run();

  /// {@return what picocli knows of the command}
  final CommandSpec spec() {
    return spec;
  }

  /// Takes a word at the next place.
  final Argument<String> positional(String label, String description) {
    return positional(label, String.class, new Converters.Text(), "1", description);
  }

  /// Takes a word at the next place, if it is there.
  final Argument<String> optional(String label, String description) {
    return positional(label, String.class, new Converters.Text(), "0..1", description);
  }

  /// Takes a word of a type at the next place.
  final <T> Argument<T> positional(
      String label, Class<T> type, ITypeConverter<T> converter, String arity, String description) {
    PositionalParamSpec positional =
        PositionalParamSpec.builder()
            .index(Integer.toString(positionalCount++))
            .arity(Range.valueOf(arity))
            .required(arity.equals("1"))
            .paramLabel(label)
            .type(type)
            .converters(converter)
            .description(description)
            .build();
    spec.addPositional(positional);
    return new Argument<>(positional);
  }

  /// Takes an option with a value.
  final <T> Argument<T> option(
      String name, String label, Class<T> type, ITypeConverter<T> converter, String description) {
    OptionSpec.Builder builder =
        OptionSpec.builder(name)
            .paramLabel(label)
            .type(type)
            .converters(converter)
            .description(description);
    return add(builder);
  }

  /// Takes an option with text.
  final Argument<String> option(String name, String label, String description) {
    return option(name, label, String.class, new Converters.Text(), description);
  }

  /// Takes an option without a value.
  final Argument<Boolean> flag(String name, String description) {
    return add(OptionSpec.builder(name).type(boolean.class).description(description));
  }

  private <T> Argument<T> add(OptionSpec.Builder builder) {
    OptionSpec option = builder.build();
    spec.addOption(option);
    return new Argument<>(option);
  }

  /// {@return the options that every command takes}
  final RootCommand root() {
    return root;
  }

  /// {@return what the command reads and writes}
  final Console console() {
    return root.console();
  }

  /// {@return the documents of the store}
  final Bucket<String, JsonText> documents() {
    return root.documents();
  }

  /// Prints a line of the result.
  final void print(String line) {
    console().out().line(line);
  }

  /// Ends a command that walks over much as soon as somebody wants it to end.
  static void requireGoingOn() {
    if (Thread.currentThread().isInterrupted()) {
      throw CommandException.interrupted("interrupted");
    }
  }
}
