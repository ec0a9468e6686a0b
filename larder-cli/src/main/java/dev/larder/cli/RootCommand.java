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
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The word `larder` itself, and the options that every command takes.
///
/// **Threads.** For one thread at a time.
@Command(
    name = "larder",
    header = "An embedded, durable, ordered key-value store with time to live.",
    customSynopsis = "larder [--store DIR] [--durability LEVEL] [--debug] COMMAND ...",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    sortOptions = false,
    footerHeading = "%nExit codes:%n",
    footer = {
      "  0  done",
      "  1  the answer is no: missing, expired, there already, conflict, or refused by a rule",
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
      "  larder help import"
    })
final class RootCommand {
  private final Session session;

  /// What holds unless this command line says otherwise: the options of the shell.
  private final @Nullable RootCommand outer;

  @Option(
      names = "--store",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description =
          "The store's directory. Unless given: the environment variable LARDER_STORE, else"
              + " 'larder' in the documents folder.")
  private @Nullable String store;

  @Option(
      names = "--durability",
      paramLabel = "LEVEL",
      scope = ScopeType.INHERIT,
      description = "What a write survives: sync (unless given), os, none or batched:N,T.")
  private @Nullable String durability;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show stack traces and what the store reports.")
  private boolean isDebugging;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  @SuppressWarnings("unused") // picocli acts on it
  private boolean wantsHelp;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  @SuppressWarnings("unused") // picocli acts on it
  private boolean wantsVersion;

  /// Makes the root of one command line.
  ///
  /// @param session what the command works on
  /// @param outer the options of the shell that the line was given to, or null
  RootCommand(Session session, @Nullable RootCommand outer) {
    this.session = session;
    this.outer = outer;
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
    return isDebugging || (outer != null && outer.isDebugging());
  }

  /// Checks the options before a command reads its input, so that a mistake in them comes first.
  void requireValidOptions() {
    if (outer != null && store != null) {
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
    return durability == null ? documents : documents.with(level());
  }

  /// {@return where the store is}
  Path location() {
    if (outer != null) {
      return outer.location();
    }
    String text = store == null ? console().environment("LARDER_STORE") : store;
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
    if (durability == null) {
      return outer == null ? Durability.SYNC : outer.level();
    }
    try {
      return DurabilityText.parse(durability);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(Failures.message(e));
    }
  }
}
