package dev.larder.testkit;

import dev.larder.Range;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// A store as simple as it can be: what [HistoryContract] holds a real one against.
///
/// Outcomes are texts. Where the contract leaves a store the choice, several are right.
final class HistoryModel {
  private static final Comparator<String> BY_CODE_POINT =
      Comparator.comparing(text -> text.codePoints().toArray(), Arrays::compare);
  private static final long REMEMBERED_MILLIS = 60_000;
  private static final long FOREVER = Long.MAX_VALUE;

  private final TreeMap<String, TreeMap<String, Slot>> buckets = new TreeMap<>(BY_CODE_POINT);
  private final List<Walk> walks = new ArrayList<>();
  private final ManualClock clock;
  private long committedMillis;

  HistoryModel(ManualClock clock) {
    this.clock = clock;
  }

  /// An entry, or what is left of one.
  record Slot(String value, long version, long deadlineMillis) {
    boolean isLive(long presentMillis) {
      return presentMillis < deadlineMillis;
    }

    String show(String key) {
      return "%s=%s@%d until %s"
          .formatted(
              key,
              HistoryStep.brief(value),
              version,
              deadlineMillis == FOREVER ? "ever" : deadlineMillis);
    }
  }

  /// A cursor: what is left of its snapshot.
  private static final class Walk {
    final List<Map.Entry<String, Slot>> rest;
    long remaining;

    Walk(List<Map.Entry<String, Slot>> rest, long remaining) {
      this.rest = rest;
      this.remaining = remaining;
    }
  }

  /// {@return the outcomes that are right for a step; takes it over if it is a write that succeeds}
  ///
  /// @param step what was done
  /// @param version the version that the real store gave, if it wrote
  Set<String> judge(HistoryStep step, long version) {
    return switch (step.verb()) {
      case CREATE, CREATE_ALL -> create(step, version);
      case PUT, PUT_ALL -> put(step, version);
      case READ, UPDATE, DELETE, EXPIRE, PERSIST, TIME_TO_LIVE -> strict(step, version);
      case DELETE_ALL -> deleteAll(step);
      case GET -> {
        Slot slot = live(step.bucket(), step.key());
        yield Set.of(slot == null ? "nothing" : slot.show(step.key()));
      }
      case REMOVE -> {
        boolean isLive = live(step.bucket(), step.key()) != null;
        if (isLive) {
          write(step.bucket(), step.key(), null);
        }
        yield Set.of("removed " + isLive);
      }
      case COMPARE_AND_SET, COMPARE_AND_DELETE -> compareAnd(step, version);
      case LIST -> Set.of(show(select(step.bucket(), step.range())));
      case COUNT -> Set.of("count " + select(step.bucket(), step.range()).size());
      case NEIGHBOUR -> Set.of(neighbour(step));
      case OPEN_CURSOR, MOVE_CURSOR, CLOSE_CURSOR -> Set.of(walk(step));
      case PURGE -> purge();
      case SET_BACK -> {
        committedMillis = presentMillis();
        slots("clock").put("tick", new Slot("tock", version, FOREVER));
        yield Set.of("ok");
      }
      case RESTART -> {
        walks.clear();
        yield Set.of("ok");
      }
      case ADVANCE, UPKEEP -> Set.of("ok");
      case COMPARE -> Set.of(whole());
    };
  }

  long presentMillis() {
    return Math.max(clock.wallMillis(), committedMillis);
  }

  /// {@return the version of a live entry, 0 if there is none}
  long versionOf(String bucket, String key) {
    Slot slot = live(bucket, key);
    return slot == null ? 0 : slot.version();
  }

  /// {@return everything as one text}
  String whole() {
    var text = new StringBuilder("buckets " + buckets.keySet());
    for (String bucket : HistoryStep.BUCKETS) {
      text.append('\n').append(bucket).append(' ').append(show(select(bucket, Range.all())));
    }
    return text.toString();
  }

  private Map<String, Slot> slots(String bucket) {
    return buckets.computeIfAbsent(bucket, _ -> new TreeMap<>(BY_CODE_POINT));
  }

