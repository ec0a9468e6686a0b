package dev.larder.testkit;

import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.Cursor;
import dev.larder.Entry;
import dev.larder.Expiry;
import dev.larder.Item;
import dev.larder.KeyExistsException;
import dev.larder.KeyExpiredException;
import dev.larder.KeyNotFoundException;
import dev.larder.Range;
import dev.larder.Store;
import dev.larder.VersionConflictException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Performs the steps of a history on a real store and holds each outcome against the model.
///
/// **Threads.** For one thread.
final class History implements AutoCloseable {
  private static final long LAG_MILLIS_MAX = Duration.ofMinutes(4).toMillis();

  private final ManualClock clock;
  private final Supplier<Store> opener;
  private final boolean isPersistent;
  private final HistoryModel model;
  private final List<Cursor<String, String>> cursors = new ArrayList<>();
  private Store store;
  private long version;
  private @Nullable Throwable surprise;

  /// Opens the store.
  ///
  /// @param clock what the store takes for the time
  /// @param opener opens the store, the first time and after each restart
  /// @param isPersistent whether it can be restarted
  History(ManualClock clock, Supplier<Store> opener, boolean isPersistent) {
    this.clock = clock;
    this.opener = opener;
    this.isPersistent = isPersistent;
    this.model = new HistoryModel(clock);
    this.store = opener.get();
  }

  /// The first step whose outcome is wrong.
  record Failure(int index, HistoryStep step, String message, @Nullable Throwable cause) {}

  /// {@return the first failure, or null if every outcome is right}
  @Nullable Failure run(List<HistoryStep> steps) {
    // The first write makes the store; reads before it are not what this is about.
    var first = new HistoryStep(HistoryStep.Verb.SET_BACK, "", List.of(""), "", 0, 0);
    Failure failure = check(-1, first);
    for (int i = 0; i < steps.size() && failure == null; i++) {
      failure = check(i, steps.get(i));
    }
    var last = new HistoryStep(HistoryStep.Verb.COMPARE, "", List.of(""), "", 0, 0);
    return failure == null ? check(steps.size(), last) : failure;
  }

  private @Nullable Failure check(int index, HistoryStep step) {
    long before = version;
    String outcome = perform(step);
    Set<String> right = model.judge(step, version);
    if (!right.contains(outcome)) {
      return new Failure(
          index, step, "expected: %s%nbut was:  %s".formatted(right, outcome), surprise);
    }
    if (version < before) {
      return new Failure(
          index, step, "version %d after version %d".formatted(version, before), null);
    }
    return null;
  }

  @Override
  public void close() {
    cursors.forEach(Cursor::close);
    cursors.clear();
    store.close();
  }

  private String perform(HistoryStep step) {
    try {
      return switch (step.verb()) {
        case OPEN_CURSOR, MOVE_CURSOR, CLOSE_CURSOR -> moveCursor(step);
        case LIST, COUNT, NEIGHBOUR, READ, GET, TIME_TO_LIVE, COMPARE -> read(step);
        case ADVANCE, SET_BACK, PURGE, UPKEEP, RESTART -> turn(step);
        default -> write(step);
      };
    } catch (KeyExistsException e) {
      return "exists " + e.existing() + " repeated " + e.repeated().stream().sorted().toList();
    } catch (KeyExpiredException e) {
      return "expired " + e.keys() + " at " + e.deadline().toEpochMilli();
    } catch (KeyNotFoundException e) {
      return "absent " + e.keys();
    } catch (VersionConflictException e) {
      return "conflict " + e.present();
    } catch (IllegalArgumentException _) {
      return "illegal";
    } catch (RuntimeException | AssertionError e) {
      surprise = e;
      return "threw " + e;
    }
  }

  private Bucket<String, String> bucket(String name) {
    return store.bucket(name, Codec.text(), Codec.text());
  }

