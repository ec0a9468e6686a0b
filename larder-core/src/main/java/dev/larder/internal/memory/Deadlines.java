package dev.larder.internal.memory;

import dev.larder.Bytes;
import dev.larder.Expiry;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Which keys have a deadline, in the order of deadlines: those with a value, and those that are
/// only remembered as expired.
///
/// **Threads.** For one thread at a time.
final class Deadlines {
  private static final long REMEMBERED_MILLIS = TimeUnit.MINUTES.toMillis(1);

  private final TreeSet<Place> pending = new TreeSet<>();
  private final TreeSet<Place> remembered = new TreeSet<>();
  private long rememberedBytes;

  /// {@return whether a key that expired has been remembered for long enough}
  static boolean isForgotten(Place place, long presentMillis) {
    return presentMillis - place.deadlineMillis() >= REMEMBERED_MILLIS;
  }

  void replace(Change change) {
    remove(change, change.before());
    add(change, change.after());
  }

  /// {@return when there is something to do next; [Expiry#NO_DEADLINE] if there is nothing}
  long nextMillis() {
    long next = pending.isEmpty() ? Expiry.NO_DEADLINE : pending.first().deadlineMillis();
    return remembered.isEmpty()
        ? next
        : Math.min(next, remembered.first().deadlineMillis() + REMEMBERED_MILLIS);
  }

  /// Visits what there is to do: keys to be forgotten, then entries to be removed.
  ///
  /// @param presentMillis the time
  /// @param countMax how many are visited at most
  /// @param visitor must not change anything here
  void forEachDue(long presentMillis, long countMax, Consumer<Place> visitor) {
    remembered.stream()
        .takeWhile(place -> isForgotten(place, presentMillis))
        .limit(countMax)
        .forEach(visitor);
    // What is forgotten was an entry before, so a bound for each of the two is one for both.
    pending.stream()
        .takeWhile(place -> place.deadlineMillis() <= presentMillis)
        .limit(countMax)
        .forEach(visitor);
  }

  /// Visits entries past their deadline.
  void forEachOverdue(long presentMillis, long countMax, Consumer<Place> visitor) {
    pending.stream()
        .takeWhile(place -> place.deadlineMillis() <= presentMillis)
        .limit(countMax)
        .forEach(visitor);
  }

  /// Visits everything that has expired, remembered or not.
  void forEachExpired(long presentMillis, Consumer<Place> visitor) {
    remembered.forEach(visitor);
    pending.stream().takeWhile(place -> place.deadlineMillis() <= presentMillis).forEach(visitor);
  }

  void forEachRemembered(Consumer<Place> visitor) {
    remembered.forEach(visitor);
  }

  int rememberedCount() {
    return remembered.size();
  }

  long rememberedBytes() {
    return rememberedBytes;
  }

  void clear() {
    pending.clear();
    remembered.clear();
    rememberedBytes = 0;
  }

  private void add(Change change, @Nullable Slot slot) {
    if (slot == null || !slot.hasDeadline()) {
      return;
    }
    var place = new Place(slot.deadlineMillis(), change.bucket(), change.key());
    if (slot.value() == null) {
      remembered.add(place);
      rememberedBytes += Slot.bytes(change.key(), slot);
    } else {
      pending.add(place);
    }
  }

  private void remove(Change change, @Nullable Slot slot) {
    if (slot == null || !slot.hasDeadline()) {
      return;
    }
    var place = new Place(slot.deadlineMillis(), change.bucket(), change.key());
    if (slot.value() == null) {
      remembered.remove(place);
      rememberedBytes -= Slot.bytes(change.key(), slot);
    } else {
      pending.remove(place);
    }
  }

  /// A key with a deadline.
  record Place(long deadlineMillis, Bytes bucket, Bytes key) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
        Comparator.comparingLong(Place::deadlineMillis)
            .thenComparing(Place::bucket)
            .thenComparing(Place::key);

    Change removal(State state) {
      return new Change(bucket, key, state.slot(bucket, key), null);
    }

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }
}
