package dev.larder.internal.memory;

import dev.larder.Bytes;
import dev.larder.Expiry;
import dev.larder.Lookup;
import org.jspecify.annotations.Nullable;

/// What is kept for a key.
///
/// @param value the value; null once it was taken away, when the key is only remembered as expired
/// @param version the sequence number of the commit that wrote it
/// @param deadlineMillis its deadline in milliseconds since 1970, or [Expiry#NO_DEADLINE]
record Slot(@Nullable Bytes value, long version, long deadlineMillis) {
  /// What an entry takes besides its key and value: objects, array headers, a node in the tree of
  /// keys and one in the set of deadlines. A round figure, so that a full store does not depend on
  /// the JVM.
  static final int OVERHEAD_BYTES = 128;

  boolean isLive(long presentMillis) {
    return value != null && presentMillis < deadlineMillis;
  }

  boolean hasDeadline() {
    return deadlineMillis != Expiry.NO_DEADLINE;
  }

  Slot withoutValue() {
    return new Slot(null, version, deadlineMillis);
  }

  /// {@return what stands at a key}
  ///
  /// @param slot what is kept for it, if anything
  /// @param presentMillis the store's present
  static Lookup lookup(@Nullable Slot slot, long presentMillis) {
    if (slot == null) {
      return Lookup.Absent.INSTANCE;
    }
    return slot.value != null && presentMillis < slot.deadlineMillis
        ? new Lookup.Live(slot.value, slot.version, slot.deadlineMillis)
        : new Lookup.Expired(slot.deadlineMillis);
  }

  /// {@return how many bytes a key and what is kept for it take}
  static long bytes(Bytes key, @Nullable Slot slot) {
    if (slot == null) {
      return 0;
    }
    return (long) key.size() + (slot.value == null ? 0 : slot.value.size()) + OVERHEAD_BYTES;
  }
}