  private @Nullable Slot slot(String bucket, String key) {
    TreeMap<String, Slot> slots = buckets.get(bucket);
    return slots == null ? null : slots.get(key);
  }

  private @Nullable Slot live(String bucket, String key) {
    Slot slot = slot(bucket, key);
    return slot != null && slot.isLive(presentMillis()) ? slot : null;
  }

  private void write(String bucket, String key, @Nullable Slot slot) {
    committedMillis = presentMillis();
    if (slot == null) {
      slots(bucket).remove(key);
    } else {
      slots(bucket).put(key, slot);
    }
  }

  private void write(HistoryStep step, String key, String value, long version) {
    Slot live = live(step.bucket(), key);
    long deadlineMillis =
        switch (Long.signum(step.ttlMillis())) {
          case 0 -> FOREVER;
          case 1 -> presentMillis() + step.ttlMillis();
          default -> live == null ? FOREVER : live.deadlineMillis();
        };
    write(step.bucket(), key, new Slot(value, version, deadlineMillis));
  }

  private static List<String> keysOf(HistoryStep step) {
    return switch (step.verb()) {
      case CREATE_ALL, PUT_ALL, DELETE_ALL -> step.keys();
      default -> List.of(step.key());
    };
  }

  private static List<String> repeated(List<String> keys) {
    return keys.stream()
        .filter(key -> keys.indexOf(key) != keys.lastIndexOf(key))
        .distinct()
        .sorted()
        .toList();
  }

  private Set<String> create(HistoryStep step, long version) {
    List<String> keys = keysOf(step);
    List<String> existing =
        keys.stream().distinct().filter(key -> live(step.bucket(), key) != null).toList();
    List<String> repeated = repeated(keys);
    if (!existing.isEmpty() || !repeated.isEmpty()) {
      return Set.of("exists " + existing + " repeated " + repeated);
    }
    keys.forEach(key -> write(step, key, step.value(), version));
    return Set.of("ok");
  }

  private Set<String> put(HistoryStep step, long version) {
    List<String> keys = keysOf(step);
    if (!repeated(keys).isEmpty()) {
      return Set.of("illegal");
    }
    keys.forEach(key -> write(step, key, step.value(), version));
    return Set.of("ok");
  }

  private Set<String> strict(HistoryStep step, long version) {
    String bucket = step.bucket();
    String key = step.key();
    Slot slot = live(bucket, key);
    if (slot == null) {
      return absent(bucket, List.of(key));
    }
    return switch (step.verb()) {
      case READ -> Set.of(slot.show(key));
      case TIME_TO_LIVE ->
          Set.of(
              slot.deadlineMillis() == FOREVER
                  ? "ever"
                  : "left " + Math.max(1, slot.deadlineMillis() - clock.wallMillis()));
      case UPDATE -> {
        write(step, key, step.value(), version);
        yield Set.of("ok");
      }
      case EXPIRE -> {
        long deadlineMillis = presentMillis() + step.ttl().toMillis();
        write(bucket, key, new Slot(slot.value(), version, deadlineMillis));
        yield Set.of("ok");
      }
      case PERSIST -> {
        write(bucket, key, new Slot(slot.value(), version, FOREVER));
        yield Set.of("ok");
      }
      default -> {
        write(bucket, key, null);
        yield Set.of("ok");
      }
    };
  }

  private Set<String> deleteAll(HistoryStep step) {
    List<String> keys = step.keys().stream().distinct().toList();
    List<String> missing = keys.stream().filter(key -> live(step.bucket(), key) == null).toList();
    if (!missing.isEmpty()) {
      return absent(step.bucket(), missing);
    }
    keys.forEach(key -> write(step.bucket(), key, null));
    return Set.of("ok");
  }

