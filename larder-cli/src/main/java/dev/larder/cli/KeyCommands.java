package dev.larder.cli;

import dev.larder.Bucket;
import dev.larder.Entry;
import dev.larder.Expiry;
import dev.larder.json.JsonText;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The verbs on one key. The strict ones say on standard error why they refuse; the lenient ones
/// answer with the exit code alone. Writing prints nothing.
final class KeyCommands {
  private static final String TTL_HELP = "Time to live: " + Durations.FORMS + ".";
  private static final String VERSION_HELP =
      "Only if the entry still has this version; read --entry shows it.";

  private KeyCommands() {}

  /// A command whose first word is a key.
  abstract static class OnKey extends StoreCommand {
    @Parameters(index = "0", paramLabel = "KEY", description = "The key: 1 to 32 characters.")
    private String key = "";

    OnKey(RootCommand root) {
      super(root);
    }

    final String key() {
      return key;
    }
  }

  /// A command that stores a value.
  abstract static class Storing extends OnKey {
    @Parameters(index = "1", paramLabel = "JSON", description = JsonArgument.FORMS)
    private String json = "";

    @Option(
        names = "--ttl",
        paramLabel = "T",
        converter = Converters.Ttl.class,
        description = TTL_HELP)
    private @Nullable Duration ttl;

    Storing(RootCommand root) {
      super(root);
    }

    @Override
    final int run() {
      // The value is read first: a store is neither opened nor created for what is no JSON.
      JsonText value = JsonArgument.read(json, console());
      store(documents(), value, ttl == null ? null : Expiry.after(ttl));
      return Exit.DONE;
    }

    abstract void store(
        Bucket<String, JsonText> documents, JsonText value, @Nullable Expiry expiry);
  }

  /// A command that stores a value under a condition, if one is given.
  abstract static class StoringIf extends Storing {
    @Option(
        names = "--if-version",
        paramLabel = "V",
        converter = Converters.Version.class,
        description = VERSION_HELP)
    private @Nullable Long version;

    StoringIf(RootCommand root) {
      super(root);
    }

    final @Nullable Long version() {
      return version;
    }
  }

  /// A command that shows an entry.
  abstract static class Showing extends OnKey {
    @Option(
        names = "--entry",
        description = "Print {\"key\",\"value\",\"version\",\"expiresAt\"} instead of the value.")
    private boolean wantsEntry;

    Showing(RootCommand root) {
      super(root);
    }

    final void show(Entry<String, JsonText> entry) {
      print(wantsEntry ? DocumentText.full(entry) : entry.value().toString());
    }
  }

  @Command(
      name = "create",
      header = "Store a new entry; refuse a key that has one.",
      customSynopsis = "larder create KEY JSON [--ttl T]",
      footer = {
        "  larder create FR.75001 '{\"name\":\"Paris\"}'",
        "  larder create session:7 @session.json --ttl 30m",
        "  curl -s https://example.org/doc | larder create doc -"
      })
  static final class Create extends Storing {
    Create(RootCommand root) {
      super(root);
    }

    @Override
    void store(Bucket<String, JsonText> documents, JsonText value, @Nullable Expiry expiry) {
      documents.create(key(), value, expiry == null ? Expiry.never() : expiry);
    }
  }

  @Command(
      name = "update",
      header = "Replace the value of an entry; refuse a key that has none.",
      description = "The deadline stays unless --ttl is given.",
      customSynopsis = "larder update KEY JSON [--ttl T] [--if-version V]",
      footer = {
        "  larder update FR.75001 '{\"name\":\"Paris\",\"river\":\"Seine\"}'",
        "  larder update job:9 '{\"state\":\"done\"}' --if-version 12"
      })
  static final class Update extends StoringIf {
    Update(RootCommand root) {
      super(root);
    }

    @Override
    void store(Bucket<String, JsonText> documents, JsonText value, @Nullable Expiry expiry) {
      Expiry change = expiry == null ? Expiry.unchanged() : expiry;
      Long version = version();
      if (version == null) {
        documents.update(key(), value, change);
      } else {
        documents.compareAndSet(key(), version, value, change);
      }
    }
  }

  @Command(
      name = "put",
      header = "Store an entry, whether there is one or not.",
      description = "Without --ttl the entry has no deadline, whatever it had before.",
      customSynopsis = "larder put KEY JSON [--ttl T] [--if-version V]",
      footer = {
        "  larder put counter 42",
        "  larder put token:a '\"secret\"' --ttl 1h",
        "  larder put -- -odd-key- true"
      })
  static final class Put extends StoringIf {
    Put(RootCommand root) {
      super(root);
    }

    @Override
    void store(Bucket<String, JsonText> documents, JsonText value, @Nullable Expiry expiry) {
      Expiry change = expiry == null ? Expiry.never() : expiry;
      Long version = version();
      if (version == null) {
        documents.put(key(), value, change);
      } else {
        documents.compareAndSet(key(), version, value, change);
      }
    }
  }

  @Command(
      name = "read",
      header = "Print the value of an entry; say why where there is none.",
      customSynopsis = "larder read KEY [--entry]",
      footer = {"  larder read FR.75001", "  larder read FR.75001 --entry"})
  static final class Read extends Showing {
    Read(RootCommand root) {
      super(root);
    }

    @Override
    int run() {
      show(documents().readEntry(key()));
      return Exit.DONE;
    }
  }

  @Command(
      name = "get",
      header = "Print the value of an entry; print nothing where there is none.",
      description = "A key without an entry is exit code 1, without a message.",
      customSynopsis = "larder get KEY [--entry]",
      footer = {"  larder get FR.75001", "  larder get lock || larder create lock true --ttl 10s"})
  static final class Get extends Showing {
    Get(RootCommand root) {
      super(root);
    }

    @Override
    int run() {
      Optional<Entry<String, JsonText>> entry = documents().getEntry(key());
      if (entry.isEmpty()) {
        return Exit.NO;
      }
      show(entry.get());
      return Exit.DONE;
    }
  }

  @Command(
      name = "delete",
      header = "Remove an entry; refuse a key that has none.",
      customSynopsis = "larder delete KEY [--if-version V]",
      footer = {"  larder delete FR.75001", "  larder delete job:9 --if-version 12"})
  static final class Delete extends OnKey {
    @Option(
        names = "--if-version",
        paramLabel = "V",
        converter = Converters.Version.class,
        description = VERSION_HELP)
    private @Nullable Long version;

    Delete(RootCommand root) {
      super(root);
    }

    @Override
    int run() {
      if (version == null) {
        documents().delete(key());
      } else {
        documents().compareAndDelete(key(), version);
      }
      return Exit.DONE;
    }
  }

  @Command(
      name = "remove",
      header = "Remove an entry if there is one.",
      description = "A key without an entry is exit code 1, without a message.",
      customSynopsis = "larder remove KEY",
      footer = "  larder remove FR.75001")
  static final class Remove extends OnKey {
    Remove(RootCommand root) {
      super(root);
    }

    @Override
    int run() {
      return documents().remove(key()) ? Exit.DONE : Exit.NO;
    }
  }
}
