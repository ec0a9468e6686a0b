package dev.larder.internal.format;

import org.jspecify.annotations.Nullable;

/// What a record says, mostly about its key. The codes are on disk: never renumber one, never reuse
/// one.
public enum RecordKind {
  /// The key has a value.
  PUT(1),
  /// The key has none: it was removed.
  TOMBSTONE(2),
  /// The key has none: its deadline has passed.
  EXPIRED(3),
  /// No key: the value is what changed in the index without a commit, as [IndexChanges] has it.
  INDEX_CHANGES(4);

  private final int code;

  RecordKind(int code) {
    this.code = code;
  }

  /// {@return the number on disk}
  public int code() {
    return code;
  }

  static @Nullable RecordKind ofCode(int code) {
    return switch (code) {
      case 1 -> PUT;
      case 2 -> TOMBSTONE;
      case 3 -> EXPIRED;
      case 4 -> INDEX_CHANGES;
      default -> null;
    };
  }
}