  /// A key that expired is told from one that is absent for a minute, and may be after that.
  private Set<String> absent(String bucket, List<String> keys) {
    Slot slot = keys.size() == 1 ? slot(bucket, keys.getFirst()) : null;
    if (slot == null) {
      return Set.of("absent " + keys);
    }
    String expired = "expired " + keys + " at " + slot.deadlineMillis();
    return presentMillis() < slot.deadlineMillis() + REMEMBERED_MILLIS
        ? Set.of(expired)
        : Set.of(expired, "absent " + keys);
  }

  private Set<String> compareAnd(HistoryStep step, long version) {
    long present = versionOf(step.bucket(), step.key());
    if (!step.isChosen(0) || present == 0) {
      return Set.of("conflict " + present);
    }
    if (step.verb() == HistoryStep.Verb.COMPARE_AND_SET) {
      write(step, step.key(), step.value(), version);
    } else {
      write(step.bucket(), step.key(), null);
    }
    return Set.of("ok");
  }

  private Set<String> purge() {
    long present = presentMillis();
    int sure = 0;
    int possible = 0;
    for (TreeMap<String, Slot> slots : buckets.values()) {
      for (Slot slot : slots.values()) {
        possible += slot.isLive(present) ? 0 : 1;
        sure += slot.isLive(present - REMEMBERED_MILLIS) ? 0 : 1;
      }
      slots.values().removeIf(slot -> !slot.isLive(present));
    }
    var outcomes = new LinkedHashSet<String>();
    LongStream.rangeClosed(possible - sure, possible).forEach(n -> outcomes.add("purged " + n));
    return outcomes;
  }

  /// What a range holds, without its limit, which counts what a reader gets.
  private List<Map.Entry<String, Slot>> held(String bucket, Range<String> range) {
    String prefix = range.prefix();
    String from = range.from();
    String to = range.to();
    var held = new ArrayList<Map.Entry<String, Slot>>();
    buckets
        .getOrDefault(bucket, new TreeMap<>(BY_CODE_POINT))
        .forEach((key, slot) -> {
          if ((prefix == null || key.startsWith(prefix))
              && (from == null || BY_CODE_POINT.compare(key, from) >= 0)
              && (to == null || BY_CODE_POINT.compare(key, to) < 0)) {
            held.add(Map.entry(key, slot));
          }
        });
    return range.isReversed() ? new ArrayList<>(held.reversed()) : held;
  }

  private List<Map.Entry<String, Slot>> select(String bucket, Range<String> range) {
    return held(bucket, range).stream()
        .filter(entry -> entry.getValue().isLive(presentMillis()))
        .limit(range.limit())
        .toList();
  }

  private static String show(List<Map.Entry<String, Slot>> entries) {
    return entries.stream().map(entry -> entry.getValue().show(entry.getKey())).toList().toString();
  }

  private String neighbour(HistoryStep step) {
    String key = step.key();
    String above = key + "\0";
    Range<String> all = Range.all();
    Range<String> range =
        switch (step.choice() % 6) {
          case 0 -> all;
          case 1 -> all.reversed();
          case 2 -> all.to(above).reversed();
          case 3 -> all.from(key);
          case 4 -> all.to(key).reversed();
          default -> all.from(above);
        };
    return show(select(step.bucket(), range.limit(1)));
  }

  private String walk(HistoryStep step) {
    if (step.verb() == HistoryStep.Verb.OPEN_CURSOR) {
      walks.add(new Walk(held(step.bucket(), step.range()), step.range().limit()));
      return "ok";
    }
    if (walks.isEmpty()) {
      return "ok";
    }
    int index = step.choice() % walks.size();
    if (step.verb() == HistoryStep.Verb.CLOSE_CURSOR) {
      walks.remove(index);
      return "ok";
    }
    Walk walk = walks.get(index);
    var shown = new ArrayList<String>();
    while (!walk.rest.isEmpty() && walk.remaining > 0 && shown.size() < 3) {
      Map.Entry<String, Slot> next = walk.rest.removeFirst();
      if (next.getValue().isLive(presentMillis())) {
        shown.add(next.getValue().show(next.getKey()));
        walk.remaining--;
      }
    }
    return shown.toString();
  }
}
