package dev.larder.cli;

import dev.larder.Bucket;
import dev.larder.Durability;
import dev.larder.Larder;
import dev.larder.Store;
import dev.larder.json.Json;
import dev.larder.json.JsonText;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ScopeType;

/// The word `larder` itself, and the options that every command takes, before it or after it.
///
/// **Threads.** For one thread at a time.
final class RootCommand {
  private final Session session;

  /// What holds unless this command line says otherwise: the options of the shell.
  private final @Nullable RootCommand outer;

  private final CommandSpec spec;
  private final Argument<String> store;
  private final Argument<String> durability;
  private final Argument<Boolean> isDebugging;

  /// Makes the root of one command line.
  ///
  /// @param session what the command works on
  /// @param outer the options of the shell that the line was given to, or null
  RootCommand(Session session, @Nullable RootCommand outer) {
    this.session = session;
    this.outer = outer;
    this.spec =
        CommandText.of(
                "larder",
                "An embedded, durable, ordered key-value store with time to live.",
                "larder [--store DIR] [--durability LEVEL] [--debug] COMMAND ...")
            .applyTo(CommandSpec.wrapWithoutInspection(this));
    store =
        add(
            OptionSpec.builder("--store")
                .paramLabel("DIR")
                .type(String.class)
                .converters(new Converters.Text())
                .description(
                    "The store's directory. Unless given: the environment variable LARDER_STORE,"
                        + " else 'larder' in the documents folder."));
    durability =
        add(
            OptionSpec.builder("--durability")
                .paramLabel("LEVEL")
                .type(String.class)
                .converters(new Converters.Text())
                .description(
                    "What a write survives: sync (unless given), os, none or batched:N,T."));
    isDebugging =
        add(
            OptionSpec.builder("--debug")
                .type(boolean.class)
                .description("Show stack traces and what the store reports."));
    add(
        OptionSpec.builder("-h", "--help")
            .type(boolean.class)
            .usageHelp(true)
            .description("Show this help."));
    spec.addOption(
        OptionSpec.builder("-V", "--version")
            .type(boolean.class)
            .versionHelp(true)
            .description("Show the version.")
            .build());
    spec.usageMessage()
        .commandListHeading("%nCommands:%n")
        .footerHeading("%nExit codes:%n")
        .footer(
            "  0  done",
            "  1  the answer is no: missing, expired, there already, conflict, refused by a rule",
            "  2  the command was not understood",
            "  3  the store or a file cannot do it: no store there, damaged, full, locked, I/O",
            "  130  interrupted",
            "",
            "Examples:",
            "  larder create FR.75001 '{\"name\":\"Paris\"}'",
            "  larder read FR.75001",
            "  larder --store ./pantry list --prefix FR. --values",
            "  larder put session:7 @session.json --ttl 30m",
            "  larder import cities.jsonl.gz",
            "  larder help import");
  }

  private <T> Argument<T> add(OptionSpec.Builder builder) {
    OptionSpec option = builder.scopeType(ScopeType.INHERIT).build();
    spec.addOption(option);
    return new Argument<>(option);
  }

  /// {@return what picocli knows of the root}
  CommandSpec spec() {
    return spec;
  }

  /// {@return what the command reads and writes}
  Console console() {
    return session.console();
  }

  /// {@return the session}
  Session session() {
    return session;
  }

  /// {@return whether stack traces are wanted}
  boolean isDebugging() {
    return isDebugging.orElse(false) || (outer != null && outer.isDebugging());
  }

  /// Checks the options before a command reads its input, so that a mistake in them comes first.
  void requireValidOptions() {
    if (outer != null && store.orNull() != null) {
      throw CommandException.usage("the shell has its store open; --store goes before 'shell'");
    }
    location();
    level();
    if (isDebugging()) {
      Loggers.debug();
    }
  }

  /// {@return the open store}
  Store store() {
    return storeOf(session);
  }

  /// {@return the store that these options name, opened in another session: the shell's}
  Store storeOf(Session other) {
    return other.store(location(), level());
  }

  /// {@return the documents of the store}
  Bucket<String, JsonText> documents() {
    Bucket<String, JsonText> documents = Json.texts(store());
    // In the shell the store may be open at another level than this line asks for.
    return durability.orNull() == null ? documents : documents.with(level());
  }

  /// {@return where the store is}
  Path location() {
    if (outer != null) {
      return outer.location();
    }
    String text = store.orNull();
    if (text == null) {
      text = console().environment("LARDER_STORE");
    }
    if (text == null) {
      return Larder.defaultLocation();
    }
    if (text.isEmpty()) {
      throw CommandException.usage("--store needs a directory");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw CommandException.usage(
          "the store's directory %s cannot be a path: %s"
              .formatted(JsonStrings.quote(text), e.getReason()));
    }
  }

  private Durability level() {
    String text = durability.orNull();
    if (text == null) {
      return outer == null ? Durability.SYNC : outer.level();
    }
    try {
      return DurabilityText.parse(text);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(Failures.message(e));
    }
  }
}
