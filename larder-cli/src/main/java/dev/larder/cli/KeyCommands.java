package dev.larder.cli;

import dev.larder.Bucket;
import dev.larder.Entry;
import dev.larder.Expiry;
import dev.larder.json.JsonText;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The verbs on one key. The strict ones say on standard error why they refuse; the lenient ones
/// answer with the exit code alone. Writing prints nothing.
final class KeyCommands {
  private KeyCommands() {}

  /// A command whose first word is a key.
  abstract static class OnKey extends StoreCommand {
    private final Argument<String> key = positional("KEY", "The key: 1 to 32 characters.");

    OnKey(RootCommand root, CommandText text) {
      super(root, text);
    }

    final String key() {
      return key.required();
    }

    final Argument<Long> ifVersion() {
      return option(
          "--if-version",
          "V",
          Long.class,
          new Converters.Version(),
          "Only if the entry still has this version; read --entry shows it.");
    }
  }

  /// A command that stores a value.
  abstract static class Storing extends OnKey {
    private final Argument<String> json = positional("JSON", JsonArgument.FORMS);
    private final Argument<Duration> ttl =
        option(
            "--ttl",
            "T",
            Duration.class,
            new Converters.Ttl(),
            "Time to live: " + Durations.FORMS + ".");

    Storing(RootCommand root, CommandText text) {
      super(root, text);
    }

    @Override
    final int run() {
      // The value is read first: a store is neither opened nor created for what is no JSON.
      JsonText value = JsonArgument.read(json.required(), console());
      Duration given = ttl.orNull();
      store(documents(), value, given == null ? null : Expiry.after(given));
      return Exit.DONE;
    }

    abstract void store(
        Bucket<String, JsonText> documents, JsonText value, @Nullable Expiry expiry);
  }

  /// A command that shows an entry.
  abstract static class Showing extends OnKey {
    private final Argument<Boolean> wantsEntry =
        flag(
            "--entry", "Print {\"key\",\"value\",\"version\",\"expiresAt\"} instead of the value.");

    Showing(RootCommand root, CommandText text) {
      super(root, text);
    }

    final void show(Entry<String, JsonText> entry) {
      print(wantsEntry.orElse(false) ? DocumentText.full(entry) : entry.value().toString());
    }
  }

  /// `create`
  static final class Create extends Storing {
    Create(RootCommand root) {
      super(
          root,
          CommandText.of(
                  "create",
                  "Store a new entry; refuse a key that has one.",
                  "larder create KEY JSON [--ttl T]")
              .withExamples(
                  "  larder create FR.75001 '{\"name\":\"Paris\"}'",
                  "  larder create session:7 @session.json --ttl 30m",
                  "  curl -s https://example.org/doc | larder create doc -"));
    }

    @Override
    void store(Bucket<String, JsonText> documents, JsonText value, @Nullable Expiry expiry) {
      documents.create(key(), value, expiry == null ? Expiry.never() : expiry);
    }
  }

  /// `update`
  static final class Update extends Storing {
    private final Argument<Long> ifVersion = ifVersion();

    Update(RootCommand root) {
      super(
          root,
          CommandText.of(
                  "update",
                  "Replace the value of an entry; refuse a key that has none.",
                  "larder update KEY JSON [--ttl T] [--if-version V]")
              .describedAs("The deadline stays unless --ttl is given.")
              .withExamples(
                  "  larder update FR.75001 '{\"name\":\"Paris\",\"river\":\"Seine\"}'",
                  "  larder update job:9 '{\"state\":\"done\"}' --if-version 12"));
    }

    @Override
    void store(Bucket<String, JsonText> documents, JsonText value, @Nullable Expiry expiry) {
      Expiry change = expiry == null ? Expiry.unchanged() : expiry;
      Long version = ifVersion.orNull();
      if (version == null) {
        documents.update(key(), value, change);
      } else {
        documents.compareAndSet(key(), version, value, change);
      }
    }
  }

  /// `put`
  static final class Put extends Storing {
    private final Argument<Long> ifVersion = ifVersion();

    Put(RootCommand root) {
      super(
          root,
          CommandText.of(
                  "put",
                  "Store an entry, whether there is one or not.",
                  "larder put KEY JSON [--ttl T] [--if-version V]")
              .describedAs("Without --ttl the entry has no deadline, whatever it had before.")
              .withExamples(
                  "  larder put counter 42",
                  "  larder put token:a '\"secret\"' --ttl 1h",
                  "  larder put -- -odd-key- true"));
    }

    @Override
    void store(Bucket<String, JsonText> documents, JsonText value, @Nullable Expiry expiry) {
      Expiry change = expiry == null ? Expiry.never() : expiry;
      Long version = ifVersion.orNull();
      if (version == null) {
        documents.put(key(), value, change);
      } else {
        documents.compareAndSet(key(), version, value, change);
      }
    }
  }

  /// `read`
  static final class Read extends Showing {
    Read(RootCommand root) {
      super(
          root,
          CommandText.of(
                  "read",
                  "Print the value of an entry; say why where there is none.",
                  "larder read KEY [--entry]")
              .withExamples("  larder read FR.75001", "  larder read FR.75001 --entry"));
    }

    @Override
    int run() {
      show(documents().readEntry(key()));
      return Exit.DONE;
    }
  }

  /// `get`
  static final class Get extends Showing {
    Get(RootCommand root) {
      super(
          root,
          CommandText.of(
                  "get",
                  "Print the value of an entry; print nothing where there is none.",
                  "larder get KEY [--entry]")
              .describedAs("A key without an entry is exit code 1, without a message.")
              .withExamples(
                  "  larder get FR.75001",
                  "  larder get lock || larder create lock true --ttl 10s"));
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

  /// `delete`
  static final class Delete extends OnKey {
    private final Argument<Long> ifVersion = ifVersion();

    Delete(RootCommand root) {
      super(
          root,
          CommandText.of(
                  "delete",
                  "Remove an entry; refuse a key that has none.",
                  "larder delete KEY [--if-version V]")
              .withExamples("  larder delete FR.75001", "  larder delete job:9 --if-version 12"));
    }

    @Override
    int run() {
      Long version = ifVersion.orNull();
      if (version == null) {
        documents().delete(key());
      } else {
        documents().compareAndDelete(key(), version);
      }
      return Exit.DONE;
    }
  }

  /// `remove`
  static final class Remove extends OnKey {
    Remove(RootCommand root) {
      super(
          root,
          CommandText.of("remove", "Remove an entry if there is one.", "larder remove KEY")
              .describedAs("A key without an entry is exit code 1, without a message.")
              .withExamples("  larder remove FR.75001"));
    }

    @Override
    int run() {
      return documents().remove(key()) ? Exit.DONE : Exit.NO;
    }
  }
}
