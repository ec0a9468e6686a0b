package dev.larder.testkit;

import dev.larder.Expiry;
import dev.larder.Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// One step of a random history. It holds everything that was drawn for it, so that a history still
/// means the same when steps are left out of it.
///
/// @param verb what happens
/// @param bucket in which bucket
/// @param keys on which keys: the first for verbs of one key, bounds for ranges
/// @param value what is written
/// @param ttlMillis the time to live of what is written; 0 for none, -1 for an unchanged deadline
/// @param choice picks among what the verb can do
record HistoryStep(
    Verb verb, String bucket, List<String> keys, String value, long ttlMillis, int choice) {
  static final List<String> BUCKETS = List.of("one", "two");
  static final List<String> KEYS =
      List.of("a", "a\0", "aa", "ab", "b", "m", "\u00e9", "\uffff", "\ud800\udc00", "z");

  /// What can happen, and how often in proportion.
  enum Verb {
    CREATE(8),
    READ(6),
    UPDATE(6),
    DELETE(5),
    PUT(12),
    GET(4),
    REMOVE(4),
    COMPARE_AND_SET(6),
    COMPARE_AND_DELETE(3),
    EXPIRE(4),
    PERSIST(2),
    TIME_TO_LIVE(2),
    CREATE_ALL(4),
    PUT_ALL(4),
    DELETE_ALL(3),
    LIST(8),
    COUNT(3),
    NEIGHBOUR(6),
    OPEN_CURSOR(3),
    MOVE_CURSOR(6),
    CLOSE_CURSOR(2),
    ADVANCE(8),
    SET_BACK(1),
    PURGE(2),
    UPKEEP(2),
    RESTART(1),
    COMPARE(1);

    private final int weight;

    Verb(int weight) {
      this.weight = weight;
    }
  }

  /// {@return steps drawn from a seed}
  static List<HistoryStep> random(RandomGenerator random, int count) {
    var verbs = new ArrayList<Verb>();
    for (Verb verb : Verb.values()) {
      for (int i = 0; i < verb.weight; i++) {
        verbs.add(verb);
      }
    }
    var steps = new ArrayList<HistoryStep>(count);
    for (int i = 0; i < count; i++) {
      var keys = new ArrayList<String>();
      int keyCount = 2 + random.nextInt(3);
      for (int k = 0; k < keyCount; k++) {
        keys.add(pick(KEYS, random));
      }
      steps.add(
          new HistoryStep(
              pick(verbs, random),
              pick(BUCKETS, random),
              List.copyOf(keys),
              "v" + i + "x".repeat(random.nextInt(4) == 0 ? random.nextInt(12_000) : 0),
              pick(List.of(0L, 0L, -1L, 1L, 500L, 1000L, 3000L, 60_000L), random),
              random.nextInt(1 << 16)));
    }
    return steps;
  }

  private static <T> T pick(List<T> list, RandomGenerator random) {
    return list.get(random.nextInt(list.size()));
  }

  String key() {
    return keys.getFirst();
  }

  Expiry expiry() {
    if (ttlMillis == 0) {
      return Expiry.never();
    }
    return ttlMillis < 0 ? Expiry.unchanged() : Expiry.after(Duration.ofMillis(ttlMillis));
  }

  /// {@return a time to live in any case}
  Duration ttl() {
    return Duration.ofMillis(Math.max(1, ttlMillis));
  }

  /// {@return whether one of several equally likely ways is taken}
  boolean isChosen(int bit) {
    return (choice >> bit & 1) == 1;
  }

  /// {@return the range that is listed or walked over}
  Range<String> range() {
    Range<String> range = isChosen(0) ? Range.all() : Range.prefix(key().substring(0, 1));
    if (Character.isHighSurrogate(key().charAt(0))) {
      range = Range.all();
    }
    range = isChosen(1) ? range.from(key()) : range;
    range = isChosen(2) ? range.to(keys.getLast()) : range;
    range = isChosen(3) ? range.reversed() : range;
    return isChosen(4) ? range.limit(choice >> 5 & 7) : range;
  }

  /// {@return by how much the clock goes on, seldom far}
  Duration time() {
    return Duration.ofMillis(isChosen(0) || isChosen(1) ? choice % 1500 : choice * 2L);
  }

  /// {@return a value as messages and outcomes show it: whole if it is short}
  static String brief(String value) {
    return value.length() < 20
        ? value
        : "%s... (%d characters, hash %x)"
            .formatted(value.substring(0, 8), value.length(), value.hashCode());
  }

  @Override
  public String toString() {
    var escaped = new StringBuilder();
    String text =
        "%s %s %s %s ttl %d choice 0x%x"
            .formatted(verb, bucket, keys, brief(value), ttlMillis, choice);
    text.codePoints()
        .forEach(c ->
            escaped.append(c >= ' ' && c < 127 ? Character.toString(c) : "\\u{%x}".formatted(c)));
    return escaped.toString();
  }
}