  private String write(HistoryStep step) {
    Bucket<String, String> bucket = bucket(step.bucket());
    String key = step.key();
    String value = step.value();
    Expiry expiry = step.expiry();
    // Half of the conditional writes ask for the right version, the others for one nearby.
    long expected = Math.max(1, model.versionOf(step.bucket(), key) + (step.isChosen(0) ? 0 : 1));
    List<Item<String, String>> items =
        step.keys().stream().map(k -> new Item<>(k, value, expiry)).toList();
    version =
        switch (step.verb()) {
          case CREATE -> bucket.create(key, value, expiry);
          case UPDATE -> bucket.update(key, value, expiry);
          case DELETE -> bucket.delete(key);
          case PUT -> bucket.put(key, value, expiry);
          case COMPARE_AND_SET -> bucket.compareAndSet(key, expected, value, expiry);
          case COMPARE_AND_DELETE -> bucket.compareAndDelete(key, expected);
          case EXPIRE -> bucket.expire(key, step.ttl());
          case PERSIST -> bucket.persist(key);
          case CREATE_ALL -> bucket.createAll(items);
          case PUT_ALL -> bucket.putAll(items);
          case DELETE_ALL -> bucket.deleteAll(step.keys());
          default -> version;
        };
    return step.verb() == HistoryStep.Verb.REMOVE ? "removed " + bucket.remove(key) : "ok";
  }

  private String read(HistoryStep step) {
    Bucket<String, String> bucket = bucket(step.bucket().isEmpty() ? "any" : step.bucket());
    String key = step.key();
    return switch (step.verb()) {
      case READ -> show(bucket.readEntry(key));
      case GET -> bucket.getEntry(key).map(History::show).orElse("nothing");
      case TIME_TO_LIVE ->
          bucket.timeToLive(key).map(ttl -> "left " + ttl.toMillis()).orElse("ever");
      case LIST -> show(bucket.entries(step.range()));
      case COUNT -> "count " + bucket.count(step.range());
      case NEIGHBOUR -> {
        Optional<Entry<String, String>> found =
            switch (step.choice() % 6) {
              case 0 -> bucket.first();
              case 1 -> bucket.last();
              case 2 -> bucket.floor(key);
              case 3 -> bucket.ceiling(key);
              case 4 -> bucket.lower(key);
              default -> bucket.higher(key);
            };
        yield show(found.stream().toList());
      }
      default -> whole();
    };
  }

  /// Everything as one text, the second time in reverse; both must agree.
  private String whole() {
    var text = new StringBuilder("buckets " + store.bucketNames());
    for (String name : HistoryStep.BUCKETS) {
      List<Entry<String, String>> entries = bucket(name).entries();
      text.append('\n').append(name).append(' ').append(show(entries));
      if (!bucket(name).entries(Range.<String>all().reversed()).equals(entries.reversed())
          || bucket(name).count() != entries.size()) {
        text.append(" and something else in reverse");
      }
    }
    return text.toString();
  }

  private String turn(HistoryStep step) {
    switch (step.verb()) {
      case ADVANCE -> clock.advance(step.time());
      case SET_BACK -> {
        version = bucket("clock").put("tick", "tock");
        long lagMillis = model.presentMillis() - clock.wallMillis();
        long backMillis = step.choice() % 60_000;
        if (lagMillis + backMillis < LAG_MILLIS_MAX) {
          // The model takes note of the commit at the time that it had.
          model.judge(step, version);
          clock.jumpWall(Duration.ofMillis(-backMillis));
        }
      }
      case PURGE -> {
        return "purged " + store.purgeExpired();
      }
      case UPKEEP -> {
        switch (step.choice() % 3) {
          case 0 -> store.compact();
          case 1 -> store.checkpoint();
          default -> store.force();
        }
      }
      default -> {
        if (isPersistent) {
          close();
          store = opener.get();
        } else {
          cursors.forEach(Cursor::close);
          cursors.clear();
        }
      }
    }
    return "ok";
  }

  private String moveCursor(HistoryStep step) {
    if (step.verb() == HistoryStep.Verb.OPEN_CURSOR) {
      cursors.add(bucket(step.bucket()).cursor(step.range()));
      return "ok";
    }
    if (cursors.isEmpty()) {
      return "ok";
    }
    int index = step.choice() % cursors.size();
    if (step.verb() == HistoryStep.Verb.CLOSE_CURSOR) {
      cursors.remove(index).close();
      return "ok";
    }
    var shown = new ArrayList<String>();
    while (shown.size() < 3 && cursors.get(index).hasNext()) {
      shown.add(show(cursors.get(index).next()));
    }
    return shown.toString();
  }

  private static String show(List<Entry<String, String>> entries) {
    return entries.stream().map(History::show).toList().toString();
  }

  private static String show(Entry<String, String> entry) {
    return "%s=%s@%d until %s"
        .formatted(
            entry.key(),
            HistoryStep.brief(entry.value()),
            entry.version(),
            entry.deadline().map(d -> Long.toString(d.toEpochMilli())).orElse("ever"));
  }
}
