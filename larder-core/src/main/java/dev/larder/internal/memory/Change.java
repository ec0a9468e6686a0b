package dev.larder.internal.memory;

import dev.larder.Bytes;
import org.jspecify.annotations.Nullable;

/// What happens to one key.
///
/// @param bucket the name of the bucket in UTF-8
/// @param key the key
/// @param before what was kept for it, if anything
/// @param after what is kept for it from now on, if anything
record Change(Bytes bucket, Bytes key, @Nullable Slot before, @Nullable Slot after) {
  /// {@return the same removal, but for the key being remembered as expired}
  Change remembering() {
    return new Change(bucket, key, before, before == null ? null : before.withoutValue());
  }

  /// {@return whether a value is there before and not after}
  boolean takesValue() {
    return entryGrowth() < 0;
  }

  /// {@return how many bytes more are stored after}
  long growth() {
    return Slot.bytes(key, after) - Slot.bytes(key, before);
  }

  /// {@return how many entries more there are after: 1, 0 or -1}
  int entryGrowth() {
    return (hasValue(after) ? 1 : 0) - (hasValue(before) ? 1 : 0);
  }

  private static boolean hasValue(@Nullable Slot slot) {
    return slot != null && slot.value() != null;
  }
}
